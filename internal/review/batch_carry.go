package review

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Carrying out a batch: in steps, each one transaction, in the name of who applied or revoked it. A step takes pairs that wait, decides
// each or says why not, and writes what became of it beside the decision; so a process killed anywhere is finished by the next
// run, on any server, and no pair is decided twice. The state of each pair is asked anew: what people decided meanwhile stands.

const (
	batchStep  = 100 // pairs in one transaction
	batchSteps = 20  // transactions of one batch in one run: the other stages have their turn
)

// CarryOutBatches goes on with every batch that is being applied or revoked, and returns how many pairs it settled. One whose
// author may act no longer waits for another supervisor to go on with it.
func (r *Review) CarryOutBatches(ctx context.Context) (settled int, err error) {
	if err := r.ready(ctx); err != nil {
		return 0, err
	}
	var list []homeward.Batch
	err = r.db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		list, err = tx.BatchesUnderWay()
		return err
	})
	for _, b := range list {
		n, cerr := r.carryOut(ctx, b)
		settled, err = settled+n, errors.Join(err, cerr)
	}
	if err != nil {
		err = fmt.Errorf("carry out batches: %w", err)
	}
	return settled, err
}

func (r *Review) carryOut(ctx context.Context, b homeward.Batch) (settled int, err error) {
	step, done := r.applyStep, homeward.BatchDone
	if b.State() == homeward.BatchRevoking {
		step, done = r.revokeStep, homeward.BatchUndone
	}
	for range batchSteps {
		n, err := r.step(ctx, b, step)
		settled += max(n, 0)
		if err != nil || n < 0 {
			return settled, err
		}
		if n == 0 {
			err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) error { return tx.ActOnBatch(b.ID, done, "") })
			if errors.Is(err, homeward.ErrConflict) {
				err = nil // another server said so first, or somebody revokes it by now
			}
			return settled, err
		}
	}
	return settled, nil
}

// step takes one step in the name of who began it; -1 when there is none to take now.
func (r *Review) step(ctx context.Context, b homeward.Batch, do func(*store.Tx, homeward.Batch) ([]homeward.BatchPair, error)) (n int, err error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return n, r.db.Update(ctx, b.Hand(), func(tx *store.Tx) error {
		n = -1
		now, err := tx.Batch(b.ID)
		if isNotFound(err) {
			return nil // the compartment was closed to who began it
		}
		if err != nil || now.State() != b.State() || now.Hand() != b.Hand() {
			return err
		}
		if may, err := able(tx, b); err != nil || !may {
			return err
		}
		became, err := do(tx, now)
		if err != nil {
			return err
		}
		n = len(became)
		return tx.SetOutcomes(b.ID, became)
	})
}

// applyStep decides the next pairs that wait, or says why not.
func (r *Review) applyStep(tx *store.Tx, b homeward.Batch) ([]homeward.BatchPair, error) {
	waiting, err := tx.BatchPairs(b.ID, homeward.BatchWaits, "", batchStep)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	ids := make([]homeward.PairID, len(waiting))
	for i, p := range waiting {
		ids[i] = p.Pair
	}
	there, err := tx.PairsAmong(ids)
	if err != nil {
		return nil, err
	}
	decided, err := tx.DecidedAmong(ids)
	if err != nil {
		return nil, err
	}
	within, err := tx.Pairs(store.PairFilter{State: homeward.PairProposed, Within: b.Rule.Compartment, Only: ids})
	if err != nil {
		return nil, err
	}
	here := map[homeward.PairID]bool{}
	for _, p := range within {
		here[p.ID] = true
	}
	facts, err := r.decisionsAround(tx, sidesOf(slices.Collect(maps.Values(there)))...)
	if err != nil {
		return nil, err
	}
	g := newGraph(facts, r.lines, false)
	for i, w := range waiting {
		p, seen := there[w.Pair]
		switch {
		case len(decided[w.Pair]) > 0 || seen && p.State == homeward.PairInReview:
			waiting[i].Outcome = homeward.BatchJudged
		case !seen || !here[w.Pair] || !r.compared(p):
			waiting[i].Outcome = homeward.BatchAway
		default:
			if waiting[i], err = r.decideInBatch(tx, b, g, w, p); err != nil {
				return nil, err
			}
		}
	}
	return waiting, nil
}

// decideInBatch decides one pair on which nobody decided, if the rule still takes it.
func (r *Review) decideInBatch(tx *store.Tx, b homeward.Batch, g *graph, w homeward.BatchPair, p homeward.Pair) (homeward.BatchPair, error) {
	fits, err := r.fits(tx, b.Rule, p)
	if err != nil {
		return w, err
	}
	grave, err := r.grave(tx, p.ID)
	switch {
	case err != nil:
		return w, err
	case grave:
		w.Outcome = homeward.BatchGrave
		return w, nil
	case !fits || w.Drawn >= 0: // of the sample is decided what people judge, and nothing else
		w.Outcome = homeward.BatchChanged
		return w, nil
	case g.forbids(b.Rule.Judgement, p):
		w.Outcome = homeward.BatchApart
		return w, nil
	}
	d, err := tx.PutDecision(homeward.Decision{
		Pair: p.ID, Judgement: b.Rule.Judgement, Basis: homeward.BasisBatch, Batch: b.ID, Reason: b.Reason, Weight: p.Weight, Model: p.Model,
	})
	if err != nil {
		return w, err
	}
	if w.Outcome, w.Decision = homeward.BatchDecided, d.ID; d.Judgement == homeward.Same {
		g.join(p.Left, p.Right)
	} else {
		g.keepApart(p.Left, p.Right, d.ID)
	}
	return w, nil
}

// revokeStep takes the next decisions back that stand, with the words of who revokes the batch.
func (r *Review) revokeStep(tx *store.Tx, b homeward.Batch) ([]homeward.BatchPair, error) {
	list, err := tx.BatchPairs(b.ID, homeward.BatchDecided, "", batchStep)
	if err != nil {
		return nil, err
	}
	reason := b.Acts[len(b.Acts)-1].Reason
	for i, w := range list {
		if list[i].Outcome, err = r.revokeInBatch(tx, w.Decision, reason); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r *Review) revokeInBatch(tx *store.Tx, id homeward.DecisionID, reason string) (homeward.BatchOutcome, error) {
	d, err := tx.Decision(id)
	if isNotFound(err) {
		return homeward.BatchAway, nil // erased with a child, or out of reach
	}
	if err != nil || !d.RevokedAt.IsZero() {
		return homeward.BatchTaken, err
	}
	var refused *homeward.Message
	err = r.mayRevoke(tx, id)
	if errors.As(err, &refused) {
		return homeward.BatchKept, nil
	}
	if err == nil {
		err = tx.RevokeDecision(id, reason)
	}
	if isNotFound(err) {
		return homeward.BatchAway, nil // seen, and not theirs to decide on
	}
	return homeward.BatchTaken, err
}
