package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// Carrying out an erasure, step by step, each safe to repeat:
//
//	begin    what goes is written down: rows of erased, an entry for each, the act "begun"      (data)
//	destroy  the keys are deleted, with a tombstone for each; keys of snapshots go as well       (keys)
//	blobs    the sealed bytes of its exhibits are removed
//	empty    payloads of its entries are emptied, its rows deleted                               (data)
//	fold     the write-ahead logs are folded in and cut off, so that no old page is left         (both)
//	done     the act "done"                                                                      (data)
//
// The data is told first, so that a process killed anywhere is finished by the next start, and verify tells what was erased from
// what was lost. The leaves stay, and every other proof with them.

// objectsOfErasure are the objects that go with the records of an erasure, by the key each is sealed with. "@" stands for what was found
// to go before, the records first.
var objectsOfErasure = []string{
	`select id from decisions where left_record in @ or right_record in @`,
	`select id from opinions where left_record in @ or right_record in @`,
	`select id from glass where record in @`,
	`select id from assignments where record in @`,
	`select referral from referred where record in @`,
	`select request from sought where record in @ and not exists (
		select 1 from sought o where o.request = sought.request and o.record not in @)`,
	`select id from determinations where child in @`,
	`select id from exhibits where record in @ or request in @`,
	`select id from exhibits where parent in @`,
	`select id from citations where record in @ or exhibit in @`,
	`select id from assessments where record in @`,
	// Frequencies of words are made of names: every model goes, and another is trained of what is left.
	`select id from models`,
}

// rowsOfErasure delete the rows of what goes, those that refer to others first. "@" stands for all that goes.
var rowsOfErasure = []string{
	`delete from citations where id in @ or exhibit in @ or record in @`,
	`delete from assessments where id in @ or record in @`,
	`delete from custody where exhibit in @`,
	`delete from exhibits where id in @`,
	`delete from consents where request in @`,
	`delete from determinations where id in @ or request in @`,
	`delete from request_moves where request in @`,
	`delete from sought where request in @ or record in @`,
	`delete from requests where id in @`,
	`delete from referred where referral in @`,
	`delete from referrals where id in @`,
	`delete from glass where id in @`,
	`delete from assignments where id in @`,
	`delete from opinions where id in @`,
	`delete from decisions where id in @`,
	`delete from models where id in @`,
	`delete from pairs where left_record in @ or right_record in @`,
	`delete from marks where record in @`,
	`delete from events where record in @`,
	`delete from memberships where record in @`,
	`delete from current_rows where record in @`,
	`delete from changes where record in @`,
	`delete from records where id in @`,
	`delete from snapshots`,
}

// ofErasure is what an erasure takes, in a statement whose first argument is the erasure.
const ofErasure = `(select object from erased where erasure = $1)`

// of writes what an erasure takes into a statement, and returns its arguments.
func (id erasing) of(text string) (string, []any) {
	if !strings.Contains(text, "@") {
		return text, nil
	}
	return strings.ReplaceAll(text, "@", ofErasure), []any{string(id)}
}

// erasing is the erasure that is being carried out.
type erasing homeward.ErasureID

// CarryOutErasures carries out every erasure whose time has come and that nothing holds, and finishes those that were begun. It
// returns how many were. It is safe to run at any time, by several servers.
func (db *DB) CarryOutErasures(ctx context.Context) (done int, err error) {
	var ready []homeward.Erasure
	err = db.View(ctx, homeward.System, func(tx *Tx) error {
		list, err := tx.erasures(`
			where not exists (select 1 from erasure_acts a where a.erasure = erasures.id and a.act in ('done', 'refused'))
			order by id`)
		for _, e := range list {
			if e.State() == homeward.ErasureRunning || e.State() == homeward.ErasureWaiting && !e.Due().After(tx.Now) {
				ready = append(ready, e)
			}
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("look for erasures: %w", err)
	}
	for _, e := range ready {
		err := db.carryOut(ctx, e.ID)
		if errors.Is(err, errHeld) {
			continue
		}
		if err != nil {
			return done, fmt.Errorf("carry out erasure %s: %w", e.ID, err)
		}
		done++
	}
	return done, nil
}

// finishErasures finishes the erasures that were begun when the process ended: nothing holds them any longer.
func (db *DB) finishErasures(ctx context.Context) error {
	// Erasures that were begun and not finished.
	rows, err := db.data.read.QueryContext(ctx, `
		select erasure
		from erasure_acts a
		where act = 'begun' and not exists (select 1 from erasure_acts d where d.erasure = a.erasure and d.act = 'done')
		order by erasure`)
	if err != nil {
		return fmt.Errorf("look for erasures to finish: %w", err)
	}
	begun, err := collect(rows, func() (id homeward.ErasureID, err error) { return id, rows.Scan(&id) })
	for _, id := range begun {
		if err == nil {
			err = db.carryOut(ctx, id)
		}
	}
	if err != nil {
		return fmt.Errorf("finish erasures: %w", err)
	}
	return nil
}

// errHeld says that a legal hold stands in the way.
var errHeld = fmt.Errorf("a legal hold stands in the way: %w", homeward.ErrConflict)

func (db *DB) carryOut(ctx context.Context, id homeward.ErasureID) error {
	for more := true; more; {
		if err := db.begin(ctx, id); err != nil {
			return err
		}
		if err := db.destroy(ctx, id); err != nil {
			return err
		}
		if err := db.removeBlobs(ctx, id); err != nil {
			return err
		}
		var err error
		if more, err = db.empty(ctx, id); err != nil {
			return err
		}
	}
	if err := errors.Join(db.data.fold(ctx), db.keys.fold(ctx)); err != nil {
		return err
	}
	return db.Update(ctx, homeward.System, func(tx *Tx) error {
		e, err := tx.Erasure(id)
		if err != nil || e.State() == homeward.ErasureGone {
			return err
		}
		return tx.putAct(e, homeward.ErasureDone, "")
	})
}

// begin writes down what goes. It fails with errHeld where the law holds a part of it, unless it was begun before.
func (db *DB) begin(ctx context.Context, id homeward.ErasureID) error {
	return db.Update(ctx, homeward.System, func(tx *Tx) error {
		e, err := tx.Erasure(id)
		if err != nil || e.State() == homeward.ErasureGone {
			return err
		}
		if e.State() == homeward.ErasureRunning {
			_, err := tx.condemn(id)
			return err
		}
		held, err := tx.ErasureHeld(e)
		if err != nil {
			return err
		}
		if held {
			return errHeld
		}
		records, err := tx.stillThere(e.Records)
		if err != nil {
			return err
		}
		if _, err := tx.condemnAll(id, records); err != nil {
			return err
		}
		if _, err := tx.condemn(id); err != nil {
			return err
		}
		return tx.putAct(e, homeward.ErasureBegun, "")
	})
}

// stillThere returns the records that are there, and versions of their rows that came since.
func (tx *Tx) stillThere(records []homeward.RecordID) (ids []string, err error) {
	there, err := tx.Reaches(records)
	if err != nil {
		return nil, err
	}
	for _, id := range records {
		if !there[id] {
			continue
		}
		row, err := tx.rowOf(id)
		if err != nil {
			return nil, err
		}
		for _, version := range row {
			ids = append(ids, string(version))
		}
	}
	return ids, nil
}

// condemn writes down what goes with the records of a begun erasure, and returns how much it had not yet.
func (tx *Tx) condemn(id homeward.ErasureID) (fresh int, err error) {
	for _, text := range objectsOfErasure {
		var found []string
		text, args := erasing(id).of(text)
		err := tx.query("look for what goes with erasure "+string(id), text, args, func(r *sql.Rows) error {
			var object string
			err := r.Scan(&object)
			found = append(found, object)
			return err
		})
		if err != nil {
			return fresh, err
		}
		n, err := tx.condemnAll(id, found)
		if fresh += n; err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

// condemnAll writes down objects that go, each with an entry, those that are not written down yet.
func (tx *Tx) condemnAll(id homeward.ErasureID, objects []string) (fresh int, err error) {
	key, err := tx.key(string(id))
	if err != nil {
		return 0, err
	}
	slices.Sort(objects)
	for _, object := range slices.Compact(objects) {
		n, err := tx.execCount("condemn "+object, `
			insert into erased (object, erasure, at)
			values ($1, $2, $3)
			on conflict (object) do nothing`, object, id, micros(tx.Now))
		if err != nil {
			return fresh, err
		}
		if n == 0 {
			continue
		}
		fresh++
		d := draft{typ: entryErased, object: object, keyID: string(id), key: key, body: erasedBody(id)}
		if err := tx.put(d); err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

func erasedBody(id homeward.ErasureID) map[string]string {
	return map[string]string{"erasure": string(id)}
}

// ErasureHeld reports whether the law holds a record of an erasure, or an exhibit that would go with it: of its records, or of a
// request that seeks nobody else.
func (tx *Tx) ErasureHeld(e homeward.Erasure) (bool, error) {
	held, err := tx.behindFence().OnHold(e.Records)
	if err != nil || len(held) > 0 {
		return len(held) > 0, err
	}
	var n int
	err = tx.row("look for exhibits on hold", `
		with recursive goes (id) as (
			select record from erasure_records where erasure = $1
			union
			select r.id from records r join goes on r.supersedes = goes.id
		)
		select count(*)
		from custody c
		join exhibits x on x.id = c.exhibit
		where (x.record in (select id from goes) or x.request in (
				select s.request
				from sought s
				where s.record in (select id from goes) and not exists (
					select 1 from sought o where o.request = s.request and o.record not in (select id from goes))))
			and c.act = 'held'
			and not exists (select 1 from custody l where l.exhibit = c.exhibit and l.act = 'released' and l.turn > c.turn)`, []any{e.ID}, &n)
	return n > 0, err
}

// erasedObjects returns what an erasure takes.
func (db *DB) erasedObjects(ctx context.Context, id homeward.ErasureID) ([]string, error) {
	// The objects of one erasure.
	rows, err := db.data.read.QueryContext(ctx, `
		select object
		from erased
		where erasure = $1
		order by object`, id)
	if err != nil {
		return nil, fmt.Errorf("read what is erased: %w", err)
	}
	return collect(rows, func() (object string, err error) { return object, rows.Scan(&object) })
}

// destroy deletes the keys of what goes, and those of every snapshot, and leaves a tombstone for each.
func (db *DB) destroy(ctx context.Context, id homeward.ErasureID) error {
	objects, err := db.erasedObjects(ctx, id)
	if err != nil {
		return err
	}
	now := db.Now()
	return db.keys.transact(ctx, func(t *sql.Tx) error {
		for _, object := range objects {
			if err := db.bury(ctx, t, Tombstone{Object: object, Erasure: id, At: now}); err != nil {
				return err
			}
		}
		_, err := t.ExecContext(ctx, `
			delete from keys
			where id > $1 and substr(id, 1, length($2)) = $2`, afterObjects, snapshotKeys)
		if err != nil {
			return fmt.Errorf("drop keys of snapshots: %w", err)
		}
		return nil
	})
}

// removeBlobs removes the sealed bytes of the exhibits that go; what is not there was removed before.
func (db *DB) removeBlobs(ctx context.Context, id homeward.ErasureID) error {
	// The files of the exhibits of one erasure.
	rows, err := db.data.read.QueryContext(ctx, `
		select blob
		from exhibits
		where id in `+ofErasure, id)
	if err != nil {
		return fmt.Errorf("read blobs of what is erased: %w", err)
	}
	names, err := collect(rows, func() (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := db.blobs.Remove(ctx, name); err != nil && !missing(err) {
			return fmt.Errorf("remove bytes of an exhibit: %w", err)
		}
	}
	return nil
}

// empty deletes the rows of what goes and empties the payloads of its entries. Where something came in meanwhile that goes as well,
// nothing is deleted, and more is true.
func (db *DB) empty(ctx context.Context, id homeward.ErasureID) (more bool, err error) {
	return more, db.Update(ctx, homeward.System, func(tx *Tx) error {
		fresh, err := tx.condemn(id)
		if more = fresh > 0; err != nil || more {
			return err
		}
		return tx.emptyObjects(id)
	})
}

func (tx *Tx) emptyObjects(id homeward.ErasureID) error {
	err := tx.exec("empty what is erased", `
		update entries
		set sealed = $2
		where key in `+ofErasure+` or (type like 'citation%' or type = 'determination') and object in `+ofErasure, id, []byte{})
	if err != nil {
		return err
	}
	for _, text := range rowsOfErasure {
		text, args := erasing(id).of(text)
		if err := tx.exec("delete what is erased", text, args...); err != nil {
			return err
		}
	}
	return nil
}

// fold makes old versions of rows unreadable, as far as the database allows it.
func (e *engine) fold(ctx context.Context) error {
	const attempts = 100 // readers may hold an old page for a moment
	for try := 0; ; try++ {
		left, err := e.forget(ctx)
		if err != nil || !left {
			return err
		}
		if try == attempts {
			return fmt.Errorf("readers hold the write-ahead log: %w", homeward.ErrUnavailable)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
