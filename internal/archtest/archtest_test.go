package archtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestTheHouseStands holds the module itself to its rules.
func TestTheHouseStands(t *testing.T) {
	found, err := Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// essay opens a package well enough for the essay rule.
var essay = strings.Repeat("// A line that says what the room is for.\n", essayLines)

func source(pkg string, imports ...string) *fstest.MapFile {
	text := essay + "package " + pkg + "\n"
	for _, target := range imports {
		text += fmt.Sprintf("import _ %q\n", target)
	}
	return &fstest.MapFile{Data: []byte(text)}
}

func TestEachRuleCanFail(t *testing.T) {
	long := essay + "package seal\n" + strings.Repeat("//\n", fileLines)
	tall := essay + "package seal\nfunc tall() {\n" + strings.Repeat("\t_ = 1\n", functionLines) + "}\n"
	cases := []struct {
		name string
		file string
		text *fstest.MapFile
		rule string
	}{
		{"the root imports the house", "a.go", source("homeward", Module+"/names"), "floors"},
		{"the root imports a dependency", "a.go", source("homeward", "golang.org/x/text/unicode/norm"), "outside"},
		{"a public package imports a dependency of another", "names/a.go", source("names", "golang.org/x/mod/sumdb/tlog"), "outside"},
		{"a public package imports the inside", "ledger/a.go", source("ledger", Module+"/internal/seal"), "floors"},
		{"names imports linkage", "names/a.go", source("names", Module+"/linkage"), "floors"},
		{"ledger imports names", "ledger/a.go", source("ledger", Module+"/names"), "floors"},
		{"floor 2 imports its neighbour", "internal/seal/a.go", source("seal", Module+"/internal/i18n"), "floors"},
		{"the store imports a stage", "internal/store/a.go", source("store", Module+"/internal/review"), "floors"},
		{"a stage imports a stage", "internal/review/a.go", source("review", Module+"/internal/registry"), "floors"},
		{"a stage imports the pipeline", "internal/intake/a.go", source("intake", Module+"/internal/pipeline"), "floors"},
		{"the pipeline imports a door", "internal/pipeline/a.go", source("pipeline", Module+"/internal/web/desk"), "floors"},
		{"a door imports the command line", "internal/web/desk/a.go", source("desk", Module+"/internal/cli"), "floors"},
		{"main reaches past the command line", "cmd/homeward/a.go", source("main", Module+"/internal/store"), "floors"},
		{"production imports a package for tests", "internal/cli/a.go", source("cli", Module+"/internal/store/storetest"), "floors"},
		{"a room without a floor", "internal/helpers/a.go", source("helpers", Module), "floors"},
		{"a room without a floor imported", "internal/cli/a.go", source("cli", Module+"/pkg/misc"), "floors"},
		{"a stage speaks SQL", "internal/review/a.go", source("review", "database/sql"), "sql"},
		{"a test of a stage speaks SQL", "internal/review/a_test.go", source("review", "database/sql/driver"), "sql"},
		{"a stage opens the database's driver", "internal/review/a.go", source("review", "modernc.org/sqlite"), "outside"},
		{"production imports a test library", "internal/review/a.go", source("review", "pgregory.net/rapid"), "outside"},
		{"a test imports a refused library", "names/a_test.go", source("names", "github.com/stretchr/testify/assert"), "outside"},
		{"production imports testing", "internal/seal/a.go", source("seal", "testing"), "testing"},
		{"a package without an essay", "internal/seal/a.go", &fstest.MapFile{Data: []byte("// Package seal.\npackage seal\n")}, "essay"},
		{"a file too long", "internal/seal/a.go", &fstest.MapFile{Data: []byte(long)}, "size"},
		{"a function too long", "internal/seal/a.go", &fstest.MapFile{Data: []byte(tall)}, "size"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found, err := Check(fstest.MapFS{c.file: c.text})
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 || found[0].Rule != c.rule {
				t.Fatalf("found %v, want one violation of %q", found, c.rule)
			}
			if v := found[0]; v.Place == "" || v.What == "" || v.Why == "" {
				t.Errorf("a violation without place, what or why: %v", v)
			}
		})
	}
}

func TestWhatTheDesignAllowsPasses(t *testing.T) {
	house := fstest.MapFS{
		"a.go":                              source("homeward", "time"),
		"a_test.go":                         source("homeward", "testing", "pgregory.net/rapid"),
		"names/a.go":                        source("names", Module, "golang.org/x/text/unicode/norm"),
		"linkage/a.go":                      source("linkage", Module, Module+"/names"),
		"ledger/a.go":                       source("ledger", "golang.org/x/mod/sumdb/note", "github.com/gowebpki/jcs"),
		"internal/store/a.go":               source("store", "database/sql", Module+"/internal/seal", "modernc.org/sqlite"),
		"internal/store/storetest/a.go":     source("storetest", "testing", Module+"/internal/store", Module+"/stamp/stamptest"),
		"stamp/stamptest/a.go":              source("stamptest", "testing", Module+"/stamp"),
		"internal/review/a.go":              source("review", Module+"/linkage", Module+"/internal/store"),
		"internal/review/a_test.go":         source("review", Module+"/internal/store/storetest", Module+"/internal/registry"),
		"internal/web/desk/a.go":            source("desk", Module+"/internal/pipeline", Module+"/internal/web/session"),
		"internal/cli/a.go":                 source("cli", Module+"/internal/web/desk", "github.com/alecthomas/kong"),
		"cmd/homeward/a.go":                 source("main", Module+"/internal/cli"),
		"internal/cli/testdata/src/bad.go":  source("bad", "database/sql"),
		"internal/review/helpers_test.go":   {Data: []byte("package review\n")},
		"internal/web/desk/static/desk.css": {Data: []byte("body {}\n")},
	}
	found, err := Check(house)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

func TestEveryExceptionIsNeeded(t *testing.T) {
	module := os.DirFS("../..")
	kept := exceptions
	defer func() { exceptions = kept }()
	exceptions = nil
	found, err := Check(module)
	if err != nil {
		t.Fatal(err)
	}
	for name, reason := range kept {
		if len(reason) < 20 {
			t.Errorf("exception %q carries no reason", name)
		}
		place, _, _ := strings.Cut(name, " ")
		needed := false
		for _, v := range found {
			needed = needed || v.Rule == "size" && strings.HasPrefix(v.Place, place)
		}
		if !needed {
			t.Errorf("exception %q is not needed any more", name)
		}
	}
}
