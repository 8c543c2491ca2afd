package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// lost is somebody who lost access, with three supervisors and a clock that the test turns.
type lost struct {
	t     *testing.T
	db    *store.DB
	now   time.Time
	who   homeward.Actor
	seers [3]homeward.Actor
}

func eachLost(t *testing.T, test func(x *lost)) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		x := &lost{t: t, now: time.Now()}
		s.Clock = func() time.Time { return x.now }
		x.db = storetest.OpenAt(t, s)
		x.who, _ = addCredentials(t, x.db)
		for i := range x.seers {
			x.seers[i] = addUser(t, x.db, homeward.RoleSupervisor)
		}
		test(x)
		if places := verifyPlaces(t, x.db); len(places) > 0 {
			t.Errorf("verify finds %v", places)
		}
	})
}

func (x *lost) ask() (r homeward.Recovery) {
	x.t.Helper()
	err := does(x.db, homeward.System, func(tx *store.Tx) (err error) {
		r, err = tx.AskRecovery(x.who.ID)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

// check wants an error of a kind, or none.
func (x *lost) check(by homeward.Actor, r homeward.Recovery, verdict homeward.RecoveryVerdict, kind error) (after homeward.Recovery) {
	x.t.Helper()
	err := does(x.db, by, func(tx *store.Tx) (err error) {
		after, err = tx.CheckRecovery(r.ID, verdict, "in person", "hash of "+string(r.ID))
		return err
	})
	if !errors.Is(err, kind) {
		x.t.Errorf("check: %v, want %v", err, kind)
	}
	return after
}

// regain wants an error of a kind, or none.
func (x *lost) regain(r homeward.Recovery, kind error) {
	x.t.Helper()
	err := does(x.db, x.who, func(tx *store.Tx) error {
		_, err := tx.Regain("hash of "+string(r.ID), "a new hash")
		return err
	})
	if !errors.Is(err, kind) {
		x.t.Errorf("regain: %v, want %v", err, kind)
	}
}

func TestARecoveryTakesTwoOthersAndWorksOnce(t *testing.T) {
	eachLost(t, func(x *lost) {
		r := x.ask()
		x.check(x.who, r, homeward.IdentityConfirmed, homeward.ErrDenied)
		x.check(addUser(t, x.db, homeward.RoleAdministrator), r, homeward.IdentityConfirmed, homeward.ErrDenied)
		x.check(x.seers[0], r, homeward.IdentityConfirmed, nil)
		x.check(x.seers[0], r, homeward.IdentityConfirmed, homeward.ErrConflict)
		x.regain(r, homeward.ErrNotFound)
		if after := x.check(x.seers[1], r, homeward.IdentityConfirmed, nil); after.State != homeward.RecoveryGranted {
			t.Errorf("two confirmed, and it is %s", after.State)
		}
		x.check(x.seers[2], r, homeward.IdentityRefused, homeward.ErrDenied)
		s := staying(t, x.db, x.who)
		x.regain(r, nil)
		x.regain(r, homeward.ErrNotFound)
		if stands(t, x.db, s) {
			t.Error("a session of before goes on")
		}
		err := asks(x.db, x.who, func(tx *store.Tx) error {
			left, err := tx.Credentials(x.who.ID)
			if len(left) > 0 {
				t.Errorf("%d credentials of before are left", len(left))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneSupervisorWhoRefusesEndsARecovery(t *testing.T) {
	eachLost(t, func(x *lost) {
		r := x.ask()
		x.check(x.seers[0], r, homeward.IdentityConfirmed, nil)
		x.check(x.seers[1], r, homeward.IdentityRefused, nil)
		x.check(x.seers[2], r, homeward.IdentityConfirmed, homeward.ErrDenied)
		x.regain(r, homeward.ErrNotFound)
	})
}

func TestWhoIsNoSupervisorAnyMoreDoesNotCount(t *testing.T) {
	eachLost(t, func(x *lost) {
		r := x.ask()
		x.check(x.seers[0], r, homeward.IdentityConfirmed, nil)
		if err := does(x.db, homeward.Operator, func(tx *store.Tx) error { return tx.Disable(x.seers[0].ID) }); err != nil {
			t.Fatal(err)
		}
		if after := x.check(x.seers[1], r, homeward.IdentityConfirmed, nil); after.State != homeward.RecoveryAsked {
			t.Errorf("one who counts confirmed, and it is %s", after.State)
		}
		if after := x.check(x.seers[2], r, homeward.IdentityConfirmed, nil); after.State != homeward.RecoveryGranted {
			t.Errorf("two who count confirmed, and it is %s", after.State)
		}
	})
}

func TestARecoveryLapses(t *testing.T) {
	eachLost(t, func(x *lost) {
		r := x.ask()
		err := does(x.db, homeward.System, func(tx *store.Tx) error { _, err := tx.AskRecovery(x.who.ID); return err })
		if !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("two at once: %v", err)
		}
		x.now = x.now.Add(8 * 24 * time.Hour)
		x.check(x.seers[0], r, homeward.IdentityConfirmed, homeward.ErrConflict)
		r = x.ask()
		x.check(x.seers[0], r, homeward.IdentityConfirmed, nil)
		x.check(x.seers[1], r, homeward.IdentityConfirmed, nil)
		x.now = x.now.Add(25 * time.Hour)
		x.regain(r, homeward.ErrNotFound)
	})
}

// recoverSome leaves a recovery that two confirmed, and its link.
func recoverSome(t *testing.T, db *store.DB) {
	t.Helper()
	who, _ := addCredentials(t, db)
	x := &lost{t: t, db: db, who: who}
	r := x.ask()
	for range homeward.RecoveryChecks {
		x.check(addUser(t, db, homeward.RoleSupervisor), r, homeward.IdentityConfirmed, nil)
	}
}
