package review

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Stage is the name of the review's cursor: the records that are proposed.
const Stage = "review"

// stageModel is the name of the cursor that says which model every pair is weighed by: the index of its entry.
const stageModel = "review.model"

// Floor is the probability below which a pair is not stored. Nine hundred and ninety-nine in a thousand pairs of a
// register lie below it, and none of them was ever worth a reviewer's minute; they can be found by search.
const Floor = 0.01

// Reopen is how many bits new evidence must move the weight of a pair that was decided different or unsure, before it
// is put before a person again: one bit doubles the odds.
const Reopen = 1.0

// Report says what a run of Propose did.
type Report struct {
	New     int // pairs proposed for the first time
	Updated int // pairs weighed again
	Pairs   int // all pairs there are
	Rule    int // decisions by the rule of the verified document
	Trained bool
	Judged  int // decisions of people that probabilities were calibrated on in this run
	Model   homeward.ModelID
}

// Propose blocks and weighs what is new in the log, stores the pairs, and takes the decisions of the rule. It trains a
// model when there is none or the register has doubled, calibrates it when people have decided enough, and then weighs every pair
// anew. The state of pairs is left
// alone. Run again, it changes nothing; ended anywhere, the next run puts what is missing, because pairs that are
// stored as they should be are not written again, and the cursor moves last.
func (r *Review) Propose(ctx context.Context, progress func(done, total int64)) (Report, error) {
	r.proposing.Lock()
	defer r.proposing.Unlock()
	if err := r.Refresh(ctx, progress); err != nil {
		return Report{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	report, err := r.propose(ctx, progress)
	if err == nil && report.Trained { // a new model weighs what was decided anew, and is calibrated on that
		report, err = r.calibrated(ctx, report, progress)
	}
	if err != nil {
		return Report{}, fmt.Errorf("propose pairs: %w", err)
	}
	return report, r.keep(ctx)
}

func (r *Review) propose(ctx context.Context, progress func(done, total int64)) (Report, error) {
	const attempts = 10 // another server may move the cursor meanwhile: then look again
	for range attempts {
		w, err := r.agenda(ctx)
		if err == nil && (len(w.rows) > 0 || w.all) {
			err = r.work(ctx, w, progress)
		}
		if err != nil {
			return Report{}, err
		}
		if !w.stale {
			r.looked = cmp.Or(w.looked, r.looked)
			return w.report, nil
		}
	}
	return Report{}, fmt.Errorf("others keep proposing: %w", homeward.ErrUnavailable)
}

// calibrated calibrates a model that was just trained, when there are decisions enough, and adds that to the report.
func (r *Review) calibrated(ctx context.Context, first Report, progress func(done, total int64)) (Report, error) {
	r.looked = 0
	then, err := r.propose(ctx, progress)
	then.New, then.Rule, then.Trained = then.New+first.New, then.Rule+first.Rule, true
	then.Updated = max(then.Updated, first.Updated)
	return then, err
}

// work does what the agenda says: the model first, then pairs in batches, then the rule and the cursors.
func (r *Review) work(ctx context.Context, w *agenda, progress func(done, total int64)) error {
	w.report = Report{Trained: w.train}
	if err := r.renew(ctx, w); err != nil || w.stale {
		return err
	}
	w.report.Model = w.model.id
	if err := r.db.View(ctx, homeward.System, func(tx *store.Tx) error { return r.readPairs(tx, w) }); err != nil {
		return err
	}
	r.weigh(w)
	total := int64(len(w.pairs))
	for part := range slices.Chunk(w.pairs, pairsAtOnce) {
		if err := r.put(ctx, w, part); err != nil || w.stale {
			return err
		}
		if progress != nil {
			progress(int64(w.report.New+w.report.Updated), total)
		}
	}
	return r.finish(ctx, w)
}

// renew makes and stores the model that is due.
func (r *Review) renew(ctx context.Context, w *agenda) error {
	switch {
	case w.train:
		w.model = &trained{rows: r.index.Len(), model: linkage.Train(r.index, linkage.Options{Skip: r.skip})}
	case w.calibration != nil:
		w.model = &trained{rows: w.model.rows, model: w.model.model, calibration: w.calibration}
		w.report.Judged = w.calibration.Judged
	default:
		return nil
	}
	return r.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
		// A model made of the words of a child that was erased meanwhile is not kept.
		gone, err := tx.EntriesAfter(r.seen, 1, "erased")
		if w.stale = len(gone) > 0; err != nil || w.stale {
			return err
		}
		return putModel(tx, w.model)
	})
}

// weigh proposes pairs for the rows of the agenda, and weighs again those that are there. Pairs that are stored with
// that very weight already are left out.
func (r *Review) weigh(w *agenda) {
	o := linkage.Options{Skip: r.skip, Floor: w.model.floor()}
	fresh := map[homeward.RecordID]bool{}
	if !w.all {
		o.Among = make([]string, len(w.rows))
		for i, row := range w.rows {
			o.Among[i], fresh[row] = string(row), true
		}
	}
	found, _ := r.index.Pairs(w.model.model, o)
	proposed := make(map[homeward.PairID]bool, len(found))
	add := func(p linkage.Pair) {
		pair := w.model.pair(p)
		proposed[pair.ID] = true
		if was, ok := w.there[pair.ID]; !ok || was.Weight != pair.Weight || was.Model != pair.Model {
			w.pairs = append(w.pairs, pair)
		}
	}
	for _, p := range found {
		add(p)
	}
	for _, id := range slices.Sorted(maps.Keys(w.there)) {
		left, right, _ := id.Records()
		if proposed[id] || !w.all && !fresh[left] && !fresh[right] {
			continue
		}
		if p, _, ok := r.index.Weigh(w.model.model, string(left), string(right)); ok {
			add(p)
		}
	}
}

// pairsAtOnce is how many pairs one transaction writes and one entry of the log accounts for.
const pairsAtOnce = 5000

// put writes some pairs, unless another server moved the cursor.
func (r *Review) put(ctx context.Context, w *agenda, part []homeward.Pair) error {
	added := 0
	err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) (err error) {
		if w.stale, err = overtaken(tx, w); err != nil || w.stale {
			return err
		}
		added, err = tx.PutPairs(part)
		return err
	})
	if err == nil && !w.stale {
		w.report.New, w.report.Updated = w.report.New+added, w.report.Updated+len(part)-added
	}
	return err
}

func overtaken(tx *store.Tx, w *agenda) (bool, error) {
	position, err := tx.Cursor(Stage)
	return position != w.cursor, err
}

// finish takes the decisions of the rule and moves the cursors, in one transaction.
func (r *Review) finish(ctx context.Context, w *agenda) error {
	report := w.report
	err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) (err error) {
		report = w.report
		if w.stale, err = overtaken(tx, w); err != nil || w.stale {
			return err
		}
		if report.Rule, err = r.decideByRule(tx, w.rows, w.model); err != nil {
			return err
		}
		counts, err := tx.CountPairs()
		if err != nil {
			return err
		}
		report.Pairs = standing(counts, w.model).Pairs
		if pending, err := pendingModel(tx); err != nil {
			return err
		} else if w.all && pending != nil && pending.Object == string(w.model.id) {
			if err := tx.MoveCursor(stageModel, pending.Index); err != nil {
				return err
			}
		}
		return tx.MoveCursor(Stage, w.upTo)
	})
	if err == nil && !w.stale {
		w.report = report
	}
	return err
}

func putModel(tx *store.Tx, t *trained) error {
	text, err := t.encode()
	if err != nil {
		return err
	}
	t.id, err = tx.PutModel(text)
	return err
}

// pairThere returns a pair, proposing it first when blocking did not.
func (r *Review) pairThere(tx *store.Tx, id homeward.PairID, model *trained) (homeward.Pair, error) {
	p, err := tx.Pair(id)
	if err == nil || !isNotFound(err) {
		return p, err
	}
	left, right, _ := id.Records()
	weighed, _, ok := r.index.Weigh(model.model, string(left), string(right))
	if !ok {
		return p, fmt.Errorf("pair %s: its records are not compared: %w", id, homeward.ErrNotFound)
	}
	p = model.pair(weighed)
	p.State = homeward.PairProposed
	_, err = tx.PutPairs([]homeward.Pair{p})
	return p, err
}
