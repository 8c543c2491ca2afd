package statistics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	var m *making
	err := db.View(ctx, actor, func(tx *store.Tx) error {
		valid, known := valid, known
		if valid.IsZero() {
			valid = tx.Now
		}
		if known.IsZero() {
			known = tx.Now
		}
		records, err := tx.RecordFacts()
		if err != nil {
			return err
		}
		decisions, err := tx.DecisionFacts()
		if err != nil {
			return err
		}
		repeats, err := tx.Repetitions()
		if err != nil {
			return err
		}
		m = newMaking(records, decisions, repeats, valid, known)
		if err := tx.EachOccurrence(homeward.DayOf(valid), known, m.say); err != nil {
			return err
		}
		return tx.EachPairFact(m.propose)
	})
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return m.table(held), nil
}

// making is a table in the making. Records stand in the order of their ids, so that places are compared where ids would be; pairs
// are held by the places of their records.
type making struct {
	valid, known time.Time
	records      []store.RecordFact
	p            *partition
	said         []happened // by record
	repeats      homeward.Repetitions
	decided      map[homeward.PairID]bool
	pending      []pending
}

// pending is a pair of accepted records in different trees that nobody has decided.
type pending struct {
	left, right int32
	probability float64
}

func newMaking(records []store.RecordFact, decisions []homeward.Decision, repeats homeward.Repetitions, valid, known time.Time) *making {
	m := &making{valid: valid, known: known, records: knownBy(records, known), repeats: repeats.StandingAt(known), decided: map[homeward.PairID]bool{}}
	m.p, m.said = newPartition(m.records), make([]happened, len(m.records))
	standing := inForce(decisions, func(d homeward.Decision) bool { return d.Standing(known) })
	m.p.decide(standing)
	for _, d := range standing {
		m.decided[d.Pair] = d.Judgement != homeward.Unsure
	}
	return m
}

// say notes that a record says something happened.
func (m *making) say(record homeward.RecordID, t homeward.EventType) {
	if i, ok := m.p.place[record]; ok && t.Valid() {
		m.said[i] |= bits(t)
	}
}

// propose notes a pair, if it was known and is pending.
func (m *making) propose(left, right homeward.RecordID, probability float64, proposed time.Time) {
	i, l := m.p.place[left]
	j, r := m.p.place[right]
	switch {
	case !l || !r || proposed.After(m.known) || !m.accepted(i) || !m.accepted(j):
	case m.p.root(i) == m.p.root(j) || m.decided[homeward.PairOf(left, right)]:
	default:
		m.pending = append(m.pending, pending{int32(i), int32(j), probability})
	}
}

func (m *making) accepted(i int) bool { return m.records[i].State == homeward.RecordAccepted }

// table makes the table. The children of the point are divided where sketches are given.
func (m *making) table(held map[homeward.RecordID]sketch) *Table {
	t := &Table{valid: m.valid, known: m.known, records: map[source]int{}, pending: map[[2]happened]int{}}
	for i, r := range m.records {
		if m.accepted(i) {
			t.records[source{r.Source, m.repeats.Origin(r.Source, r.ReceivedAt), m.said[i]}]++
		}
	}
	upper := m.children()
	t.upper = amounts(upper)
	for _, x := range m.pending {
		t.pending[[2]happened{upper[m.p.root(int(x.left))], upper[m.p.root(int(x.right))]}]++
	}
	// The most probable first: a join may forbid another.
	slices.SortFunc(m.pending, func(a, b pending) int {
		return cmp.Or(cmp.Compare(b.probability, a.probability), cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right))
	})
	for _, x := range m.pending {
		if x.probability >= likely {
			m.p.joinAt(int(x.left), int(x.right))
		}
	}
	point := m.children()
	t.point = amounts(point)
	if held != nil {
		t.divided = m.divide(point, held)
	}
	for _, x := range m.pending {
		m.p.union(m.p.root(int(x.left)), m.p.root(int(x.right)))
	}
	t.lower = amounts(m.children())
	return t
}

// children returns what happened to each child, by the root of its tree.
func (m *making) children() map[int]happened {
	out := make(map[int]happened, len(m.records))
	for i := range m.records {
		if m.accepted(i) {
			out[m.p.root(i)] |= m.said[i]
		}
	}
	return out
}

// divide divides children by flow, age and month, those to whom the same happened together.
func (m *making) divide(children map[int]happened, held map[homeward.RecordID]sketch) map[happened]Distribution {
	sketches := make(map[int]sketch, len(children))
	for i, r := range m.records {
		if m.accepted(i) {
			root := m.p.root(i)
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
