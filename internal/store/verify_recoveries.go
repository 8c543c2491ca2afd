package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (v *verification) recoveryRow(id string) (map[string]string, error) {
	var owner, by, state, token string
	var at, moved, ends int64
	err := v.tx.row("read recovery", `
		select owner, actor, at, state, moved_at, ends_at, token
		from recoveries
		where id = $1`, []any{id}, &owner, &by, &at, &state, &moved, &ends, &token)
	body := map[string]string{"owner": owner, "by": by, "at": fmt.Sprint(at), "ends_at": fmt.Sprint(ends)}
	if state != "asked" || moved != 0 || token != "" {
		maps.Copy(body, map[string]string{"state": state, "moved_at": fmt.Sprint(moved), "token": token})
	}
	return body, err
}

// recoveryChecks compares who checked an identity with the entries that said so.
func (v *verification) recoveryChecks() error {
	var rows []map[string]string
	var places []string
	err := v.tx.query("read checks of recoveries", `
		select recovery, actor, verdict, at
		from recovery_checks
		order by recovery, actor`, nil, func(r *sql.Rows) error {
		var recovery, by, verdict string
		var at int64
		err := r.Scan(&recovery, &by, &verdict, &at)
		places, rows = append(places, recovery), append(rows, map[string]string{"by": by, "verdict": verdict, "at": fmt.Sprint(at), "object": recovery})
		return err
	})
	if err != nil {
		return err
	}
	for i, row := range rows {
		if err := v.recoveryCheck(places[i], row); err != nil {
			return err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(v.bodies)) {
		if place, ok := strings.CutPrefix(k, entryRecoveryCheck); ok {
			id, _, _ := strings.Cut(place, "/")
			v.found("recovery_checks", id, -1, "the check that an entry tells of is gone")
		}
	}
	return nil
}

func (v *verification) recoveryCheck(id string, row map[string]string) error {
	at := entryRecoveryCheck + id + "/" + row["by"]
	said := v.bodies[at]
	delete(v.bodies, at)
	list, err := v.tx.recoveries("where id = $1", id)
	switch {
	case missing(err):
		v.lost(id, err)
		return nil
	case tampered(err):
		v.found("recovery_checks", id, -1, "the words do not open: their bytes were changed")
		return nil
	case err != nil:
		return err
	}
	for _, r := range list {
		for _, c := range r.Checks {
			if string(c.By) == row["by"] {
				row["words"] = c.Words
			}
		}
	}
	if !same(said, row) {
		v.found("recovery_checks", id, -1, "the check differs from the entry that tells of it")
	}
	return nil
}

// moved says what the newest entry about a recovery says: those of one transaction stand in the log in no order, and no
// recovery moves twice in one.
func moved(said, by map[string]string, at string) {
	for _, name := range []string{"state", "ends_at", "token"} {
		said[name] = by[name]
	}
	said["moved_at"] = at
}
