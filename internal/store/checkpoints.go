package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint signs the log at its present size, when it has grown since the last time, and returns the newest
// checkpoint as a C2SP signed note. A log that is not the one that was signed before, because its tables were edited
// or an older copy was put back, is not signed: ErrTampered, and an alarm.
func (db *DB) Checkpoint(ctx context.Context) (text []byte, err error) {
	if err := db.sequence(ctx); err != nil {
		return nil, err
	}
	known, err := db.remembered(ctx)
	if err != nil {
		return nil, err
	}
	var signed ledger.Checkpoint
	err = db.data.transact(ctx, func(t *sql.Tx) (err error) {
		text, signed, err = db.sign(ctx, t, known)
		return err
	})
	if err == nil {
		err = db.remember(ctx, signed)
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", db.alarmed(ctx, err))
	}
	return text, nil
}

// sign signs the log at its present size, unless that is signed already.
func (db *DB) sign(ctx context.Context, t *sql.Tx, known ledger.Checkpoint) (text []byte, signed ledger.Checkpoint, err error) {
	size, err := treeSize(ctx, t)
	if err != nil {
		return nil, signed, err
	}
	last, text, err := db.guard(ctx, t, size, known)
	if err != nil || last.Size == size {
		return text, last, err
	}
	root, err := tlog.TreeHash(size, hashReader{ctx, t})
	if err != nil {
		return nil, signed, fmt.Errorf("root of %d leaves: %w", size, err)
	}
	key, err := db.speaking(ctx, t)
	if err != nil {
		return nil, signed, err
	}
	if text, err = ledger.SignCheckpoint(key.signer, db.origin, size, root); err != nil {
		return nil, signed, err
	}
	_, err = t.ExecContext(ctx, `
		insert into checkpoints (size, note, at)
		values ($1, $2, $3)`, size, text, micros(db.Now()))
	return text, ledger.Checkpoint{Origin: db.origin, Size: size, Root: root}, err
}

// guard fails unless the stored log continues what was signed last: by the newest checkpoint beside it, and by what the
// key database remembers, which was read before this transaction began: another server may sign meanwhile. It returns
// the newest checkpoint; of size 0 and without text when there is none.
func (db *DB) guard(ctx context.Context, t *sql.Tx, size int64, known ledger.Checkpoint) (last ledger.Checkpoint, text []byte, err error) {
	at, text, err := latestCheckpoint(ctx, t)
	if err != nil {
		return last, nil, err
	}
	if text != nil {
		last, err = ledger.ReadCheckpoint(text)
		if err != nil || last.Size != at || last.Origin != db.origin {
			return last, nil, alarming{AlarmEdited, at, fmt.Sprintf("the checkpoint of size %d was altered", at)}
		}
	}
	if err := continues(ctx, t, size, last, AlarmEdited); err != nil {
		return last, nil, err
	}
	return last, text, continues(ctx, t, size, known, AlarmFork)
}

// continues fails unless the log begins with the log of a checkpoint.
func continues(ctx context.Context, t *sql.Tx, size int64, c ledger.Checkpoint, kind AlarmKind) error {
	if c.Size > size {
		return alarming{AlarmRollback, c.Size, fmt.Sprintf("the log has %d leaves, and %d were signed: an older copy was put back", size, c.Size)}
	}
	root, err := tlog.TreeHash(c.Size, hashReader{ctx, t})
	if err == nil && (c.Size == 0 || root == c.Root) || err != nil && !tampered(err) {
		return err
	}
	return alarming{kind, c.Size, fmt.Sprintf("the log is not the one that was signed at %d leaves", c.Size)}
}

// remembered returns what the key database knows of the newest checkpoint signed; nothing when it knows of none.
func (db *DB) remembered(ctx context.Context) (c ledger.Checkpoint, err error) {
	var root []byte
	// The newest checkpoint signed.
	err = db.keys.read.QueryRowContext(ctx, `
		select size, root
		from signed
		where name = 'log'`).Scan(&c.Size, &root)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Checkpoint{}, nil
	}
	copy(c.Root[:], root)
	return c, err
}

// remember keeps the newest checkpoint in the key database, once it stands in the data: a crash in between leaves an
// older one, which the log continues as well.
func (db *DB) remember(ctx context.Context, c ledger.Checkpoint) error {
	if c.Size == 0 {
		return nil
	}
	_, err := db.keys.write.ExecContext(ctx, `
		insert into signed (name, size, root)
		values ('log', $1, $2)
		on conflict (name) do update set size = excluded.size, root = excluded.root
		where signed.size < excluded.size`, c.Size, c.Root[:])
	if err != nil {
		return fmt.Errorf("remember checkpoint of size %d: %w", c.Size, err)
	}
	return nil
}

// latestCheckpoint returns the size and text of the newest checkpoint; size 0 and no text when there is none.
func latestCheckpoint(ctx context.Context, t *sql.Tx) (size int64, text []byte, err error) {
	// The newest checkpoint.
	err = t.QueryRowContext(ctx, `
		select size, note
		from checkpoints
		order by size desc
		limit 1`).Scan(&size, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return size, text, err
}

// LatestCheckpoint returns the newest checkpoint as a signed note; nothing when none was signed yet.
func (tx *Tx) LatestCheckpoint() ([]byte, error) {
	_, text, err := latestCheckpoint(tx.ctx, tx.sql)
	return text, err
}

// CheckpointAt returns the checkpoint signed at a size of the log, or ErrNotFound.
func (tx *Tx) CheckpointAt(size int64) (text []byte, err error) {
	return text, tx.row(fmt.Sprintf("read checkpoint of size %d", size), `
		select note
		from checkpoints
		where size = $1`, []any{size}, &text)
}

// FirstCheckpointOver returns the oldest checkpoint that covers a leaf, or ErrNotFound.
func (tx *Tx) FirstCheckpointOver(index int64) (text []byte, err error) {
	return text, tx.row(fmt.Sprintf("read first checkpoint over leaf %d", index), `
		select note
		from checkpoints
		where size > $1
		order by size
		limit 1`, []any{index}, &text)
}
