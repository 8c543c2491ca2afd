package desk

import (
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
)

// carriedOut is a batch on its way, as the start page shows it.
type carriedOut struct {
	ID       homeward.BatchID
	Standing homeward.BatchState
	Left     int
}

// batchesAtWork reads the batches that are not over, for who may state and apply them.
func (v *visit) batchesAtWork() ([]review.AtWork, error) {
	if !v.can(homeward.ActionBatch) {
		return nil, nil
	}
	return v.d.Pipeline.Review.BatchesAtWork(v.ctx(), v.user.Actor())
}

// awaitsOfBatches lists what batches wait for of the reader, what stands still first. Each kind leads to its oldest.
func (v *visit) awaitsOfBatches(list []review.AtWork) (out []awaiting) {
	of := map[string]awaiting{}
	for _, w := range list {
		if key := v.awaitOf(w); key != "" {
			a := of[key]
			if a.Key = key; a.Count == 0 {
				a.Path = "/batches/" + string(w.Batch.ID)
			}
			a.Count++
			of[key] = a
		}
	}
	for _, key := range []string{"await.batch_halted", "await.batch_errs", "await.batch_apply", "await.batch_judge"} {
		if a := of[key]; a.Count > 0 {
			out = append(out, a)
		}
	}
	return out
}

// awaitOf is what a batch waits for of the reader; empty when nothing, or not of this one.
func (v *visit) awaitOf(w review.AtWork) string {
	switch {
	case w.Halted:
		return "await.batch_halted"
	case w.Batch.State() != homeward.BatchSampling:
		return ""
	case len(w.Measured.Waiting) > 0:
		return "await.batch_judge"
	case !w.Measured.Bears(w.Batch.Rule):
		return "await.batch_errs"
	case w.Batch.By.ID == v.user.ID: // another applies it
		return ""
	}
	return "await.batch_apply"
}

// underWay lists the batches that are being carried out.
func underWay(list []review.AtWork) (out []carriedOut) {
	for _, w := range list {
		if s := w.Batch.State(); s != homeward.BatchSampling && !w.Halted {
			out = append(out, carriedOut{w.Batch.ID, s, w.Left})
		}
	}
	return out
}
