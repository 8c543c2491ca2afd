package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Section is a part of the queue that comes before the pairs that wait for anybody.
type Section string

const (
	SectionDisputed Section = "disputed" // two others disagree, and the reader is a supervisor
	SectionMine     Section = "mine"     // pairs of children that are the reader's work
	SectionSecond   Section = "second"   // another gave an opinion, and a second is awaited
	SectionAgain    Section = "again"    // the day has come to look again, or new evidence came
)

// Sections lists them in the order in which they are worked on.
var Sections = []Section{SectionDisputed, SectionMine, SectionSecond, SectionAgain}

// Part is a section with its first rows.
type Part struct {
	Section Section
	Count   int // of all its pairs
	Rows    []Row
}

// Parts returns the sections of the reader's queue that hold something, each with at most limit rows; of one section alone
// when it is named. Each record shown is audited.
func (r *Review) Parts(ctx context.Context, actor homeward.Actor, only Section, limit int) ([]Part, error) {
	if !actor.Can(homeward.ActionReview) {
		return nil, fmt.Errorf("read queue: %w", homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Part
	err := r.db.View(ctx, actor, func(tx *store.Tx) error {
		out = nil
		for _, s := range Sections {
			if only != "" && s != only {
				continue
			}
			rows, err := r.section(tx, s)
			if err != nil {
				return err
			}
			p := Part{s, len(rows), rows[:min(len(rows), limit)]}
			if err := r.fill(tx, p.Rows); err != nil {
				return err
			}
			if p.Count > 0 {
				out = append(out, p)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	return out, nil
}

// section returns the rows of a section, without the words of their records.
func (r *Review) section(tx *store.Tx, s Section) ([]Row, error) {
	switch s {
	case SectionMine:
		return assigned(tx)
	case SectionAgain:
		return r.back(tx)
	case SectionSecond:
		return inReview(tx, homeward.AwaitsSecond, homeward.ActionConfirm)
	}
	return inReview(tx, homeward.AwaitsSupervisor, homeward.ActionSettle)
}

// inReview returns the pairs on which opinions of others wait, the longest waiting first, when the actor is one for whom they
// wait. Nobody is asked of a record that was taken back, is restricted, or rests.
func inReview(tx *store.Tx, whom homeward.Awaits, action homeward.Action) ([]Row, error) {
	if !tx.Actor.Can(action) {
		return nil, nil
	}
	opinions, err := tx.OpinionFacts()
	if err != nil || len(opinions) == 0 {
		return nil, err
	}
	list, err := tx.Pairs(store.PairFilter{State: homeward.PairInReview})
	if err != nil {
		return nil, err
	}
	pairs := map[homeward.PairID]homeward.Pair{}
	for _, p := range list {
		pairs[p.ID] = p
	}
	on, order := map[homeward.PairID][]homeward.Opinion{}, []homeward.PairID(nil)
	for _, o := range opinions {
		if on[o.Pair] == nil {
			order = append(order, o.Pair)
		}
		on[o.Pair] = append(on[o.Pair], o)
	}
	var rows []Row
	for _, id := range order {
		if p, there := pairs[id]; there && homeward.AwaitedBy(on[id]) == whom && !gaveOne(on[id], tx.Actor.ID) {
			rows = append(rows, Row{Pair: p})
		}
	}
	return rows, nil
}

func gaveOne(opinions []homeward.Opinion, id homeward.UserID) bool {
	return slices.ContainsFunc(opinions, func(o homeward.Opinion) bool { return o.By.ID == id })
}

// mostAssigned is how many children of one reader the queue looks at.
const mostAssigned = 200

// assigned returns the pairs that wait for a decision on children that are the actor's work, the most urgent first.
func assigned(tx *store.Tx) ([]Row, error) {
	work, err := tx.AssignmentsTo(tx.Actor.ID, mostAssigned)
	if err != nil {
		return nil, err
	}
	var waiting []homeward.Pair
	for _, a := range work {
		p, err := tx.Person(a.Person)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, record := range p.Records {
			of, err := tx.PairsOf(record)
			if err != nil {
				return nil, err
			}
			waiting = append(waiting, of...)
		}
	}
	waiting = slices.DeleteFunc(waiting, func(p homeward.Pair) bool { return p.State != homeward.PairProposed })
	slices.SortFunc(waiting, func(a, b homeward.Pair) int {
		return cmp.Or(cmp.Compare(b.Urgency, a.Urgency), cmp.Compare(a.ID, b.ID))
	})
	waiting = slices.CompactFunc(waiting, func(a, b homeward.Pair) bool { return a.ID == b.ID })
	joined, err := joinedAlready(tx, waiting)
	var rows []Row
	for _, p := range waiting {
		if !joined[p.ID] {
			rows = append(rows, Row{Pair: p})
		}
	}
	return rows, err
}
