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
	Repeats   homeward.Repetitions // all, ended ones too
}

// Tally counts the children that meet a definition on the day validAsOf, with what was known at knownAsOf. It is pure
// and does not depend on the order of the facts. See the package comment for what each number means.
func Tally(in Input, def homeward.Definition, validAsOf, knownAsOf time.Time) homeward.Count {
	return tabulate(in, in.occurrences(homeward.DayOf(validAsOf), knownAsOf), nil, validAsOf, knownAsOf).Count(def)
}

// occurrences are what [store.Tx.Occurrences] returns.
func (in Input) occurrences(by homeward.Day, known time.Time) (out []store.Occurrence) {
	for _, e := range in.Events {
		if (e.Precision == homeward.PrecisionNone || e.From <= by) && !e.KnownAt.After(known) {
			out = append(out, store.Occurrence{Record: e.Record, Type: e.Type})
		}
	}
	return out
}

// knownBy leaves out records and pairs that were not known yet, and puts records in the order of their ids.
func (in Input) knownBy(t time.Time) Input {
	known := Input{Decisions: in.Decisions}
	for _, r := range in.Records {
		if !r.ReceivedAt.After(t) {
			r.State = r.StateAt(t)
			known.Records = append(known.Records, r)
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

// meets reports whether a child, or a record, to whom this happened meets the definition.
func meets(def homeward.Definition, h happened) bool {
	return (def.All || h&bits(def.Has...) != 0) && h&bits(def.Not...) == 0
}
