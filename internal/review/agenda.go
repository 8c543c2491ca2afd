package review

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// agenda is what one run has to do.
type agenda struct {
	cursor, upTo int64
	rows         []homeward.RecordID               // rows that are new or have a new version
	model        *trained                          // in force; nil when there is none yet
	train        bool                              // a new model is due
	calibration  *linkage.Calibration              // that is due; nil when none is
	looked       int                               // decided pairs, when decisions were read for a calibration; or 0
	all          bool                              // every pair is to be weighed, not only those of the rows
	there        map[homeward.PairID]homeward.Pair // the pairs there are, of the rows or all
	pairs        []homeward.Pair                   // to be written
	stale        bool                              // another server moved the cursor: look again
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
		counts, err := tx.CountPairs()
		if err != nil {
			return err
		}
		w.report = standing(counts, w.model)
		if w.rows, err = r.newRows(tx, w); err != nil {
			return err
		}
		w.train = r.index.Len() > 0 && w.model.outgrown(r.index.Len())
		pending, err := pendingModel(tx)
		if w.all = w.train || pending != nil && w.model != nil; err != nil {
			return err
		}
		return r.calibrate(tx, w, counts)
	})
}

// newRows returns the rows of the log between the agenda's marks that the index holds: of new records, of those that a mark was lifted
// from or took a claim from, and of sought children about whose search something was said: whom consent brought back is compared
// with what came meanwhile.
func (r *Review) newRows(tx *store.Tx, w *agenda) ([]homeward.RecordID, error) {
	var records []homeward.RecordID
	var consents []homeward.ConsentID
	err := eachEntry(tx, w.cursor, func(e store.Entry) {
		switch {
		case e.Index > w.upTo:
		case e.Type != "consent":
			records = append(records, homeward.RecordID(e.Object))
		case w.cursor >= 0: // from the beginning every record is new
			consents = append(consents, homeward.ConsentID(e.Object))
		}
	}, "record", "mark", "mark-lifted", "consent")
	for _, id := range consents {
		sought, serr := tx.SoughtUnder(id)
		records, err = append(records, sought...), errors.Join(err, serr)
	}
	rows := map[homeward.RecordID]bool{}
	for _, id := range records {
		if root := r.lines.root(id); r.index.Has(string(root)) {
			rows[root] = true
		}
	}
	return slices.Sorted(maps.Keys(rows)), err
}

// pendingModel returns the entry of the newest model when not every pair is known to be weighed by it: a run that
// trained it was ended. It is nil otherwise.
func pendingModel(tx *store.Tx) (*store.Entry, error) {
	applied, err := tx.Cursor(stageModel)
	if err != nil {
		return nil, err
	}
	var last *store.Entry
	return last, eachEntry(tx, applied, func(e store.Entry) { last = &e }, "model")
}

// standing reports how things are, by the numbers of pairs in each state.
func standing(counts map[homeward.PairState]int, m *trained) (out Report) {
	if m != nil {
		out.Model = m.id
	}
	for _, n := range counts {
		out.Pairs += n
	}
	return out
}

// manyRows is from how many rows on reading all pairs is cheaper than reading those of each row.
const manyRows = 500

// readPairs reads the pairs that are there: all of them, or those of the rows.
func (r *Review) readPairs(tx *store.Tx, w *agenda) (err error) {
	w.there = map[homeward.PairID]homeward.Pair{}
	var list []homeward.Pair
	if w.all || len(w.rows) > manyRows {
		list, err = tx.PairFacts()
	} else {
		for _, row := range w.rows {
			of, err := tx.PairsOf(row)
			if err != nil {
				return err
			}
			list = append(list, of...)
		}
	}
	for _, p := range list {
		w.there[p.ID] = p
	}
	return err
}
