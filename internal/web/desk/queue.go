package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

// queuePairs is how many pairs a page of the queue shows.
const queuePairs = 25

// pairStates are the tabs of the queue, in order.
var pairStates = []homeward.PairState{homeward.PairProposed, homeward.PairInReview, homeward.PairUnsure, homeward.PairSame, homeward.PairDifferent}

type queuePage struct {
	frame
	First   homeward.PairID // where to begin; empty when nothing waits or the reader does not decide
	State   homeward.PairState
	Section review.Section // when it is shown by itself
	States  []stateTab
	Parts   []queuePart // what comes before the pairs that wait for anybody
	Rows    []queueRow
	Later   bool   // not the first page
	Next    string // address of the next page
	Filter  filter
}

// Top is the address of the first page of the tab.
func (p queuePage) Top() string { return p.Filter.address(p.Filter.Where, nil) }

// Tab is the address of another tab, narrowed as this one.
func (p queuePage) Tab(state homeward.PairState) string {
	return filter{Path: "/review", State: string(state)}.address(p.Filter.Where, nil)
}

type stateTab struct {
	State   homeward.PairState
	Count   int
	Current bool
}

type queueRow struct {
	ID          homeward.PairID
	Left, Right queueSide
	Weight      float64
	Probability float64
	Reopened    bool
	Due         bool
}

// queuePart is a section of the queue with its first rows.
type queuePart struct {
	Section review.Section
	Count   int
	Rows    []queueRow
	All     string // address of all its rows; empty when they are here
}

type queueSide struct{ Name, Read, Birth, Source string }

// partRows is how many rows of a section the first page shows; mostRows how many its own page does.
const (
	partRows = 5
	mostRows = 100
)

func (d *Desk) showQueue(v *visit) error {
	q := v.r.URL.Query()
	if s := review.Section(q.Get("section")); slices.Contains(review.Sections, s) {
		return d.showSection(v, s)
	}
	p := &queuePage{State: homeward.PairState(q.Get("state"))}
	if !slices.Contains(pairStates, p.State) {
		p.State = homeward.PairProposed
	}
	f := review.Filter{State: p.State, Where: v.whereOf(q), After: placeOf(q.Get("after")), Limit: queuePairs + 1}
	rows, err := d.Pipeline.Review.Queue(v.ctx(), v.user.Actor(), f)
	if err != nil {
		return err
	}
	p.Later = f.After != nil
	whole := p.State == homeward.PairProposed && f.Where == (store.Where{})
	if whole { // a section of their own shows them
		rows = slices.DeleteFunc(rows, func(r review.Row) bool { return r.Due || r.Reopened })
	}
	if len(rows) > queuePairs {
		rows = rows[:queuePairs]
		p.Next = filter{Path: "/review", State: string(p.State)}.address(f.Where, url.Values{"after": {placeText(f.Key(rows[queuePairs-1]))}})
	}
	var parts []review.Part
	if whole && !p.Later {
		if parts, err = d.Pipeline.Review.Parts(v.ctx(), v.user.Actor(), "", partRows); err != nil {
			return err
		}
	}
	p.begin(v, parts, rows)
	err = v.view(func(tx *store.Tx) error {
		counts, err := d.counted(tx)
		if err != nil {
			return err
		}
		p.States = nil
		for _, s := range pairStates {
			p.States = append(p.States, stateTab{s, counts.pairs[s], s == p.State})
		}
		if p.Filter, err = v.filter(tx, "/review", string(p.State), f.Where); err != nil {
			return err
		}
		names, err := sourceNames(tx)
		p.Rows, p.Parts = v.queueRows(rows, names), v.queueParts(parts, names)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "queue", p)
}

// begin names the first pair of all that await the reader.
func (p *queuePage) begin(v *visit, parts []review.Part, rows []review.Row) {
	if p.State != homeward.PairProposed || !v.can(homeward.ActionDecide) {
		return
	}
	for _, part := range parts {
		rows = append(slices.Clone(part.Rows), rows...)
		break
	}
	if len(rows) > 0 {
		p.First = rows[0].Pair.ID
	}
}

// showSection shows one section of the queue by itself.
func (d *Desk) showSection(v *visit, s review.Section) error {
	p := &queuePage{State: homeward.PairProposed, Section: s}
	parts, err := d.Pipeline.Review.Parts(v.ctx(), v.user.Actor(), s, mostRows)
	if err != nil {
		return err
	}
	p.begin(v, parts, nil)
	err = v.view(func(tx *store.Tx) error {
		names, err := sourceNames(tx)
		p.Parts = v.queueParts(parts, names)
		return err
	})
	if err != nil {
		return err
	}
	for i := range p.Parts {
		p.Parts[i].All = ""
	}
	return v.show(http.StatusOK, "queue", p)
}

func (v *visit) queueParts(parts []review.Part, sources map[homeward.SourceID]string) (out []queuePart) {
	for _, part := range parts {
		x := queuePart{Section: part.Section, Count: part.Count, Rows: v.queueRows(part.Rows, sources)}
		if len(part.Rows) < part.Count {
			x.All = "/review?section=" + string(part.Section)
		}
		out = append(out, x)
	}
	return out
}

func (v *visit) queueRows(rows []review.Row, sources map[homeward.SourceID]string) (out []queueRow) {
	for _, r := range rows {
		out = append(out, queueRow{r.Pair.ID, v.side(r.Left, sources), v.side(r.Right, sources), r.Pair.Weight, r.Pair.Probability, r.Reopened, r.Due})
	}
	return out
}

// side is a record in two lines.
func (v *visit) side(r homeward.Record, sources map[homeward.SourceID]string) queueSide {
	s := queueSide{Name: registry.DisplayName([]homeward.Record{r}), Source: sources[r.Source]}
	s.Read = nameRead(v.l, s.Name, nameLang(r))
	if s.Name == "" {
		s.Name = v.l.T("person.nameless")
	}
	for _, path := range []homeward.Path{homeward.PathBirthDate, homeward.PathAge} {
		if c, ok := r.First(path); ok && s.Birth == "" {
			s.Birth = v.said(c, r.AsOf)
		}
	}
	return s
}

// said writes a claim for a line of its own: a date as precisely as it was said, anything else in its own words.
func (v *visit) said(c homeward.Claim, asOf homeward.Date) string {
	if c.Path.IsDate() && !c.When.IsZero() {
		return v.l.DateAsOf(c.When, asOf)
	}
	return c.Value
}

// placeText writes a place in the queue for an address: a number and an id, nothing personal.
func placeText(k *store.PairKey) string {
	return strconv.FormatFloat(k.Rank, 'g', -1, 64) + "_" + string(k.ID)
}

// placeOf reads a place in the queue; nil when the text is none.
func placeOf(text string) *store.PairKey {
	number, id, ok := strings.Cut(text, "_")
	rank, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil {
		return nil
	}
	return &store.PairKey{Rank: rank, ID: homeward.PairID(id)}
}
