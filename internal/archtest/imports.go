package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// imports checks the import lines of one file.
func imports(f file) []Violation {
	var found []Violation
	for _, spec := range f.syntax.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it, so this cannot be
		}
		for _, rule := range []func(file, string) (Violation, bool){floorRule, outsideRule, sqlRule, testingRule} {
			if v, broken := rule(f, target); broken {
				v.Place = f.line(spec.Pos())
				found = append(found, v)
			}
		}
	}
	return found
}

// floorRule: imports point down only.
func floorRule(f file, target string) (Violation, bool) {
	inside, ok := within(target)
	if !ok || f.test {
		return Violation{}, false
	}
	const why = "stages meet in the store and knowledge flows down; an import that points up or sideways ties two rooms together so that neither can change alone"
	from, fromListed := home(f.room)
	to, toListed := home(inside)
	what := fmt.Sprintf("%s imports %s", named(f.room), named(inside))
	switch {
	case !fromListed || !toListed:
		what += ", and one of them has no floor: give it one in internal/archtest/floors.go"
	case testRoom(inside) && !testRoom(f.room):
		what += ", a package for tests"
	case only[from] != "" && to != only[from]:
		what += ", but may import " + only[from] + " alone"
	case from == to || slices.Contains(besides[from], to) || floors[to] < floors[from]:
		return Violation{}, false
	default:
		what += fmt.Sprintf(": floor %d reaches for floor %d", floors[from], floors[to])
	}
	return Violation{Rule: "floors", What: what, Why: why}, true
}

// outsideRule: what may be imported from outside the house, and by whom.
func outsideRule(f file, target string) (Violation, bool) {
	if _, inside := within(target); inside || standard(target) {
		return Violation{}, false
	}
	from, _ := home(f.room)
	allowed, public := publicMay[from]
	if f.test {
		allowed = append(slices.Clone(allowed), publicTestsMay...)
	}
	if public && !slices.ContainsFunc(allowed, holds(target)) {
		return Violation{Rule: "outside", What: fmt.Sprintf("%s imports %s", named(f.room), target),
			Why: "the vocabulary and the public packages are pure: others build on them, so they carry as little as possible"}, true
	}
	for dependency, room := range rooms {
		if !holds(target)(dependency) || room == from || f.test && room != "nowhere" || room == "" && testRoom(f.room) {
			continue
		}
		return Violation{Rule: "outside", What: fmt.Sprintf("%s imports %s, which belongs to %s", named(f.room), target, belongs(room)),
			Why: "a dependency that is known in one room only can be replaced by changing that room"}, true
	}
	return Violation{}, false
}

// sqlRule: only the store speaks SQL.
func sqlRule(f file, target string) (Violation, bool) {
	from, _ := home(f.room)
	if !holds(target)("database/sql") || from == "internal/store" {
		return Violation{}, false
	}
	return Violation{Rule: "sql", What: fmt.Sprintf("%s imports %s", named(f.room), target),
		Why: "every read is audited and every write is an entry of the ledger because the store is the only way to the database"}, true
}

// testingRule: production code imports no test code.
func testingRule(f file, target string) (Violation, bool) {
	if f.test || testRoom(f.room) || !holds(target)("testing") {
		return Violation{}, false
	}
	return Violation{Rule: "testing", What: fmt.Sprintf("%s imports %s", named(f.room), target),
		Why: "code that behaves otherwise under test is not the code that was tested"}, true
}

// within returns the folder of a package of the house.
func within(target string) (string, bool) {
	if target == Module {
		return "", true
	}
	return strings.CutPrefix(target, Module+"/")
}

// standard reports whether the import path is one of the standard library: its first element has no dot.
func standard(target string) bool {
	first, _, _ := strings.Cut(target, "/")
	return !strings.Contains(first, ".")
}

// holds reports whether the target is the package or lies below it.
func holds(target string) func(string) bool {
	return func(parent string) bool {
		return target == parent || strings.HasPrefix(target, parent+"/")
	}
}

// testRoom reports whether the room exists for tests: its name ends in "test".
func testRoom(room string) bool { return strings.HasSuffix(room, "test") }

func named(room string) string {
	if room == "" {
		return "the root"
	}
	return room
}

func belongs(room string) string {
	switch room {
	case "":
		return "tests"
	case "nowhere":
		return "no room: it was weighed and refused"
	}
	return room
}

// essays checks that every package says what it is.
func essays(files []file) []Violation {
	longest, order := map[string]int{}, []string{}
	for _, f := range files {
		if f.test {
			continue
		}
		if _, seen := longest[f.room]; !seen {
			order = append(order, f.room)
		}
		longest[f.room] = max(longest[f.room], docLines(f.syntax))
	}
	var found []Violation
	for _, room := range order {
		if longest[room] < essayLines {
			found = append(found, Violation{Place: named(room), Rule: "essay",
				What: fmt.Sprintf("the package opens with %d lines of explanation, fewer than %d", longest[room], essayLines),
				Why:  "a reader who opens a room is told what it is for, what flows through it and what must stay true"})
		}
	}
	return found
}

func docLines(f *ast.File) int {
	if f.Doc == nil {
		return 0
	}
	return strings.Count(strings.TrimSpace(f.Doc.Text()), "\n") + 1
}
