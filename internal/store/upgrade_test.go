package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/pressly/goose/v3"
)

// TestARegisterOfBeforeKeepsEverything takes a register back to the schema before compartments and up again.
func TestARegisterOfBeforeKeepsEverything(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		officer := addUser(t, db, homeward.RoleTracingOfficer)
		update(t, db, func(tx *store.Tx) error {
			_, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(ids[0], ids[1]), Judgement: homeward.Same, Basis: homeward.BasisReview})
			return err
		})
		db.Close()
		asOfVersion(t, s, 2)
		if _, err := store.Open(ctx, s); !errors.Is(err, homeward.ErrUnavailable) {
			t.Errorf("opened without an upgrade: %v", err)
		}
		if _, err := store.Init(ctx, s); err != nil {
			t.Fatal(err)
		}
		db = storetest.Reopen(t, s)
		err := asks(db, officer, func(tx *store.Tx) error {
			list, err := tx.RecordsByID(ids)
			if err == nil && (len(list) != 2 || list[0].Compartment != homeward.Main) {
				t.Errorf("%d records are seen", len(list))
			}
			sources, serr := tx.Sources()
			if len(sources) != 1 || sources[0].Compartment != homeward.Main {
				t.Errorf("%d sources are seen", len(sources))
			}
			return errors.Join(err, serr)
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("after the upgrade: %v %v", v.Findings, err)
		}
	})
}

// asOfVersion takes the data back to an older schema.
func asOfVersion(t *testing.T, s store.Settings, version int64) {
	t.Helper()
	dialect, driver, address := goose.DialectSQLite3, "sqlite", "file:"+filepath.Join(s.Dir, "homeward.db")
	if s.Database != "" {
		dialect, driver, address = goose.DialectPostgres, "pgx", s.Database
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(dialect, db, os.DirFS("schema"))
	if err == nil {
		_, err = p.DownTo(context.Background(), version)
	}
	if err != nil {
		t.Fatalf("take back to version %d: %v", version, err)
	}
}
