package review

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

func isNotFound(err error) bool { return errors.Is(err, homeward.ErrNotFound) }

// Decide writes an actor's judgement on a pair. A pair named by an older version of a row is decided for the row. Two
// records that blocking never proposed may be judged too.
//
// On a grave pair, one that would give a child whereabouts, a return or a death, or keep them from it, a judgement is an opinion
// until another person has judged the same: see [Outcome]. "Unsure" moves nothing and stands at once, unless an opinion waits.
//
// It fails with ErrDenied when the actor may not decide; ErrInvalid when there is no such judgement or the two records
// are one row of a source; ErrNotFound when a record is not there or in quarantine. It refuses with a
// [homeward.Message] of kind ErrConflict: "review.conflict.standing" when a judgement stands on the pair (it has to be
// revoked first, unless it is unsure), "review.conflict.different" when a join would bring together records that stand
// decided different, "review.conflict.own" when the actor's own opinion waits there, "review.conflict.disputed" and
// "review.conflict.third" when two disagree and the actor is no supervisor, or says what neither said.
func (r *Review) Decide(ctx context.Context, actor homeward.Actor, id homeward.PairID, j homeward.Judgement, reason string) (Outcome, error) {
	return r.decide(ctx, actor, homeward.Decision{Pair: id, Judgement: j, Reason: reason})
}

// Defer says that the actor is unsure of a pair, and names a day from which it is to be looked at again: then it is back in
// the queue. It fails as [Review.Decide] does, and refuses with a [homeward.Message] of kind ErrInvalid, "review.wrong_day", when
// the day is not to come, or lies more than [LongestDefer] days ahead.
func (r *Review) Defer(ctx context.Context, actor homeward.Actor, id homeward.PairID, again homeward.Day, reason string) (Outcome, error) {
	return r.decide(ctx, actor, homeward.Decision{Pair: id, Judgement: homeward.Unsure, Again: again, Reason: reason})
}

// LongestDefer is for how many days at most a pair may be put off: no child's pair is to be forgotten.
const LongestDefer = 366

func (r *Review) decide(ctx context.Context, actor homeward.Actor, d homeward.Decision) (Outcome, error) {
	id, j := d.Pair, d.Judgement
	if !actor.Can(homeward.ActionDecide) {
		return Outcome{}, fmt.Errorf("decide on pair %s: %w", id, homeward.ErrDenied)
	}
	if !j.Valid() {
		return Outcome{}, fmt.Errorf("decide on pair %s: no such judgement: %w", id, homeward.ErrInvalid)
	}
	if err := r.ready(ctx); err != nil {
		return Outcome{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out Outcome
	err := r.db.Update(ctx, actor, func(tx *store.Tx) (err error) {
		out, err = r.decideIn(tx, d)
		return err
	})
	var refused *homeward.Message
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("decide on pair %s: %w", id, err)
	}
	return out, err
}

// decideIn writes one judgement.
func (r *Review) decideIn(tx *store.Tx, d homeward.Decision) (Outcome, error) {
	pair, left, right, ok := r.lines.pair(d.Pair)
	if !ok {
		return Outcome{}, fmt.Errorf("not two rows: %w", homeward.ErrInvalid)
	}
	d.Pair = pair
	if err := r.mayDecide(tx, d, left, right); err != nil {
		return Outcome{}, err
	}
	model, err := r.model(tx, "")
	if err != nil {
		return Outcome{}, err
	}
	p, err := r.pairThere(tx, pair, model)
	if err != nil {
		return Outcome{}, err
	}
	d.Weight, d.Model = p.Weight, p.Model
	return r.record(tx, d)
}

// mayDecide refuses a judgement that contradicts what stands.
func (r *Review) mayDecide(tx *store.Tx, d homeward.Decision, left, right homeward.RecordID) error {
	today := homeward.DayOf(tx.Now)
	if d.Again != 0 && (d.Again <= today || d.Again > today+LongestDefer) {
		return wrongDay(d.Pair)
	}
	if err := awake(tx, left, right); err != nil {
		return err
	}
	decisions, err := r.decisionsAround(tx, left, right)
	if err != nil {
		return err
	}
	for _, x := range decisions {
		pair, _, _, _ := r.lines.pair(x.Pair)
		if pair == d.Pair && x.RevokedAt.IsZero() && x.Judgement != homeward.Unsure {
			return standingConflict(d.Pair, x)
		}
	}
	if d.Judgement != homeward.Same {
		return nil
	}
	if by := newGraph(decisions, r.lines, false).apart(left, right); by != "" {
		for _, x := range decisions {
			if x.ID == by {
				return differentConflict(d.Pair, x)
			}
		}
	}
	return nil
}

// decisionsAround returns every decision on some rows and on all that may be joined with them: what says whether they may be joined.
// While one writes nobody else does, and a large register has many decisions elsewhere.
func (r *Review) decisionsAround(tx *store.Tx, rows ...homeward.RecordID) (out []homeward.Decision, err error) {
	met, read := map[homeward.RecordID]bool{}, map[homeward.DecisionID]bool{}
	for len(rows) > 0 {
		var versions []homeward.RecordID
		for _, id := range rows {
			if row := r.lines.root(id); !met[row] {
				met[row] = true
				versions = append(versions, r.lines.all(row)...)
			}
		}
		list, err := tx.DecisionFactsOn(versions)
		if err != nil {
			return nil, err
		}
		rows = nil
		for _, d := range list {
			if !read[d.ID] {
				read[d.ID] = true
				out = append(out, d)
			}
			if d.Judgement == homeward.Same {
				rows = append(rows, d.Left, d.Right)
			}
		}
	}
	return out, nil
}

func wrongDay(pair homeward.PairID) error {
	return &homeward.Message{
		Key: "review.wrong_day", Kind: homeward.ErrInvalid, Args: map[string]any{"Days": LongestDefer},
		Text: fmt.Sprintf("pair %s can be put off until tomorrow at the earliest, and for at most %d days", pair, LongestDefer),
	}
}

func standingConflict(pair homeward.PairID, stands homeward.Decision) error {
	return &homeward.Message{
		Key: "review.conflict.standing", Kind: homeward.ErrConflict,
		Args: map[string]any{"Pair": pair, "Decision": stands.ID, "Judgement": stands.Judgement},
		Text: fmt.Sprintf("pair %s stands decided %s by decision %s: revoke that decision first", pair, stands.Judgement, stands.ID),
	}
}

func differentConflict(pair homeward.PairID, stands homeward.Decision) error {
	return &homeward.Message{
		Key: "review.conflict.different", Kind: homeward.ErrConflict,
		Args: map[string]any{"Pair": pair, "Decision": stands.ID, "Apart": stands.Pair},
		Text: fmt.Sprintf("pair %s cannot be joined: it would make one child of pair %s, which stands decided different by decision %s; revoke that decision first", pair, stands.Pair, stands.ID),
	}
}

// Revoke takes a decision back, a decision by rule too; it stays on record with who revoked it and why. ErrDenied when
// the actor may not, ErrNotFound when there is no such decision, ErrConflict when it is revoked already. It refuses with a
// [homeward.Message], "review.conflict.grave", when decisions "same" would be applied by that and move a grave event.
func (r *Review) Revoke(ctx context.Context, actor homeward.Actor, id homeward.DecisionID, reason string) error {
	if !actor.Can(homeward.ActionDecide) {
		return fmt.Errorf("revoke decision %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.db.Update(ctx, actor, func(tx *store.Tx) error {
		if err := r.mayRevoke(tx, id); err != nil {
			return err
		}
		return tx.RevokeDecision(id, reason)
	})
}
