package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqlitePragmas are set on every connection and asserted at start. FULL, because NORMAL loses acknowledged commits at
// power loss; secure_delete, because an erased key must not linger in free pages.
var sqlitePragmas = []struct{ name, set, want string }{
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"secure_delete", "1", "1"},
	{"temp_store", "MEMORY", "2"},
	{"trusted_schema", "0", "0"},
	{"cell_size_check", "1", "1"},
	{"cache_size", "-16384", "-16384"},     // KiB: rows of a list find their places all over an index
	{"wal_autocheckpoint", "4000", "4000"}, // pages: a large import would copy the same pages again and again
}

// openSQLite opens one writing connection and a pool of reading ones over the file at path.
func openSQLite(ctx context.Context, path string) (*engine, error) {
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("open database file: %w", err)
	} else if err := f.Close(); err != nil {
		return nil, err
	}
	write, err := sqlitePool(sqliteURL(path, "immediate"), 1)
	if err != nil {
		return nil, err
	}
	read, err := sqlitePool(sqliteURL(path, "deferred")+"&_pragma=query_only(1)", max(4, runtime.NumCPU()*2))
	if err != nil {
		return nil, err
	}
	e := &engine{write: write, read: read, dialect: goose.DialectSQLite3, again: sqliteBusy, base: "main."}
	e.sequencer = func(context.Context, *sql.Tx) (bool, error) { return true, nil } // the one writer is the sequencer
	e.forget = func(ctx context.Context) (busy bool, err error) {
		var log, moved int
		err = write.QueryRowContext(ctx, `pragma wal_checkpoint(truncate)`).Scan(&busy, &log, &moved)
		return busy, err
	}
	e.settings = func(ctx context.Context) error {
		return errors.Join(assertSQLite(ctx, write, "writer"), assertSQLite(ctx, read, "reader"))
	}
	return e, write.PingContext(ctx)
}

// sqlitePool opens so many connections as they are needed, and keeps them: each holds pages and statements that the next
// transaction would otherwise read and prepare again.
func sqlitePool(url string, size int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(url)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(preparing{connector})
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}

func sqliteURL(path, lock string) string {
	var b strings.Builder
	b.WriteString("file:")
	b.WriteString(strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path))
	b.WriteString("?_txlock=" + lock + "&_pragma=busy_timeout(10000)")
	for _, p := range sqlitePragmas {
		b.WriteString("&_pragma=" + url.QueryEscape(p.name+"("+p.set+")"))
	}
	return b.String()
}

func sqliteBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func sqliteFull(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL
}

func assertSQLite(ctx context.Context, db *sql.DB, pool string) error {
	for _, p := range sqlitePragmas {
		var have string
		if err := db.QueryRowContext(ctx, "pragma "+p.name).Scan(&have); err != nil {
			return fmt.Errorf("read setting %s: %w", p.name, err)
		}
		if have != p.want {
			return fmt.Errorf("%s: setting %s is %s, must be %s: %w", pool, p.name, have, p.want, homeward.ErrUnavailable)
		}
	}
	return nil
}
