package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// AuditRow says who read what, when.
type AuditRow struct {
	At     time.Time
	Actor  homeward.Actor
	Action string
	Object string
	Amount int
}

// audited writes the row of a read. In a writing transaction it commits with it; in a reading one it is committed on
// its own before anything is returned. When it cannot be written, the read fails.
func (tx *Tx) audited(action, object string, amount int) error {
	row := []any{homeward.NewID(tx.Now), micros(tx.Now), tx.Actor.ID, tx.Actor.Role, action, object, amount}
	const text = `
		insert into audit (id, at, actor, role, action, object, amount)
		values ($1, $2, $3, $4, $5, $6, $7)`
	if tx.writes {
		return tx.exec("write audit row", text, row...)
	}
	if _, err := tx.db.data.write.ExecContext(tx.ctx, text, row...); err != nil {
		return fmt.Errorf("write audit row: %w", err)
	}
	return nil
}

// AuditOf returns who read the object, newest first.
func (tx *Tx) AuditOf(object string, limit int) ([]AuditRow, error) {
	var out []AuditRow
	return out, tx.query("read audit of "+object, `
		select at, actor, role, action, object, amount
		from audit
		where object = $1
		order by at desc, id desc
		limit $2`, []any{object, limit}, func(r *sql.Rows) error {
		var a AuditRow
		var at int64
		err := r.Scan(&at, &a.Actor.ID, &a.Actor.Role, &a.Action, &a.Object, &a.Amount)
		a.At = fromMicros(at)
		out = append(out, a)
		return err
	})
}
