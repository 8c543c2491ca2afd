package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// sequenceBatch is how many leaves one sequencing transaction moves.
const sequenceBatch = 5000

// sequence moves every pending leaf into the Merkle log. One sequencer works at a time; when another is at it, its
// work is left to it.
func (db *DB) sequence(ctx context.Context) error {
	for {
		moved := 0
		err := db.data.transact(ctx, func(t *sql.Tx) (err error) {
			mine, err := db.data.sequencer(ctx, t)
			if err != nil || !mine {
				return err
			}
			moved, err = sequenceSome(ctx, t)
			return err
		})
		if tampered(err) {
			err = alarming{AlarmEdited, 0, "the stored log is damaged: " + err.Error()}
		}
		if err != nil {
			return fmt.Errorf("sequence: %w", db.alarmed(ctx, err))
		}
		if moved < sequenceBatch {
			return nil
		}
	}
}

func sequenceSome(ctx context.Context, t *sql.Tx) (int, error) {
	pending, err := pendingLeaves(ctx, t)
	if err != nil || len(pending) == 0 {
		return 0, err
	}
	size, err := treeSize(ctx, t)
	if err != nil {
		return 0, err
	}
	appended := ledger.NewAppender(size, hashReader{ctx, t})
	leaves, entries := make([][]any, len(pending)), make([]string, len(pending))
	for i, p := range pending {
		if err := appended.Append(p.leaf); err != nil {
			return 0, fmt.Errorf("append leaf %d: %w", size+int64(i), err)
		}
		leaves[i] = []any{size + int64(i), p.entry, p.leaf}
		entries[i] = p.entry
	}
	if err := insertRows(ctx, t, `insert into leaves (idx, entry, leaf)`, leaves, ""); err != nil {
		return 0, err
	}
	first := tlog.StoredHashIndex(0, size)
	hashes := appended.Hashes()
	rows := make([][]any, len(hashes))
	for i, h := range hashes {
		rows[i] = []any{first + int64(i), h[:]}
	}
	if err := insertRows(ctx, t, `insert into hashes (pos, hash)`, rows, ""); err != nil {
		return 0, err
	}
	return len(pending), deletePending(ctx, t, entries)
}

type pendingLeaf struct {
	entry string
	leaf  []byte
}

func pendingLeaves(ctx context.Context, t *sql.Tx) ([]pendingLeaf, error) {
	// Leaves that wait, oldest first.
	rows, err := t.QueryContext(ctx, `
		select entry, leaf
		from pending
		order by entry
		limit $1`, sequenceBatch)
	if err != nil {
		return nil, fmt.Errorf("read pending leaves: %w", err)
	}
	return collect(rows, func() (p pendingLeaf, err error) { return p, rows.Scan(&p.entry, &p.leaf) })
}

func deletePending(ctx context.Context, t *sql.Tx, entries []string) error {
	for chunk := range chunks(entries, 500) {
		_, err := t.ExecContext(ctx, `
			delete from pending
			where entry in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return fmt.Errorf("delete pending leaves: %w", err)
		}
	}
	return nil
}

func treeSize(ctx context.Context, t *sql.Tx) (n int64, err error) {
	// How many leaves the log has.
	err = t.QueryRowContext(ctx, `
		select coalesce(max(idx) + 1, 0)
		from leaves`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("read tree size: %w", err)
	}
	return n, nil
}

// hashReader reads stored hashes in the order of x/mod/sumdb/tlog.
type hashReader struct {
	ctx context.Context
	t   *sql.Tx
}

func (r hashReader) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	at := map[int64]int{}
	for i, p := range positions {
		at[p] = i
	}
	for chunk := range chunks(positions, 400) {
		// Some stored hashes.
		rows, err := r.t.QueryContext(r.ctx, `
			select pos, hash
			from hashes
			where pos in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return nil, fmt.Errorf("read hashes: %w", err)
		}
		err = each(rows, func() error {
			var pos int64
			var hash []byte
			if err := rows.Scan(&pos, &hash); err != nil {
				return err
			}
			i, ok := at[pos]
			if !ok || len(hash) != len(out[i]) {
				return fmt.Errorf("hash %d: %w", pos, homeward.ErrTampered)
			}
			copy(out[i][:], hash)
			delete(at, pos)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(at) > 0 {
		return nil, fmt.Errorf("%d stored hashes are missing: %w", len(at), homeward.ErrTampered)
	}
	return out, nil
}
