package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// The small tables, whose rows are opened one by one, compared with what the entries said.

// rest compares sources, editions, models, figures, users, gazetteers and removals.
func (v *verification) rest() error {
	for _, t := range []struct {
		table, entry string
		row          func(id string) (map[string]string, error)
	}{
		{"sources", entrySource, v.sourceRow}, {"editions", entryEdition, v.editionRow}, {"models", entryModel, v.modelRow},
		{"figures", entryFigure, v.figureRow}, {"users", entryUser, v.userRow},
		{"gazetteers", entryGazetteer, v.gazetteerRow},
	} {
		if err := v.rows(t.table, t.entry, t.row); err != nil {
			return err
		}
	}
	return v.removals()
}

// rows compares each row of a table with the entry that made it. The table is named by the code above only.
func (v *verification) rows(table, entry string, row func(id string) (map[string]string, error)) error {
	ids, err := v.ids(table)
	if err != nil {
		return err
	}
	for _, id := range ids {
		said := v.bodies[entry+id]
		delete(v.bodies, entry+id)
		have, err := row(id)
		switch {
		case missing(err):
			v.lost(id, err)
			continue
		case tampered(err):
			v.found(table, id, -1, "the words do not open: their bytes were changed")
			continue
		case err != nil:
			return err
		}
		for _, of := range []string{"actor", "role of actor"} { // the row does not hold them
			delete(said, of)
		}
		if have["object"] = id; !same(said, have) {
			v.found(table, id, -1, "the row differs from the entry that made it")
		}
	}
	return v.unclaimed(entry, table)
}

// ids reads the ids of a table's rows. The table is named by the code only.
func (v *verification) ids(table string) (out []string, err error) {
	return out, v.tx.query("read ids of "+table, `select id from `+table+` order by id`, nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
}

func (v *verification) sourceRow(id string) (map[string]string, error) {
	s, err := v.tx.Source(homeward.SourceID(id))
	body := sourceBody(s)
	body["at"] = fmt.Sprint(micros(s.CreatedAt))
	return body, err
}

func (v *verification) editionRow(id string) (map[string]string, error) {
	e, err := v.tx.Edition(homeward.EditionID(id))
	body := editionBody(e)
	body["at"] = fmt.Sprint(micros(e.ReceivedAt))
	if e.State != homeward.EditionReading {
		maps.Copy(body, tallyBody(e.Tally))
		body["state"] = string(e.State)
	}
	return body, err
}

func (v *verification) modelRow(id string) (map[string]string, error) {
	text, err := v.tx.Model(homeward.ModelID(id))
	if err != nil {
		return nil, err
	}
	var at int64
	body := modelBody(text)
	err = v.tx.row("read model "+id, `
		select created_at
		from models
		where id = $1`, []any{id}, &at)
	body["at"] = fmt.Sprint(at)
	return body, err
}

func (v *verification) figureRow(id string) (map[string]string, error) {
	f, err := v.tx.figure(id)
	body := figureBody(f)
	body["at"] = fmt.Sprint(micros(f.KnownAt))
	return body, err
}

func (v *verification) userRow(id string) (map[string]string, error) {
	u, err := v.tx.User(homeward.UserID(id))
	body := userBody(u)
	body["at"] = fmt.Sprint(micros(u.CreatedAt))
	if err != nil || u.Active {
		return body, err
	}
	var state string
	err = v.tx.row("read user "+id, `
		select state
		from users
		where id = $1`, []any{id}, &state)
	body["state"] = state
	return body, err
}

// removals compares the changes "removed" with the entries that tell of them.
func (v *verification) removals() error {
	err := v.tx.query("read removals", `
		select edition, record, at
		from changes
		where kind = 'removed'
		order by edition, record`, nil, func(r *sql.Rows) error {
		var edition, record string
		var at int64
		if err := r.Scan(&edition, &record, &at); err != nil {
			return err
		}
		said, there := v.bodies[entryRemoved+edition+"/"+record]
		delete(v.bodies, entryRemoved+edition+"/"+record)
		if !there || said["at"] != fmt.Sprint(at) {
			v.found("changes", record, -1, "the removal differs from the entry that tells of it")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(v.bodies)) {
		if place, ok := strings.CutPrefix(k, entryRemoved); ok {
			_, record, _ := strings.Cut(place, "/")
			if v.gone(record) {
				continue
			}
			v.found("changes", record, -1, "the removal that an entry tells of is gone")
		}
	}
	return nil
}
