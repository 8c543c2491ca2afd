package store_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// askFor brings a request to erase some records so far that it waits for its day, which comes.
func (d *doomed) askFor(records ...homeward.RecordID) {
	d.Helper()
	d.does(counsel, func(tx *store.Tx) error {
		e, err := tx.AskErasure(homeward.PersonID(records[0]), records, homeward.ErasureObjection, "the mother asks")
		d.erasure = e.ID
		return err
	})
	d.does(counsel, func(tx *store.Tx) error { return tx.CheckIdentity(d.erasure, "a passport") })
	d.does(keeper, func(tx *store.Tx) error { return tx.ApproveErasure(d.erasure, "yes") })
	d.does(second, func(tx *store.Tx) error { return tx.ApproveErasure(d.erasure, "yes") })
	d.pass(15)
}

// TestASoughtChildOfSeveralIsErased erases, of three sought children, one of whom it was determined what is best: the others, and
// what is said of them, stay and verify, here and restored from a backup that knew the child.
func TestASoughtChildOfSeveralIsErased(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		d := doom(t, s)
		r := grow(t, d.db, seek(t, d.db, homeward.Main, addUser(t, d.db, homeward.RoleTracingOfficer)))
		best := func(child homeward.RecordID) {
			d.does(keeper, func(tx *store.Tx) error {
				now, err := tx.Request(r.ID)
				if err == nil {
					_, err = tx.PutDetermination(now, homeward.Determination{Child: child, Outcome: homeward.InterestsFamily, Grounds: canary, Wishes: canary})
				}
				return err
			})
		}
		best(r.Sought[1])
		before := filepath.Join(t.TempDir(), "before")
		if _, err := d.db.Backup(ctx, store.To(before)); err != nil {
			t.Fatal(err)
		}
		for i, gone := range []homeward.RecordID{r.Sought[0], r.Sought[2]} { // told first, and added last
			d.askFor(gone)
			if d.carryOut() != 1 {
				t.Fatalf("child %d is not erased", i)
			}
			intact(t, d.db)
		}
		best(r.Sought[1])
		d.left(d.db, r, 2)
		var list bytes.Buffer
		if err := d.db.WriteTombstones(ctx, &list); err != nil {
			t.Fatal(err)
		}
		to := store.Settings{Dir: t.TempDir(), Clock: d.clock.read}
		d.bringPassphrase(to.Dir)
		v, err := store.Restore(ctx, to, store.Saved{Data: before, Keys: store.KeysFile(before), Destroyed: &list})
		if err != nil || !v.OK() {
			t.Fatalf("restored: %v, %v", v.Findings, err)
		}
		d.left(storetest.Reopen(t, to), r, 1)
	})
}

// left fails unless the second of three children alone is sought, with some determinations of it, and all of it verifies.
func (d *doomed) left(db *store.DB, r homeward.Request, determined int) {
	d.Helper()
	intact(d.T, db)
	err := asks(db, keeper, func(tx *store.Tx) error {
		now, err := tx.Request(r.ID)
		if err != nil {
			return err
		}
		if len(now.Sought) != 1 || now.Sought[0] != r.Sought[1] || len(now.Determined) != determined {
			d.Errorf("%d children are sought, %d determinations", len(now.Sought), len(now.Determined))
		}
		told, err := tx.Told(now)
		if len(told) != 1 {
			d.Errorf("%d children are told of", len(told))
		}
		return err
	})
	if err != nil {
		d.Error(err)
	}
}

// TestAHeldExhibitOfARequestStandsInTheWay holds a photo that came with a request: nobody whom alone it seeks is erased before the
// hold is lifted.
func TestAHeldExhibitOfARequestStandsInTheWay(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		d := doom(t, s)
		r := seek(t, d.db, homeward.Main, addUser(t, d.db, homeward.RoleTracingOfficer))
		e := photo()
		e.Request = r.ID
		e = keep(t, d.db, homeward.Actor{ID: "custodian", Role: homeward.RoleEvidenceCustodian}, e, "bytes")
		custody := func(who homeward.Actor, act homeward.CustodyAct) {
			d.does(who, func(tx *store.Tx) error {
				_, err := tx.PutCustody(e.ID, homeward.Custody{Act: act, Purpose: "a court asked", Authority: "the court"})
				return err
			})
		}
		custody(counsel, homeward.CustodyHeld)
		d.askFor(r.Sought...)
		if n := d.carryOut(); n != 0 || d.state() != homeward.ErasureWaiting {
			t.Fatalf("what the law holds is erased: %d, %s", n, d.state())
		}
		custody(homeward.Actor{ID: "other counsel", Role: homeward.RoleLegalOfficer}, homeward.CustodyReleased)
		if n := d.carryOut(); n != 1 {
			t.Errorf("carried out after the hold: %d", n)
		}
		intact(t, d.db)
		err := asks(d.db, keeper, func(tx *store.Tx) error { _, err := tx.Exhibit(e.ID); return err })
		if !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("the photo: %v", err)
		}
	})
}
