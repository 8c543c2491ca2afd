package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
)

// A source moves to another compartment with its editions, records and their exhibits. Their payloads stay as they are; each
// object's key is wrapped anew (docs/decisions/0016). The data and the keys lie in two databases, and a process may be killed
// between any two of these steps:
//
//  1. each key is wrapped by the new compartment too, beside the wrapping it has, and committed;
//  2. the rows say the new compartment, with the entry that tells of it, in one transaction;
//  3. later, at the next start or before the next move, the second wrapping takes the place of the first.
//
// Before 2 everything opens where it was, after 2 where it is. What 1 leaves behind when 2 does not come is overwritten by the
// next move.

// movedAtOnce is how many keys one statement wraps anew.
const movedAtOnce = 400

// MoveSource moves a source to another compartment. ErrNotFound for one, or to one, that is not the actor's; ErrConflict while an
// edition of it is being read, when a source of its name is there, and for the source of a tracing request, which stays with it.
func (tx *Tx) MoveSource(id homeward.SourceID, to homeward.CompartmentID) error {
	s, err := tx.oneSource("where id = $1", string(id))
	if err != nil {
		return err
	}
	if err := tx.mayMove(s, to); err != nil {
		return fmt.Errorf("move source %s: %w", id, err)
	}
	if err := tx.db.settleKeys(tx.ctx); err != nil {
		return err
	}
	exhibits, err := tx.ids(`select x.id from exhibits x join records r on r.id = x.record where r.source = $1 order by x.id`, id)
	if err != nil {
		return err
	}
	objects, err := tx.ids(`select id from records where source = $1 union all select id from editions where source = $1 order by id`, id)
	if err != nil {
		return err
	}
	if err := tx.wrapFor(to, slices.Concat([]string{string(id)}, objects, exhibits)); err != nil {
		return fmt.Errorf("move source %s: %w", id, err)
	}
	if err := tx.putIn(s, to); err != nil {
		return err
	}
	return tx.tellMoved(s, to, exhibits)
}

func (tx *Tx) mayMove(s homeward.Source, to homeward.CompartmentID) error {
	for _, in := range []homeward.CompartmentID{s.Compartment, to} {
		if err := tx.mayPut(homeward.ActionMoveSource, in); err != nil {
			return err
		}
	}
	if _, err := tx.Compartment(to); err != nil {
		return err
	}
	if s.Compartment == to {
		return fmt.Errorf("it lies there: %w", homeward.ErrConflict)
	}
	var busy int
	err := tx.row("look what holds a source", `
		select (select count(*) from editions where source = $1 and state = 'reading') + (select count(*) from requests where source = $1)`, []any{s.ID}, &busy)
	if err == nil && busy > 0 {
		err = fmt.Errorf("it is a tracing request's, or a list is being read: %w", homeward.ErrConflict)
	}
	if err != nil {
		return err
	}
	name, err := tx.sourcePrint(to, s.Name)
	if err != nil {
		return err
	}
	if _, err := tx.oneSource("where fingerprint = $1", name[:]); err == nil {
		return fmt.Errorf("a source of that name lies there: %w", homeward.ErrConflict)
	}
	return nil
}

func (tx *Tx) ids(text string, args ...any) (out []string, err error) {
	return out, tx.query("read what is moved", text, args, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
}

// wrapFor wraps the keys of objects by a compartment too.
func (tx *Tx) wrapFor(to homeward.CompartmentID, objects []string) error {
	room, err := tx.db.room(tx.ctx, to)
	if err != nil {
		return err
	}
	for chunk := range chunks(objects, movedAtOnce) {
		keys, err := tx.db.objectKeys(tx.ctx, chunk)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, id := range chunk {
			key, there := keys[id] // one whose key is gone was erased, and stays so
			if !there {
				continue
			}
			wrapped, err := room.Rewrap(id, key)
			if err != nil {
				return err
			}
			rows = append(rows, []any{id, string(to), wrapped})
		}
		err = tx.db.keys.transact(tx.ctx, func(t *sql.Tx) error {
			return insertRows(tx.ctx, t, `insert into moves (id, compartment, wrapped)`, rows,
				`on conflict (id) do update set compartment = excluded.compartment, wrapped = excluded.wrapped`)
		})
		if err != nil {
			return fmt.Errorf("wrap keys anew: %w", err)
		}
	}
	return nil
}

// putIn says in every row where the source lies now.
func (tx *Tx) putIn(s homeward.Source, to homeward.CompartmentID) error {
	name, err := tx.sourcePrint(to, s.Name)
	if err != nil {
		return err
	}
	err = tx.exec("move source", `
		update sources
		set compartment = $2, fingerprint = $3
		where id = $1`, s.ID, to, name[:])
	for _, what := range []struct{ table, column, where string }{
		{"pairs", "left_in", "left_record in (select id from records where source = $1)"},
		{"pairs", "right_in", "right_record in (select id from records where source = $1)"},
		{"exhibits", "compartment", "record in (select id from records where source = $1)"},
		{"records", "compartment", "source = $1"},
	} {
		if err == nil {
			err = tx.exec("move "+what.table, `
				update `+what.table+`
				set `+what.column+` = $2
				where `+what.where, s.ID, to)
		}
	}
	return err
}

// tellMoved writes what was moved into the log.
func (tx *Tx) tellMoved(s homeward.Source, to homeward.CompartmentID, exhibits []string) error {
	body := map[string]string{"from": string(s.Compartment), "to": string(to)}
	for _, id := range slices.Concat([]string{string(s.ID)}, exhibits) {
		key, err := tx.key(id)
		if err != nil {
			return err
		}
		if err := tx.put(draft{typ: entryMoved, object: id, keyID: id, key: key, body: body}); err != nil {
			return err
		}
	}
	return nil
}

// settleKeys lets the second wrapping of a key take the place of the first, where its object lies in that compartment.
func (db *DB) settleKeys(ctx context.Context) error {
	for after := ""; ; {
		to, ids, err := db.moving(ctx, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		there, err := db.lieIn(ctx, to, ids)
		if err != nil {
			return err
		}
		if err := db.takeOver(ctx, to, there); err != nil {
			return fmt.Errorf("settle keys: %w", err)
		}
	}
}

// moving returns the next keys that have a second wrapping: a run of those of one compartment.
func (db *DB) moving(ctx context.Context, after string) (to string, ids []string, err error) {
	// Keys with a second wrapping, in order, a page.
	rows, err := db.keys.read.QueryContext(ctx, `
		select id, compartment
		from moves
		where id > $1
		order by id
		limit $2`, after, movedAtOnce)
	if err != nil {
		return "", nil, fmt.Errorf("read moves: %w", err)
	}
	run := true
	return to, ids, each(rows, func() error {
		var id, in string
		err := rows.Scan(&id, &in)
		to = cmp.Or(to, in)
		if run = run && in == to; run {
			ids = append(ids, id)
		}
		return err
	})
}

// lieIn returns those of some objects that lie in a compartment.
func (db *DB) lieIn(ctx context.Context, in string, ids []string) ([]string, error) {
	n := len(ids)
	// Sources, editions, records and exhibits of some ids in a compartment.
	rows, err := db.data.read.QueryContext(ctx, `
		select id from sources where compartment = $`+fmt.Sprint(n+1)+` and id in (`+placeholders(1, n)+`)
		union all
		select e.id from editions e join sources s on s.id = e.source where s.compartment = $`+fmt.Sprint(n+1)+` and e.id in (`+placeholders(1, n)+`)
		union all
		select id from records where compartment = $`+fmt.Sprint(n+1)+` and id in (`+placeholders(1, n)+`)
		union all
		select id from exhibits where compartment = $`+fmt.Sprint(n+1)+` and id in (`+placeholders(1, n)+`)`, append(anys(ids), in)...)
	if err != nil {
		return nil, fmt.Errorf("read where objects lie: %w", err)
	}
	return collect(rows, func() (id string, err error) { return id, rows.Scan(&id) })
}

func (db *DB) takeOver(ctx context.Context, to string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	of := `id in (select id from moves where compartment = $1 and id in (` + placeholders(2, len(ids)) + `))`
	return db.keys.transact(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `
			update keys
			set bound = case when bound = '' then compartment else bound end, compartment = $1,
				wrapped = (select m.wrapped from moves m where m.id = keys.id)
			where `+of, append([]any{to}, anys(ids)...)...)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `
			delete from moves
			where `+of, append([]any{to}, anys(ids)...)...)
		return err
	})
}

// movedBody changes what was said of a source or an exhibit by what a move says. Of a source that lies in main nothing is said.
func movedBody(said map[string]string, of, to string) {
	said["compartment"] = to
	if of == entrySource && to == string(homeward.Main) {
		delete(said, "compartment")
	}
}
