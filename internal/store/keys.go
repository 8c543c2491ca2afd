package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// Fingerprint finds something again without storing its words: an HMAC under a key of the compartment, so that who
// reads the database cannot test guesses.
type Fingerprint [32]byte

// Fingerprint returns the fingerprint of parts within a domain. Parts are length-prefixed: ("ab","c") is not ("a","bc").
func (db *DB) Fingerprint(domain string, parts ...string) Fingerprint {
	b := make([][]byte, len(parts))
	for i, p := range parts {
		b[i] = []byte(p)
	}
	return db.held.Fingerprint(domain, b...)
}

// rootHeader returns what opens the root secret, or ErrNotFound while the store is not made.
func (db *DB) rootHeader(ctx context.Context) ([]byte, error) {
	var header []byte
	// The header of the root secret.
	err := db.keys.read.QueryRowContext(ctx, `
		select value
		from root
		where name = 'header'`).Scan(&header)
	if err != nil {
		return nil, fmt.Errorf("read root header: %w", notFound(err))
	}
	return header, nil
}

// putRoot writes the compartment's wrapped key and then, last, the root's header: from then on the store exists.
func (db *DB) putRoot(ctx context.Context, header, wrapped []byte) error {
	return db.keys.transact(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `
			insert into compartments (name, wrapped, created_at)
			values ($1, $2, $3)`, compartment, wrapped, micros(db.Now()))
		if err != nil {
			return fmt.Errorf("write compartment: %w", err)
		}
		_, err = t.ExecContext(ctx, `
			insert into root (name, value)
			values ('header', $1)`, header)
		if err != nil {
			return fmt.Errorf("write root header: %w", err)
		}
		return nil
	})
}

// newKey makes the key of a new object that lies in no compartment but main.
func (tx *Tx) newKey(object string) (seal.ObjectKey, error) {
	return tx.newKeyIn(homeward.Main, object)
}

// newKeyIn makes the key of a new object of a compartment. It is written to the key database before the transaction
// commits.
func (tx *Tx) newKeyIn(in homeward.CompartmentID, object string) (key seal.ObjectKey, err error) {
	room, err := tx.db.room(tx.ctx, in)
	if err != nil {
		return key, err
	}
	key, wrapped, err := room.NewObjectKey(object)
	if err != nil {
		return key, fmt.Errorf("make key %s: %w", object, err)
	}
	tx.made[object] = key
	tx.wrapped = append(tx.wrapped, []any{object, string(in), wrapped})
	return key, nil
}

// key opens the key of an object.
func (tx *Tx) key(object string) (seal.ObjectKey, error) {
	if k, ok := tx.made[object]; ok {
		return k, nil
	}
	return tx.db.objectKey(tx.ctx, object)
}

func (db *DB) objectKey(ctx context.Context, object string) (key seal.ObjectKey, err error) {
	var w wrappedKey
	// The wrapped key of one object.
	err = db.keys.read.QueryRowContext(ctx, selectKeys+`
		where k.id = $1`, object).Scan(w.columns()...)
	if err != nil {
		return key, fmt.Errorf("read key %s: %w", object, notFound(err))
	}
	return db.openKey(ctx, w)
}

// objectKeys opens the keys of many objects. An object whose key is gone is left out.
func (db *DB) objectKeys(ctx context.Context, objects []string) (map[string]seal.ObjectKey, error) {
	out := make(map[string]seal.ObjectKey, len(objects))
	for chunk := range chunks(objects, 400) {
		// The wrapped keys of some objects.
		rows, err := db.keys.read.QueryContext(ctx, selectKeys+`
			where k.id in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		err = each(rows, func() error {
			var w wrappedKey
			if err := rows.Scan(w.columns()...); err != nil {
				return err
			}
			key, err := db.openKey(ctx, w)
			if err != nil {
				return fmt.Errorf("open key %s: %w", w.id, err)
			}
			out[w.id] = key
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// flushKeys commits the keys made in this transaction, before the data they seal.
func (tx *Tx) flushKeys() error {
	if len(tx.wrapped) == 0 {
		return nil
	}
	return tx.db.keys.transact(tx.ctx, func(t *sql.Tx) error {
		return insertRows(tx.ctx, t, `insert into keys (id, compartment, wrapped)`, tx.wrapped, "")
	})
}

// sweepGrace is how old a key must be before it can be an orphan: a younger one may belong to a transaction of
// another server that has not committed yet.
const sweepGrace = 10 * time.Minute

// sweepKeys removes keys that a crash left without data: a key is committed before the data it seals.
func (db *DB) sweepKeys(ctx context.Context) error {
	after := ""
	for {
		ids, err := db.keyIDs(ctx, after, 5000)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		used, err := db.usedKeys(ctx, ids[0], after)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if used[id] || !db.orphanable(id) {
				continue
			}
			if _, err := db.keys.write.ExecContext(ctx, `
				delete from keys
				where id = $1`, id); err != nil {
				return fmt.Errorf("sweep key %s: %w", id, err)
			}
		}
	}
}

// orphanable reports whether the id is a UUIDv7 made longer ago than the grace.
func (db *DB) orphanable(id string) bool {
	limit := homeward.NewID(db.Now().Add(-sweepGrace))
	return len(id) == len(limit) && id < limit
}

func (db *DB) keyIDs(ctx context.Context, after string, limit int) ([]string, error) {
	// Ids of keys in order, a page.
	rows, err := db.keys.read.QueryContext(ctx, `
		select id
		from keys
		where id > $1
		order by id
		limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read key ids: %w", err)
	}
	return collect(rows, func() (id string, err error) { return id, rows.Scan(&id) })
}

// usedKeys returns the keys from first to last that some entry is sealed with. The entry written together with a new
// object is about that object and sealed with its key, so the index of objects answers.
func (db *DB) usedKeys(ctx context.Context, first, last string) (map[string]bool, error) {
	// Objects that entries are about, in a span.
	rows, err := db.data.read.QueryContext(ctx, `
		select distinct object
		from entries
		where object >= $1 and object <= $2`, first, last)
	if err != nil {
		return nil, fmt.Errorf("read used keys: %w", err)
	}
	used := map[string]bool{}
	return used, each(rows, func() error {
		var id string
		err := rows.Scan(&id)
		used[id] = true
		return err
	})
}

// notFound turns the driver's "no rows" into the vocabulary's kind.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return homeward.ErrNotFound
	}
	return err
}
