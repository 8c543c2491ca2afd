package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/pressly/goose/v3"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed keyschema/*.sql
var keySchema embed.FS

// engine is one open database and the few things in which SQLite and PostgreSQL differ.
type engine struct {
	write, read *sql.DB
	dialect     goose.Dialect
	base        string                                       // leads to a table that a clause of the same name hides
	options     *sql.TxOptions                               // of a writing transaction
	snapshot    sql.IsolationLevel                           // of a reading transaction: all it reads is of one instant
	again       func(error) bool                             // the transaction lost a race: run it again
	sequencer   func(context.Context, *sql.Tx) (bool, error) // take the sequencer's place; false: another has it
	settings    func(context.Context) error                  // assert what durability rests on
	forget      func(context.Context) (bool, error)          // make old versions of rows unreadable; true: some are still read
	pools       []interface{ Close() }                       // what closing write and read leaves open
}

// openEngine opens url: a PostgreSQL address, or the path of an SQLite file.
func openEngine(ctx context.Context, url string) (*engine, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url)
	}
	return openSQLite(ctx, url)
}

func (e *engine) close() error {
	err := e.write.Close()
	if e.read != e.write {
		err = errors.Join(err, e.read.Close())
	}
	for _, p := range e.pools {
		p.Close()
	}
	return err
}

// ErrNewer says that a newer program has brought the schema further than this one knows.
var ErrNewer = fmt.Errorf("newer than this program: %w", homeward.ErrUnavailable)

// ErrOlder says that the schema is one of an earlier program, which [Init] brings up to date.
var ErrOlder = fmt.Errorf("older than this program: %w", homeward.ErrUnavailable)

// Full reports whether something failed because a disk has no room left.
func Full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || sqliteFull(err) || postgresFull(err)
}

// migrate brings the schema up to date. One that is newer is refused: nothing is done to it, and it is not called up to date.
func (e *engine) migrate(ctx context.Context, fsys embed.FS, dir string) error {
	if _, _, err := e.versions(ctx, fsys, dir); err != nil {
		return err
	}
	p, err := e.migrations(fsys, dir)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", dir, err)
	}
	return nil
}

// current refuses a database whose schema is older or newer than this program's.
func (e *engine) current(ctx context.Context, fsys embed.FS, dir string) error {
	have, want, err := e.versions(ctx, fsys, dir)
	if err == nil && have < want {
		err = fmt.Errorf("schema version %d, this program's %d: %w", have, want, ErrOlder)
	}
	return err
}

// versions returns the version of a database's schema, and this program's, and refuses a newer one than that.
func (e *engine) versions(ctx context.Context, fsys embed.FS, dir string) (have, want int64, err error) {
	p, err := e.migrations(fsys, dir)
	if err != nil {
		return 0, 0, err
	}
	if have, err = p.GetDBVersion(ctx); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	want = p.ListSources()[len(p.ListSources())-1].Version
	if have > want {
		err = fmt.Errorf("schema version %d, this program's %d: %w", have, want, ErrNewer)
	}
	return have, want, err
}

func (e *engine) migrations(fsys embed.FS, dir string) (*goose.Provider, error) {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(e.dialect, e.write, sub)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// transact runs fn in a writing transaction, again when it lost a race, at most for some seconds.
func (e *engine) transact(ctx context.Context, fn func(*sql.Tx) error) error {
	const attempts = 40
	for try := 0; ; try++ {
		err := e.once(ctx, fn)
		if err == nil || !e.again(err) || try == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(min(try, 10)+1) * 5 * time.Millisecond):
		}
	}
}

func (e *engine) once(ctx context.Context, fn func(*sql.Tx) error) error {
	t, err := e.write.BeginTx(ctx, e.options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback() // no effect after Commit; also runs when fn panics
	if err := fn(t); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
