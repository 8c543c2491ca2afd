package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Found is a record found for a reading.
type Found struct {
	Hit
	ReceivedAt time.Time
	Sibling    bool // the child has a brother or sister in the register, and one was asked for
}

// siblingBits is what a sibling adds where one was asked for: it tells the few families apart that are recorded as such.
const siblingBits = 2

// Find returns the records that fit a reading best, as [Review.Search] does for words.
func (r *Review) Find(ctx context.Context, actor homeward.Actor, q Reading, limit int) (out []Found, err error) {
	return out, r.seek(ctx, actor, q, limit, func(tx *store.Tx, found []linkage.Hit, facts map[homeward.RecordID]store.RecordFact) error {
		hits, err := r.hits(tx, found)
		if err != nil {
			return err
		}
		out = make([]Found, len(hits))
		for i, h := range hits {
			out[i] = Found{Hit: h, ReceivedAt: facts[h.Record].ReceivedAt}
			if q.Sibling && h.Person != "" {
				kin, err := tx.SiblingsOf(h.Person)
				if err != nil {
					return err
				}
				if out[i].Sibling = len(kin) > 0; out[i].Sibling {
					out[i].Weight += siblingBits
				}
			}
		}
		slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(b.Weight, a.Weight) })
		return nil
	})
}

// Fresh counts, among the best records for a reading, those received since an instant that it speaks for. No word is read.
func (r *Review) Fresh(ctx context.Context, actor homeward.Actor, q Reading, limit int, since time.Time) (n int, err error) {
	return n, r.seek(ctx, actor, q, limit, func(_ *store.Tx, found []linkage.Hit, facts map[homeward.RecordID]store.RecordFact) error {
		n = 0
		for _, f := range found {
			if f.Weight > 0 && facts[r.lines.newest(homeward.RecordID(f.ID))].ReceivedAt.After(since) {
				n++
			}
		}
		return nil
	})
}

// seek finds records for a reading, within the actor's reach, and hands them on with their plain facts.
func (r *Review) seek(ctx context.Context, actor homeward.Actor, q Reading, limit int, then func(*store.Tx, []linkage.Hit, map[homeward.RecordID]store.RecordFact) error) error {
	if !actor.Can(homeward.ActionSearch) {
		return fmt.Errorf("search: %w", homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	err := r.db.View(ctx, actor, func(tx *store.Tx) error {
		model, err := r.model(tx, "")
		if err != nil {
			return err
		}
		found, err := r.reached(tx, model, q.query(homeward.DayOf(tx.Now.UTC())), q.Where, limit)
		if err != nil {
			return err
		}
		if q.Strict {
			found = slices.DeleteFunc(found, contradicts)
		}
		facts, err := r.factsOf(tx, found)
		if err != nil {
			return err
		}
		return then(tx, found, facts)
	})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

// against are the levels at which a record contradicts what was asked for.
var against = map[string][]string{"sex": {"differ"}, "birth": {"different", "three_off"}}

func contradicts(h linkage.Hit) bool {
	return slices.ContainsFunc(h.Signals, func(s linkage.Signal) bool { return slices.Contains(against[s.Comparison], s.Level) })
}

func (r *Review) factsOf(tx *store.Tx, found []linkage.Hit) (map[homeward.RecordID]store.RecordFact, error) {
	ids := make([]homeward.RecordID, len(found))
	for i, f := range found {
		ids[i] = r.lines.newest(homeward.RecordID(f.ID))
	}
	list, err := tx.RecordFactsOf(ids)
	out := make(map[homeward.RecordID]store.RecordFact, len(list))
	for _, f := range list {
		out[f.ID] = f
	}
	return out, err
}
