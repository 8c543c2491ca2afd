package review

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Cell is one child of a family beside one of another: the two of their records by which they are judged.
type Cell struct {
	Pair      homeward.Pair // its id is empty when no two of their records are compared
	Joined    bool          // they are one child already
	Grave     bool          // one person's judgement does not suffice
	Awaits    homeward.Awaits
	Mine      bool // an opinion of the reader's waits
	MayDecide bool // the reader may judge it now
}

// Families lays two families over one another: a row for each child of the left, a column for each of the right, each child given by its
// records. Two children are judged by the pair of their records that people judged, or that weighs most. Opinions of others are not
// shown. ErrNotFound when a record is not there.
func (r *Review) Families(ctx context.Context, actor homeward.Actor, left, right [][]homeward.RecordID) (out [][]Cell, err error) {
	if !actor.Can(homeward.ActionReview) {
		return nil, fmt.Errorf("read families: %w", homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err = r.db.View(ctx, actor, func(tx *store.Tx) error {
		out = nil
		resting, err := tx.Resting()
		if err != nil {
			return err
		}
		for _, a := range left {
			var row []Cell
			for _, b := range right {
				c, err := r.cell(tx, a, b, resting)
				if err != nil {
					return err
				}
				row = append(row, c)
			}
			out = append(out, row)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read families: %w", err)
	}
	return out, nil
}

func (r *Review) cell(tx *store.Tx, a, b []homeward.RecordID, resting map[homeward.RecordID]bool) (c Cell, err error) {
	rowsA, err := r.rowsOf(tx, a, resting)
	if err != nil {
		return c, err
	}
	rowsB, err := r.rowsOf(tx, b, resting)
	if err != nil {
		return c, err
	}
	if c.Pair, c.Joined, err = r.telling(tx, rowsA, rowsB); err != nil || c.Joined || c.Pair.ID == "" {
		return c, err
	}
	waiting, err := tx.OpinionsWaiting(c.Pair.ID)
	if err != nil {
		return c, err
	}
	c.Awaits, c.Mine, c.Grave = homeward.AwaitedBy(waiting), gaveOne(waiting, tx.Actor.ID), len(waiting) > 0
	open := c.Pair.State == homeward.PairProposed || c.Pair.State == homeward.PairUnsure
	if open && !c.Grave {
		if c.Grave, err = r.grave(tx, c.Pair.ID); err != nil {
			return c, err
		}
	}
	reached, err := mayJudge(tx, c.Pair)
	c.MayDecide = reached && !c.Mine && (open || c.Awaits == homeward.AwaitsSecond)
	return c, err
}

// telling returns the pair by which two children are judged, as it is stored or as it would be.
func (r *Review) telling(tx *store.Tx, a, b []homeward.RecordID) (best homeward.Pair, joined bool, err error) {
	model, err := r.model(tx, "")
	if err != nil {
		return best, false, err
	}
	var ids []homeward.PairID
	for _, left := range a {
		for _, right := range b {
			if left == right {
				return best, true, nil
			}
			weighed, _, ok := r.index.Weigh(model.model, string(min(left, right)), string(max(left, right)))
			if !ok {
				continue
			}
			p := model.pair(weighed)
			p.State = homeward.PairProposed
			ids = append(ids, p.ID)
			if best.ID == "" || p.Weight > best.Weight {
				best = p
			}
		}
	}
	stored, err := tx.PairsAmong(ids)
	if err != nil {
		return best, false, err
	}
	if p, there := stored[best.ID]; there {
		best = p
	}
	for _, id := range ids {
		p, there := stored[id]
		if there && best.State == homeward.PairProposed && p.State != homeward.PairProposed {
			best = p
		}
		joined = joined || there && p.State == homeward.PairSame
	}
	return best, joined, nil
}

// mayJudge reports whether the actor may decide in the compartments of both records.
func mayJudge(tx *store.Tx, p homeward.Pair) (bool, error) {
	who, err := tx.Access()
	if err != nil {
		return false, err
	}
	for _, id := range []homeward.RecordID{p.Left, p.Right} {
		in, err := tx.CompartmentOf(id)
		if err != nil || !homeward.Can(who, homeward.ActionDecide, homeward.Resource{Compartment: in, Record: id}) {
			return false, err
		}
	}
	return true, nil
}

// MostTogether is how many pairs are decided together at most.
const MostTogether = 400

// DecideTogether writes an actor's judgements on several pairs, all or none: each is a decision, or an opinion, of its own, as
// [Review.Decide] has it, and fails as it does.
func (r *Review) DecideTogether(ctx context.Context, actor homeward.Actor, list []homeward.Decision) (out []Outcome, err error) {
	if !actor.Can(homeward.ActionDecide) {
		return nil, fmt.Errorf("decide together: %w", homeward.ErrDenied)
	}
	if len(list) == 0 || len(list) > MostTogether {
		return nil, fmt.Errorf("decide together: none, or more than %d pairs: %w", MostTogether, homeward.ErrInvalid)
	}
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err = r.db.Update(ctx, actor, func(tx *store.Tx) error {
		out = nil
		for _, d := range list {
			if !d.Judgement.Valid() {
				return fmt.Errorf("pair %s: no such judgement: %w", d.Pair, homeward.ErrInvalid)
			}
			became, err := r.decideIn(tx, d)
			if err != nil {
				return err
			}
			out = append(out, became)
		}
		return nil
	})
	var refused *homeward.Message
	if err != nil {
		out = nil
		if !errors.As(err, &refused) {
			err = fmt.Errorf("decide together: %w", err)
		}
	}
	return out, err
}
