package review

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// stageRank is the name of the cursor that says of which records and decisions the queue's order takes account.
const stageRank = "review.rank"

// manyTouched is from how many records on every pair is ranked anew instead of theirs.
const manyTouched = 2000

// Rank brings the order of the queue up to date with the log, as far as persons are: after, what is a cursor of the stage that
// derives persons, because urgency counts the records of a person. Pairs that were weighed anew, and the pairs of persons
// that decisions or new words of a source touched, get their urgency; the others keep theirs. Run again, it changes nothing;
// ended anywhere, the next run ranks what is left.
func (r *Review) Rank(ctx context.Context, after string) error {
	stale, err := r.unrank(ctx, after)
	for stale && err == nil {
		err = r.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			n, err := tx.RankPairs()
			stale = n > 0
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("rank pairs: %w", err)
	}
	return nil
}

// unrank takes their urgency from the pairs that the log has touched, and reports whether pairs are to be ranked.
func (r *Review) unrank(ctx context.Context, after string) (stale bool, err error) {
	var from, upTo int64
	err = r.db.View(ctx, homeward.System, func(tx *store.Tx) error {
		if from, err = tx.Cursor(stageRank); err != nil {
			return err
		}
		if upTo, err = tx.Cursor(after); err != nil {
			return err
		}
		stale, err = tx.Unranked()
		return err
	})
	if err != nil || upTo <= from {
		return stale, err
	}
	return true, r.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
		touched, err := touched(tx, from, upTo)
		if err != nil {
			return err
		}
		if len(touched) > manyTouched {
			err = tx.UnrankAllPairs()
		} else {
			err = tx.UnrankPairs(touched)
		}
		if err != nil {
			return err
		}
		return tx.MoveCursor(stageRank, upTo)
	})
}

// touched returns the records that came or were marked, and those on which people decided, between two places in the log.
func touched(tx *store.Tx, from, upTo int64) ([]homeward.RecordID, error) {
	records, decided := map[homeward.RecordID]bool{}, map[homeward.DecisionID]bool{}
	err := eachEntry(tx, from, func(e store.Entry) {
		switch {
		case e.Index > upTo:
		case e.Type == "record" || e.Type == "mark" || e.Type == "mark-lifted":
			records[homeward.RecordID(e.Object)] = true
		default:
			decided[homeward.DecisionID(e.Object)] = true
		}
	}, "record", "decision", "revocation", "mark", "mark-lifted")
	if err != nil {
		return nil, err
	}
	decisions := []homeward.Decision(nil)
	if len(decided) > 0 {
		decisions, err = tx.DecisionFacts()
	}
	for _, d := range decisions {
		if decided[d.ID] {
			records[d.Left], records[d.Right] = true, true
		}
	}
	return slices.Sorted(maps.Keys(records)), err
}
