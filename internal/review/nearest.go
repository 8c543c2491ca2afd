package review

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Near is a record that may speak of the same child as some others, whatever its name.
type Near struct {
	Hit         // Weight is that of the pair
	Pair        homeward.PairID
	State       homeward.PairState // proposed, unless the pair is decided
	Probability float64
}

// Nearest returns the records that the records of one child most likely speak of as well, best first, at most limit: it
// looks at every record there is, so that a child whose name, birth date and birthplace were all replaced is found, which no
// blocking and no search by name would. Each row stands once, beside the record of the child that it fits best; what is one
// person with them already is left out. ErrNotFound when a record is not there. Every record shown is audited.
func (r *Review) Nearest(ctx context.Context, actor homeward.Actor, of []homeward.RecordID, limit int) ([]Near, error) {
	if !actor.Can(homeward.ActionSearch) {
		return nil, fmt.Errorf("nearest records: %w", homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Near
	err := r.db.View(ctx, actor, func(tx *store.Tx) error {
		model, err := r.model(tx, "")
		if err != nil {
			return err
		}
		resting, err := tx.Resting()
		if err != nil {
			return err
		}
		rows, err := r.rowsOf(tx, of, resting)
		if err != nil {
			return err
		}
		around := slices.DeleteFunc(r.around(model, rows), func(n nearRow) bool { return resting[r.lines.root(n.id)] })
		found, err := r.foreign(tx, of, around, limit)
		if err != nil {
			return err
		}
		out, err = r.near(tx, model, found)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("nearest records: %w", err)
	}
	return out, nil
}

// rowsOf returns the rows of some records, each once. What the index does not hold yet, and who rests, is near
// nothing.
func (r *Review) rowsOf(tx *store.Tx, of []homeward.RecordID, resting map[homeward.RecordID]bool) ([]homeward.RecordID, error) {
	there, err := tx.Reaches(of)
	if err != nil {
		return nil, err
	}
	var rows []homeward.RecordID
	for _, id := range of {
		root := r.lines.root(id)
		if !there[id] {
			return nil, fmt.Errorf("record %s: %w", id, homeward.ErrNotFound)
		}
		if r.index.Has(string(root)) && !resting[root] && !slices.Contains(rows, root) {
			rows = append(rows, root)
		}
	}
	return rows, nil
}

// nearRow is a row that lies near one of the rows asked for, under the id of its newest version.
type nearRow struct {
	id   homeward.RecordID
	pair linkage.Pair
}

// around returns the rows near some rows, each once with the pair of the greatest weight, best first.
func (r *Review) around(model *trained, rows []homeward.RecordID) []nearRow {
	best := map[homeward.RecordID]linkage.Pair{}
	for _, row := range rows {
		for _, p := range r.index.Nearest(model.model, string(row), math.MaxInt, linkage.Options{Skip: r.skip}) {
			other := homeward.RecordID(p.Left)
			if other == row {
				other = homeward.RecordID(p.Right)
			}
			if was, met := best[other]; !slices.Contains(rows, other) && (!met || p.Weight > was.Weight) {
				best[other] = p
			}
		}
	}
	out := make([]nearRow, 0, len(best))
	for row, p := range best {
		out = append(out, nearRow{r.lines.newest(row), p})
	}
	slices.SortFunc(out, func(a, b nearRow) int {
		return cmp.Or(cmp.Compare(b.pair.Weight, a.pair.Weight), cmp.Compare(a.id, b.id))
	})
	return out
}

// foreign returns the first rows that exist as far as the actor is concerned and are not one person with the records asked for.
func (r *Review) foreign(tx *store.Tx, of []homeward.RecordID, found []nearRow, limit int) ([]nearRow, error) {
	persons, err := tx.PersonsOf(of)
	if err != nil {
		return nil, err
	}
	own := map[homeward.PersonID]bool{}
	for _, p := range persons {
		own[p] = true
	}
	var out []nearRow
	for part := range slices.Chunk(found, 400) {
		others, err := r.others(tx, own, part)
		if err != nil {
			return nil, err
		}
		if out = append(out, others...); len(out) >= limit {
			return out[:limit], nil
		}
	}
	return out, nil
}

func (r *Review) others(tx *store.Tx, own map[homeward.PersonID]bool, part []nearRow) ([]nearRow, error) {
	ids := make([]homeward.RecordID, len(part))
	for i, f := range part {
		ids[i] = f.id
	}
	there, err := tx.Reaches(ids)
	if err != nil {
		return nil, err
	}
	persons, err := tx.PersonsOf(ids)
	return slices.DeleteFunc(slices.Clone(part), func(f nearRow) bool {
		return !there[f.id] || own[persons[f.id]]
	}), err
}

// near reads the records of the rows found, and what people said of the pairs.
func (r *Review) near(tx *store.Tx, model *trained, found []nearRow) ([]Near, error) {
	hits := make([]linkage.Hit, len(found))
	for i, f := range found {
		_, signals, _ := r.index.Weigh(model.model, f.pair.Left, f.pair.Right)
		hits[i] = linkage.Hit{ID: string(f.id), Weight: f.pair.Weight, Signals: signals}
	}
	read, err := r.hits(tx, hits)
	if err != nil {
		return nil, err
	}
	out := make([]Near, len(found))
	for i, f := range found {
		p := model.pair(f.pair)
		out[i] = Near{Hit: read[i], Pair: p.ID, State: homeward.PairProposed, Probability: p.Probability}
		stored, err := tx.Pair(p.ID)
		if err == nil {
			out[i].State = stored.State
		} else if !isNotFound(err) {
			return nil, err
		}
	}
	return out, nil
}
