package review

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// nearby is how many pairs are looked at to find a neighbour that is not one person already: a few, and more where all of these are.
var nearby = [...]int{4, 50}

// Neighbours returns the pairs that stand before and after a pair in the queue of proposed ones; each is empty where
// there is none. The pair itself need not be in the queue any more. ErrDenied when the actor may not see pairs,
// ErrNotFound when there is no such pair.
func (r *Review) Neighbours(ctx context.Context, actor homeward.Actor, id homeward.PairID) (previous, next homeward.PairID, err error) {
	if !actor.Can(homeward.ActionReview) {
		return "", "", fmt.Errorf("neighbours of pair %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return "", "", err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err = r.db.View(ctx, actor, func(tx *store.Tx) error {
		p, err := r.pairSeen(tx, id)
		if err != nil {
			return err
		}
		here := store.PairFilter{Urgent: true}.Key(p)
		after, err := waitingNear(tx, store.PairFilter{After: here})
		if err != nil {
			return err
		}
		before, err := waitingNear(tx, store.PairFilter{Before: here})
		if err != nil {
			return err
		}
		previous, next = "", ""
		if len(after) > 0 {
			next = after[0]
		}
		if len(before) > 0 {
			previous = before[len(before)-1]
		}
		return nil
	})
	if err != nil {
		return "", "", fmt.Errorf("neighbours of pair %s: %w", id, err)
	}
	return previous, next, nil
}

// waitingNear returns the nearest proposed pairs of a filter that are not one person already, in the order of the queue.
func waitingNear(tx *store.Tx, f store.PairFilter) (out []homeward.PairID, err error) {
	f.State, f.Urgent = homeward.PairProposed, true
	for _, f.Limit = range nearby {
		list, err := tx.Pairs(f)
		if err != nil {
			return nil, err
		}
		joined, err := joinedAlready(tx, list)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if !joined[p.ID] {
				out = append(out, p.ID)
			}
		}
		if len(out) > 0 || len(list) < f.Limit {
			break
		}
	}
	return out, nil
}
