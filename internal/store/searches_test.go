package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestASavedSearchIsItsOwnersAlone keeps one, looks, lets another try, and drops it.
func TestASavedSearchIsItsOwnersAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mine, other homeward.Actor
		var s store.SavedSearch
		do := func(who homeward.Actor, fn func(tx *store.Tx) error) error { return db.Update(ctx, who, fn) }
		err := do(homeward.Operator, func(tx *store.Tx) error {
			a, err := tx.PutUser("a", homeward.RoleTracingOfficer, "")
			if err != nil {
				return err
			}
			b, err := tx.PutUser("b", homeward.RoleSupervisor, "")
			mine, other = a.Actor(), b.Actor()
			return err
		})
		if err == nil {
			err = do(mine, func(tx *store.Tx) (err error) { s, err = tx.SaveSearch([]byte("Вигаданенко")); return err })
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := do(other, func(tx *store.Tx) error { return tx.DropSearch(s.ID) }); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("another drops it: %v", err)
		}
		err = do(other, func(tx *store.Tx) error {
			if list, err := tx.SavedSearches(); err != nil || len(list) > 0 {
				t.Errorf("another sees %d, %v", len(list), err)
			}
			return tx.LookedAtSearch(s.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = do(mine, func(tx *store.Tx) error {
			got, err := tx.SavedSearch(s.ID)
			if err != nil || string(got.Asked) != "Вигаданенко" || !got.LookedAt.Equal(s.LookedAt) {
				t.Errorf("it asks for %d bytes, looked at by another: %v; %v", len(got.Asked), !got.LookedAt.Equal(s.LookedAt), err)
			}
			return tx.DropSearch(s.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || len(v.Findings) > 0 {
			t.Errorf("verify: %d findings, %v", len(v.Findings), err)
		}
	})
}

func TestWhatASavedSearchAsksForIsNotInTheDatabase(t *testing.T) {
	db := storetest.Open(t)
	var who homeward.Actor
	err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		u, err := tx.PutUser("a", homeward.RoleCaseworker, "")
		who = u.Actor()
		return err
	})
	if err == nil {
		err = db.Update(ctx, who, func(tx *store.Tx) error { _, err := tx.SaveSearch([]byte("Vyhadanenko")); return err })
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup")
	if _, err := db.Backup(ctx, store.To(path)); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || bytes.Contains(text, []byte("Vyhadanenko")) {
		t.Errorf("the words are in the database, or %v", err)
	}
	auditor := homeward.Actor{ID: "x", Role: homeward.RoleAuditor}
	if err := db.Update(ctx, auditor, func(tx *store.Tx) error { _, err := tx.SaveSearch(nil); return err }); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("an auditor keeps a search: %v", err)
	}
}
