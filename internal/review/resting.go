package review

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// A sought child rests while consent to tracing does not stand. Its record is in no index, so that it is neither proposed nor found;
// and because an index may lag behind the log, what is found or decided is held against the store as well. What was decided
// stays. Consent given again brings the record back, and it is proposed anew.

// rest takes out of the index who rests now, and brings back who rested and does so no longer.
func (r *Review) rest(ctx context.Context, now map[homeward.RecordID]bool) error {
	back := map[homeward.RecordID]bool{}
	for id := range r.resting {
		if !now[id] {
			back[r.lines.root(id)] = true
		}
	}
	for id := range now {
		r.remove(id)
	}
	if err := r.bring(ctx, slices.Sorted(maps.Keys(back))); err != nil {
		return err
	}
	r.resting, r.asked = now, true
	return nil
}

// bring reads rows into the index again, as far as they are in force.
func (r *Review) bring(ctx context.Context, roots []homeward.RecordID) error {
	var facts []store.RecordFact
	err := r.db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		facts, err = tx.RecordFactsOf(roots)
		return err
	})
	rows := map[homeward.RecordID]map[homeward.RecordID]homeward.Record{}
	for _, f := range facts {
		if f.State == homeward.RecordAccepted {
			rows[f.ID] = map[homeward.RecordID]homeward.Record{}
		}
	}
	if err == nil {
		err = r.takeRows(ctx, rows)
	}
	if err != nil {
		return fmt.Errorf("bring back rows: %w", err)
	}
	return nil
}

// awake fails with ErrNotFound when one of two rows rests.
func awake(tx *store.Tx, left, right homeward.RecordID) error {
	resting, err := tx.Resting()
	if err == nil && (resting[left] || resting[right]) {
		err = fmt.Errorf("pair %s: consent to tracing does not stand: %w", homeward.PairOf(left, right), homeward.ErrNotFound)
	}
	return err
}
