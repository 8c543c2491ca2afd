package drawing

import (
	"embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/homeward-registry/homeward/internal/i18n"
)

//go:embed templates
var files embed.FS

var sheets = func() map[i18n.Lang]*template.Template {
	out := map[i18n.Lang]*template.Template{}
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		out[lang] = template.Must(template.New("").Funcs(template.FuncMap{
			"t": l.T, "n": l.N, "num": func(n int) string { return l.Number(int64(n)) },
		}).ParseFS(files, "templates/*.html"))
	}
	return out
}()

// figure executes a template. The templates are part of the program: one that fails is a broken invariant.
func figure(l *i18n.Localizer, name string, picture any) template.HTML {
	var b strings.Builder
	if err := sheets[l.Lang].ExecuteTemplate(&b, name, picture); err != nil {
		panic(fmt.Sprintf("drawing: %s: %v", name, err))
	}
	return template.HTML(b.String()) // escaped by html/template
}
