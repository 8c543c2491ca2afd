package drawing

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/homeward-registry/homeward/internal/i18n"
)

//go:embed templates
var files embed.FS

// Styles are the rules by which pictures have their lines and colours. The page around them says what the colours are.
//
//go:embed drawing.css
var Styles string

// sheets are the templates by language, each parsed when the language is first drawn.
var sheets sync.Map // of *template.Template by i18n.Lang

func sheet(l *i18n.Localizer) *template.Template {
	if parsed, ok := sheets.Load(l.Lang); ok {
		return parsed.(*template.Template)
	}
	parsed := template.Must(template.New("").Funcs(template.FuncMap{
		"t": l.T, "n": l.N, "num": func(n int) string { return l.Number(int64(n)) },
	}).ParseFS(files, "templates/*.html"))
	first, _ := sheets.LoadOrStore(l.Lang, parsed)
	return first.(*template.Template)
}

// figure executes a template. The templates are part of the program: one that fails is a broken invariant.
func figure(l *i18n.Localizer, name string, picture any) template.HTML {
	var b strings.Builder
	if err := sheet(l).ExecuteTemplate(&b, name, picture); err != nil {
		panic(fmt.Sprintf("drawing: %s: %v", name, err))
	}
	return template.HTML(b.String()) // escaped by html/template
}
