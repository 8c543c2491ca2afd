// Package archtest holds the house up: it reads every Go file of the module and reports each line that breaks a rule
// of how Homeward is built.
//
// What flows in: the module's folder. What flows out: [Violation]s, each with its place, the rule it breaks and the
// reason for the rule. The rules are:
//
//   - floors: imports point down only, and rooms of one floor do not import one another (see floors.go);
//   - outside: the vocabulary imports the standard library only, the public packages only what they list, and each
//     dependency is imported by the one room that needs it;
//   - sql: only the store speaks SQL;
//   - testing: production code imports no test code;
//   - essay: every package opens with at least five lines that say what it is;
//   - size: no file over 500 lines, no function over 80.
//
// Test files are held to outside, sql and size, not to floors: a test may need a world that another room made.
//
// The files are parsed here, rather than asked for from the go command, because the test cache does not see what a
// child process reads: a new violation would hide behind yesterday's success.
package archtest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is the path that packages of the house start with.
const Module = "github.com/homeward-registry/homeward"

// Violation is one broken rule.
type Violation struct {
	Place string // file:line, or a folder
	Rule  string // one word: floors, outside, sql, testing, essay, size
	What  string // what stands there
	Why   string // the reason for the rule
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: rule %q: %s\n\twhy: %s", v.Place, v.Rule, v.What, v.Why)
}

// file is one parsed Go file.
type file struct {
	name   string // path inside the module
	room   string // folder inside the module; "" is the root
	test   bool
	lines  int
	set    *token.FileSet
	syntax *ast.File
}

func (f file) line(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", f.name, f.set.Position(pos).Line)
}

// Check reads every Go file below the module's folder and returns what breaks a rule, ordered by place. It fails
// only when a file cannot be read or parsed.
func Check(module fs.FS) ([]Violation, error) {
	files, err := read(module)
	if err != nil {
		return nil, err
	}
	var found []Violation
	for _, f := range files {
		found = append(found, imports(f)...)
		found = append(found, sizes(f)...)
	}
	found = append(found, essays(files)...)
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.What, b.What))
	})
	return found, nil
}

// read parses every Go file outside testdata and hidden folders, in the order of their paths.
func read(module fs.FS) ([]file, error) {
	var files []file
	err := fs.WalkDir(module, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipped(name, entry.Name())
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parse(module, name)
		files = append(files, f)
		return err
	})
	return files, err
}

func skipped(name, base string) error {
	if name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
		return fs.SkipDir
	}
	return nil
}

func parse(module fs.FS, name string) (file, error) {
	text, err := fs.ReadFile(module, name)
	if err != nil {
		return file{}, err
	}
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, fmt.Errorf("parse: %w", err)
	}
	room := path.Dir(name)
	if room == "." {
		room = ""
	}
	return file{
		name: name, room: room, test: strings.HasSuffix(name, "_test.go"),
		lines: strings.Count(string(text), "\n"), set: set, syntax: syntax,
	}, nil
}
