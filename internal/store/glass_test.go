package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestTheGlassIsBrokenSoOftenADay breaks it until it does not break, and once more a day later.
func TestTheGlassIsBrokenSoOftenADay(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		now := time.Now()
		s.Clock = func() time.Time { return now }
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "A"))
		worker, supervisor := addUser(t, db, homeward.RoleCaseworker), addUser(t, db, homeward.RoleSupervisor)
		breaks := func(tx *store.Tx) error { _, err := tx.BreakGlass(ids[0], "the child is ill"); return err }
		often := func() (list []homeward.UserID) {
			err := asks(db, supervisor, func(tx *store.Tx) (err error) { list, err = tx.GlassOften(); return err })
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for n := range homeward.GlassMost {
			if len(often()) > 0 {
				t.Errorf("told after %d times", n)
			}
			if err := does(db, worker, breaks); err != nil {
				t.Fatalf("time %d: %v", n+1, err)
			}
		}
		if err := does(db, worker, breaks); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("once more: %v", err)
		}
		if list := often(); len(list) != 1 || list[0] != worker.ID {
			t.Errorf("told: %v", list)
		}
		if err := does(db, supervisor, breaks); err != nil {
			t.Errorf("another: %v", err)
		}
		now = now.Add(homeward.GlassDay + time.Second)
		if err := does(db, worker, breaks); err != nil {
			t.Errorf("the day after: %v", err)
		}
	})
}
