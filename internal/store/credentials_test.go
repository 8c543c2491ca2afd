package store_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// addCredentials gives a user an application, a recovery code and a passkey, and ends the passkey.
func addCredentials(t *testing.T, db *store.DB) (owner homeward.Actor, app store.Credential) {
	t.Helper()
	owner = addUser(t, db, homeward.RoleReviewer)
	err := does(db, owner, func(tx *store.Tx) (err error) {
		if app, err = tx.PutCredential(store.Credential{Kind: store.CredentialTOTP, State: store.CredentialOffered, Secret: "JBSWY3DPEHPK3PXP"}); err != nil {
			return err
		}
		if err := tx.SetCredentialState(app, store.CredentialActive); err != nil {
			return err
		}
		recovery := store.Credential{Kind: store.CredentialRecovery, State: store.CredentialActive, Print: tx.RecoveryPrint("a code")}
		if _, err := tx.PutCredential(recovery); err != nil {
			return err
		}
		key, err := tx.PutCredential(store.Credential{Kind: store.CredentialPasskey, State: store.CredentialActive, Name: "key ring", Secret: "{}"})
		return errors.Join(err, tx.SetCredentialState(key, store.CredentialEnded))
	})
	if err != nil {
		t.Fatal(err)
	}
	return owner, app
}

func TestACounterIsUsedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		owner, app := addCredentials(t, db)
		advance := func(to int64) error {
			return does(db, owner, func(tx *store.Tx) error { return tx.AdvanceCredential(app.ID, to) })
		}
		for _, step := range []struct {
			to   int64
			kind error
		}{{7, nil}, {7, homeward.ErrConflict}, {6, homeward.ErrConflict}, {8, nil}} {
			if err := advance(step.to); !errors.Is(err, step.kind) {
				t.Errorf("advance to %d: %v, want %v", step.to, err, step.kind)
			}
		}
	})
}

func TestARecoveryCodeWorksOnceAndForItsOwnerOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		owner, _ := addCredentials(t, db)
		other := addUser(t, db, homeward.RoleReviewer)
		use := func(who homeward.Actor, code string) error {
			return does(db, who, func(tx *store.Tx) error { return tx.UseRecovery(code) })
		}
		if err := use(other, "a code"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("another's code: %v", err)
		}
		if err := use(owner, "another code"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("no code: %v", err)
		}
		if err := use(owner, "a code"); err != nil {
			t.Errorf("the code: %v", err)
		}
		if err := use(owner, "a code"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("again: %v", err)
		}
	})
}

func TestNobodyTouchesTheCredentialsOfOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		owner, app := addCredentials(t, db)
		for _, who := range []homeward.Actor{addUser(t, db, homeward.RoleSupervisor), addUser(t, db, homeward.RoleAdministrator)} {
			for _, state := range []store.CredentialState{store.CredentialActive, store.CredentialEnded} {
				err := does(db, who, func(tx *store.Tx) error { return tx.SetCredentialState(app, state) })
				may := who.Role == homeward.RoleAdministrator && state == store.CredentialEnded
				if may != (err == nil) || !may && !errors.Is(err, homeward.ErrDenied) {
					t.Errorf("a %s sets another's credential %s: %v", who.Role, state, err)
				}
			}
		}
		err := asks(db, owner, func(tx *store.Tx) error {
			left, err := tx.Credentials(owner.ID)
			if len(left) != 1 || left[0].Kind != store.CredentialRecovery {
				t.Errorf("%d credentials are left", len(left))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
