package bundle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Bounds on what is read, the same in verify.py.
const (
	maxFiles = 20000
	maxName  = 200
	maxSize  = 1 << 44 // of one original; one bundle of 16 TiB is a mistake
	maxKept  = 16 << 20
	maxAll   = 256 << 20 // of everything that is read into memory
)

// layout is every name there is in a bundle: a name that is not of these is refused, so there is no path to trick with,
// and no two names that differ only in case.
var layout = regexp.MustCompile(`^(bag-info\.txt|bagit\.txt|manifest-sha(256|512)\.txt|tagmanifest-sha(256|512)\.txt|verify\.py|verify-(uk|en|ru)\.txt` +
	`|data/items/[0-9]{6}\.json|data/originals/[0-9]{6}\.age|data/(report|dossier|card)/(uk|en|ru)\.(html|pdf)|data/sbom\.json|data/(withheld|originals)\.csv` +
	`|data/log/(checkpoint|key|identity|policy)\.txt|data/log/seal\.json|data/log/(proofs|earlier|cosigned|consistency|successors|handovers)/[0-9]{6}\.txt|data/log/stamps/[0-9]{6}-[1-9]\.(tsr|pem))$`)

// baseName is the folder that everything lies in: it names the export.
var baseName = regexp.MustCompile(`^homeward-[0-9a-f-]{36}$`)

// The files that every bundle has.
const (
	infoFile        = "bag-info.txt"
	bagFile         = "bagit.txt"
	manifest        = "manifest-%s.txt"
	tagManifest     = "tagmanifest-%s.txt"
	itemFile        = "data/items/%s.json"
	proofFile       = "data/log/proofs/%s.txt"
	earlierFile     = "data/log/earlier/%s.txt"
	consistencyFile = "data/log/consistency/%s.txt"
	originalFile    = "data/originals/%s.age"
	stampFile       = "data/log/stamps/%s-%d.%s"
	sealFile        = "data/log/seal.json"
	checkpointFile  = "data/log/checkpoint.txt"
	keyFile         = "data/log/key.txt"
	identityFile    = "data/log/identity.txt"
	successorFile   = "data/log/successors/%s.txt"
	handoverFile    = "data/log/handovers/%s.txt"

	sealNumber = "000000" // of its proof
	bagText    = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
)

var required = []string{infoFile, bagFile, "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
	sealFile, checkpointFile, keyFile, "data/log/proofs/000000.txt"}

// sums are the digests of one file.
type sums struct{ sha256, sha512 string }

func (s sums) by(algorithm string) string {
	if algorithm == "sha256" {
		return s.sha256
	}
	return s.sha512
}

// manifestText lists digests of some files the way sha256sum does, in the order of their names.
func manifestText(files map[string]sums, algorithm string, of func(name string) bool) string {
	var names []string
	for name := range files {
		if of(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%s  %s\n", files[name].by(algorithm), name)
	}
	return b.String()
}

// isPayload reports whether a file is of the bag's payload; isTag whether a tag manifest lists it; isSealed whether the
// ledger's entry of the export vouches for it: everything but what is made after that entry.
func isPayload(name string) bool { return strings.HasPrefix(name, "data/") }
func isTag(name string) bool     { return !isPayload(name) && !strings.HasPrefix(name, "tagmanifest-") }
func isSealed(name string) bool {
	return !slices.ContainsFunc(madeAfter, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// madeAfter are the prefixes of what is made after the export is an entry. None of it can be left out: it is required, or
// the companion of what is sealed.
var madeAfter = []string{"manifest-", "tagmanifest-", keyFile, checkpointFile, sealFile, "data/log/proofs/", "data/log/consistency/"}

// isOriginal reports whether a file may be big: it is hashed as it streams by and never kept.
func isOriginal(name string) bool { return strings.HasPrefix(name, "data/originals/") }
