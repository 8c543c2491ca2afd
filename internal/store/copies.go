package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// dataTables and keyTables are every table, those others refer to first. Sessions, stays and invitations are left out: who
// was signed in is not worth restoring.
var (
	dataTables = []string{
		"settings", "entries", "pending", "leaves", "hashes", "checkpoints", "audit", "cursors", "sources", "editions",
		"records", "current_rows", "changes", "models", "pairs", "decisions", "opinions", "batches", "batch_acts", "batch_pairs", "persons", "memberships", "siblings",
		"events", "figures", "users", "gazetteers", "compartments", "members", "assignments", "referrals", "referred", "glass", "searches",
		"requests", "sought", "request_moves", "consents", "determinations", "credentials", "recoveries", "recovery_checks", "exhibits", "custody", "citations", "assessments",
		"grants",
		"repetitions", "marks", "erasures", "erasure_records", "erasure_acts", "erased",
		"trusts", "publications", "cosignatures", "stamps", "successions", "alarms",
		"exports", "capture_keys",
	}
	keyTables = []string{"root", "compartments", "keys", "moves", "destroyed"}
)

// copyOut writes tables into a new SQLite file.
func copyOut(ctx context.Context, from *engine, path string, tables []string) error {
	to, err := openSQLite(ctx, path)
	if err != nil {
		return err
	}
	fsys, dir := schemaOf(tables)
	err = to.migrate(ctx, fsys, dir)
	if err == nil {
		err = copyTables(ctx, from, to, tables, false)
	}
	if err == nil {
		// Fold the write-ahead log into the file, so that the file alone is the copy.
		_, err = to.write.ExecContext(ctx, `pragma journal_mode = delete`)
	}
	return errors.Join(err, to.close())
}

// schemaOf returns the schema of the data or of the keys.
func schemaOf(tables []string) (fsys embed.FS, dir string) {
	if tables[0] == keyTables[0] {
		return keySchema, "keyschema"
	}
	return schema, "schema"
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
	for _, c := range columns {
		if strings.Trim(c, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return fmt.Errorf("a column is called what no column of a register is: %w", homeward.ErrInvalid) // a stranger wrote the file
		}
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
