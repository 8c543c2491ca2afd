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
	m := newMaking(in.Records, in.Decisions, in.Repeats, validAsOf, knownAsOf)
	for _, e := range in.Events {
		if (e.Precision == homeward.PrecisionNone || e.From <= homeward.DayOf(validAsOf)) && !e.KnownAt.After(knownAsOf) {
			m.say(e.Record, e.Type)
		}
	}
	for _, p := range in.Pairs {
		m.propose(p.Left, p.Right, p.Probability, p.ProposedAt)
	}
	return m.table(nil).Count(def)
}

// knownBy returns the records that were known, in the order of their ids and in the states they had.
func knownBy(records []store.RecordFact, t time.Time) []store.RecordFact {
	known := make([]store.RecordFact, 0, len(records))
	for _, r := range records {
		if !r.ReceivedAt.After(t) {
			r.State = r.StateAt(t)
			known = append(known, r)
		}
	}
	slices.SortFunc(known, func(a, b store.RecordFact) int { return cmp.Compare(a.ID, b.ID) })
	return known
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
