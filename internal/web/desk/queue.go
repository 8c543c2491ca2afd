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
var pairStates = []homeward.PairState{homeward.PairProposed, homeward.PairUnsure, homeward.PairSame, homeward.PairDifferent}

type queuePage struct {
	frame
	First  homeward.PairID // where to begin; empty when nothing waits or the reader does not decide
	State  homeward.PairState
	States []stateTab
	Rows   []queueRow
	Later  bool   // not the first page
	Next   string // address of the next page
	Filter filter
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

type queueSide struct{ Name, Read, Birth, Source string }

func (d *Desk) showQueue(v *visit) error {
	q := v.r.URL.Query()
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
	if len(rows) > queuePairs {
		rows = rows[:queuePairs]
		p.Next = filter{Path: "/review", State: string(p.State)}.address(f.Where, url.Values{"after": {placeText(f.Key(rows[queuePairs-1]))}})
	}
	if p.State == homeward.PairProposed && len(rows) > 0 && v.can(homeward.ActionDecide) {
		p.First = rows[0].Pair.ID
	}
	err = v.view(func(tx *store.Tx) error {
		counts, err := countPairs(tx)
		if err != nil {
			return err
		}
		p.States = nil
		for _, s := range pairStates {
			p.States = append(p.States, stateTab{s, counts[s], s == p.State})
		}
		if p.Filter, err = v.filter(tx, "/review", string(p.State), f.Where); err != nil {
			return err
		}
		names, err := sourceNames(tx)
		p.Rows = nil
		for _, r := range rows {
			p.Rows = append(p.Rows, queueRow{r.Pair.ID, v.side(r.Left, names), v.side(r.Right, names), r.Pair.Weight, r.Pair.Probability, r.Reopened, r.Due})
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "queue", p)
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
