package statistics

import (
	"context"
	"fmt"
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
	t, err := NewTable(ctx, db, actor, validAsOf, knownAsOf)
	if err != nil {
		return homeward.Count{}, err
	}
	return t.Count(def), nil
}
