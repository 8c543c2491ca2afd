package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/homeward-registry/homeward"
)

// snapshotKeys begins the ids of keys of snapshots: no UUID, so that they are never taken for orphans.
const snapshotKeys = "snapshot-"

// afterObjects comes after every UUID in any collation, and before the ids of keys that are no object's.
const afterObjects = "g"

// PutSnapshot keeps what a stage holds in memory, in parts, in place of what it kept before. of are the records whose
// words it holds. A snapshot is derived and no entry of the log; it is sealed with a key of its own. ErrConflict when the
// key of one of the records is gone: the stage holds words of a child that was erased.
//
// Deleting any key of an object drops the snapshot at the next start, with its key: an erased child does not live on in it.
func (db *DB) PutSnapshot(ctx context.Context, actor homeward.Actor, stage string, of []homeward.RecordID, parts [][]byte) error {
	bound, keys, err := db.keysUpTo(ctx, "")
	if err != nil {
		return fmt.Errorf("put snapshot: %w", err)
	}
	if err := db.haveKeys(ctx, of); err != nil {
		return fmt.Errorf("put snapshot: %w", err)
	}
	var object string
	err = db.Update(ctx, actor, func(tx *Tx) error {
		object = snapshotKeys + stage + "-" + homeward.NewID(tx.Now)
		key, err := tx.newKey(object)
		if err != nil {
			return err
		}
		if err := tx.exec("drop snapshot", `
			delete from snapshots
			where stage = $1`, stage); err != nil {
			return err
		}
		for i, part := range parts {
			sealed, err := key.Seal("snapshots", "sealed", fmt.Sprintf("%s/%d", object, i), part)
			if err != nil {
				return err
			}
			err = tx.exec("put snapshot", `
				insert into snapshots (stage, part, object, bound, keys, sealed)
				values ($1, $2, $3, $4, $5, $6)`, stage, i, object, bound, keys, sealed)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.dropSnapshotKeys(ctx, stage, object)
}

// Snapshot returns what a stage kept, or ErrNotFound: when it kept nothing, and when a key that was there is gone, in
// which case the snapshot is dropped. The read is audited as that of every record.
func (db *DB) Snapshot(ctx context.Context, actor homeward.Actor, stage string) ([][]byte, error) {
	err := db.View(ctx, actor, func(tx *Tx) error { return tx.audited("unlock", "records", 0) })
	if err != nil {
		return nil, err
	}
	s, err := db.lockedSnapshot(ctx, stage)
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	if len(s.parts) == 0 {
		return nil, fmt.Errorf("read snapshot: %w", homeward.ErrNotFound)
	}
	_, keys, err := db.keysUpTo(ctx, s.bound)
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	if keys != s.keys {
		return nil, db.dropSnapshot(ctx, actor, stage)
	}
	key, err := db.objectKey(ctx, s.object)
	if err != nil {
		return nil, err
	}
	for i := range s.parts {
		if s.parts[i], err = key.Open("snapshots", "sealed", fmt.Sprintf("%s/%d", s.object, i), s.parts[i]); err != nil {
			return nil, err
		}
	}
	return s.parts, nil
}

type lockedSnapshot struct {
	object, bound string
	keys          int64
	parts         [][]byte
}

func (db *DB) lockedSnapshot(ctx context.Context, stage string) (s lockedSnapshot, err error) {
	// The parts of one snapshot, in order.
	rows, err := db.data.read.QueryContext(ctx, `
		select object, bound, keys, sealed
		from snapshots
		where stage = $1
		order by part`, stage)
	if err != nil {
		return s, err
	}
	return s, each(rows, func() error {
		var sealed []byte
		err := rows.Scan(&s.object, &s.bound, &s.keys, &sealed)
		s.parts = append(s.parts, sealed)
		return err
	})
}

// keysUpTo counts the keys of objects up to an id; an empty one means the largest there is, which is returned.
func (db *DB) keysUpTo(ctx context.Context, bound string) (string, int64, error) {
	if bound == "" {
		// The newest key of an object.
		err := db.keys.read.QueryRowContext(ctx, `
			select coalesce(max(id), '')
			from keys
			where id < $1`, afterObjects).Scan(&bound)
		if err != nil {
			return "", 0, fmt.Errorf("read newest key: %w", err)
		}
	}
	var n int64
	// How many keys of objects there are up to one.
	err := db.keys.read.QueryRowContext(ctx, `
		select count(*)
		from keys
		where id <= $1`, bound).Scan(&n)
	if err != nil {
		return "", 0, fmt.Errorf("count keys: %w", err)
	}
	return bound, n, nil
}

// haveKeys reports ErrConflict when the key of a record is gone.
func (db *DB) haveKeys(ctx context.Context, records []homeward.RecordID) error {
	for chunk := range chunks(records, 400) {
		var n int
		// How many of some keys there are.
		err := db.keys.read.QueryRowContext(ctx, `
			select count(*)
			from keys
			where id in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...).Scan(&n)
		if err != nil {
			return fmt.Errorf("count keys: %w", err)
		}
		if n != len(chunk) {
			return fmt.Errorf("a record's key is gone: %w", homeward.ErrConflict)
		}
	}
	return nil
}

// dropSnapshot removes a snapshot that may hold what was erased: its key first. It returns ErrNotFound when that is done.
func (db *DB) dropSnapshot(ctx context.Context, actor homeward.Actor, stage string) error {
	if err := db.dropSnapshotKeys(ctx, stage, ""); err != nil {
		return err
	}
	err := db.Update(ctx, actor, func(tx *Tx) error {
		return tx.exec("drop snapshot", `
			delete from snapshots
			where stage = $1`, stage)
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("read snapshot: a key it may reach past is gone: %w", homeward.ErrNotFound)
}

// dropSnapshotKeys removes every key of a stage's snapshots but one.
func (db *DB) dropSnapshotKeys(ctx context.Context, stage, keep string) error {
	return db.keys.transact(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `
			delete from keys
			where id > $1 and substr(id, 1, length($2)) = $2 and id <> $3`, afterObjects, snapshotKeys+stage+"-", keep)
		if err != nil {
			return fmt.Errorf("drop keys of snapshots: %w", err)
		}
		return nil
	})
}
