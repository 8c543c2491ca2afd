package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// staying signs a user in, for half an hour.
func staying(t *testing.T, db *store.DB, who homeward.Actor) (s store.Stay) {
	t.Helper()
	err := does(db, who, func(tx *store.Tx) (err error) {
		s, err = tx.PutStay(store.Stay{Device: "Firefox, Windows", Address: "203.0.113.9", Began: tx.Now, Ends: tx.Now.Add(30 * time.Minute)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stands reports whether a stay is not over.
func stands(t *testing.T, db *store.DB, s store.Stay) bool {
	t.Helper()
	err := asks(db, homeward.System, func(tx *store.Tx) error { _, err := tx.Stay(s.ID); return err })
	if err != nil && !errors.Is(err, homeward.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestChangesOfASignInEndEveryStayOfItsOwnerAndOfNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		owner, app := addCredentials(t, db)
		other := staying(t, db, addUser(t, db, homeward.RoleReviewer))
		var offered store.Credential
		for _, change := range []struct {
			what string
			ends bool
			who  homeward.Actor
			do   func(tx *store.Tx) error
		}{
			{"an application is offered", false, owner, func(tx *store.Tx) (err error) {
				offered, err = tx.PutCredential(store.Credential{Kind: store.CredentialTOTP, State: store.CredentialOffered, Secret: "x"})
				return err
			}},
			{"and taken back", false, owner, func(tx *store.Tx) error { return tx.SetCredentialState(offered, store.CredentialEnded) }},
			{"a recovery code is used", false, owner, func(tx *store.Tx) error { return tx.UseRecovery("a code") }},
			{"an application ends", true, owner, func(tx *store.Tx) error { return tx.SetCredentialState(app, store.CredentialEnded) }},
			{"a passkey is added", true, owner, func(tx *store.Tx) error {
				_, err := tx.PutCredential(store.Credential{Kind: store.CredentialPasskey, State: store.CredentialActive, Secret: "{}", Print: tx.PasskeyPrint([]byte("id"))})
				return err
			}},
			{"the role changes", true, homeward.Operator, func(tx *store.Tx) error { _, err := tx.SetRole(owner.ID, homeward.RoleAuditor); return err }},
			{"the password changes", true, homeward.Operator, func(tx *store.Tx) error { return tx.SetPassword(owner.ID, "a hash") }},
			{"access is closed", true, homeward.Operator, func(tx *store.Tx) error { return tx.Disable(owner.ID) }},
		} {
			s := staying(t, db, owner)
			if err := does(db, change.who, change.do); err != nil {
				t.Fatalf("%s: %v", change.what, err)
			}
			if stands(t, db, s) == change.ends {
				t.Errorf("%s: the stay ends: %t, want %t", change.what, !change.ends, change.ends)
			}
		}
		if !stands(t, db, other) {
			t.Error("another's stay was ended")
		}
	})
}

// TestWhereSomebodyIsSignedInIsSealedAndInNoBackup looks for an address in the files of a register.
func TestWhereSomebodyIsSignedInIsSealedAndInNoBackup(t *testing.T) {
	dir := t.TempDir()
	db := storetest.OpenAt(t, store.Settings{Dir: dir})
	owner := addUser(t, db, homeward.RoleReviewer)
	s := staying(t, db, owner)
	copied := filepath.Join(dir, "backup.db")
	if _, err := db.Backup(context.Background(), store.To(copied)); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil && bytes.Contains(text, []byte("203.0.113.9")) {
			t.Errorf("%s holds the address", filepath.Base(f))
		}
		if err == nil && f == copied && bytes.Contains(text, []byte(s.ID)) {
			t.Error("the backup holds who is signed in")
		}
	}
	err = asks(db, owner, func(tx *store.Tx) error {
		list, err := tx.Stays()
		if len(list) != 1 || list[0].Address != "203.0.113.9" {
			t.Errorf("%d stays", len(list))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
