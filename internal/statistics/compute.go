package statistics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Compute counts by a definition's name, from the store. A zero validAsOf or knownAsOf means now. It reads ids, times
// and states, never a word of a child. ErrDenied when the actor may not count; a *[homeward.Message] when the
// definition is refused or unknown.
func Compute(ctx context.Context, db *store.DB, actor homeward.Actor, expr string, validAsOf, knownAsOf time.Time) (homeward.Count, error) {
	if !actor.Can(homeward.ActionCount) {
		return homeward.Count{}, fmt.Errorf("count: %w", homeward.ErrDenied)
	}
	def, err := Define(expr)
	if err != nil {
		return homeward.Count{}, err
	}
	in, now, err := facts(ctx, db, actor, def)
	if err != nil {
		return homeward.Count{}, fmt.Errorf("count: %w", err)
	}
	if validAsOf.IsZero() {
		validAsOf = now
	}
	if knownAsOf.IsZero() {
		knownAsOf = now
	}
	return Tally(in, def, validAsOf, knownAsOf), nil
}

// facts reads what a count by a definition is made from, all of one instant.
func facts(ctx context.Context, db *store.DB, actor homeward.Actor, def homeward.Definition) (in Input, now time.Time, err error) {
	err = db.View(ctx, actor, func(tx *store.Tx) (err error) {
		now = tx.Now
		if in.Records, err = tx.RecordFacts(); err != nil {
			return err
		}
		if in.Events, err = tx.EventFactsOf(slices.Concat(def.Has, def.Not)); err != nil {
			return err
		}
		if in.Decisions, err = tx.DecisionFacts(); err != nil {
			return err
		}
		in.Pairs, err = tx.PairFacts()
		return err
	})
	return in, now, err
}
