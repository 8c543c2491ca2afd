package store_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestWhoLookedIsToldToWhoMayKnow reads a record as one person and asks, as others, who looked.
func TestWhoLookedIsToldToWhoMayKnow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "a"}})
		officer := homeward.Actor{ID: "officer", Role: homeward.RoleTracingOfficer}
		supervisor := homeward.Actor{ID: "supervisor", Role: homeward.RoleSupervisor}
		for _, reader := range []homeward.Actor{officer, homeward.System} {
			if err := db.View(ctx, reader, func(tx *store.Tx) error { _, err := tx.Record(ids[0]); return err }); err != nil {
				t.Fatal(err)
			}
		}
		asked := func(who homeward.Actor, id homeward.RecordID) (rows []store.AuditRow, err error) {
			return rows, db.View(ctx, who, func(tx *store.Tx) (err error) {
				rows, err = tx.LooksAt([]homeward.RecordID{id}, 10)
				return err
			})
		}
		rows, err := asked(supervisor, ids[0])
		if err != nil || len(rows) != 1 || rows[0].Actor != officer || rows[0].Object != string(ids[0]) {
			t.Errorf("%d looks, %v; want the officer's alone", len(rows), err)
		}
		if _, err := asked(officer, ids[0]); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("an officer is told: %v", err)
		}
		if _, err := asked(supervisor, "nobody"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("a record that never was: %v", err)
		}
	})
}
