package statistics

import (
	"cmp"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// likely is the probability from which a pending pair is taken for one child in the point between the bounds.
const likely = 0.5

// Input is what a count is made from: facts without words.
type Input struct {
	Records   []store.RecordFact // with what they supersede
	Events    []store.EventFact
	Decisions []homeward.Decision // all, revoked ones too
	Pairs     []homeward.Pair
}

// Tally counts the children that meet a definition on the day validAsOf, with what was known at knownAsOf. It is pure
// and does not depend on the order of the facts. See the package comment for what each number means.
func Tally(in Input, def homeward.Definition, validAsOf, knownAsOf time.Time) homeward.Count {
	in = in.knownBy(knownAsOf)
	q := question{def: def, said: in.said(homeward.DayOf(validAsOf))}
	decisions := inForce(in.Decisions, func(d homeward.Decision) bool { return d.Standing(knownAsOf) })

	p := newPartition(in.Records)
	p.decide(decisions)
	count := homeward.Count{Definition: def, ValidAsOf: validAsOf, KnownAsOf: knownAsOf}
	count.Records, count.Sources = q.records(in.Records)
	upper := q.children(in.Records, p)
	count.Upper = len(upper)

	pending := in.pending(p, decisions)
	for _, pair := range pending {
		if a, b, _ := p.roots(pair.Left, pair.Right); upper[a] || upper[b] {
			count.Pending++
		}
	}
	for _, pair := range pending {
		if pair.Probability >= likely {
			p.join(pair.Left, pair.Right)
		}
	}
	count.Children = len(q.children(in.Records, p))
	for _, pair := range pending {
		p.joinAnyway(pair.Left, pair.Right)
	}
	count.Lower = len(q.children(in.Records, p))
	return count
}

// knownBy leaves out what was not known yet, and puts records in the order of their ids.
func (in Input) knownBy(t time.Time) Input {
	known := Input{Decisions: in.Decisions}
	for _, r := range in.Records {
		if !r.ReceivedAt.After(t) {
			r.State = r.StateAt(t)
			known.Records = append(known.Records, r)
		}
	}
	for _, e := range in.Events {
		if !e.KnownAt.After(t) {
			known.Events = append(known.Events, e)
		}
	}
	for _, p := range in.Pairs {
		if !p.ProposedAt.After(t) {
			known.Pairs = append(known.Pairs, p)
		}
	}
	slices.SortFunc(known.Records, func(a, b store.RecordFact) int { return cmp.Compare(a.ID, b.ID) })
	return known
}

// pending returns the pairs of accepted records in different trees that nobody has decided, most probable first.
func (in Input) pending(p *partition, decisions []homeward.Decision) []homeward.Pair {
	decided := make(map[homeward.PairID]bool, len(decisions))
	for _, d := range decisions {
		decided[d.Pair] = d.Judgement != homeward.Unsure
	}
	var out []homeward.Pair
	for _, pair := range in.Pairs {
		a, b, ok := p.roots(pair.Left, pair.Right)
		if !ok || a == b || decided[homeward.PairOf(pair.Left, pair.Right)] {
			continue
		}
		if in.accepted(p, pair.Left) && in.accepted(p, pair.Right) {
			out = append(out, pair)
		}
	}
	slices.SortFunc(out, func(a, b homeward.Pair) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return out
}

func (in Input) accepted(p *partition, id homeward.RecordID) bool {
	return in.Records[p.place[id]].State == homeward.RecordAccepted
}

// happened is a set of event types, one bit each by [homeward.EventType.Order].
type happened uint32

func bits(types ...homeward.EventType) (h happened) {
	for _, t := range types {
		h |= 1 << t.Order()
	}
	return h
}

// said returns what each record says happened by the day.
func (in Input) said(day homeward.Day) map[homeward.RecordID]happened {
	said := make(map[homeward.RecordID]happened)
	for _, e := range in.Events {
		if e.Type.Valid() && (e.Precision == homeward.PrecisionNone || e.From <= day) {
			said[e.Record] |= bits(e.Type)
		}
	}
	return said
}

// question is a definition with what the records say to it.
type question struct {
	def  homeward.Definition
	said map[homeward.RecordID]happened
}

// meets reports whether a child, or a record, to whom this happened meets the definition.
func (q question) meets(h happened) bool {
	return (q.def.All || h&bits(q.def.Has...) != 0) && h&bits(q.def.Not...) == 0
}

// records counts the accepted records that meet the definition each for itself, and their sources.
func (q question) records(records []store.RecordFact) (amount, sources int) {
	seen := make(map[homeward.SourceID]bool)
	for _, r := range records {
		if r.State == homeward.RecordAccepted && q.meets(q.said[r.ID]) {
			amount++
			seen[r.Source] = true
		}
	}
	return amount, len(seen)
}

// children returns the trees that meet the definition as a whole.
func (q question) children(records []store.RecordFact, p *partition) map[int]bool {
	whole := make(map[int]happened)
	for i, r := range records {
		if r.State == homeward.RecordAccepted {
			whole[p.root(i)] |= q.said[r.ID]
		}
	}
	out := make(map[int]bool)
	for root, h := range whole {
		if q.meets(h) {
			out[root] = true
		}
	}
	return out
}
