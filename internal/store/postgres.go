package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// sequencerLock is the advisory lock that makes one sequencer of several servers. The number is arbitrary and fixed.
const sequencerLock = 7_404_021

// openPostgres opens two pools at url, one for reading transactions and one for writing ones: a reading transaction
// writes audit rows on its way, and must not wait for a connection that another such reader holds. Writing
// transactions are serializable: two that contradict each other cannot both commit, and the loser runs again.
func openPostgres(ctx context.Context, url string) (*engine, error) {
	write, err := postgresPool(ctx, url)
	if err != nil {
		return nil, err
	}
	read, err := postgresPool(ctx, url)
	if err != nil {
		write.Close()
		return nil, err
	}
	e := &engine{dialect: goose.DialectPostgres, again: postgresRace, pools: []interface{ Close() }{write, read}}
	e.write, e.read = stdlib.OpenDBFromPool(write), stdlib.OpenDBFromPool(read)
	e.options, e.snapshot = &sql.TxOptions{Isolation: sql.LevelSerializable}, sql.LevelRepeatableRead
	e.sequencer = func(ctx context.Context, t *sql.Tx) (taken bool, err error) {
		err = t.QueryRowContext(ctx, `select pg_try_advisory_xact_lock($1)`, sequencerLock).Scan(&taken)
		return taken, err
	}
	// What was deleted leaves the tables' files when they are written anew. What PostgreSQL keeps elsewhere, its own write-ahead log and
	// archives of it, is for its administrator to let expire: docs/privacy.md says so.
	e.forget = func(ctx context.Context) (bool, error) {
		var keys bool
		err := e.write.QueryRowContext(ctx, `select to_regclass('keys') is not null`).Scan(&keys)
		tables := []string{"current_rows", "events"} // what is not sealed
		if keys {
			tables = []string{"keys"}
		}
		for _, table := range tables {
			if err == nil {
				_, err = e.write.ExecContext(ctx, `vacuum full `+table)
			}
		}
		return false, err
	}
	e.settings = func(ctx context.Context) error { return assertPostgres(ctx, e.write) }
	return e, nil
}

func postgresPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w: %w", homeward.ErrUnavailable, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach PostgreSQL: %w: %w", homeward.ErrUnavailable, err)
	}
	return pool, nil
}

func postgresRace(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == "40001" || e.Code == "40P01" // serialization failure, deadlock
}

func assertPostgres(ctx context.Context, db *sql.DB) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var have string
		if err := db.QueryRowContext(ctx, `select current_setting($1)`, name).Scan(&have); err != nil {
			return fmt.Errorf("read setting %s: %w", name, err)
		}
		if have != "on" {
			return fmt.Errorf("PostgreSQL setting %s is %s, must be on: %w", name, have, homeward.ErrUnavailable)
		}
	}
	return nil
}

// postgresFull reports whether the server has no room left on its disk.
func postgresFull(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "53100"
}
