package store

import (
	"fmt"

	"github.com/homeward-registry/homeward"
)

// LooksAt returns who looked at some records or broke the glass over them, newest first; the machine's own reading is left
// out. ErrDenied unless the actor may see that of every one of them; ErrNotFound for one that is not there.
func (tx *Tx) LooksAt(records []homeward.RecordID, limit int) ([]AuditRow, error) {
	for _, id := range records {
		in, err := tx.placeOf(id)
		if err != nil {
			return nil, err
		}
		if err := tx.must(homeward.ActionSeeLooks, homeward.Resource{Compartment: in, Record: id}); err != nil {
			return nil, fmt.Errorf("read who looked at record %s: %w", id, err)
		}
	}
	if len(records) == 0 {
		return nil, nil
	}
	records = records[:min(len(records), 400)]
	args := append(anys(records), homeward.RoleSystem, limit)
	n := len(records)
	return tx.audits(fmt.Sprintf(`
		where object in (%s) and role <> $%d
		order by at desc, id desc
		limit $%d`, placeholders(1, n), n+1, n+2), args...)
}
