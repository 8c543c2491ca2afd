package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestTheFirstAdministratorGetsInAndTheNextWaits adds users at the shell of an empty register.
func TestTheFirstAdministratorGetsInAndTheNextWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		add := func(name string, role homeward.Role) (u store.User) {
			operate(t, db, func(tx *store.Tx) (err error) {
				u, err = tx.AddUser(name, role, "")
				return err
			})
			return u
		}
		first := add("first", homeward.RoleAdministrator)
		second, auditor := add("second", homeward.RoleSupervisor), add("auditor", homeward.RoleAuditor)
		if first.Role != homeward.RoleAdministrator || second.Role != homeward.RoleAwaiting || auditor.Role != homeward.RoleAuditor {
			t.Errorf("roles: %s, %s, %s", first.Role, second.Role, auditor.Role)
		}
		g := waiting(t, db)[0]
		if err := does(db, homeward.Operator, confirm(g)); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("who asked confirms: %v", err)
		}
		if err := does(db, first.Actor(), confirm(g)); err != nil {
			t.Fatal(err)
		}
		if err := does(db, first.Actor(), confirm(g)); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("confirmed twice: %v", err)
		}
		view(t, db, func(tx *store.Tx) error {
			u, err := tx.User(second.ID)
			if u.Role != homeward.RoleSupervisor {
				t.Errorf("role %s", u.Role)
			}
			return err
		})
		if places := verifyPlaces(t, db); len(places) > 0 {
			t.Errorf("findings: %v", places)
		}
	})
}

// TestWhoIsShutOutIsGivenNothing shuts a user out for whom a role waits, then asks for them again.
func TestWhoIsShutOutIsGivenNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		admin, other := addUser(t, db, homeward.RoleAdministrator), addUser(t, db, homeward.RoleAdministrator)
		worker := addUser(t, db, homeward.RoleCaseworker)
		set := func(tx *store.Tx) error { _, err := tx.SetRole(worker.ID, homeward.RoleSupervisor); return err }
		if err := does(db, admin, set); err != nil {
			t.Fatal(err)
		}
		g := waiting(t, db)[0]
		if err := does(db, admin, func(tx *store.Tx) error { return tx.Disable(worker.ID) }); err != nil {
			t.Fatal(err)
		}
		if err := does(db, other, confirm(g)); !errors.Is(err, homeward.ErrConflict) || len(waiting(t, db)) > 0 {
			t.Errorf("confirmed for who was shut out: %v", err)
		}
		if err := does(db, admin, func(tx *store.Tx) error { _, err := tx.Enable(worker.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if err := does(db, other, confirm(waiting(t, db)[0])); err != nil {
			t.Fatal(err)
		}
		view(t, db, func(tx *store.Tx) error {
			u, err := tx.User(worker.ID)
			if !u.Active || u.Role != homeward.RoleCaseworker {
				t.Errorf("active %t, role %s", u.Active, u.Role)
			}
			return err
		})
		if places := verifyPlaces(t, db); len(places) > 0 {
			t.Errorf("findings: %v", places)
		}
	})
}

// TestWhoJoinsWaitsForAnotherThanWhoInvited uses links of an administrator and of the shell.
func TestWhoJoinsWaitsForAnotherThanWhoInvited(t *testing.T) {
	db := storetest.Open(t)
	join := func(by homeward.Actor, role homeward.Role) (u store.User) {
		t.Helper()
		token := homeward.NewID(time.Now())
		err := errors.Join(
			does(db, by, func(tx *store.Tx) error { return tx.PutInvitation(token, role, tx.Now.Add(time.Hour)) }),
			does(db, homeward.System, func(tx *store.Tx) (err error) { u, err = tx.Join(token, token, ""); return err }))
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	first := join(homeward.Operator, homeward.RoleAdministrator)
	late := join(homeward.Operator, homeward.RoleAdministrator)
	officer := join(first.Actor(), homeward.RoleTracingOfficer)
	if first.Role != homeward.RoleAdministrator || late.Role != homeward.RoleAwaiting || officer.Role != homeward.RoleAwaiting {
		t.Errorf("roles: %s, %s, %s", first.Role, late.Role, officer.Role)
	}
	for _, g := range waiting(t, db) {
		byFirst, byShell := does(db, first.Actor(), confirm(g)), does(db, homeward.Operator, confirm(g))
		if g.User == officer.ID && (!errors.Is(byFirst, homeward.ErrDenied) || byShell != nil) {
			t.Errorf("the officer: by who invited %v, at the shell %v", byFirst, byShell)
		}
		if g.User == late.ID && byFirst != nil {
			t.Errorf("the second administrator: %v", byFirst)
		}
	}
}

func confirm(g homeward.Grant) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.AnswerGrant(g.ID, homeward.GrantConfirmed) }
}

func waiting(t *testing.T, db *store.DB) (out []homeward.Grant) {
	t.Helper()
	view(t, db, func(tx *store.Tx) (err error) {
		out, err = tx.GrantsWaiting()
		return err
	})
	return out
}

// grantSome leaves a role that waits and one that was confirmed.
func grantSome(t *testing.T, db *store.DB) {
	t.Helper()
	admin, other := addUser(t, db, homeward.RoleAdministrator), addUser(t, db, homeward.RoleSupervisor)
	for _, name := range []string{"one", "another"} {
		if err := does(db, admin, func(tx *store.Tx) error { _, err := tx.AddUser(name, homeward.RoleReviewer, ""); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if err := does(db, other, confirm(waiting(t, db)[0])); err != nil {
		t.Fatal(err)
	}
}
