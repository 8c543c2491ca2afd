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
		if _, err := store.Open(ctx, s); !errors.Is(err, store.ErrOlder) {
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

// TestANewerRegisterIsNotCalledUpToDate brings the schema further than this program knows: it neither opens nor upgrades it.
func TestANewerRegisterIsNotCalledUpToDate(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		storetest.OpenAt(t, s).Close()
		driver, address := "sqlite", "file:"+filepath.Join(s.Dir, "homeward.db")
		if s.Database != "" {
			driver, address = "pgx", s.Database
		}
		db, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("insert into goose_db_version (version_id, is_applied) values (9999, true)"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(ctx, s); !errors.Is(err, store.ErrNewer) {
			t.Errorf("opened: %v", err)
		}
		if _, err := store.Init(ctx, s); !errors.Is(err, store.ErrNewer) || !errors.Is(err, homeward.ErrUnavailable) {
			t.Errorf("called up to date: %v", err)
		}
	})
}

// asOfVersion takes the data back to an older schema.
func asOfVersion(t *testing.T, s store.Settings, version int64) {
	t.Helper()
	if s.Database == "" {
		takeBack(t, goose.DialectSQLite3, "file:"+filepath.Join(s.Dir, "homeward.db"), "schema", version)
		return
	}
	takeBack(t, goose.DialectPostgres, s.Database, "schema", version)
}

// takeBack takes a database back to a version of a schema.
func takeBack(t *testing.T, dialect goose.Dialect, address, schema string, version int64) {
	t.Helper()
	driver := "sqlite"
	if dialect == goose.DialectPostgres {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(dialect, db, os.DirFS(schema))
	if err == nil {
		_, err = p.DownTo(context.Background(), version)
	}
	if err != nil {
		t.Fatalf("take back to version %d: %v", version, err)
	}
}

// TestABackupOfBeforeIsRestored restores backups of older schemas, made before tables existed that there are now.
func TestABackupOfBeforeIsRestored(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	db := storetest.OpenAt(t, s)
	ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
	update(t, db, func(tx *store.Tx) error {
		_, err := tx.PutPairs([]homeward.Pair{{ID: homeward.PairOf(ids[0], ids[1]), Left: ids[0], Right: ids[1], Model: "m"}})
		return err
	})
	for _, version := range []int64{16, 8, 2} {
		file := filepath.Join(t.TempDir(), "before")
		if _, err := db.Backup(ctx, store.To(file)); err != nil {
			t.Fatal(err)
		}
		data, keys := bare(t, file), bare(t, store.KeysFile(file)) // as backups of then were
		takeBack(t, goose.DialectSQLite3, "file:"+data, "schema", version)
		takeBack(t, goose.DialectSQLite3, "file:"+keys, "keyschema", min(version, 15))
		storetest.EachSettings(t, func(t *testing.T, to store.Settings) {
			copyFile(t, filepath.Join(s.Dir, "passphrase"), filepath.Join(to.Dir, "passphrase"))
			v, err := store.Restore(ctx, to, store.Saved{Data: data, Keys: keys})
			if err != nil || !v.OK() {
				t.Fatalf("of version %d: %v, %v", version, v.Findings, err)
			}
			restored := storetest.Reopen(t, to)
			view(t, restored, func(tx *store.Tx) error {
				pairs, err := tx.PairFacts()
				if len(pairs) != 1 {
					t.Errorf("of version %d: %d pairs", version, len(pairs))
				}
				_, rerr := tx.RecordsByID(ids)
				return errors.Join(err, rerr)
			})
		})
	}
}
