// Package storetest opens fresh stores for tests, on SQLite and on PostgreSQL.
//
// [Open] gives an SQLite store in the test's own folder. [Each] runs a test on both databases: on PostgreSQL it starts
// one cluster for the test binary, found on PATH or in Debian's place, as an unprivileged user (initdb refuses root),
// and gives each store databases of its own. Durability settings are left on, because the store refuses to open
// without them; the cluster and the folders of tests lie in memory-backed storage where the machine has it.
//
// Where PostgreSQL is absent the test says so loudly and is skipped; with HOMEWARD_REQUIRE_ALL=1, as in continuous
// integration, that is a failure.
package storetest

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"github.com/homeward-registry/homeward/internal/store"
)

// Thousands of stores are made and opened. Deriving a key takes a good part of a second where it is to be hard; here it
// is not. Folders of tests lie in memory: their writes are synced like all others, and no disk is waited for.
func init() {
	seal.Effort = seal.Work{Passes: 1, Memory: 8, Threads: 1}
	if folder := memoryFolder(); folder != "" {
		os.Setenv("TMPDIR", folder)
	}
}

// Open returns a fresh SQLite store, closed when the test ends.
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenAt(t, store.Settings{Dir: t.TempDir()})
}

// OpenAt makes a store at s and opens it; it is closed when the test ends.
func OpenAt(t testing.TB, s store.Settings) *store.DB {
	t.Helper()
	ctx := context.Background()
	if _, err := store.Init(ctx, s); err != nil {
		t.Fatalf("init: %v", err)
	}
	return Reopen(t, s)
}

// Reopen opens a store that was made before; it is closed when the test ends.
func Reopen(t testing.TB, s store.Settings) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), s)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Each runs the test on both databases, each time on a fresh store.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	EachSettings(t, func(t *testing.T, s store.Settings) { test(t, OpenAt(t, s)) })
}

// EachSettings runs the test on both databases with settings of a store that is not made yet.
func EachSettings(t *testing.T, test func(t *testing.T, s store.Settings)) {
	t.Run("sqlite", func(t *testing.T) { test(t, store.Settings{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Require skips the test loudly because something is absent, or fails it where nothing may be skipped.
func Require(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("HOMEWARD_REQUIRE_ALL") != "" {
		t.Fatalf("%s is required here", what)
	}
	t.Skipf("SKIPPED: %s is not on this machine; this promise was NOT tested", what)
}

// Put writes a source, an edition and records with the given claims, and returns the records' ids. It is the shortest
// way to a register with something in it.
func Put(t testing.TB, db *store.DB, source string, rows ...[]homeward.Claim) []homeward.RecordID {
	t.Helper()
	return PutIn(t, db, homeward.Main, source, rows...)
}

// PutIn does so in a compartment.
func PutIn(t testing.TB, db *store.DB, in homeward.CompartmentID, source string, rows ...[]homeward.Claim) []homeward.RecordID {
	t.Helper()
	var ids []homeward.RecordID
	err := db.Update(context.Background(), homeward.System, func(tx *store.Tx) error {
		ids = nil
		src, err := tx.SourceNamedIn(source, in)
		if err != nil {
			if src, err = tx.PutSource(homeward.Source{Name: source, Compartment: in}); err != nil {
				return err
			}
		}
		stamp := homeward.NewID(time.Now())
		ed, err := tx.PutEdition(homeward.Edition{Source: src.ID, SHA256: stamp, Format: "csv", Encoding: "utf-8"})
		if err != nil {
			return err
		}
		var list []store.NewRecord
		for i, claims := range rows {
			id := homeward.RecordID(homeward.NewID(tx.Now))
			r := homeward.Record{ID: id, Source: src.ID, Edition: ed.ID, Line: i + 2, State: homeward.RecordAccepted, Claims: claims, Compartment: in}
			for _, c := range claims {
				r.Row = append(r.Row, homeward.Cell{Heading: string(c.Path), Text: c.Value})
				if c.Path == homeward.PathRowID {
					r.SourceRow = c.Value
				}
			}
			list = append(list, store.NewRecord{Record: r, Key: tx.Fingerprint("row", string(id)), Content: tx.Fingerprint("content", string(id)), Change: homeward.ChangeAdded})
			ids = append(ids, id)
		}
		if err := tx.PutRecords(list); err != nil {
			return err
		}
		return tx.FinishEdition(ed.ID, homeward.Tally{Rows: len(rows), Added: len(rows)})
	})
	if err != nil {
		t.Fatalf("put records: %v", err)
	}
	return ids
}

// Flips returns how many bits a test flips: HOMEWARD_FLIPS asks for another number than the usual one, which keeps
// every run short.
func Flips(t testing.TB, usual int) int {
	t.Helper()
	asked := os.Getenv("HOMEWARD_FLIPS")
	if asked == "" {
		return usual
	}
	n, err := strconv.Atoi(asked)
	if err != nil {
		t.Fatalf("HOMEWARD_FLIPS: %v", err)
	}
	return n
}
