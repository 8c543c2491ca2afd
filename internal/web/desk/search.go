package desk

import (
	"cmp"
	"net/http"
	"strings"
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

// search is what someone searched for. It lives in memory only, under a random token.
type search struct{ words string }

type searchPage struct {
	frame
	Words string
	Asked bool
	Gone  bool // the token is over
	More  bool // there may be more than the page shows
	Hits  []hitRow
}

type hitRow struct {
	Person  homeward.PersonID
	Name    string
	Read    string // how the name reads in the reader's letters
	Line    string // birth, home, source
	Reasons []string
	Weight  float64
}

func (d *Desk) showSearch(v *visit) error { return v.show(http.StatusOK, "search", &searchPage{}) }

// receiveSearch keeps the words off the address: the redirect carries a random token.
func (d *Desk) receiveSearch(v *visit) error {
	words := strings.TrimSpace(v.r.PostFormValue("words"))
	switch {
	case words == "":
		return v.redirect("/search")
	case utf8.RuneCountInString(words) > longestSearch:
		return homeward.ErrInvalid
	}
	return v.redirect("/search/" + d.searches.put(v.user.ID, search{words}, 0))
}

func (d *Desk) showHits(v *visit) error {
	s, ok := d.searches.take(v.user.ID, v.r.PathValue("token"))
	if !ok {
		return v.show(http.StatusGone, "search", &searchPage{Gone: true})
	}
	hits, err := d.Pipeline.Review.Search(v.ctx(), v.user.Actor(), s.words, hitsShown)
	if err != nil {
		return err
	}
	sees, err := v.sees()
	if err != nil {
		return err
	}
	p := &searchPage{Words: s.words, Asked: true, More: len(hits) == hitsShown}
	for _, h := range hits {
		p.Hits = append(p.Hits, v.hit(h, sees))
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
