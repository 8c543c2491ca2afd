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
// checkpoint as a C2SP signed note.
func (db *DB) Checkpoint(ctx context.Context) (text []byte, err error) {
	if err := db.sequence(ctx); err != nil {
		return nil, err
	}
	err = db.data.transact(ctx, func(t *sql.Tx) error {
		size, err := treeSize(ctx, t)
		if err != nil {
			return err
		}
		last, note, err := latestCheckpoint(ctx, t)
		if err != nil || last == size {
			text = note
			return err
		}
		root, err := tlog.TreeHash(size, hashReader{ctx, t})
		if err != nil {
			return fmt.Errorf("root of %d leaves: %w", size, err)
		}
		if text, err = ledger.SignCheckpoint(db.signer, db.origin, size, root); err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `
			insert into checkpoints (size, note, at)
			values ($1, $2, $3)`, size, text, micros(db.Now()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	return text, nil
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
