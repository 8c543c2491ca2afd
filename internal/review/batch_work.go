package review

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// AtWork is a batch of which something is still to be done, without a word of any child.
type AtWork struct {
	Batch    homeward.Batch
	Measured Measured
	Left     int  // pairs that it has to decide still, or decisions to take back
	Halted   bool // it is under way, and who applied or revoked it may act no longer
}

// BatchesAtWork returns the batches within the actor's reach that are not over yet, oldest first.
func (r *Review) BatchesAtWork(ctx context.Context, actor homeward.Actor) (out []AtWork, err error) {
	if !actor.Can(homeward.ActionBatch) {
		return nil, fmt.Errorf("read batches at work: %w", homeward.ErrDenied)
	}
	err = r.db.View(ctx, actor, func(tx *store.Tx) error {
		list, err := tx.BatchesAtWork()
		if err != nil {
			return err
		}
		out = make([]AtWork, len(list))
		for i, b := range list {
			if out[i], err = r.atWork(tx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (r *Review) atWork(tx *store.Tx, b homeward.Batch) (w AtWork, err error) {
	if w.Batch = b; b.State() == homeward.BatchSampling {
		w.Measured, _, err = r.measure(tx, b)
		return w, err
	}
	tally, err := tx.BatchTally(b.ID)
	if err != nil {
		return w, err
	}
	if w.Left = tally[homeward.BatchWaits]; b.State() == homeward.BatchRevoking {
		w.Left = tally[homeward.BatchDecided]
	}
	may, err := able(tx, b)
	w.Halted = !may
	return w, err
}
