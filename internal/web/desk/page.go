package desk

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
)

//go:embed templates
var templateFiles embed.FS

// pageNames lists the pages; each has a template of its name and a struct that embeds frame.
var pageNames = []string{
	"account", "again", "alike", "audit", "batch", "batches", "captured", "capturing", "code", "compartment", "compartments", "counts", "decision", "design", "difference", "dossier", "edition", "erasure", "erasures", "exhibit", "exhibits",
	"export", "families", "fault", "figures", "glass", "glossary", "grants", "import", "invitation", "ledger", "law", "links", "marks", "near", "newbatch", "newcapture", "newexhibit", "newlaw", "newrequest", "leaving", "lost", "pair", "passkey", "person",
	"preview", "printed", "quarantine", "queue", "record", "recoveries", "recovery", "regain", "referrals", "request", "requests", "roles", "search", "searches",
	"signin", "soughtchild", "source", "sources", "start", "state", "team", "totp", "tour", "users",
}

// partNames lists the templates that pages share.
var partNames = []string{"layout", "parts", "fields", "tally", "filter"}

// pages holds every page in every language: what a template says is bound to its language once, at start.
type pages map[i18n.Lang]spoken

type spoken struct {
	localizer *i18n.Localizer
	page      map[string]*template.Template
}

// parsePages reads the templates. They are part of the program: one that cannot be parsed is a broken invariant.
func parsePages(a *assets, catalogs *i18n.Catalogs) pages {
	out := pages{}
	for _, lang := range catalogs.Languages() {
		l := catalogs.For(lang)
		s := spoken{localizer: l, page: map[string]*template.Template{}}
		for _, name := range pageNames {
			var files []string
			for _, n := range append(partNames, name) {
				files = append(files, "templates/"+n+".html")
			}
			s.page[name] = template.Must(template.New(name).Funcs(words(l, a)).ParseFS(templateFiles, files...))
		}
		out[lang] = s
	}
	return out
}

// words are the functions of the templates: every text of a page comes from one of them or from a record.
func words(l *i18n.Localizer, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":        l.T,
		"n":        l.N,
		"num":      func(n int) string { return l.Number(int64(n)) },
		"num64":    l.Number,
		"date":     l.Date,
		"day":      func(t time.Time) string { return l.Day(homeward.DayOf(t.UTC())) },
		"instant":  l.Instant,
		"size":     l.Size,
		"prob":     l.Probability,
		"weight":   l.Weight,
		"pathName": func(p homeward.Path) string { return pathName(l, p) },
		"relation": func(r string) string { return relation(l, r) },
		"population": func(p string) string {
			return known(l, "population."+p, p)
		},
		"figureName":  func(category string) string { return known(l, "figure."+category, category) },
		"next":        func(i int) int { return i + 1 },
		"judgeKey":    func(j homeward.Judgement) string { return "Key" + strings.ToUpper(string(j[:1])) },
		"judgeLetter": func(j homeward.Judgement) string { return strings.ToUpper(string(j[:1])) },
		"classes":     func(list []homeward.FieldClass) string { return classNames(l, list) },
		"room":        func(c homeward.Compartment) string { return cmp.Or(c.Name, l.T("compartment.main")) },
		"matrix":      func(label string, roles []homeward.Role, rows []roleRow) matrix { return matrix{label, roles, rows} },
		"asset": func(name string) (string, error) {
			if at, ok := a.paths[name]; ok {
				return at, nil
			}
			return "", fmt.Errorf("no asset %s", name)
		},
	}
}

// known returns the text of a key, or the word itself when the catalogs have no text for it.
func known(l *i18n.Localizer, key, word string) string {
	if i18n.Has(key) {
		return l.T(key)
	}
	return word
}

// pathName names what a claim is about.
func pathName(l *i18n.Localizer, p homeward.Path) string {
	if name, ok := strings.CutPrefix(string(p), "text:"); ok {
		return l.T("path.text", "name", name)
	}
	if t, part, ok := p.Event(); ok {
		return l.T("event.part."+part, "event", l.T("event."+string(t)))
	}
	return known(l, "path."+string(p), string(p))
}

// classNames lists field classes.
func classNames(l *i18n.Localizer, list []homeward.FieldClass) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = l.T("class." + string(c))
	}
	return strings.Join(names, ", ")
}

// relation writes how a figure was said to relate to the truth, with a space after it where there is a word.
func relation(l *i18n.Localizer, r string) string {
	key := map[string]string{">": "more", ">=": "atleast", "<": "less", "<=": "atmost", "~": "about"}[r]
	if key == "" {
		return ""
	}
	return l.T("relation."+key) + " "
}

// frame is what every page shows around its own words.
type frame struct {
	Lang      i18n.Lang
	Demo      bool
	Nav       []navItem
	User      string
	Role      homeward.Role
	Path      string // to come back to after the language was changed
	Languages []langItem
	Narrow    bool
	Notice    *notice
}

type navItem struct {
	Path, Key string
	Current   bool
}

type langItem struct {
	Lang       i18n.Lang
	Own, Short string // the language's name in itself, and two letters of it
	Current    bool
}

type notice struct{ Key, Path string }

// framed is what every page struct is, by embedding frame.
type framed interface{ framing() *frame }

func (f *frame) framing() *frame { return f }

// show renders a page with the status.
func (v *visit) show(status int, name string, page framed) error {
	v.fill(page.framing())
	var out bytes.Buffer
	if err := v.d.pages[v.l.Lang].page[name].ExecuteTemplate(&out, "layout", page); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	v.status = status
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", string(v.l.Lang))
	v.w.WriteHeader(status)
	_, err := v.w.Write(out.Bytes())
	if err != nil && v.ctx().Err() != nil {
		return nil // the reader has gone
	}
	return err
}

func (v *visit) fill(f *frame) {
	f.Lang, f.Demo, f.Path = v.l.Lang, v.d.Demo, v.cameFrom()
	if v.r.Method == http.MethodGet || v.r.Method == http.MethodHead {
		f.Path = local(v.r.URL.RequestURI())
	}
	for _, l := range v.d.Catalogs.Languages() {
		speaks := v.d.pages[l].localizer
		f.Languages = append(f.Languages, langItem{l, speaks.T("language.own"), speaks.T("language.short"), l == v.l.Lang})
	}
	if !v.signedIn() {
		return
	}
	f.User, f.Role = v.user.Name, v.user.Role
	f.Nav = v.nav()
	if key := v.d.sessions.PopString(v.ctx(), keyNotice); key != "" {
		f.Notice = &notice{key, v.d.sessions.PopString(v.ctx(), keyNoticePath)}
	}
}

// nav lists the sections that are open to the reader.
func (v *visit) nav() (out []navItem) {
	if !v.bare {
		out = append(out, navItem{"/", "nav.start", v.r.URL.Path == "/"})
	}
	for _, s := range sections {
		if v.can(s.action) && !v.bare {
			out = append(out, navItem{s.path, s.key, within(v.r.URL, s.path)})
		}
	}
	return append(out, navItem{"/account", "nav.account", within(v.r.URL, "/account")})
}

// section says under which section of the navigation the other pages stand.
var section = map[string]string{
	"pairs": "/review", "decisions": "/review", "persons": "/search", "searches": "/search", "editions": "/sources", "import": "/sources",
	"quarantine": "/sources", "records": "/search", "captures": "/exhibits",
}

func within(u *url.URL, path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if at, ok := section[first]; ok {
		return at == path
	}
	return strings.HasPrefix(u.Path+"/", path+"/")
}
