package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward"
)

// PutFigure keeps a figure someone published. The same figure twice changes nothing: added is false.
func (tx *Tx) PutFigure(f homeward.Figure) (added bool, err error) {
	f.KnownAt = tx.Now
	print := tx.Fingerprint("figure", figureText(f))
	var there int
	err = tx.row("read figure", `
		select count(*)
		from figures
		where fingerprint = $1`, []any{print[:]}, &there)
	if err != nil || there > 0 {
		return false, err
	}
	id := homeward.NewID(tx.Now)
	f.ID = homeward.FigureID(id)
	key, err := tx.newKey(id)
	if err != nil {
		return false, err
	}
	sealed, err := sealJSON(key, "figures", id, f)
	if err != nil {
		return false, err
	}
	err = tx.exec("put figure", `
		insert into figures (id, fingerprint, known_at, sealed)
		values ($1, $2, $3, $4)`, id, print[:], micros(tx.Now), sealed)
	if err != nil {
		return false, err
	}
	return true, tx.put(draft{typ: entryFigure, object: id, keyID: id, key: key, body: figureBody(f)})
}

func figureBody(f homeward.Figure) map[string]string {
	return map[string]string{"figure": figureText(f)}
}

// figure returns one figure, or ErrNotFound.
func (tx *Tx) figure(id string) (f homeward.Figure, err error) {
	var sealed []byte
	err = tx.row("read figure "+id, `
		select sealed
		from figures
		where id = $1`, []any{id}, &sealed)
	if err != nil {
		return f, err
	}
	key, err := tx.key(id)
	if err != nil {
		return f, err
	}
	return f, openJSON(key, "figures", id, sealed, &f)
}

// figureText is what the publisher said, without when we learned of it and without our id.
func figureText(f homeward.Figure) string {
	return fields(dateText(f.Date), f.Publisher, f.ReportedBy, f.Category, f.Relation, strconv.FormatInt(f.Value, 10),
		f.Population, f.Scope, f.Link, f.Note)
}

// Figures returns every figure, by date, publisher and category.
func (tx *Tx) Figures() ([]homeward.Figure, error) {
	var ids []string
	var sealed [][]byte
	err := tx.query("read figures", `
		select id, sealed
		from figures
		order by id`, nil, func(r *sql.Rows) error {
		var id string
		var s []byte
		err := r.Scan(&id, &s)
		ids, sealed = append(ids, id), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := tx.db.objectKeys(tx.ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]homeward.Figure, 0, len(ids))
	for i, id := range ids {
		key, ok := keys[id]
		if !ok {
			continue // made in this very transaction
		}
		var f homeward.Figure
		if err := openJSON(key, "figures", id, sealed[i], &f); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b homeward.Figure) int {
		return cmp.Or(cmp.Compare(a.Date.From, b.Date.From), cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Category, b.Category))
	})
	return out, nil
}
