package review

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Introduce puts a pair of two records before those who review, though blocking may not have proposed it: because somebody
// said that the new record speaks of the child of the other. It decides nothing. ErrNotFound when the actor does not reach
// both, or consent to look for one does not stand; ErrInvalid when they are one row of a source.
func (r *Review) Introduce(ctx context.Context, actor homeward.Actor, a, b homeward.RecordID) (homeward.PairID, error) {
	if err := r.Refresh(ctx, nil); err != nil {
		return "", fmt.Errorf("introduce pair: %w", err)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	id, left, right, ok := r.lines.pair(homeward.PairOf(a, b))
	if !ok {
		return "", fmt.Errorf("introduce pair %s: not two rows: %w", id, homeward.ErrInvalid)
	}
	err := r.db.View(ctx, actor, func(tx *store.Tx) error {
		there, err := tx.Reaches([]homeward.RecordID{left, right})
		if err == nil && len(there) < 2 {
			err = homeward.ErrNotFound
		}
		if err == nil {
			err = awake(tx, left, right)
		}
		return err
	})
	if err == nil {
		err = r.db.Update(ctx, homeward.System, func(tx *store.Tx) error { return r.introduced(tx, id) })
	}
	if err != nil {
		return "", fmt.Errorf("introduce pair %s: %w", id, err)
	}
	return id, nil
}

// introduced makes the pair, weighed by the model in force; in a register without any, by that of its authors.
func (r *Review) introduced(tx *store.Tx, id homeward.PairID) error {
	model, err := r.model(tx, "")
	if err != nil {
		return err
	}
	_, err = r.pairThere(tx, id, model)
	return err
}
