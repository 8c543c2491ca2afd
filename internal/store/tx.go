package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// Tx is one transaction: who acts, the one clock, and the methods of every noun.
type Tx struct {
	Actor homeward.Actor
	Now   time.Time // UTC, microseconds

	ctx    context.Context
	db     *DB
	sql    *sql.Tx
	writes bool
	made   map[string]seal.ObjectKey // keys made in this transaction
	who    *homeward.Access          // once read
	// everything says that no compartment is closed to the actor: nothing needs to be fenced.
	everything, fencing bool

	wrapped [][]any // rows for the key database
}

// View runs fn in a reading transaction: everything it reads is of one instant. fn may run twice.
func (db *DB) View(ctx context.Context, actor homeward.Actor, fn func(*Tx) error) error {
	if actor.ID == "" {
		return fmt.Errorf("view: no actor: %w", homeward.ErrDenied)
	}
	t, err := db.data.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.data.snapshot})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback()
	return fn(db.tx(ctx, actor, t, false))
}

// Update runs fn in a writing transaction. fn may run twice: it must not keep what it did in a run that was rolled
// back. Keys are committed before data, and the ledger is sequenced after.
func (db *DB) Update(ctx context.Context, actor homeward.Actor, fn func(*Tx) error) error {
	if actor.ID == "" {
		return fmt.Errorf("update: no actor: %w", homeward.ErrDenied)
	}
	var now time.Time
	err := db.data.transact(ctx, func(t *sql.Tx) error {
		tx := db.tx(ctx, actor, t, true)
		now = tx.Now
		if mark := db.highest.behind(now); !mark.IsZero() {
			if err := tx.clockBehind(mark); err != nil {
				return err
			}
		}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.flushKeys()
	})
	if err != nil {
		return err
	}
	db.highest.see(now)
	// What was written is committed; should sequencing fail, the leaf stays pending and the next Update or start
	// moves it.
	if err := db.sequence(ctx); err != nil && !errors.Is(err, context.Canceled) {
		slog.Warn("sequencing postponed", "error", err)
	}
	return nil
}

func (db *DB) tx(ctx context.Context, actor homeward.Actor, t *sql.Tx, writes bool) *Tx {
	return &Tx{Actor: actor, Now: db.Now(), ctx: ctx, db: db, sql: t, writes: writes, made: map[string]seal.ObjectKey{}}
}

// Fingerprint is [DB.Fingerprint].
func (tx *Tx) Fingerprint(domain string, parts ...string) Fingerprint {
	return tx.db.Fingerprint(domain, parts...)
}

// exec runs a statement. op names it in errors.
func (tx *Tx) exec(op, text string, args ...any) error {
	if _, err := tx.sql.ExecContext(tx.ctx, text, args...); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// execCount runs a statement and returns how many rows it touched.
func (tx *Tx) execCount(op, text string, args ...any) (int, error) {
	res, err := tx.sql.ExecContext(tx.ctx, text, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// query runs a query and hands every row to scan.
func (tx *Tx) query(op, text string, args []any, scan func(*sql.Rows) error) error {
	text, args, err := tx.fence(text, args)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := each(rows, func() error { return scan(rows) }); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// row reads one row into dest, or fails with ErrNotFound.
func (tx *Tx) row(op, text string, args []any, dest ...any) error {
	text, args, err := tx.fence(text, args)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := tx.sql.QueryRowContext(tx.ctx, text, args...).Scan(dest...); err != nil {
		return fmt.Errorf("%s: %w", op, notFound(err))
	}
	return nil
}

func (tx *Tx) insert(head string, rows [][]any, tail string) error {
	return insertRows(tx.ctx, tx.sql, head, rows, tail)
}
