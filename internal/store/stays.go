package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// StayID names a stay.
type StayID string

// Stay is one place where a user is signed in. While its row is there the user is; whoever takes the row out signs the
// user out, at once and on every server.
type Stay struct {
	ID      StayID
	Owner   homeward.UserID
	Device  string    // browser and system, sealed
	Address string    // that the request came from, sealed
	Began   time.Time // when the user signed in
	Seen    time.Time // to the minute
	Ends    time.Time // when nothing comes any more
}

// String returns the id alone.
func (s Stay) String() string { return "stay " + string(s.ID) }

type sealedStay struct{ Device, Address string }

// PutStay signs the actor in, and drops the stays that are over.
func (tx *Tx) PutStay(s Stay) (Stay, error) {
	s.ID, s.Owner, s.Seen = StayID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	key, err := tx.key(string(s.Owner))
	if err != nil {
		return s, fmt.Errorf("put stay: %w", err)
	}
	sealed, err := sealJSON(key, "stays", string(s.ID), sealedStay{s.Device, s.Address})
	if err != nil {
		return s, err
	}
	if err := tx.exec("drop stays that are over", `
		delete from stays
		where ends_at <= $1`, micros(tx.Now)); err != nil {
		return s, err
	}
	return s, tx.exec("put stay", `
		insert into stays (id, owner, began_at, seen_at, ends_at, sealed)
		values ($1, $2, $3, $4, $5, $6)`, s.ID, s.Owner, micros(s.Began), micros(tx.Now), micros(s.Ends), sealed)
}

// Stay returns a stay that is not over, without where it is from; ErrNotFound when it was ended.
func (tx *Tx) Stay(id StayID) (Stay, error) {
	s := Stay{ID: id}
	var began, seen, ends int64
	err := tx.row("read stay", `
		select owner, began_at, seen_at, ends_at
		from stays
		where id = $1 and ends_at > $2`, []any{id, micros(tx.Now)}, &s.Owner, &began, &seen, &ends)
	s.Began, s.Seen, s.Ends = fromMicros(began), fromMicros(seen), fromMicros(ends)
	return s, err
}

// Stays returns where the actor is signed in, the newest first.
func (tx *Tx) Stays() ([]Stay, error) {
	var out []Stay
	var sealed [][]byte
	err := tx.query("read stays", `
		select id, owner, began_at, seen_at, ends_at, sealed
		from stays
		where owner = $1 and ends_at > $2
		order by began_at desc, id desc`, []any{tx.Actor.ID, micros(tx.Now)}, func(r *sql.Rows) error {
		var s Stay
		var began, seen, ends int64
		var text []byte
		err := r.Scan(&s.ID, &s.Owner, &began, &seen, &ends, &text)
		s.Began, s.Seen, s.Ends = fromMicros(began), fromMicros(seen), fromMicros(ends)
		out, sealed = append(out, s), append(sealed, text)
		return err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	key, err := tx.key(string(tx.Actor.ID))
	for i := 0; err == nil && i < len(out); i++ {
		var from sealedStay
		err = openJSON(key, "stays", string(out[i].ID), sealed[i], &from)
		out[i].Device, out[i].Address = from.Device, from.Address
	}
	return out, err
}

// SeeStay says that the actor is there, until when that counts.
func (tx *Tx) SeeStay(id StayID, ends time.Time) error {
	return tx.exec("see stay", `
		update stays
		set seen_at = $3, ends_at = $4
		where id = $1 and owner = $2`, id, tx.Actor.ID, micros(tx.Now), micros(ends))
}

// EndStay signs the actor out in one place. ErrNotFound when it is not the actor's, or over.
func (tx *Tx) EndStay(id StayID) error {
	n, err := tx.execCount("end stay", `
		delete from stays
		where id = $1 and owner = $2`, id, tx.Actor.ID)
	if err == nil && n == 0 {
		err = fmt.Errorf("end stay: %w", homeward.ErrNotFound)
	}
	return err
}

// EndOtherStays signs the actor out everywhere but in one place.
func (tx *Tx) EndOtherStays(but StayID) error { return tx.endStays(tx.Actor.ID, but) }

// endStays signs a user out everywhere but in one place, and says so in the audit.
func (tx *Tx) endStays(owner homeward.UserID, but StayID) error {
	n, err := tx.execCount("end stays", `
		delete from stays
		where owner = $1 and id <> $2`, owner, but)
	if err != nil || n == 0 {
		return err
	}
	return tx.audited("sessions-ended", string(owner), n)
}
