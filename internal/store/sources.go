package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
)

// sealedSource is what a source's sealed column holds.
type sealedSource struct {
	Name          string
	Language      string
	DuplicateFree bool
	Mapping       homeward.Mapping
}

// PutSource adds a source under a name no other has.
func (tx *Tx) PutSource(s homeward.Source) (homeward.Source, error) {
	if s.Name == "" {
		return s, fmt.Errorf("put source: no name: %w", homeward.ErrInvalid)
	}
	s.Compartment = cmp.Or(s.Compartment, homeward.Main)
	if err := tx.mayBring(s.Compartment); err != nil {
		return s, fmt.Errorf("put source: %w", err)
	}
	name, err := tx.sourcePrint(s.Compartment, s.Name)
	if err != nil {
		return s, err
	}
	if _, err := tx.oneSource("where fingerprint = $1", name[:]); err == nil {
		return s, fmt.Errorf("put source: the name is taken: %w", homeward.ErrConflict)
	}
	s.ID, s.CreatedAt = homeward.SourceID(homeward.NewID(tx.Now)), tx.Now
	key, err := tx.newKeyIn(s.Compartment, string(s.ID))
	if err != nil {
		return s, err
	}
	sealed, err := sealJSON(key, "sources", string(s.ID), sealedSource{s.Name, s.Language, s.DuplicateFree, s.Mapping})
	if err != nil {
		return s, err
	}
	err = tx.exec("put source", `
		insert into sources (id, fingerprint, created_at, compartment, sealed)
		values ($1, $2, $3, $4, $5)`, s.ID, name[:], micros(tx.Now), s.Compartment, sealed)
	if err != nil {
		return s, err
	}
	return s, tx.put(draft{typ: entrySource, object: string(s.ID), keyID: string(s.ID), key: key, body: sourceBody(s)})
}

func sourceBody(s homeward.Source) map[string]string {
	body := map[string]string{"name": s.Name, "language": s.Language, "duplicate_free": fmt.Sprint(s.DuplicateFree)}
	putMapping(body, s.Mapping)
	if s.Compartment != homeward.Main { // entries of before compartments do not say it
		body["compartment"] = string(s.Compartment)
	}
	return body
}

// mayBring fails unless the actor may bring sources into the compartment. One that is not the actor's is not there.
func (tx *Tx) mayBring(in homeward.CompartmentID) error {
	if !tx.Actor.Can(homeward.ActionImport) { // who only adds what they learn makes the source of our own
		return tx.MayLearn(in)
	}
	return tx.mayPut(homeward.ActionImport, in)
}

func (tx *Tx) mayPut(action homeward.Action, in homeward.CompartmentID) error {
	err := tx.must(action, homeward.Resource{Compartment: in})
	if errors.Is(err, homeward.ErrDenied) && tx.Actor.Can(action) {
		err = fmt.Errorf("compartment %s: %w", in, homeward.ErrNotFound)
	}
	return err
}

// sourcePrint is the fingerprint of a source's name, under the key of its compartment: a name is taken only among those
// who can see by what.
func (tx *Tx) sourcePrint(in homeward.CompartmentID, name string) (Fingerprint, error) {
	room, err := tx.db.room(tx.ctx, in)
	return room.Fingerprint("source", []byte(name)), err
}

// compartmentOf returns where a source lies, or ErrNotFound.
func (tx *Tx) compartmentOf(id homeward.SourceID) (in homeward.CompartmentID, err error) {
	return in, tx.row("read compartment of source "+string(id), `
		select compartment
		from sources
		where id = $1`, []any{id}, &in)
}

// RememberMapping keeps the mapping of a source's columns for its next edition.
func (tx *Tx) RememberMapping(id homeward.SourceID, m homeward.Mapping) error {
	s, err := tx.oneSource("where id = $1", string(id))
	if err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "sources", string(id), sealedSource{s.Name, s.Language, s.DuplicateFree, m})
	if err != nil {
		return err
	}
	err = tx.exec("remember mapping", `
		update sources
		set sealed = $1
		where id = $2`, sealed, id)
	if err != nil {
		return err
	}
	body := map[string]string{}
	putMapping(body, m)
	return tx.put(draft{typ: entryMapping, object: string(id), keyID: string(id), key: key, body: body})
}

// mappingPath begins the path of each column of a mapping in an entry.
const mappingPath = "mapping/"

func putMapping(body map[string]string, m homeward.Mapping) {
	for heading, path := range m {
		body[mappingPath+heading] = string(path)
	}
}

// Source returns a source, or ErrNotFound.
func (tx *Tx) Source(id homeward.SourceID) (homeward.Source, error) {
	s, err := tx.oneSource("where id = $1", string(id))
	if err != nil {
		return s, err
	}
	return s, tx.withhold([]*homeward.Source{&s})
}

// withhold takes the names from sources when the actor does not see who they are.
func (tx *Tx) withhold(list []*homeward.Source) error {
	reach, err := tx.reach(homeward.ActionReadRecord)
	if !reach.Classes.Has(homeward.ClassSource) {
		for _, s := range list {
			s.Name = ""
		}
	}
	return err
}

// SourceNamed returns the source of that name, or ErrNotFound.
func (tx *Tx) SourceNamed(name string) (homeward.Source, error) {
	return tx.SourceNamedIn(name, "")
}

// SourceNamedIn returns the source of that name in a compartment; in any that the actor reaches, main first, when none is
// given. ErrNotFound when there is none.
func (tx *Tx) SourceNamedIn(name string, in homeward.CompartmentID) (homeward.Source, error) {
	rooms := []homeward.CompartmentID{in}
	if in == "" {
		all, err := tx.Compartments()
		if err != nil {
			return homeward.Source{}, err
		}
		rooms = rooms[:0]
		for _, c := range all {
			rooms = append(rooms, c.ID)
		}
	}
	for _, room := range rooms {
		f, err := tx.sourcePrint(room, name)
		if err != nil {
			return homeward.Source{}, err
		}
		s, err := tx.oneSource("where fingerprint = $1", f[:])
		if !errors.Is(err, homeward.ErrNotFound) {
			return s, err
		}
	}
	return homeward.Source{}, fmt.Errorf("read source: %w", homeward.ErrNotFound)
}

// Sources returns every source of the actor's compartments, by name.
func (tx *Tx) Sources() ([]homeward.Source, error) {
	reach, err := tx.reach(homeward.ActionSeeSources)
	if err != nil {
		return nil, err
	}
	out, err := tx.sources("")
	reach.Nothing = false // whose records one reads, one names their sources
	out = slices.DeleteFunc(out, func(s homeward.Source) bool { return !reach.Admits(homeward.Resource{Compartment: s.Compartment}) })
	slices.SortFunc(out, func(a, b homeward.Source) int { return cmp.Compare(a.Name, b.Name) })
	if err != nil {
		return nil, err
	}
	seen := make([]*homeward.Source, len(out))
	for i := range out {
		seen[i] = &out[i]
	}
	return out, tx.withhold(seen)
}

func (tx *Tx) oneSource(where string, arg any) (homeward.Source, error) {
	out, err := tx.sources(where, arg)
	if err != nil {
		return homeward.Source{}, err
	}
	if len(out) == 0 {
		return homeward.Source{}, fmt.Errorf("read source: %w", homeward.ErrNotFound)
	}
	return out[0], nil
}

func (tx *Tx) sources(where string, args ...any) ([]homeward.Source, error) {
	type row struct {
		id     string
		at     int64
		in     homeward.CompartmentID
		sealed []byte
	}
	var rows []row
	err := tx.query("read sources", `
		select id, created_at, compartment, sealed
		from sources
		`+where, args, func(r *sql.Rows) error {
		var s row
		err := r.Scan(&s.id, &s.at, &s.in, &s.sealed)
		rows = append(rows, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]homeward.Source, 0, len(rows))
	for _, r := range rows {
		key, err := tx.key(r.id)
		if err != nil {
			return nil, err
		}
		if !key.LiesIn(string(r.in)) {
			return nil, fmt.Errorf("open source %s: it was moved to another compartment: %w", r.id, homeward.ErrTampered)
		}
		var s sealedSource
		if err := openJSON(key, "sources", r.id, r.sealed, &s); err != nil {
			return nil, err
		}
		out = append(out, homeward.Source{
			ID: homeward.SourceID(r.id), Name: s.Name, Language: s.Language,
			DuplicateFree: s.DuplicateFree, Mapping: s.Mapping, CreatedAt: fromMicros(r.at), Compartment: r.in,
		})
	}
	return out, nil
}

// sealer and opener are the two halves of an object key.
type sealer interface {
	Seal(table, column, id string, plain []byte) ([]byte, error)
}
type opener interface {
	Open(table, column, id string, sealed []byte) ([]byte, error)
}

func sealJSON(key sealer, table, id string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s %s: %w", table, id, err)
	}
	sealed, err := key.Seal(table, "sealed", id, plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s %s: %w", table, id, err)
	}
	return sealed, nil
}

func openJSON(key opener, table, id string, sealed []byte, v any) error {
	plain, err := key.Open(table, "sealed", id, sealed)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", table, id, err)
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("open %s %s: %w", table, id, homeward.ErrTampered)
	}
	return nil
}

// CountRows returns how many rows each source has, by the state of the newest record of each: what a newer edition
// corrected no longer counts as it was, and neither does a row in quarantine that it no longer lists.
func (tx *Tx) CountRows() (map[homeward.SourceID]map[homeward.RecordState]int, error) {
	out := map[homeward.SourceID]map[homeward.RecordState]int{}
	return out, tx.query("count rows", `
		select source, state, cast(sum(n) as bigint)
		from (
			select source, 'accepted' as state, count(*) as n
			from current_rows
			group by source
			union all
			select c.source, 'accepted', -count(*)
			from records r
			cross join current_rows c
			where r.state <> 'accepted' and c.record = r.id
			group by c.source
			union all
			select c.source, r.state, count(*)
			from records r
			cross join current_rows c
			where r.state <> 'accepted' and c.record = r.id and c.state = 'listed'
			group by c.source, r.state
		) x
		group by source, state
		having sum(n) > 0`, nil, func(r *sql.Rows) error {
		var source homeward.SourceID
		var state homeward.RecordState
		var n int
		if err := r.Scan(&source, &state, &n); err != nil {
			return err
		}
		if out[source] == nil {
			out[source] = map[homeward.RecordState]int{}
		}
		out[source][state] = n
		return nil
	})
}
