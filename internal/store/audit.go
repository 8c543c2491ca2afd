package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// AuditRow says who read what, when.
type AuditRow struct {
	ID     string
	At     time.Time
	Actor  homeward.Actor
	Action string
	Object string
	Amount int
}

// audited writes the row of a read. In a writing transaction it commits with it; in a reading one it is committed on
// its own before anything is returned. When it cannot be written, the read fails.
func (tx *Tx) audited(action, object string, amount int) error {
	return tx.auditAll([][]any{tx.auditRow(action, object, amount)})
}

// auditedEach writes a row for each of some objects read together, all in one commit: a page reads dozens of records, and each
// commit waits for the disk.
func (tx *Tx) auditedEach(action string, objects []homeward.RecordID) error {
	rows := make([][]any, len(objects))
	for i, id := range objects {
		rows[i] = tx.auditRow(action, string(id), 1)
	}
	return tx.auditAll(rows)
}

func (tx *Tx) auditRow(action, object string, amount int) []any {
	return []any{homeward.NewID(tx.Now), micros(tx.Now), tx.Actor.ID, tx.Actor.Role, action, object, amount}
}

func (tx *Tx) auditAll(rows [][]any) error {
	const head = `insert into audit (id, at, actor, role, action, object, amount)`
	write := func(t *sql.Tx) error { return insertRows(tx.ctx, t, head, rows, "") }
	if len(rows) == 0 {
		return nil
	}
	err := error(nil)
	if tx.writes {
		err = write(tx.sql)
	} else {
		err = tx.db.data.transact(tx.ctx, write)
	}
	if err != nil {
		return fmt.Errorf("write audit row: %w", err)
	}
	return nil
}

// AuditOf returns who read the object, newest first.
func (tx *Tx) AuditOf(object string, limit int) ([]AuditRow, error) {
	return tx.audits(`
		where object = $1
		order by at desc, id desc
		limit $2`, object, limit)
}

// AuditFilter selects audit rows. Empty fields select any.
type AuditFilter struct {
	Actor  homeward.UserID
	Action string
	Object string
	Before *AuditRow // only rows older than this one
	Limit  int
}

// Audit returns who read what, newest first. ErrDenied for who may not read the audit.
func (tx *Tx) Audit(f AuditFilter) ([]AuditRow, error) {
	if err := tx.must(homeward.ActionReadAudit, homeward.Resource{}); err != nil {
		return nil, err
	}
	where, args := "where id <> ''", []any(nil)
	add := func(clause string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" and "+clause, len(args))
	}
	if f.Actor != "" {
		add("actor = $%d", f.Actor)
	}
	if f.Action != "" {
		add("action = $%d", f.Action)
	}
	if f.Object != "" {
		add("object = $%d", f.Object)
	}
	if f.Before != nil {
		args = append(args, micros(f.Before.At), f.Before.ID)
		where += fmt.Sprintf(" and (at, id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, f.Limit)
	return tx.audits(where+fmt.Sprintf(" order by at desc, id desc limit $%d", len(args)), args...)
}

func (tx *Tx) audits(where string, args ...any) ([]AuditRow, error) {
	var out []AuditRow
	return out, tx.query("read audit", `
		select id, at, actor, role, action, object, amount
		from audit
		`+where, args, func(r *sql.Rows) error {
		var a AuditRow
		var at int64
		err := r.Scan(&a.ID, &at, &a.Actor.ID, &a.Actor.Role, &a.Action, &a.Object, &a.Amount)
		a.At = fromMicros(at)
		out = append(out, a)
		return err
	})
}

// AuditExport says that something was written out of the register, before it is.
func (tx *Tx) AuditExport(what string, amount int64) error {
	return tx.audited("export", what, int(amount))
}
