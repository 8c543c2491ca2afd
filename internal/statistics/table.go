package statistics

import (
	"context"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// Table holds how many children there are to whom the same things happened, as of one day and one moment of knowledge. What
// takes long, reading the facts and finding which records are one child, is the same for every definition: a table answers
// all of them at once. It holds no id and no word.
type Table struct {
	valid, known        time.Time
	records             map[source]int
	upper, point, lower map[happened]int          // children, of each of the three partitions
	pending             map[[2]happened]int       // pairs, by what happened to the two children
	divided             map[happened]Distribution // children of the point; nil where they were not divided
}

// source is a list, and what some of its records say happened.
type source struct {
	id     homeward.SourceID
	origin homeward.SourceID // the source itself, or the one that it repeats there
	said   happened
}

// NewTable makes a table from the store. A zero validAsOf or knownAsOf means now. It reads ids, times and states, never a word of
// a child. ErrDenied when the actor may not count.
func NewTable(ctx context.Context, db *store.DB, actor homeward.Actor, validAsOf, knownAsOf time.Time) (*Table, error) {
	return newTable(ctx, db, actor, nil, validAsOf, knownAsOf)
}

// NewTable does so, and divides the children as [Sketches.Distribute] does.
func (s *Sketches) NewTable(ctx context.Context, db *store.DB, actor homeward.Actor, g *places.Gazetteer, validAsOf, knownAsOf time.Time) (*Table, error) {
	if !actor.Can(homeward.ActionCount) {
		return nil, fmt.Errorf("count: %w", homeward.ErrDenied)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx, db, g); err != nil {
		return nil, err
	}
	return newTable(ctx, db, actor, s.held, validAsOf, knownAsOf)
}

func newTable(ctx context.Context, db *store.DB, actor homeward.Actor, held map[homeward.RecordID]sketch, valid, known time.Time) (*Table, error) {
	if !actor.Can(homeward.ActionCount) {
		return nil, fmt.Errorf("count: %w", homeward.ErrDenied)
	}
	var in Input
	var said []store.Occurrence
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		if valid.IsZero() {
			valid = tx.Now
		}
		if known.IsZero() {
			known = tx.Now
		}
		if in.Records, err = tx.RecordFacts(); err != nil {
			return err
		}
		if said, err = tx.Occurrences(homeward.DayOf(valid), known); err != nil {
			return err
		}
		if in.Decisions, err = tx.DecisionFacts(); err != nil {
			return err
		}
		if in.Pairs, err = tx.PairFacts(); err != nil {
			return err
		}
		in.Repeats, err = tx.Repetitions()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return tabulate(in, said, held, valid, known), nil
}

// tabulate makes a table from facts. The children of the point are divided where sketches are given.
func tabulate(in Input, occurrences []store.Occurrence, held map[homeward.RecordID]sketch, valid, known time.Time) *Table {
	repeats := in.Repeats.StandingAt(known)
	in = in.knownBy(known)
	decisions := inForce(in.Decisions, func(d homeward.Decision) bool { return d.Standing(known) })
	p := newPartition(in.Records)
	p.decide(decisions)
	w := whole{in.Records, p, make([]happened, len(in.Records))}
	for _, o := range occurrences {
		if i, ok := p.place[o.Record]; ok && o.Type.Valid() {
			w.said[i] |= bits(o.Type)
		}
	}
	t := &Table{valid: valid, known: known, records: map[source]int{}, pending: map[[2]happened]int{}}
	for i, r := range in.Records {
		if r.State == homeward.RecordAccepted {
			t.records[source{r.Source, repeats.Origin(r.Source, r.ReceivedAt), w.said[i]}]++
		}
	}
	upper := w.children()
	t.upper = amounts(upper)
	pending := in.pending(p, decisions)
	for _, pair := range pending {
		a, b, _ := p.roots(pair.Left, pair.Right)
		t.pending[[2]happened{upper[a], upper[b]}]++
	}
	for _, pair := range pending {
		if pair.Probability >= likely {
			p.join(pair.Left, pair.Right)
		}
	}
	point := w.children()
	t.point = amounts(point)
	if held != nil {
		t.divided = w.divide(point, held)
	}
	for _, pair := range pending {
		p.joinAnyway(pair.Left, pair.Right)
	}
	t.lower = amounts(w.children())
	return t
}

// whole is what records say together, child by child.
type whole struct {
	records []store.RecordFact
	p       *partition
	said    []happened // by record
}

// children returns what happened to each child, by the root of its tree.
func (w whole) children() map[int]happened {
	out := make(map[int]happened, len(w.records))
	for i, r := range w.records {
		if r.State == homeward.RecordAccepted {
			out[w.p.root(i)] |= w.said[i]
		}
	}
	return out
}

// divide divides children by flow, age and month, those to whom the same happened together.
func (w whole) divide(children map[int]happened, held map[homeward.RecordID]sketch) map[happened]Distribution {
	sketches := make(map[int]sketch, len(children))
	for i, r := range w.records {
		if r.State == homeward.RecordAccepted {
			root := w.p.root(i)
			sketches[root] = sketches[root].or(held[r.ID])
		}
	}
	out := map[happened]Distribution{}
	for root, h := range children {
		d, ok := out[h]
		if !ok {
			d = newDistribution()
		}
		d.add(sketches[root])
		out[h] = d
	}
	return out
}

func amounts(children map[int]happened) map[happened]int {
	out := map[happened]int{}
	for _, h := range children {
		out[h]++
	}
	return out
}

// KnownAsOf is the moment of knowledge.
func (t *Table) KnownAsOf() time.Time { return t.known }

// Count counts the children that meet a definition.
func (t *Table) Count(def homeward.Definition) homeward.Count {
	sum := func(of map[happened]int) (n int) {
		for h, amount := range of {
			if meets(def, h) {
				n += amount
			}
		}
		return n
	}
	c := homeward.Count{Definition: def, ValidAsOf: t.valid, KnownAsOf: t.known, Upper: sum(t.upper), Children: sum(t.point), Lower: sum(t.lower)}
	sources, origins := map[homeward.SourceID]bool{}, map[homeward.SourceID]bool{}
	for s, amount := range t.records {
		if meets(def, s.said) {
			c.Records += amount
			sources[s.id], origins[s.origin] = true, true
		}
	}
	c.Sources, c.Origins = len(sources), len(origins)
	for h, amount := range t.pending {
		if meets(def, h[0]) || meets(def, h[1]) {
			c.Pending += amount
		}
	}
	return c
}

// Distribution divides the children that meet a definition; nothing where the table was made without sketches.
func (t *Table) Distribution(def homeward.Definition) Distribution {
	out := newDistribution()
	for h, d := range t.divided {
		if meets(def, h) {
			out.merge(d)
		}
	}
	return out
}
