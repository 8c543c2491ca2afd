package store

import (
	"database/sql"
	"errors"
)

// Fields is fields, for tests from outside.
var Fields = fields

// CountPlainly counts the same as the quick ways, looking at every row.
func (tx *Tx) CountPlainly() (rows, pairs map[string]int, waiting int, oldest int64, err error) {
	rows, pairs = map[string]int{}, map[string]int{}
	into := func(m map[string]int) func(*sql.Rows) error {
		return func(r *sql.Rows) error {
			var key string
			var n int
			err := r.Scan(&key, &n)
			m[key] = n
			return err
		}
	}
	err = errors.Join(
		tx.query("count rows", `
		select c.source || ' ' || r.state, count(*)
		from current_rows c
		join records r on r.id = c.record
		where c.state = 'listed' or r.state = 'accepted'
		group by c.source, r.state`, nil, into(rows)),
		tx.query("count pairs", `
		select state, count(*)
		from `+heeded+` p
		group by state`, nil, into(pairs)),
		tx.row("count waiting pairs", `
		select count(*), coalesce(min(p.proposed_at), 0)
		from `+heeded+` p
		left join memberships a on a.record = p.left_record
		left join memberships b on b.record = p.right_record
		where p.state = 'proposed' and (a.person is null or b.person is null or a.person <> b.person)`, nil, &waiting, &oldest))
	return rows, pairs, waiting, oldest, err
}
