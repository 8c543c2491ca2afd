package archtest

import (
	"fmt"
	"go/ast"
)

const (
	essayLines    = 5
	fileLines     = 500
	functionLines = 80
)

// exceptions lists what may be longer, with the reason. A file is named by its path, a function by path and name.
var exceptions = map[string]string{}

// sizes checks the length of a file and of the functions in it. Test functions may be as long as the story they
// tell; their files may not.
func sizes(f file) []Violation {
	var found []Violation
	if f.lines > fileLines && exceptions[f.name] == "" {
		found = append(found, Violation{Place: f.name, Rule: "size",
			What: fmt.Sprintf("the file has %d lines, more than %d", f.lines, fileLines),
			Why:  "a noun is hiding in a file that long; give it a file of its own"})
	}
	for _, declared := range f.syntax.Decls {
		fn, ok := declared.(*ast.FuncDecl)
		if !ok || f.test {
			continue
		}
		lines := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1
		if lines > functionLines && exceptions[f.name+" "+fn.Name.Name] == "" {
			found = append(found, Violation{Place: f.line(fn.Pos()), Rule: "size",
				What: fmt.Sprintf("function %s has %d lines, more than %d", fn.Name.Name, lines, functionLines),
				Why:  "a function is read whole or not at all; tell the story and give each step a name"})
		}
	}
	return found
}
