// Package pipeline is the order of the stages:
//
//	refresh   new records enter the index in memory       (review)
//	propose   pairs are blocked, weighed and stored        (review, cursor "review")
//	batches   batches of decisions under way go on         (review)
//	derive    persons, events and siblings follow          (registry, cursor "registry")
//	sign      a checkpoint is signed over the log          (ledger)
//
// What flows in: what intake and people wrote to the log since. What flows out: a register that is up to date. The
// stages meet in the store and nowhere else: each asks what is new after its cursor, works, and moves the cursor in
// the transaction that holds its work.
//
// Invariants.
//   - Running again when nothing is new changes nothing, not one entry.
//   - Killing the process between stages, or within one, loses nothing and repeats nothing: the next run goes on.
//   - One run at a time in one process; several servers on one database may run at once, and one of them does the work.
//   - Nothing here decides anything about a child: see packages review and registry for who may.
package pipeline

import (
	"context"
	"fmt"
	"sync"

	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

// Progress is told how far a stage has come. total is 0 for a stage that cannot tell.
type Progress func(stage string, done, total int64)

// Report says what a run did.
type Report struct {
	Review     review.Report
	Registry   registry.Report
	Checkpoint []byte // the newest signed note
}

// Pipeline runs the stages over one store, and holds what they keep in memory between runs.
type Pipeline struct {
	Review *review.Review

	db       *store.DB
	registry *registry.Registry
	running  sync.Mutex
	wake     chan struct{}
}

// New returns a pipeline over the store. It reads nothing yet.
func New(db *store.DB) *Pipeline {
	return &Pipeline{Review: review.Open(db), db: db, registry: registry.Open(db), wake: make(chan struct{}, 1)}
}

// Run brings every stage up to date, in order. It stops at the first that fails; running again goes on there.
func (p *Pipeline) Run(ctx context.Context, progress Progress) (Report, error) {
	p.running.Lock()
	defer p.running.Unlock()
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	var out Report
	for _, stage := range p.stages(&out) {
		progress(stage.name, 0, 0)
		err := stage.run(ctx, func(done, total int64) { progress(stage.name, done, total) })
		if err != nil {
			return out, fmt.Errorf("stage %s: %w", stage.name, err)
		}
	}
	return out, nil
}

// stage is one step of a run.
type stage struct {
	name string
	run  func(ctx context.Context, progress func(done, total int64)) error
}

// stages is the order, and the whole of it.
func (p *Pipeline) stages(out *Report) []stage {
	return []stage{
		{"refresh", p.Review.Refresh},
		{"propose", func(ctx context.Context, progress func(done, total int64)) (err error) {
			out.Review, err = p.Review.Propose(ctx, progress)
			return err
		}},
		{"batches", func(ctx context.Context, _ func(done, total int64)) error {
			_, err := p.Review.CarryOutBatches(ctx)
			return err
		}},
		{"derive", func(ctx context.Context, _ func(done, total int64)) (err error) {
			out.Registry, err = p.registry.Run(ctx)
			return err
		}},
		{"rank", func(ctx context.Context, _ func(done, total int64)) error { return p.Review.Rank(ctx, registry.Stage) }},
		{"sign", func(ctx context.Context, _ func(done, total int64)) (err error) {
			out.Checkpoint, err = p.db.Checkpoint(ctx)
			return err
		}},
	}
}
