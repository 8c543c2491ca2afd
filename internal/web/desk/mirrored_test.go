package desk_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// mirrored is an invented language that runs from right to left: English in the letters of Persian. It stands under the tag
// of Persian, whose plural forms are those of English.
const mirrored i18n.Lang = "fa"

// persian gives each Latin letter one that runs the other way.
var persian = func() *strings.Replacer {
	letters := []rune("ابپتثجچحخدذرزژسشصضطظعغفقکگ")
	var table []string
	for i, r := range letters {
		table = append(table, string(rune('a'+i)), string(r), string(rune('A'+i)), string(r))
	}
	return strings.NewReplacer(table...)
}()

var placeheld = regexp.MustCompile(`{{\.\w+}}|UTC`)

// turned writes a text in the invented language; placeholders stay.
func turned(text string) string {
	kept := placeheld.FindAllString(text, -1)
	for i, part := range placeheld.Split(text, -1) {
		if i == 0 {
			text = ""
		} else {
			text += kept[i-1]
		}
		text += persian.Replace(part)
	}
	return text
}

// withMirrored adds the language to those of the program: one more file among the catalogs, and nothing else.
func withMirrored(t *testing.T) func(*desk.Options) {
	t.Helper()
	all := fstest.MapFS{}
	folder := os.DirFS("../../i18n/catalogs")
	for _, l := range i18n.Languages {
		text, err := fs.ReadFile(folder, "active."+string(l)+".json")
		if err != nil {
			t.Fatal(err)
		}
		all["active."+string(l)+".json"] = &fstest.MapFile{Data: text}
	}
	var english map[string]any
	if err := json.Unmarshal(all["active.en.json"].Data, &english); err != nil {
		t.Fatal(err)
	}
	for key, text := range english {
		switch text := text.(type) {
		case string:
			english[key] = turned(text)
		case map[string]any:
			for form, words := range text {
				text[form] = turned(words.(string))
			}
		}
	}
	text, err := json.Marshal(english)
	if err != nil {
		t.Fatal(err)
	}
	all["active."+string(mirrored)+".json"] = &fstest.MapFile{Data: text}
	catalogs, err := i18n.Load(all)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *desk.Options) { o.Catalogs = catalogs }
}

// mayRead returns a role that may see a page, of the roles that between them see every page.
func (w *world) mayRead(action homeward.Action) homeward.Role {
	for _, role := range []homeward.Role{homeward.RoleSupervisor, homeward.RoleAdministrator, homeward.RoleAuditor, homeward.RoleIntakeClerk, homeward.RoleEvidenceCustodian, homeward.RoleLegalOfficer} {
		if action == "" || (homeward.Actor{Role: role}).Can(action) {
			return role
		}
	}
	w.t.Fatalf("nobody may %s", action)
	return ""
}

// TestAFourthLanguageIsOneMoreFile renders every page in a language that runs from right to left.
func TestAFourthLanguageIsOneMoreFile(t *testing.T) {
	w := open(t, storetest.Open(t), 20, withMirrored(t))
	w.decided()
	readers := map[homeward.Role]*reader{}
	places := w.places()
	for _, path := range slices.Sorted(maps.Keys(places)) {
		role := w.mayRead(places[path])
		if readers[role] == nil {
			readers[role] = w.as(role, string(mirrored))
		}
		p := readers[role].get(path)
		p.want(t, http.StatusOK, `<html lang="fa" dir="rtl"`, turned("English"), "Українська")
		if m := missingKey.FindString(p.words()); m != "" {
			t.Errorf("%s: a word is missing: %s", path, m)
		}
	}
}

var latinWord = regexp.MustCompile(`[A-Za-z]{3,}`)

// TestNoPageHoldsAWordOfItsOwn looks for English on pages that hold no data, in a language that has no Latin letter.
func TestNoPageHoldsAWordOfItsOwn(t *testing.T) {
	w := open(t, storetest.Open(t), 0, withMirrored(t))
	places := w.places()
	readers := map[homeward.Role]*reader{}
	for _, path := range slices.Sorted(maps.Keys(places)) {
		if path == "/ledger" || path == "/design" || path == "/team" || path == "/admin/users" || path == "/admin/audit" || strings.HasPrefix(path, "/admin/compartments") {
			continue // they show names, or the log
		}
		role := w.mayRead(places[path])
		if readers[role] == nil {
			readers[role] = w.as(role, string(mirrored))
		}
		words := strings.ReplaceAll(readers[role].get(path).words(), string(role), "") // the name of the user
		for _, word := range latinWord.FindAllString(words, -1) {
			if !slices.Contains([]string{"Homeward", "English", "UTC"}, word) {
				t.Errorf("%s holds the word %q", path, word)
			}
		}
	}
}

// TestPagesAreMirrored looks at every page in a language that runs from right to left, on a telephone and wide.
func TestPagesAreMirrored(t *testing.T) {
	b := browser(t)
	s := stage(t, withMirrored(t))
	wide := look{lang: string(mirrored), width: 1280}
	one := s.tab(t, b, nil, wide)
	for _, scene := range s.scenes(string(mirrored)) {
		t.Run(scene.name, func(t *testing.T) {
			x := one.next(t, scene.reader, wide)
			x.open(scene.path)
			x.fits(scene.name, 1280)
			x.see(look{lang: string(mirrored), width: 360, dark: true})
			x.fits(scene.name, 360)
			x.audit(scene.name)
		})
	}
}
