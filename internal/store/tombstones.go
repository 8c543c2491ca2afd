package store

import (
	"bufio"
	"context"
	"crypto/hmac"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// Tombstone says that a key was destroyed by an erasure. It holds ids and a time, no word; its seal can be made only by who holds
// the root secret, so that a key that was lost cannot be made to look erased.
type Tombstone struct {
	Object  string
	Erasure homeward.ErasureID
	At      time.Time
	seal    []byte
}

func (db *DB) sealOf(t Tombstone) []byte {
	f := db.Fingerprint("destroyed", t.Object, string(t.Erasure), strconv.FormatInt(micros(t.At), 10))
	return f[:]
}

// bury deletes a key and leaves its tombstone.
func (db *DB) bury(ctx context.Context, t *sql.Tx, s Tombstone) error {
	_, err := t.ExecContext(ctx, `
		insert into destroyed (id, erasure, at, seal)
		values ($1, $2, $3, $4)
		on conflict (id) do nothing`, s.Object, s.Erasure, micros(s.At), db.sealOf(s))
	for _, text := range []string{`delete from moves where id = $1`, `delete from keys where id = $1`} {
		if err == nil {
			_, err = t.ExecContext(ctx, text, s.Object)
		}
	}
	if err != nil {
		return fmt.Errorf("destroy key %s: %w", s.Object, err)
	}
	return nil
}

// Tombstones returns the list of destroyed keys, in the order of their ids. It holds no word and may be kept for ever: a restore
// applies it.
func (db *DB) Tombstones(ctx context.Context) ([]Tombstone, error) {
	// The destroyed keys.
	rows, err := db.keys.read.QueryContext(ctx, `
		select id, erasure, at, seal
		from destroyed
		order by id`)
	if err != nil {
		return nil, fmt.Errorf("read destroyed keys: %w", err)
	}
	return collect(rows, func() (t Tombstone, err error) {
		var at int64
		err = rows.Scan(&t.Object, &t.Erasure, &at, &t.seal)
		t.At = fromMicros(at)
		return t, err
	})
}

// buried returns what tombstones with a true seal say is destroyed.
func (db *DB) buried(ctx context.Context) (map[string]bool, error) {
	list, err := db.Tombstones(ctx)
	out := make(map[string]bool, len(list))
	for _, t := range list {
		if hmac.Equal(t.seal, db.sealOf(t)) {
			out[t.Object] = true
		}
	}
	return out, err
}

// WriteTombstones writes the list of destroyed keys, one a line.
func (db *DB) WriteTombstones(ctx context.Context, w io.Writer) error {
	list, err := db.Tombstones(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, t := range list {
		fmt.Fprintln(out, t.Object, t.Erasure, micros(t.At), hex.EncodeToString(t.seal))
	}
	return out.Flush()
}

// applyTombstones destroys the keys of a list that another copy of this register wrote. ErrTampered when a line is not of this
// register.
func (db *DB) applyTombstones(ctx context.Context, r io.Reader) error {
	list, err := db.readTombstones(r)
	if err != nil {
		return err
	}
	return db.keys.transact(ctx, func(t *sql.Tx) error {
		for _, s := range list {
			if err := db.bury(ctx, t, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (db *DB) readTombstones(r io.Reader) (list []Tombstone, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 {
			continue
		}
		bad := fmt.Errorf("line %d of the list of destroyed keys is not one of this register: %w", n, homeward.ErrTampered)
		if len(f) != 4 {
			return nil, bad
		}
		at, err := strconv.ParseInt(f[2], 10, 64)
		seal, err2 := hex.DecodeString(f[3])
		t := Tombstone{Object: f[0], Erasure: homeward.ErasureID(f[1]), At: fromMicros(at), seal: seal}
		if err != nil || err2 != nil || !hmac.Equal(seal, db.sealOf(t)) {
			return nil, bad
		}
		list = append(list, t)
	}
	return list, lines.Err()
}

// forgetDestroyed empties what tombstones say is destroyed and an older copy of the data holds still. Each erasure is told to the log
// anew, because the log of that copy does not know of it.
func (db *DB) forgetDestroyed(ctx context.Context) error {
	list, err := db.Tombstones(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	of := map[homeward.ErasureID][]string{}
	for _, t := range list {
		of[t.Erasure] = append(of[t.Erasure], t.Object)
	}
	err = db.Update(ctx, homeward.System, func(tx *Tx) error {
		for _, id := range slices.Sorted(maps.Keys(of)) {
			if err := tx.forgetAgain(id, of[id]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.data.fold(ctx)
}

func (tx *Tx) forgetAgain(id homeward.ErasureID, objects []string) error {
	key, err := tx.key(string(id))
	if missing(err) {
		key, err = tx.newKey(string(id))
	}
	if err != nil {
		return err
	}
	fresh, err := tx.condemnAll(id, objects)
	if err != nil {
		return err
	}
	if fresh > 0 {
		// An entry about the erasure itself, as this log has none yet: its key is in use.
		again := draft{typ: entryErasedAgain, object: string(id), keyID: string(id), key: key, body: map[string]string{"objects": strconv.Itoa(fresh)}}
		if err := tx.put(again); err != nil {
			return err
		}
	}
	return tx.emptyObjects(id)
}
