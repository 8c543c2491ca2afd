package review

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Measured is what the sample of a batch says of its rule. A pair counts as wrong when people decided otherwise, and when they were
// unsure: the rule would have decided it.
type Measured struct {
	Sample  int // pairs drawn
	Judged  int
	Wrong   int
	Waiting []homeward.PairID // that are still to be judged, in the order in which they were drawn
	Away    int               // that nobody can judge any more: a record was taken back, restricted or erased
	Bound   float64           // of the pairs that were not judged, the share that is wrong at the most, with a confidence of 95 %
}

// Bears reports whether the batch may be applied: its whole sample was judged, and the bound is within what the rule bears.
func (m Measured) Bears(rule homeward.BatchRule) bool {
	return len(m.Waiting) == 0 && m.Bound <= float64(rule.Bears)/1000
}

// Shown is what the page of a batch shows.
type Shown struct {
	Batch    homeward.Batch
	Measured Measured
	Tally    map[homeward.BatchOutcome]int
	Stands   int // decisions of the batch that stand
	Sample   []SampleRow
	Halted   bool // it is under way, and who applied or revoked it may act no longer
}

// SampleRow is one pair of the sample; Row is empty when the pair is not to be seen any more.
type SampleRow struct {
	Of homeward.BatchPair
	Row
	Verdict homeward.Judgement // of people; empty while they have not judged
}

// Batch returns a batch with what its sample says, and the records of the sample. Each record shown is audited.
func (r *Review) Batch(ctx context.Context, actor homeward.Actor, id homeward.BatchID) (out Shown, err error) {
	if !actor.Can(homeward.ActionBatch) {
		return out, fmt.Errorf("read batch %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return out, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err = r.db.View(ctx, actor, func(tx *store.Tx) (err error) {
		out = Shown{}
		if out.Batch, err = tx.Batch(id); err != nil {
			return err
		}
		if out.Measured, out.Sample, err = r.measure(tx, out.Batch); err != nil {
			return err
		}
		if out.Tally, err = tx.BatchTally(id); err != nil {
			return err
		}
		if out.Stands, err = tx.BatchStands(id); err != nil {
			return err
		}
		if s := out.Batch.State(); s == homeward.BatchApplying || s == homeward.BatchRevoking {
			able, err := able(tx, out.Batch)
			if out.Halted = !able; err != nil {
				return err
			}
		}
		return r.fillSample(tx, out.Sample)
	})
	return out, err
}

// measure compares the judgements of people on the sample with the rule's.
func (r *Review) measure(tx *store.Tx, b homeward.Batch) (m Measured, rows []SampleRow, err error) {
	sample, err := tx.BatchSample(b.ID)
	if err != nil {
		return m, nil, err
	}
	ids := make([]homeward.PairID, len(sample))
	for i, p := range sample {
		ids[i] = p.Pair
	}
	there, err := tx.PairsAmong(ids)
	if err != nil {
		return m, nil, err
	}
	decided, err := tx.DecidedAmong(ids)
	if err != nil {
		return m, nil, err
	}
	m.Sample = len(sample)
	for _, p := range sample {
		row := SampleRow{Of: p}
		seen, here := there[p.Pair]
		if here {
			row.Pair = seen
		}
		row.Verdict = verdict(decided[p.Pair], b)
		switch {
		case row.Verdict != "":
			m.Judged++
			if row.Verdict != b.Rule.Judgement {
				m.Wrong++
			}
		case here:
			m.Waiting = append(m.Waiting, p.Pair)
		default:
			m.Away++
		}
		rows = append(rows, row)
	}
	m.Bound = linkage.ErrorBound(b.Pairs, m.Judged, m.Wrong)
	return m, rows, nil
}

// verdict is the judgement of people that stands on a pair, given since the batch was stated.
func verdict(decisions []homeward.Decision, b homeward.Batch) (j homeward.Judgement) {
	for _, d := range decisions {
		if d.Basis.Judged() && d.RevokedAt.IsZero() && !d.At.Before(b.At) {
			j = d.Judgement
		}
	}
	return j
}

// fillSample reads the records of the sample, where they are to be seen.
func (r *Review) fillSample(tx *store.Tx, sample []SampleRow) error {
	var rows []Row
	for _, s := range sample {
		if s.Pair.ID != "" {
			rows = append(rows, s.Row)
		}
	}
	if err := r.fill(tx, rows); err != nil {
		return err
	}
	next := 0
	for i, s := range sample {
		if s.Pair.ID != "" {
			sample[i].Row = rows[next]
			next++
		}
	}
	return nil
}

// SampleNext returns the pair of the sample of a batch that is to be judged besides one: the first drawn that waits, and not for a second
// opinion; empty when there is none. What was measured tells how far the sample is.
func (r *Review) SampleNext(ctx context.Context, actor homeward.Actor, id homeward.BatchID, besides homeward.PairID) (next homeward.PairID, m Measured, err error) {
	if !actor.Can(homeward.ActionBatch) {
		return "", m, fmt.Errorf("read batch %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return "", m, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var rows []SampleRow
	err = r.db.View(ctx, actor, func(tx *store.Tx) error {
		b, err := tx.Batch(id)
		if err != nil {
			return err
		}
		m, rows, err = r.measure(tx, b)
		return err
	})
	for _, s := range rows {
		if s.Verdict == "" && s.Pair.ID != "" && s.Pair.ID != besides && s.Pair.State != homeward.PairInReview {
			return s.Pair.ID, m, err
		}
	}
	return "", m, err
}

// ApplyBatch begins to decide by a batch: [Review.CarryOutBatches] does the rest. ErrDenied for who stated it; ErrConflict when it
// is not to be applied now. It refuses with a [homeward.Message]: "batch.not_judged" while some of the sample waits for people,
// "batch.errs_too_much" when the bound of the error is above what the rule bears.
func (r *Review) ApplyBatch(ctx context.Context, actor homeward.Actor, id homeward.BatchID, reason string) error {
	return r.actOnBatch(ctx, actor, id, homeward.BatchApply, reason, func(tx *store.Tx, b homeward.Batch) error {
		m, _, err := r.measure(tx, b)
		switch {
		case err != nil, m.Bears(b.Rule):
			return err
		case len(m.Waiting) > 0:
			return &homeward.Message{Key: "batch.not_judged", Kind: homeward.ErrConflict, Args: map[string]any{"N": len(m.Waiting)},
				Text: fmt.Sprintf("apply batch %s: %d pairs of its sample wait to be judged", id, len(m.Waiting))}
		}
		return &homeward.Message{Key: "batch.errs_too_much", Kind: homeward.ErrConflict,
			Text: fmt.Sprintf("apply batch %s: it may err more than its rule bears: discard it, and state a narrower rule", id)}
	})
}

// RevokeBatch begins to take back everything that a batch decided; what was not decided yet is not decided any more.
func (r *Review) RevokeBatch(ctx context.Context, actor homeward.Actor, id homeward.BatchID, reason string) error {
	return r.actOnBatch(ctx, actor, id, homeward.BatchRevoke, reason, nil)
}

// DiscardBatch gives a batch up before it was applied. What people judged of its sample stands.
func (r *Review) DiscardBatch(ctx context.Context, actor homeward.Actor, id homeward.BatchID, reason string) error {
	return r.actOnBatch(ctx, actor, id, homeward.BatchDiscard, reason, nil)
}

func (r *Review) actOnBatch(ctx context.Context, actor homeward.Actor, id homeward.BatchID, kind homeward.BatchActKind, reason string, allowed func(*store.Tx, homeward.Batch) error) error {
	if !actor.Can(homeward.ActionBatch) {
		return fmt.Errorf("%s batch %s: %w", kind, id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err := r.db.Update(ctx, actor, func(tx *store.Tx) error {
		b, err := tx.Batch(id)
		if err == nil && allowed != nil {
			err = allowed(tx, b)
		}
		if err != nil {
			return err
		}
		return tx.ActOnBatch(id, kind, reason)
	})
	var refused *homeward.Message
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("%s batch %s: %w", kind, id, err)
	}
	return err
}

// able reports whether who has a batch in hand may still go on with it: they sign in, their role is what it was, and its
// compartment is open to them.
func able(tx *store.Tx, b homeward.Batch) (bool, error) {
	who := b.Hand()
	u, err := tx.User(who.ID)
	if isNotFound(err) || err == nil && (!u.Active || u.Role != who.Role) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	reaches, err := tx.AccessOf(who)
	return homeward.Can(reaches, homeward.ActionBatch, homeward.Resource{Compartment: b.Rule.Compartment}), err
}
