package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// sealedCustody is what the sealed column of a line of custody holds.
type sealedCustody struct{ Person, Purpose, Authority, Before, After string }

// PutCustody adds a line to the chain of custody of an exhibit. ErrInvalid when it does not say what for; ErrConflict when a
// hold is put on what is held, or lifted from what is not; ErrDenied when a hold is lifted by who put it.
func (tx *Tx) PutCustody(id homeward.ExhibitID, line homeward.Custody) (homeward.Custody, error) {
	e, err := tx.exhibit(id)
	if err != nil {
		return line, err
	}
	chain, err := tx.custody(e)
	if err != nil {
		return line, err
	}
	if err := tx.mayPutLine(e, chain, line); err != nil {
		return line, fmt.Errorf("put custody of exhibit %s: %w", id, err)
	}
	line.Before = e.SHA256
	return tx.putLine(e, len(chain), line)
}

func (tx *Tx) mayPutLine(e homeward.Exhibit, chain []homeward.Custody, line homeward.Custody) error {
	hold, held := homeward.Hold(chain)
	switch {
	case line.Act == homeward.CustodyCollected || line.Act == homeward.CustodyReceived:
		return fmt.Errorf("%s is written when an exhibit comes in: %w", line.Act, homeward.ErrInvalid)
	case line.Purpose == "":
		return fmt.Errorf("no purpose: %w", homeward.ErrInvalid)
	case line.Act == homeward.CustodyTransferred && line.Person == "":
		return fmt.Errorf("transferred to nobody: %w", homeward.ErrInvalid)
	case line.Act == homeward.CustodyHeld && held, line.Act == homeward.CustodyReleased && !held:
		return fmt.Errorf("the hold is so already: %w", homeward.ErrConflict)
	}
	return tx.must(line.Act.Action(), homeward.Resource{Compartment: e.Compartment, Class: e.Class, By: hold.Actor.ID})
}

// putLine writes a line at its turn.
func (tx *Tx) putLine(e homeward.Exhibit, turn int, line homeward.Custody) (homeward.Custody, error) {
	line.ID, line.Exhibit, line.Turn = homeward.CustodyID(homeward.NewID(tx.Now)), e.ID, turn
	line.Actor, line.At = tx.Actor, tx.Now
	id := string(line.ID)
	key, err := tx.key(string(e.ID))
	if err != nil {
		return line, err
	}
	words := sealedCustody{line.Person, line.Purpose, line.Authority, line.Before, line.After}
	sealed, err := sealJSON(key, "custody", id, words)
	if err != nil {
		return line, err
	}
	err = tx.exec("put custody of exhibit "+string(e.ID), `
		insert into custody (id, exhibit, turn, act, actor, role, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, e.ID, turn, line.Act, line.Actor.ID, line.Actor.Role, micros(line.At), sealed)
	if err != nil {
		return line, err
	}
	return line, tx.put(draft{typ: entryCustody, object: id, keyID: string(e.ID), key: key, body: custodyBody(line)})
}

func custodyBody(c homeward.Custody) map[string]string {
	return map[string]string{
		"exhibit": string(c.Exhibit), "turn": strconv.Itoa(c.Turn), "act": string(c.Act), "role": string(c.Actor.Role), "person": c.Person,
		"purpose": c.Purpose, "authority": c.Authority, "before": c.Before, "after": c.After,
	}
}

// Custody returns the chain of custody of an exhibit, the oldest line first, or ErrNotFound.
func (tx *Tx) Custody(id homeward.ExhibitID) ([]homeward.Custody, error) {
	e, err := tx.exhibit(id)
	if err != nil {
		return nil, err
	}
	return tx.custody(e)
}

func (tx *Tx) custody(e homeward.Exhibit) ([]homeward.Custody, error) {
	return tx.lines("where exhibit = $1 order by turn", e.ID)
}

// lines reads lines of custody and opens their words.
func (tx *Tx) lines(where string, args ...any) ([]homeward.Custody, error) {
	var out []homeward.Custody
	var sealed [][]byte
	err := tx.query("read custody", `
		select id, exhibit, turn, act, actor, role, at, sealed
		from custody
		`+where, args, func(r *sql.Rows) error {
		var c homeward.Custody
		var at int64
		var s []byte
		err := r.Scan(&c.ID, &c.Exhibit, &c.Turn, &c.Act, &c.Actor.ID, &c.Actor.Role, &at, &s)
		c.At = fromMicros(at)
		out, sealed = append(out, c), append(sealed, s)
		return err
	})
	var key seal.ObjectKey
	for i := range out {
		if err == nil && (i == 0 || out[i].Exhibit != out[i-1].Exhibit) {
			key, err = tx.key(string(out[i].Exhibit))
		}
		if err != nil {
			return nil, err
		}
		var w sealedCustody
		err = openJSON(key, "custody", string(out[i].ID), sealed[i], &w)
		out[i].Person, out[i].Purpose, out[i].Authority, out[i].Before, out[i].After = w.Person, w.Purpose, w.Authority, w.Before, w.After
	}
	return out, err
}

// VerifyExhibit reads the bytes of an exhibit to the end, hashes them again and writes a line of custody that says what was
// found. The line is whole when they are those that were received; a blob that is gone, or does not open, leaves After empty.
func (db *DB) VerifyExhibit(ctx context.Context, actor homeward.Actor, id homeward.ExhibitID, purpose string) (homeward.Custody, error) {
	var e homeward.Exhibit
	err := db.View(ctx, actor, func(tx *Tx) (err error) {
		e, err = tx.Exhibit(id)
		return err
	})
	if err != nil {
		return homeward.Custody{}, err
	}
	line := homeward.Custody{Act: homeward.CustodyVerified, Purpose: purpose}
	if line.After, err = db.hashAgain(ctx, e); err != nil {
		return line, err
	}
	return line, db.Update(ctx, actor, func(tx *Tx) (err error) {
		line, err = tx.PutCustody(id, line)
		return err
	})
}

// hashAgain returns the SHA-256 of an exhibit's bytes as they are now; empty when they are gone or do not open.
func (db *DB) hashAgain(ctx context.Context, e homeward.Exhibit) (string, error) {
	seen := newWitness()
	bytes, err := db.openBlob(ctx, e)
	if err == nil {
		_, err = io.Copy(seen, bytes)
		err = errors.Join(err, bytes.Close())
	}
	sum, _ := seen.sums()
	switch {
	case err == nil:
		return sum, nil
	case tampered(err) || missing(err):
		return "", nil
	}
	return "", err
}
