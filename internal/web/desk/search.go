package desk

import (
	"cmp"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// hitsShown is how many records a search shows.
	hitsShown = 50
	// longestSearch is in characters.
	longestSearch = 300
)

// search is what someone searched for. It lives in memory only, under a random token, unless it is saved.
type search struct {
	Words   string
	Reading review.Reading
	since   time.Time // what came later is new to the reader; zero: nothing is marked
}

type searchPage struct {
	frame
	Words   string
	Reading review.Reading // how the words were read
	Births  []homeward.Date
	Asked   bool
	Gone    bool   // the token is over
	More    bool   // there may be more than the page shows
	Token   string // of this search
	Fresh   int    // hits that are new to the reader
	Hits    []hitRow
	Filter  filter
	Kept    int // searches of the reader's own
	MayKeep bool
	// FreshKept is how many records are new in the searches the reader keeps.
	FreshKept int
}

type hitRow struct {
	Person  homeward.PersonID
	Name    string
	Read    string // how the name reads in the reader's letters
	Line    string // birth, home, source
	Reasons []string
	Weight  float64
	New     bool
}

func (d *Desk) showSearch(v *visit) error {
	p := &searchPage{}
	if err := v.countKept(p); err != nil {
		return err
	}
	var err error
	if p.FreshKept, err = d.freshFor(v); err != nil {
		return err
	}
	return v.show(http.StatusOK, "search", p)
}

// countKept tells how many searches the reader keeps, and whether there is room for one more.
func (v *visit) countKept(p *searchPage) error {
	return v.view(func(tx *store.Tx) error {
		list, err := tx.SavedSearches()
		p.Kept, p.MayKeep = len(list), len(list) < store.MostSearches
		return err
	})
}

// receiveSearch keeps the words off the address: the redirect carries a random token.
func (d *Desk) receiveSearch(v *visit) error {
	words := strings.TrimSpace(v.r.PostFormValue("words"))
	s := search{Words: words, Reading: review.Read(words)}
	if v.r.PostFormValue("reading") != "" {
		s.Reading = v.corrected()
	}
	switch {
	case s.Reading.Empty():
		return v.redirect("/search")
	case utf8.RuneCountInString(words) > longestSearch:
		return homeward.ErrInvalid
	}
	found := filter{Path: "/search/" + d.searches.put(v.user.ID, s, 0)}
	return v.redirect(found.address(v.whereOf(v.r.PostForm), nil))
}

// corrected is the reading as the reader put it right, field by field.
func (v *visit) corrected() review.Reading {
	field := func(name string) string {
		text := []rune(strings.TrimSpace(v.r.PostFormValue(name)))
		return string(text[:min(len(text), longestSearch)])
	}
	r := review.Reading{Name: field("name"), Place: field("place"), Born: field("born"), Number: field("number")}
	switch sex := homeward.Sex(v.r.PostFormValue("sex")); sex {
	case homeward.SexFemale, homeward.SexMale:
		r.Sex = sex
	}
	r.Sibling, r.Strict = v.r.PostFormValue("sibling") != "", v.r.PostFormValue("strict") != ""
	return r
}

func (d *Desk) showHits(v *visit) error {
	token := v.r.PathValue("token")
	s, ok := d.searches.take(v.user.ID, token)
	if !ok {
		return v.show(http.StatusGone, "search", &searchPage{Gone: true})
	}
	where := v.whereOf(v.r.URL.Query())
	s.Reading.Where = where
	hits, err := d.Pipeline.Review.Find(v.ctx(), v.user.Actor(), s.Reading, hitsShown)
	if err != nil {
		return err
	}
	sees, err := v.sees()
	if err != nil {
		return err
	}
	p := &searchPage{
		Words: s.Words, Reading: s.Reading, Births: s.Reading.Births(homeward.DayOf(d.Now().UTC())),
		Asked: true, More: len(hits) == hitsShown, Token: token,
	}
	for _, h := range hits {
		row := v.hit(h.Hit, sees)
		if h.Sibling {
			row.Reasons = append(row.Reasons, v.l.T("search.sibling_known"))
		}
		if row.New = !s.since.IsZero() && h.ReceivedAt.After(s.since); row.New {
			p.Fresh++
		}
		p.Hits = append(p.Hits, row)
	}
	if err := v.countKept(p); err != nil {
		return err
	}
	err = v.view(func(tx *store.Tx) (err error) {
		p.Filter, err = v.filter(tx, "/search/"+token, "", where)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "search", p)
}

// sees returns the classes that the reader's role sees.
func (v *visit) sees() (see homeward.Classes, err error) {
	return see, v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		see = homeward.ReachOf(who, homeward.ActionReadRecord).Classes
		return err
	})
}

func (v *visit) hit(h review.Hit, sees homeward.Classes) hitRow {
	row := hitRow{Person: h.Person, Name: cmp.Or(h.Summary.Name, v.l.T("person.nameless")), Read: nameRead(v.l, h.Summary.Name, ""), Weight: h.Weight}
	if row.Person == "" {
		row.Person = homeward.PersonID(h.Record)
	}
	var line []string
	for _, part := range []string{v.l.Date(h.Summary.Birth), h.Summary.Home, h.Summary.Source} {
		if part != "" {
			line = append(line, part)
		}
	}
	row.Line = strings.Join(line, " · ")
	for _, s := range h.Signals {
		if class, ok := comparedClass[s.Comparison]; ok && !sees.Has(class) {
			continue
		}
		row.Reasons = append(row.Reasons, v.l.T("comparison."+s.Comparison)+": "+v.why(s))
	}
	return row
}
