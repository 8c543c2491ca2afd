package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// A backup is two SQLite files of the same schema as the store, whichever database it runs on: the data, and beside
// it the keys, because the two have different lifetimes. Words stay sealed in the one, keys stay wrapped in the other,
// and neither opens without the passphrase file, which is in neither. A backup of SQLite can be restored into
// PostgreSQL and the other way round.

// dataTables and keyTables are every table, those others refer to first. Sessions, stays and invitations are left out: who
// was signed in is not worth restoring.
var (
	dataTables = []string{
		"settings", "entries", "pending", "leaves", "hashes", "checkpoints", "audit", "cursors", "sources", "editions",
		"records", "current_rows", "changes", "models", "pairs", "decisions", "opinions", "persons", "memberships", "siblings",
		"events", "figures", "users", "gazetteers", "compartments", "members", "assignments", "referrals", "referred", "glass", "searches",
		"requests", "sought", "request_moves", "consents", "determinations", "credentials", "recoveries", "recovery_checks", "exhibits", "custody", "citations",
		"grants",
		"marks", "erasures", "erasure_records", "erasure_acts", "erased",
		"trusts", "publications", "cosignatures", "stamps", "successions", "alarms",
		"exports",
	}
	keyTables = []string{"root", "compartments", "keys", "moves", "destroyed"}
)

// KeysFile returns the path of the keys that belong to a backup.
func KeysFile(path string) string { return path + ".keys" }

// Backup writes the data to path and the keys to KeysFile(path), each a consistent snapshot. Neither may exist. The
// keys are copied after the data, so that every key the data needs is among them.
func (db *DB) Backup(ctx context.Context, path string) error {
	for _, p := range []string{path, KeysFile(path)} {
		if _, err := os.Stat(p); err == nil {
			return fmt.Errorf("backup: the file exists already, choose another name: %w", homeward.ErrConflict)
		}
	}
	if err := copyOut(ctx, db.data, path, dataTables); err != nil {
		return fmt.Errorf("backup data: %w", err)
	}
	if err := copyOut(ctx, db.keys, KeysFile(path), keyTables); err != nil {
		return fmt.Errorf("backup keys: %w", err)
	}
	return nil
}

// copyOut writes tables into a new SQLite file under a temporary name and renames it when it is complete: a file of
// the final name is always a whole backup.
func copyOut(ctx context.Context, from *engine, path string, tables []string) (err error) {
	partial := path + ".partial"
	if err := removeSQLite(partial); err != nil {
		return err
	}
	to, err := openSQLite(ctx, partial)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeSQLite(partial)) }()
	fsys, dir := schemaOf(tables)
	err = to.migrate(ctx, fsys, dir)
	if err == nil {
		err = copyTables(ctx, from, to, tables, false)
	}
	if err == nil {
		// Fold the write-ahead log into the file, so that the file alone is the backup.
		_, err = to.write.ExecContext(ctx, `pragma journal_mode = delete`)
	}
	if err := errors.Join(err, to.close()); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return syncDir(path)
}

// schemaOf returns the schema of the data or of the keys.
func schemaOf(tables []string) (fsys embed.FS, dir string) {
	if tables[0] == keyTables[0] {
		return keySchema, "keyschema"
	}
	return schema, "schema"
}

func removeSQLite(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// syncDir makes a rename durable.
func syncDir(path string) error {
	dir := "."
	if i := strings.LastIndexByte(path, os.PathSeparator); i >= 0 {
		dir = path[:i+1]
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Saved is a backup to restore from: a file of data and a file of keys, which may be younger than the data.
type Saved struct {
	Data, Keys string
	Destroyed  io.Reader // the list of destroyed keys, where it is at hand; see [DB.WriteTombstones]
}

// restoring is the setting of a store that holds a backup which was not verified yet: it does not open.
const restoring = "restoring"

// Restore brings a backup into a new store at s, whose folder already holds the passphrase file, and verifies the whole ledger. What was
// erased since the backup was made is erased from it. It refuses a place that holds entries; a store that does not verify stays
// shut for ever.
func Restore(ctx context.Context, s Settings, from Saved) (Verified, error) {
	if _, err := os.Stat(s.passphrase()); err != nil && s.Root == nil {
		return Verified{}, fmt.Errorf("restore: copy the passphrase file to %s first: %w", s.passphrase(), homeward.ErrNotFound)
	}
	for _, p := range []string{from.Data, from.Keys} {
		if _, err := os.Stat(p); err != nil {
			return Verified{}, fmt.Errorf("restore: %s is not there; a backup is two files: %w", p, homeward.ErrNotFound)
		}
	}
	data, keys, err := openEngines(ctx, s)
	if err != nil {
		return Verified{}, err
	}
	err = errors.Join(copyIn(ctx, from.Data, data, dataTables), copyIn(ctx, from.Keys, keys, keyTables))
	if err := errors.Join(err, data.close(), keys.close()); err != nil {
		return Verified{}, fmt.Errorf("restore: %w", err)
	}
	db, err := open(ctx, s)
	if err != nil {
		return Verified{}, fmt.Errorf("restore: %w", err)
	}
	defer db.Close()
	v, err := db.admit(ctx, from.Destroyed)
	if err != nil {
		return v, fmt.Errorf("restore: %w", err)
	}
	return v, nil
}

// admit erases what was erased since the backup was made, verifies, and opens the store to use when nothing was found.
func (db *DB) admit(ctx context.Context, destroyed io.Reader) (Verified, error) {
	if destroyed != nil {
		if err := db.applyTombstones(ctx, destroyed); err != nil {
			return Verified{}, err
		}
	}
	if err := db.forgetDestroyed(ctx); err != nil {
		return Verified{}, err
	}
	if err := db.catchUp(ctx); err != nil {
		return Verified{}, err
	}
	v, err := db.Verify(ctx, homeward.Operator, nil)
	if err != nil || !v.OK() {
		return v, err
	}
	_, err = db.data.write.ExecContext(ctx, `
		delete from settings
		where name = $1`, restoring)
	if err != nil {
		return v, fmt.Errorf("open the store to use: %w", err)
	}
	return v, nil
}

// copyIn copies a backup's file into an empty database, in one transaction. A backup of an older program comes into the schema of
// then, which is brought up to date with what it holds, as a register of then would be.
func copyIn(ctx context.Context, path string, to *engine, tables []string) (err error) {
	from, err := openSQLite(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	fsys, dir := schemaOf(tables)
	have, want, err := from.versions(ctx, fsys, dir)
	if err != nil {
		return err
	}
	if err := to.prepare(ctx, fsys, dir, have, tables[0]); err != nil {
		return err
	}
	if have < want {
		if tables, err = from.having(ctx, tables); err != nil {
			return err
		}
	}
	if err := copyTables(ctx, from, to, tables, dir == "schema"); err != nil {
		return err
	}
	return to.migrate(ctx, fsys, dir)
}

// prepare makes the tables of a version in an empty database, of which the first table tells.
func (e *engine) prepare(ctx context.Context, fsys embed.FS, dir string, version int64, first string) error {
	p, err := e.migrations(fsys, dir)
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrate %s: %w", dir, err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	var there int
	if err := e.write.QueryRowContext(ctx, `select count(*) from `+first).Scan(&there); err != nil {
		return err
	}
	if there > 0 || have != version {
		return fmt.Errorf("there is a store in this place already: %w", homeward.ErrConflict)
	}
	return nil
}

// having returns those of some tables that a backup's file has.
func (e *engine) having(ctx context.Context, tables []string) ([]string, error) {
	// The tables of an SQLite file.
	rows, err := e.read.QueryContext(ctx, `
		select name
		from sqlite_master
		where type = 'table'`)
	if err != nil {
		return nil, err
	}
	there, err := collect(rows, func() (name string, err error) { return name, rows.Scan(&name) })
	return slices.DeleteFunc(slices.Clone(tables), func(name string) bool { return !slices.Contains(there, name) }), err
}

// copyTables copies every row of the tables, as of one instant, in one transaction; shut says that the store is not to be opened before
// it is verified.
func copyTables(ctx context.Context, from, to *engine, tables []string, shut bool) error {
	source, err := from.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: from.snapshot})
	if err != nil {
		return err
	}
	defer source.Rollback()
	return to.once(ctx, func(t *sql.Tx) error {
		for _, table := range tables {
			if err := copyTable(ctx, source, t, table); err != nil {
				return fmt.Errorf("copy %s: %w", table, err)
			}
		}
		if !shut {
			return nil
		}
		return insertRows(ctx, t, `insert into settings (name, value)`, [][]any{{restoring, []byte{1}}}, "on conflict (name) do nothing")
	})
}

func copyTable(ctx context.Context, from, to *sql.Tx, table string) error {
	rows, err := from.QueryContext(ctx, `select * from `+table)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return errors.Join(err, rows.Close())
	}
	head := `insert into ` + table + ` (` + strings.Join(columns, ", ") + `)`
	var batch [][]any
	err = each(rows, func() error {
		row, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i := range row {
			// No column may be null, so what reads as null is a blob of no bytes: SQLite's driver tells them not apart.
			if b, blob := row[i].([]byte); row[i] == nil || blob && b == nil {
				row[i] = []byte{}
			}
		}
		if batch = append(batch, row); len(batch) < 1000 {
			return nil
		}
		err := insertRows(ctx, to, head, batch, "")
		batch = batch[:0]
		return err
	})
	if err != nil {
		return err
	}
	return insertRows(ctx, to, head, batch, "")
}
