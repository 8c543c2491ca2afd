package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func TestASnapshotComesBackAndTheNewestCounts(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		if _, err := db.Snapshot(ctx, homeward.System, "review"); !errors.Is(err, homeward.ErrNotFound) {
			t.Fatalf("a snapshot before there is one: %v", err)
		}
		for _, parts := range [][][]byte{{{1}, {2}, {3}}, {{4}, bytes.Repeat([]byte("б"), 1<<20)}} {
			if err := db.PutSnapshot(ctx, homeward.System, "review", ids, parts); err != nil {
				t.Fatal(err)
			}
			got, err := db.Snapshot(ctx, homeward.System, "review")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(parts, got); d != "" {
				t.Error("another snapshot came back")
			}
		}
		storetest.Put(t, db, "list", claims("name.full", "c")) // what comes later takes nothing away
		var later int64
		view(t, db, func(tx *store.Tx) (err error) { later, err = tx.TreeSize(); return err })
		if _, err := db.Snapshot(ctx, homeward.System, "review"); err != nil {
			t.Fatalf("after a later record: %v", err)
		}
		if err := db.PutSnapshot(ctx, homeward.System, "review", ids, [][]byte{{5}}); err != nil {
			t.Fatal(err)
		}
		view(t, db, func(tx *store.Tx) error {
			after, err := tx.TreeSize()
			if after != later {
				t.Errorf("snapshots made the log grow by %d", after-later)
			}
			return err
		})
		var keys int
		if err := keysOf(t, s).QueryRow(`select count(*) from keys where id like 'snapshot-%'`).Scan(&keys); err != nil || keys != 1 {
			t.Errorf("%d keys of snapshots are left, %v", keys, err)
		}
	})
}

// TestASnapshotDoesNotOutliveAnErasedKey deletes one key behind the back of the store, as an erasure does.
func TestASnapshotDoesNotOutliveAnErasedKey(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		if err := db.PutSnapshot(ctx, homeward.System, "review", ids, [][]byte{{1}}); err != nil {
			t.Fatal(err)
		}
		keys := keysOf(t, s)
		if _, err := keys.Exec(`delete from keys where id = $1`, ids[0]); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := db.Snapshot(ctx, homeward.System, "review"); !errors.Is(err, homeward.ErrNotFound) {
				t.Fatalf("the snapshot is there still: %v", err)
			}
		}
		var left int
		if err := keys.QueryRow(`select count(*) from keys where id like 'snapshot-%'`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d keys of snapshots are left, %v", left, err)
		}
		if err := db.PutSnapshot(ctx, homeward.System, "review", ids, [][]byte{{1}}); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("a snapshot of an erased record was taken: %v", err)
		}
	})
}

// TestASnapshotIsSealedOnDisk looks for its words in every file of the store.
func TestASnapshotIsSealedOnDisk(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	db := storetest.OpenAt(t, s)
	words := []byte("Вигадана Марія Іванівна")
	if err := db.PutSnapshot(ctx, homeward.System, "review", nil, [][]byte{words, bytes.Repeat(words, 10_000)}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(s.Dir, f.Name()))
		if err == nil && bytes.Contains(text, words) {
			t.Errorf("%s holds the words", f.Name())
		}
	}
}
