package registry

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Proposal is a decision that could be taken, or one that could be taken back: exactly one of the two is set.
type Proposal struct {
	Judge  *homeward.Decision // its Pair and Judgement
	Revoke homeward.DecisionID
}

// Consequences is what a proposal would move: the persons it touches as they are and as they would be, each as its
// records, oldest first. Before and After hold the same records; a proposal that moves nothing has the two alike.
type Consequences struct {
	Before, After [][]homeward.RecordID
	Conflicts     []Conflict // decisions that would not be applied, and are now
}

// Foresee returns the consequences of a proposal, by pure recomputation of the records it can reach: nothing is
// written, and the whole register is not read. ErrDenied when the actor
// may not see pairs, ErrInvalid when the proposal is neither, ErrNotFound when there is no such decision.
func Foresee(ctx context.Context, db *store.DB, actor homeward.Actor, p Proposal) (Consequences, error) {
	if !actor.Can(homeward.ActionReview) {
		return Consequences{}, fmt.Errorf("foresee: %w", homeward.ErrDenied)
	}
	var out Consequences
	err := db.View(ctx, actor, func(tx *store.Tx) error {
		about, err := p.touches(tx)
		if err != nil {
			return err
		}
		n, err := around(tx, about)
		if err != nil {
			return err
		}
		out = compare(n.facts, n.decisions, p.apply(n.decisions, tx), about)
		return nil
	})
	if err != nil {
		return Consequences{}, fmt.Errorf("foresee: %w", err)
	}
	return out, nil
}

// touches returns the two records the proposal is about.
func (p Proposal) touches(tx *store.Tx) ([]homeward.RecordID, error) {
	if p.Judge == nil {
		d, err := tx.Decision(p.Revoke)
		return []homeward.RecordID{d.Left, d.Right}, err
	}
	left, right, ok := p.Judge.Pair.Records()
	if !ok || !p.Judge.Judgement.Valid() || p.Revoke != "" {
		return nil, fmt.Errorf("no such pair or judgement: %w", homeward.ErrInvalid)
	}
	return []homeward.RecordID{left, right}, nil
}

// apply returns the decisions as they would be.
func (p Proposal) apply(decisions []homeward.Decision, tx *store.Tx) []homeward.Decision {
	then := slices.Clone(decisions)
	if p.Judge != nil {
		d := *p.Judge
		d.ID, d.At, d.RevokedAt = "proposal", tx.Now, time.Time{}
		d.Left, d.Right, _ = d.Pair.Records()
		return append(then, d)
	}
	for i, d := range then {
		if d.ID == p.Revoke {
			then[i].RevokedAt = tx.Now
		}
	}
	return then
}

// neighbourhood is all that can decide which records are one person with the given ones: everything that a lineage or
// a decision "same" leads to from them. Decisions "different" matter only between records of it, so what lies outside
// cannot move and is not read, however large the register.
type neighbourhood struct {
	facts     []store.RecordFact
	decisions []homeward.Decision
}

func around(tx *store.Tx, start []homeward.RecordID) (n neighbourhood, err error) {
	seen := map[homeward.RecordID]bool{"": true}
	judged := map[homeward.DecisionID]bool{}
	next := start
	for len(next) > 0 {
		ring, err := withPersons(tx, next, seen)
		if err != nil {
			return n, err
		}
		facts, err := tx.RecordFactsOf(ring)
		if err != nil {
			return n, err
		}
		decisions, err := tx.DecisionsOn(ring)
		if err != nil {
			return n, err
		}
		n.facts, next = append(n.facts, facts...), nil
		for _, f := range facts {
			next = append(next, f.Supersedes) // a version in quarantine, which no person holds, carries the lineage
		}
		for _, d := range decisions {
			if judged[d.ID] {
				continue
			}
			judged[d.ID] = true
			n.decisions = append(n.decisions, d)
			if d.Judgement == homeward.Same {
				next = append(next, d.Left, d.Right)
			}
		}
	}
	return n, nil
}

// withPersons returns the records that are new, with all those that are held by the same persons, and marks them seen.
func withPersons(tx *store.Tx, records []homeward.RecordID, seen map[homeward.RecordID]bool) ([]homeward.RecordID, error) {
	var ring []homeward.RecordID
	add := func(list []homeward.RecordID) {
		for _, id := range list {
			if !seen[id] {
				seen[id] = true
				ring = append(ring, id)
			}
		}
	}
	add(records)
	held, err := tx.PersonsOf(ring)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Values(held)) {
		p, err := tx.Person(id)
		if err != nil {
			return nil, err
		}
		add(p.Records)
	}
	return ring, nil
}

// compare clusters twice and keeps the persons that hold the two records or that are not the same afterwards.
func compare(facts []store.RecordFact, now, then []homeward.Decision, about []homeward.RecordID) Consequences {
	before, conflicts := clusters(facts, now)
	after, later := clusters(facts, then)
	held := map[homeward.PersonID]homeward.Person{}
	for _, p := range before {
		held[p.ID] = p
	}
	touched := map[homeward.RecordID]bool{}
	for _, id := range about {
		touched[id] = true
	}
	for _, p := range after {
		if q, ok := held[p.ID]; ok && slices.Equal(p.Records, q.Records) {
			continue
		}
		for _, id := range p.Records {
			touched[id] = true
		}
	}
	out := Consequences{Before: only(before, touched), After: only(after, touched)}
	for _, c := range later {
		if !slices.Contains(conflicts, c) {
			out.Conflicts = append(out.Conflicts, c)
		}
	}
	return out
}

func only(persons []homeward.Person, touched map[homeward.RecordID]bool) [][]homeward.RecordID {
	var out [][]homeward.RecordID
	for _, p := range persons {
		if slices.ContainsFunc(p.Records, func(id homeward.RecordID) bool { return touched[id] }) {
			out = append(out, p.Records)
		}
	}
	return out
}
