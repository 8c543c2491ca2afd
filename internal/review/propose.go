package review

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Stage is the name of the review's cursor.
const Stage = "review"

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
	Model   homeward.ModelID
}

// Propose blocks and weighs what is new in the log, stores the pairs, and takes the decisions of the rule: all in one
// transaction with its cursor. It trains a model when there is none or the register has doubled, and then weighs every
// pair anew. The state of pairs is left alone. Run again, it changes nothing.
func (r *Review) Propose(ctx context.Context, progress func(done, total int64)) (Report, error) {
	r.proposing.Lock()
	defer r.proposing.Unlock()
	if err := r.Refresh(ctx, progress); err != nil {
		return Report{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	const attempts = 10 // another server may move the cursor meanwhile: then look again
	for range attempts {
		w, err := r.agenda(ctx)
		if err == nil && (len(w.rows) > 0 || w.train) {
			r.weigh(w)
			err = r.store(ctx, w)
		}
		if err != nil {
			return Report{}, fmt.Errorf("propose pairs: %w", err)
		}
		if !w.stale {
			return w.report, nil
		}
	}
	return Report{}, fmt.Errorf("propose pairs: others keep proposing: %w", homeward.ErrUnavailable)
}

// agenda is what one run has to do.
type agenda struct {
	cursor, upTo int64
	rows         []homeward.RecordID // rows that are new or have a new version
	again        []homeward.PairID   // pairs there are that have to be weighed again
	model        *trained
	train        bool
	pairs        []homeward.Pair
	stale        bool
	report       Report
}

// agenda looks no further than the index does: what came later waits for the next run.
func (r *Review) agenda(ctx context.Context) (*agenda, error) {
	w := &agenda{}
	return w, r.db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		*w = agenda{upTo: r.seen}
		if w.cursor, err = tx.Cursor(Stage); err != nil {
			return err
		}
		if w.model, err = r.newestModel(tx); err != nil {
			return err
		}
		if w.report, err = standing(tx, w.model); err != nil {
			return err
		}
		rows := map[homeward.RecordID]bool{}
		err = eachEntry(tx, w.cursor, func(e store.Entry) {
			if root := r.lines.root(homeward.RecordID(e.Object)); e.Index <= w.upTo && r.index.Has(string(root)) {
				rows[root] = true
			}
		}, "record")
		if err != nil {
			return err
		}
		w.rows = slices.Sorted(maps.Keys(rows))
		w.train = r.index.Len() > 0 && w.model.outgrown(r.index.Len())
		w.again, err = r.affected(tx, w)
		return err
	})
}

// standing reports how things are before a run.
func standing(tx *store.Tx, m *trained) (Report, error) {
	var out Report
	if m != nil {
		out.Model = m.id
	}
	counts, err := tx.CountPairs()
	for _, n := range counts {
		out.Pairs += n
	}
	return out, err
}

// affected returns the pairs whose weight is out of date: all of them under a new model, otherwise those of rows with
// a new version.
func (r *Review) affected(tx *store.Tx, w *agenda) ([]homeward.PairID, error) {
	var out []homeward.PairID
	if w.train {
		list, err := tx.PairFacts()
		for _, p := range list {
			out = append(out, p.ID)
		}
		return out, err
	}
	for _, row := range w.rows {
		if len(r.lines.versions[row]) < 2 {
			continue
		}
		list, err := tx.PairsOf(row)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// weigh proposes pairs for the rows of the agenda, and weighs again those that are out of date.
func (r *Review) weigh(w *agenda) {
	o := linkage.Options{Skip: r.skip, Floor: Floor}
	if w.train {
		w.model = &trained{rows: r.index.Len(), model: linkage.Train(r.index, linkage.Options{Skip: r.skip})}
	} else {
		o.Among = make([]string, len(w.rows))
		for i, row := range w.rows {
			o.Among[i] = string(row)
		}
	}
	found, _ := r.index.Pairs(w.model.model, o)
	there := make(map[homeward.PairID]bool, len(found))
	for _, p := range found {
		pair := pairOf(p)
		there[pair.ID] = true
		w.pairs = append(w.pairs, pair)
	}
	for _, id := range w.again {
		left, right, _ := id.Records()
		if p, _, ok := r.index.Weigh(w.model.model, string(left), string(right)); ok && !there[id] {
			there[id] = true
			w.pairs = append(w.pairs, pairOf(p))
		}
	}
}

func pairOf(p linkage.Pair) homeward.Pair {
	left, right := homeward.RecordID(p.Left), homeward.RecordID(p.Right)
	return homeward.Pair{ID: homeward.PairOf(left, right), Left: left, Right: right, Weight: p.Weight, Probability: p.Probability}
}

// pairsAtOnce is how many pairs one entry of the log accounts for.
const pairsAtOnce = 5000

// store writes model, pairs, decisions of the rule and the cursor in one transaction. When another server moved the
// cursor since, it writes nothing and marks the agenda stale.
func (r *Review) store(ctx context.Context, w *agenda) error {
	var report Report
	var stale bool
	err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
		report, stale = Report{Trained: w.train}, false
		position, err := tx.Cursor(Stage)
		if stale = position != w.cursor; err != nil || stale {
			return err
		}
		model := *w.model
		if w.train {
			if err := putModel(tx, &model); err != nil {
				return err
			}
		}
		report.Model = model.id
		for part := range slices.Chunk(w.pairs, pairsAtOnce) {
			for i := range part {
				part[i].Model = model.id
			}
			added, err := tx.PutPairs(part)
			if err != nil {
				return err
			}
			report.New, report.Updated = report.New+added, report.Updated+len(part)-added
		}
		if report.Rule, err = r.decideByRule(tx, w.rows, &model); err != nil {
			return err
		}
		counted, err := standing(tx, &model)
		report.Pairs = counted.Pairs
		if err != nil {
			return err
		}
		return tx.MoveCursor(Stage, w.upTo)
	})
	w.report, w.stale = report, stale
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
	p = pairOf(weighed)
	p.Model, p.State = model.id, homeward.PairProposed
	_, err = tx.PutPairs([]homeward.Pair{p})
	return p, err
}
