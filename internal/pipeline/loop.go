package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// poll is how often a server looks for what other servers and the command line wrote.
	poll = time.Second
	// patience is how long it waits after a run that failed; it doubles up to maxPatience.
	patience    = time.Second
	maxPatience = time.Minute
	// A run is followed by a rest of leisure times as long as it took, up to longestRest: the stages of a large register take
	// seconds, and while people decide all day they leave most of the machine to the pages.
	leisure     = 2
	longestRest = 5 * time.Second
)

// Wake asks the loop to look now instead of at its next turn. It never blocks.
func (p *Pipeline) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // it is asked already
	}
}

// Loop runs the stages whenever the log has grown, until ctx ends. A run that fails is logged by its operation and ids
// and tried again, later each time.
func (p *Pipeline) Loop(ctx context.Context) {
	wait, breath, done := time.Duration(0), time.Duration(0), int64(-1)
	for p.rest(ctx, breath, wait) {
		began := time.Now()
		size, err := p.size(ctx)
		if err == nil && size == done {
			wait, breath = poll, 0
			continue
		}
		if err == nil {
			_, err = p.Run(ctx, nil)
		}
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			wait, breath = min(max(wait*2, patience), maxPatience), 0
			slog.Warn("pipeline postponed", "error", err, "again_in", wait.String())
			continue
		}
		// What the run itself wrote makes the log grow once more; the next turn finds nothing and comes to rest.
		wait, breath, done = poll, min(leisure*time.Since(began), longestRest), size
	}
}

// rest waits for the next turn: for a breath in any case, and then until it is asked for or the wait is over. False when there is
// none.
func (p *Pipeline) rest(ctx context.Context, breath, wait time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(breath):
	}
	select {
	case <-ctx.Done():
	case <-p.wake:
	case <-time.After(wait - breath):
	}
	return ctx.Err() == nil
}

func (p *Pipeline) size(ctx context.Context) (n int64, err error) {
	return n, p.db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		n, err = tx.TreeSize()
		return err
	})
}
