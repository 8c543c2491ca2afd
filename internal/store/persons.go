package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// EventFact is what is known of an event without its words.
type EventFact struct {
	ID        homeward.EventID
	Record    homeward.RecordID
	Type      homeward.EventType
	From, To  homeward.Day
	Precision homeward.Precision
	KnownAt   time.Time
}

// ReplacePersons writes persons with their memberships and deletes those that are no more. A record belongs to one
// person: it moves with its new one.
func (tx *Tx) ReplacePersons(persons []homeward.Person, removed []homeward.PersonID) error {
	var rows, members [][]any
	for _, p := range persons {
		rows = append(rows, []any{p.ID, micros(p.Since), len(p.Records)})
		for _, r := range p.Records {
			members = append(members, []any{r, p.ID})
		}
	}
	err := tx.insert(`insert into persons (id, since, amount)`, rows, `
		on conflict (id) do update set since = excluded.since, amount = excluded.amount`)
	if err != nil {
		return err
	}
	err = tx.insert(`insert into memberships (record, person)`, members, `
		on conflict (record) do update set person = excluded.person`)
	if err != nil {
		return err
	}
	for _, id := range removed {
		if err := tx.deletePerson(id); err != nil {
			return err
		}
	}
	return nil
}

// Unjoin takes records out of the persons that held them.
func (tx *Tx) Unjoin(records []homeward.RecordID) error {
	for chunk := range chunks(records, 400) {
		err := tx.exec("delete memberships", `
			delete from memberships
			where record in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) deletePerson(id homeward.PersonID) error {
	err := tx.exec("delete siblings", `
		delete from siblings
		where person = $1 or sibling = $1`, id)
	if err != nil {
		return err
	}
	err = tx.exec("delete memberships", `
		delete from memberships
		where person = $1`, id)
	if err != nil {
		return err
	}
	return tx.exec("delete person", `
		delete from persons
		where id = $1`, id)
}

// ClearPersons empties every derived table of the registry and forgets how far it has read.
func (tx *Tx) ClearPersons() error {
	for _, text := range []string{
		`delete from events`, `delete from siblings`, `delete from memberships`, `delete from persons`,
		`delete from cursors where stage = 'registry'`,
	} {
		if err := tx.exec("clear persons", text); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceSiblings replaces every sibling relation: each person with its siblings.
func (tx *Tx) ReplaceSiblings(of map[homeward.PersonID][]homeward.PersonID) error {
	if err := tx.exec("clear siblings", `delete from siblings`); err != nil {
		return err
	}
	var rows [][]any
	for p, list := range of {
		for _, s := range list {
			rows = append(rows, []any{p, s})
		}
	}
	return tx.insert(`insert into siblings (person, sibling)`, rows, `on conflict (person, sibling) do nothing`)
}

// ReplaceEvents replaces the events some records tell of.
func (tx *Tx) ReplaceEvents(records []homeward.RecordID, events []homeward.Event) error {
	for chunk := range chunks(records, 400) {
		err := tx.exec("delete events", `
			delete from events
			where record in (`+placeholders(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return err
		}
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		rows[i] = []any{e.ID, e.Record, e.Type, int64(e.When.From), int64(e.When.To), e.When.Precision, micros(e.KnownAt)}
	}
	return tx.insert(`insert into events (id, record, type, day_from, day_to, precision, known_at)`, rows, "")
}

// EventFacts returns every event without its words, in the order of their ids.
func (tx *Tx) EventFacts() ([]EventFact, error) { return tx.eventFacts("order by id") }

// EachOccurrence calls do with what records say had happened by a day, as far as it was known at a moment, in no order: events whose
// earliest day is not after it, and those without a day.
func (tx *Tx) EachOccurrence(by homeward.Day, known time.Time, do func(homeward.RecordID, homeward.EventType)) error {
	var record, typ sql.RawBytes
	types := map[string]homeward.EventType{} // a register has a dozen, each of which would be made half a million times
	return tx.query("read occurrences", `
		select record, type
		from events
		where (precision = '' or day_from <= $1) and known_at <= $2`, []any{int64(by), micros(known)}, func(r *sql.Rows) error {
		if err := r.Scan(&record, &typ); err != nil {
			return err
		}
		t, ok := types[string(typ)]
		if !ok {
			t = homeward.EventType(typ)
			types[string(t)] = t
		}
		do(homeward.RecordID(record), t)
		return nil
	})
}

func (tx *Tx) eventFacts(clause string, args ...any) ([]EventFact, error) {
	var out []EventFact
	return out, tx.query("read events", `
		select id, record, type, day_from, day_to, precision, known_at
		from events
		`+clause, args, func(r *sql.Rows) error {
		var e EventFact
		var at int64
		err := r.Scan(&e.ID, &e.Record, &e.Type, &e.From, &e.To, &e.Precision, &at)
		e.KnownAt = fromMicros(at)
		out = append(out, e)
		return err
	})
}

// Person returns the person of that id, or the one that holds the record of that id: a link to a person keeps leading
// to the child when decisions move its records. ErrNotFound otherwise.
func (tx *Tx) Person(id homeward.PersonID) (homeward.Person, error) {
	holder, err := tx.holder(homeward.RecordID(id))
	if err != nil {
		return homeward.Person{}, fmt.Errorf("read person %s: %w", id, homeward.ErrNotFound)
	}
	list, err := tx.persons("where p.id = $1 order by r.received_at, r.id", holder)
	if err != nil {
		return homeward.Person{}, err
	}
	p := list[0]
	p.Siblings, err = tx.SiblingsOf(p.ID)
	return p, err
}

// holder returns the person that holds a record, by the id it truly has, or ErrNotFound.
func (tx *Tx) holder(record homeward.RecordID) (id homeward.PersonID, err error) {
	return id, tx.row("read person of record "+string(record), `
		select person
		from memberships
		where record = $1`, []any{record}, &id)
}

// faces returns the ids by which some persons go before the actor: that of the oldest record that the actor reaches. A
// person's true id may be that of a record which, as far as the actor is concerned, does not exist.
func (tx *Tx) faces(persons []homeward.PersonID) (map[homeward.PersonID]homeward.PersonID, error) {
	out := make(map[homeward.PersonID]homeward.PersonID, len(persons))
	if all, err := tx.reachesAll(); err != nil || all {
		for _, id := range persons {
			out[id] = id
		}
		return out, err
	}
	for chunk := range chunks(persons, 400) {
		err := tx.query("read faces of persons", `
			select person, min(record)
			from memberships
			where person in (`+placeholders(1, len(chunk))+`)
			group by person`, anys(chunk), func(r *sql.Rows) error {
			var id, face homeward.PersonID
			err := r.Scan(&id, &face)
			out[id] = face
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PersonOf returns the person that holds a record, or ErrNotFound.
func (tx *Tx) PersonOf(record homeward.RecordID) (homeward.PersonID, error) {
	id, err := tx.holder(record)
	if err != nil {
		return "", err
	}
	face, err := tx.faces([]homeward.PersonID{id})
	return face[id], err
}

// PersonsOf returns the persons that hold some records; a record that no person holds is left out.
func (tx *Tx) PersonsOf(records []homeward.RecordID) (map[homeward.RecordID]homeward.PersonID, error) {
	out := map[homeward.RecordID]homeward.PersonID{}
	for chunk := range chunks(records, 400) {
		err := tx.query("read persons of records", `
			select record, person
			from memberships
			where record in (`+placeholders(1, len(chunk))+`)`, anys(chunk), func(r *sql.Rows) error {
			var record homeward.RecordID
			var person homeward.PersonID
			err := r.Scan(&record, &person)
			out[record] = person
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, tx.face(out)
}

// face replaces the persons of records by the ids by which they go before the actor.
func (tx *Tx) face(of map[homeward.RecordID]homeward.PersonID) error {
	faces, err := tx.faces(slices.Compact(slices.Sorted(maps.Values(of))))
	for record, person := range of {
		of[record] = faces[person]
	}
	return err
}

// Memberships returns the person of every record.
func (tx *Tx) Memberships() (map[homeward.RecordID]homeward.PersonID, error) {
	out := map[homeward.RecordID]homeward.PersonID{}
	err := tx.query("read memberships", `
		select record, person
		from memberships`, nil, func(r *sql.Rows) error {
		var record homeward.RecordID
		var person homeward.PersonID
		err := r.Scan(&record, &person)
		out[record] = person
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, tx.face(out)
}

// Persons returns persons in the order of their ids, a page after the given one, without their siblings.
func (tx *Tx) Persons(after homeward.PersonID, limit int) ([]homeward.Person, error) {
	return tx.persons(`
		where p.id in (
			select id
			from persons
			where id > $1
			order by id
			limit $2)
		order by p.id, r.received_at, r.id`, after, limit)
}

func (tx *Tx) persons(where string, args ...any) ([]homeward.Person, error) {
	all, err := tx.reachesAll()
	if err != nil {
		return nil, err
	}
	var out []homeward.Person
	err = tx.query("read persons", `
		select p.id, p.since, m.record, r.received_at
		from persons p
		join memberships m on m.person = p.id
		join records r on r.id = m.record
		`+strings.TrimSpace(where), args, func(r *sql.Rows) error {
		var p homeward.Person
		var since, received int64
		var record homeward.RecordID
		if err := r.Scan(&p.ID, &since, &record, &received); err != nil {
			return err
		}
		if len(out) == 0 || out[len(out)-1].ID != p.ID {
			if p.Since = fromMicros(since); !all {
				p.Since = fromMicros(received) // of the oldest record that is reached
			}
			out = append(out, p)
		}
		last := &out[len(out)-1]
		last.Records = append(last.Records, record)
		return nil
	})
	if all {
		return out, err
	}
	for i := range out {
		out[i].ID = homeward.PersonID(slices.Min(out[i].Records))
	}
	return out, err
}

// CountPersons returns how many persons the registry holds.
func (tx *Tx) CountPersons() (int, error) { return tx.countAll("persons") }

// CountRecords returns how many records there are in each state.
func (tx *Tx) CountRecords() (map[homeward.RecordState]int, error) {
	out := map[homeward.RecordState]int{}
	return out, tx.query("count records", `
		select state, count(*)
		from records
		group by state`, nil, func(r *sql.Rows) error {
		var state homeward.RecordState
		var n int
		err := r.Scan(&state, &n)
		out[state] = n
		return err
	})
}

// SiblingsOf returns the siblings of a person.
func (tx *Tx) SiblingsOf(id homeward.PersonID) ([]homeward.PersonID, error) {
	holder, err := tx.holder(homeward.RecordID(id))
	if errors.Is(err, homeward.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []homeward.PersonID
	err = tx.query("read siblings of "+string(id), `
		select sibling
		from siblings
		where person = $1
		order by sibling`, []any{holder}, func(r *sql.Rows) error {
		var s homeward.PersonID
		err := r.Scan(&s)
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	faces, err := tx.faces(out)
	for i, s := range out {
		out[i] = faces[s]
	}
	return out, err
}
