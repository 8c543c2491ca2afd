package archtest

import "strings"

// floors lists every room of the house with its floor. A room may import rooms of lower floors and rooms inside its
// own folder. A room that is not listed has no place in the house.
var floors = map[string]int{
	"": 0, // the vocabulary

	"names":   1,
	"places":  1,
	"linkage": 1,
	"ledger":  1,
	"bundle":  1,
	"stamp":   1,

	"internal/seal":   2,
	"internal/i18n":   2,
	"internal/synth":  2,
	"internal/blobs":  2,
	"internal/backup": 2,

	"internal/webarchive": 2,

	"internal/store":   3,
	"internal/drawing": 3,

	"internal/intake":     4,
	"internal/review":     4,
	"internal/registry":   4,
	"internal/statistics": 4,
	"internal/gazetteer":  4,
	"internal/casework":   4,
	"internal/evidence":   4,
	"internal/capture":    4,
	"internal/exchange":   4,
	"internal/witness":    4,

	"internal/dossier":  5,
	"internal/pipeline": 5,
	"internal/lists":    5,

	"internal/web": 6,
	"api":          6,

	"internal/cli": 7,

	"internal/archtest": 8, // reads the house, stands outside it
	"internal/bench":    8, // measures the house
	"cmd":               8,
}

// besides lists the imports between rooms of one floor that the design allows.
var besides = map[string][]string{
	"places":  {"names"},           // a place is found by the sounds of its name
	"linkage": {"names", "places"}, // linkage weighs names and places
	"bundle":  {"ledger", "stamp"}, // a bundle carries what the ledger proves, and who stamped it
}

// only lists the rooms that may import a single other room and nothing else of the house.
var only = map[string]string{
	"cmd": "internal/cli", // main calls the command line, which wires the rest
}

// home returns the listed room that a folder belongs to: "internal/web/desk" belongs to "internal/web". ok is false
// for a folder that no listed room holds.
func home(room string) (string, bool) {
	for at := room; ; {
		if _, listed := floors[at]; listed && (at != "" || room == "") {
			return at, true
		}
		i := strings.LastIndexByte(at, '/')
		if i < 0 {
			return "", false
		}
		at = at[:i]
	}
}

// publicMay lists what the public packages may import from outside the house; the root may import nothing.
var publicMay = map[string][]string{
	"":        nil,
	"names":   {"golang.org/x/text"},
	"places":  nil,
	"linkage": {"golang.org/x/text"},
	"ledger":  {"golang.org/x/mod", "github.com/gowebpki/jcs"},
	"bundle":  {"golang.org/x/mod"},
	"stamp":   {"github.com/digitorus/timestamp", "github.com/digitorus/pkcs7"},
}

// publicTestsMay lists what their tests may import besides.
var publicTestsMay = []string{"pgregory.net/rapid", "github.com/google/go-cmp", "filippo.io/torchwood"}

// rooms lists which room may import a dependency. A dependency that is not listed may be imported by every internal
// room; one with an empty room is for tests only.
var rooms = map[string]string{
	"modernc.org/sqlite":                "internal/store",
	"github.com/jackc/pgx/v5":           "internal/store",
	"github.com/pressly/goose/v3":       "internal/store",
	"github.com/tink-crypto/tink-go/v2": "internal/seal",
	"github.com/minio/minio-go/v7":      "internal/blobs",
	"github.com/xuri/excelize/v2":       "internal/intake",
	"github.com/wlynxg/chardet":         "internal/intake",
	"github.com/nicksnyder/go-i18n/v2":  "internal/i18n",
	"github.com/alexedwards/scs/v2":     "internal/web",
	"github.com/boombuler/barcode":      "internal/web",
	"github.com/coreos/go-oidc/v3":      "internal/web",
	"golang.org/x/oauth2":               "internal/web",
	"github.com/go-webauthn/webauthn":   "internal/web",
	"github.com/pquerna/otp":            "internal/web",
	"github.com/alecthomas/kong":        "internal/cli",
	"github.com/schollz/progressbar/v3": "internal/cli",
	"golang.org/x/term":                 "internal/cli",
	"github.com/gowebpki/jcs":           "ledger",
	"codeberg.org/go-pdf/fpdf":          "internal/evidence",
	"golang.org/x/image":                "internal/evidence", // for its fonts
	"golang.org/x/sys":                  "internal/evidence",
	"github.com/andybalholm/brotli":     "internal/webarchive",
	"github.com/digitorus/timestamp":    "stamp",
	"github.com/digitorus/pkcs7":        "stamp",
	"filippo.io/torchwood":              "",
	"github.com/chromedp/chromedp":      "internal/capture",
	"github.com/chromedp/cdproto":       "internal/capture",
	"github.com/google/go-cmp":          "",
	"github.com/rogpeppe/go-internal":   "",
	"go.uber.org/goleak":                "",
	"pgregory.net/rapid":                "",
	"github.com/anishathalye/porcupine": "",
	"github.com/stretchr/testify":       "nowhere",
	"gorm.io/gorm":                      "nowhere",
	"entgo.io/ent":                      "nowhere",
	"github.com/blevesearch/bleve/v2":   "nowhere",
	"gocloud.dev":                       "nowhere",
	"github.com/apache/arrow-go/v18":    "nowhere",
	"go.temporal.io/sdk":                "nowhere",
	"github.com/xrash/smetrics":         "nowhere",
	"github.com/adrg/strutil":           "nowhere",
}
