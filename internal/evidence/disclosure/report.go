package disclosure

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// Report is what people read of a bundle, in one language. It is made of disclosed fields alone.
type report struct {
	*i18n.Localizer
	Title     string
	About     []Line // label and value
	Proves    []string
	Not       []string
	Items     []Item
	People    []Line // who acted: another name, and the role
	Originals []Line
	Build     string
	Digest    string // of verify.py
}

// Line is something said: of what, what, and in smaller letters who says so and where. Path says where in the item it stands; it is
// empty for what is in none.
type Line struct {
	Path, Label, Value string
	Notes              []string
}

// Item is one item as people read it.
type Item struct {
	Number, Title string
	Figure        *Figure
	Said          []Line
	Withheld      []Line // Value is why
}

// Told returns the entries of a selection as people read them in a language.
func (s Selection) Told(l *i18n.Localizer) []Item {
	r := report{Localizer: l}
	r.items(s.Entries)
	return r.Items
}

// labelled are the paths that have words of their own in the catalogs; any other is shown as it is.
var labelled = strings.Fields(`
	name object source edition date sha256 sha512 size encoding
	format language duplicate_free compartment pair judgement basis reason weight
	model again decision record record/row record/line record/state record/as_of record/change
	record/edition record/source record/supersedes record/reason kind class parent request blob
	media_type intake/name intake/collector intake/collected intake/when intake/place intake/method intake/from intake/consent
	intake/tool intake/present intake/local exhibit turn act role person purpose
	authority before after state answer scope inquirer/name inquirer/relationship inquirer/contact
	circumstances total added changed unchanged removed quarantined id actor
	rows opinions path value stance locator quote reliability credibility withdraws law standard event conclusion author replaces
`)

// envelope are the paths that the title of an item says already.
var envelope = []string{"at", "role", "type", "v"}

// proves and doesNot are how many sentences say what a bundle proves and what it does not.
const proves, doesNot = 3, 5

// reports writes the report in each language, as a page and for paper.
func (x *exporter) reports(now time.Time) error {
	for _, lang := range bundle.Languages {
		r := x.report(i18n.For(i18n.Lang(lang)), now)
		page, err := r.page()
		if err != nil {
			return err
		}
		paper, err := r.paper(now)
		if err != nil {
			return err
		}
		x.bundle.Files["data/report/"+lang+".html"], x.bundle.Files["data/report/"+lang+".pdf"] = page, paper
	}
	return nil
}

func (x *exporter) report(l *i18n.Localizer, now time.Time) report {
	s := x.selection
	shown, withheld := s.Amounts()
	hidden := 0
	for _, n := range withheld {
		hidden += n
	}
	r := report{Localizer: l, Title: l.T("export.report.title"), Build: "homeward " + version(), Digest: bundle.ScriptDigest()}
	r.About = []Line{
		{Label: l.T("export.report.about"), Value: l.T("export.kind."+string(s.Kind)) + " " + s.Subject},
		{Label: l.T("export.purpose"), Value: x.order.Purpose},
		{Label: l.T("export.recipient"), Value: x.order.Recipient},
		{Label: l.T("export.report.prepared"), Value: l.Instant(now) + ", " + l.T("role."+string(x.actor.Role))},
		{Label: l.T("export.report.amount"), Value: l.T("export.report.amounts", "items", len(s.Entries), "shown", shown, "withheld", hidden)},
		{Label: l.T("export.report.key"), Value: x.db.Verifier()},
	}
	if s.Elsewhere > 0 {
		r.About = append(r.About, Line{Label: l.T("export.report.elsewhere"), Value: l.N("export.report.elsewhere.n", s.Elsewhere)})
	}
	for i := range proves {
		r.Proves = append(r.Proves, l.T(fmt.Sprintf("export.report.proves.%d", i+1)))
	}
	for i := range doesNot {
		r.Not = append(r.Not, l.T(fmt.Sprintf("export.report.not.%d", i+1)))
	}
	r.items(s.Entries)
	places := x.places()
	for _, e := range s.Exhibits {
		r.Originals = append(r.Originals, Line{Path: string(e.ID), Label: places[e.ID], Value: e.SHA256})
	}
	return r
}

// items tells each entry, its actors by other names.
func (r *report) items(entries []store.Disclosed) {
	names := map[homeward.UserID]string{}
	for i, e := range entries {
		if names[e.Actor.ID] == "" {
			names[e.Actor.ID] = r.T("export.report.actor", "n", len(names)+1)
			r.People = append(r.People, Line{Label: names[e.Actor.ID], Value: r.T("role." + string(e.Actor.Role))})
		}
		it := Item{Number: number(i), Title: r.T("export.entry."+e.Type) + " · " + r.Instant(e.At) + " · " + names[e.Actor.ID]}
		for _, path := range slices.SortedFunc(maps.Keys(e.Item.Disclosed), named) {
			if value := shownValue(r.Localizer, path, e.Item.Value(path)); value != "" && !slices.Contains(envelope, path) {
				it.Said = append(it.Said, Line{Path: path, Label: r.label(path), Value: value})
			}
		}
		for _, path := range slices.Sorted(maps.Keys(e.Item.Withheld)) {
			it.Withheld = append(it.Withheld, Line{Path: path, Label: r.label(path), Value: r.T("export.why." + e.Item.Withheld[path].Why)})
		}
		r.Items = append(r.Items, it)
	}
}

// label says in words what stands at a path; for what has no words of its own it is the path's last part.
func (r *report) label(path string) string {
	kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "body/"), "/")
	_, name, numbered := strings.Cut(rest, "/")
	switch {
	case kind == "row" && numbered:
		return r.T("export.report.cell", "heading", name)
	case kind == "claim" && numbered:
		return r.claim(homeward.Path(name))
	}
	name, _ = strings.CutPrefix(path, "body/")
	if heading, ok := strings.CutPrefix(name, "mapping/"); ok {
		return r.T("export.path.mapping", "heading", heading)
	}
	if m := elementPath.FindStringSubmatch(name); m != nil {
		n, _ := strconv.Atoi(m[2])
		return r.T("export.path."+m[1]+"."+m[3], "n", n+1)
	}
	if kind == "sought" {
		return r.T("export.path.sought")
	}
	if slices.Contains(labelled, name) {
		return r.T("export.path." + strings.ReplaceAll(name, "/", "."))
	}
	return strings.ReplaceAll(name, "/", " ")
}

func (r *report) claim(p homeward.Path) string { return ClaimLabel(r.Localizer, p) }

// ClaimLabel says in words what stands at a path of a record.
func ClaimLabel(r *i18n.Localizer, p homeward.Path) string {
	if t, part, ok := p.Event(); ok {
		return r.T("event.part."+part, "event", r.T("event."+string(t)))
	}
	if name, own := strings.CutPrefix(string(p), "text:"); own {
		return r.T("path.text", "name", name)
	}
	if key := "path." + string(p); i18n.Has(key) {
		return r.T(key)
	}
	return string(p)
}

//go:embed *.html
var pages embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"drawn": func() template.CSS { return template.CSS(drawing.Styles) },
}).ParseFS(pages, "*.html"))

func (r report) page() ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "report.html", r); err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	return b.Bytes(), nil
}
