package registry

import (
	"context"
	"fmt"
	"slices"

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

// Foresee returns the consequences of a proposal, by pure recomputation: nothing is written. ErrDenied when the actor
// may not see pairs, ErrInvalid when the proposal is neither, ErrNotFound when there is no such decision.
func Foresee(ctx context.Context, db *store.DB, actor homeward.Actor, p Proposal) (Consequences, error) {
	if !actor.Can(homeward.ActionReview) {
		return Consequences{}, fmt.Errorf("foresee: %w", homeward.ErrDenied)
	}
	var facts []store.RecordFact
	var decisions, then []homeward.Decision
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		if facts, err = tx.RecordFacts(); err != nil {
			return err
		}
		if decisions, err = tx.DecisionFacts(); err != nil {
			return err
		}
		then, err = p.apply(decisions, tx)
		return err
	})
	if err != nil {
		return Consequences{}, fmt.Errorf("foresee: %w", err)
	}
	return compare(facts, decisions, then, p.touches(decisions)), nil
}

// apply returns the decisions as they would be.
func (p Proposal) apply(decisions []homeward.Decision, tx *store.Tx) ([]homeward.Decision, error) {
	then := slices.Clone(decisions)
	if p.Judge != nil {
		d := *p.Judge
		left, right, ok := d.Pair.Records()
		if !ok || !d.Judgement.Valid() || p.Revoke != "" {
			return nil, fmt.Errorf("no such pair or judgement: %w", homeward.ErrInvalid)
		}
		d.ID, d.Left, d.Right, d.At = "proposal", left, right, tx.Now
		return append(then, d), nil
	}
	i := slices.IndexFunc(then, func(d homeward.Decision) bool { return d.ID == p.Revoke })
	if i < 0 {
		return nil, fmt.Errorf("decision %s: %w", p.Revoke, homeward.ErrNotFound)
	}
	then[i].RevokedAt = tx.Now
	return then, nil
}

// touches returns the two records the proposal is about.
func (p Proposal) touches(decisions []homeward.Decision) []homeward.RecordID {
	if p.Judge != nil {
		left, right, _ := p.Judge.Pair.Records()
		return []homeward.RecordID{left, right}
	}
	for _, d := range decisions {
		if d.ID == p.Revoke {
			return []homeward.RecordID{d.Left, d.Right}
		}
	}
	return nil
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
