package store

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
)

// Assign makes a child the work of a user, in place of whose it was. The child is named by any of its records. ErrConflict
// when the user cannot see the child.
func (tx *Tx) Assign(person homeward.PersonID, to homeward.UserID) (homeward.Assignment, error) {
	a := homeward.Assignment{ID: homeward.AssignmentID(homeward.NewID(tx.Now)), Person: person, To: to, By: tx.Actor.ID, At: tx.Now}
	in, err := tx.placeOf(homeward.RecordID(person))
	if err != nil {
		return a, fmt.Errorf("assign person %s: %w", person, err)
	}
	if err := tx.must(homeward.ActionAssign, homeward.Resource{Compartment: in}); err != nil {
		return a, err
	}
	if err := tx.canSee(to, person, in); err != nil {
		return a, fmt.Errorf("assign person %s: %w", person, err)
	}
	if err := tx.Unassign(person); err != nil && !errors.Is(err, homeward.ErrNotFound) {
		return a, err
	}
	id := string(a.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return a, err
	}
	err = tx.exec("put assignment", `
		insert into assignments (id, record, assignee, actor, at, ended_at)
		values ($1, $2, $3, $4, $5, 0)`, id, person, to, a.By, micros(a.At))
	if err != nil {
		return a, err
	}
	return a, tx.put(draft{typ: entryAssigned, object: id, keyID: id, key: key, body: assignmentBody(a)})
}

func assignmentBody(a homeward.Assignment) map[string]string {
	return map[string]string{"record": string(a.Person), "assignee": string(a.To)}
}

// canSee fails with ErrConflict unless a user may open a child whose record lies in a compartment.
func (tx *Tx) canSee(id homeward.UserID, person homeward.PersonID, in homeward.CompartmentID) error {
	u, err := tx.User(id)
	if err != nil {
		return err
	}
	who, err := tx.AccessOf(u.Actor())
	if err != nil {
		return err
	}
	if !u.Active || !homeward.Can(who, homeward.ActionSeePerson, homeward.Resource{Compartment: in, Record: homeward.RecordID(person)}) {
		return fmt.Errorf("user %s cannot see it: %w", id, homeward.ErrConflict)
	}
	return nil
}

// placeOf returns the compartment of a record that the actor reaches, or ErrNotFound.
func (tx *Tx) placeOf(record homeward.RecordID) (in homeward.CompartmentID, err error) {
	return in, tx.row("read compartment of record "+string(record), `
		select compartment
		from records
		where id = $1`, []any{record}, &in)
}

// Unassign ends the standing assignment of a child, or fails with ErrNotFound when there is none.
func (tx *Tx) Unassign(person homeward.PersonID) error {
	in, err := tx.placeOf(homeward.RecordID(person))
	if err != nil {
		return err
	}
	if err := tx.must(homeward.ActionAssign, homeward.Resource{Compartment: in}); err != nil {
		return err
	}
	standing, err := tx.AssignmentOf(person)
	if err != nil {
		return err
	}
	id := string(standing.ID)
	err = tx.exec("end assignment", `
		update assignments
		set ended_at = $2
		where id = $1`, id, micros(tx.Now))
	if err != nil {
		return err
	}
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryUnassigned, object: id, keyID: id, key: key, body: map[string]string{"assignment": id}})
}

// AssignmentOf returns the standing assignment of a child, by whichever of its records it was made, or ErrNotFound.
func (tx *Tx) AssignmentOf(person homeward.PersonID) (homeward.Assignment, error) {
	list, err := tx.assignments(`
		join memberships m on m.record = a.record
		where a.ended_at = 0 and m.person = (select person from memberships where record = $1)
		order by a.at desc, a.id desc`, person)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read assignment of %s: %w", person, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Assignment{}, err
	}
	return list[0], nil
}

// AssignmentsTo returns what stands assigned to a user, newest first.
func (tx *Tx) AssignmentsTo(id homeward.UserID, limit int) ([]homeward.Assignment, error) {
	return tx.assignments(`
		where a.assignee = $1 and a.ended_at = 0
		order by a.at desc, a.id desc
		limit $2`, id, limit)
}

func (tx *Tx) assignments(where string, args ...any) ([]homeward.Assignment, error) {
	var out []homeward.Assignment
	return out, tx.query("read assignments", `
		select a.id, a.record, a.assignee, a.actor, a.at, a.ended_at
		from assignments a
		`+where, args, func(r *sql.Rows) error {
		var a homeward.Assignment
		var at, ended int64
		err := r.Scan(&a.ID, &a.Person, &a.To, &a.By, &at, &ended)
		a.At, a.EndedAt = fromMicros(at), fromMicros(ended)
		out = append(out, a)
		return err
	})
}
