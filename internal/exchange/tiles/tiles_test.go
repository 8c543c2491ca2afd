package tiles_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/exchange/tiles"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/ledger"
)

var ctx = context.Background()

// grow adds rows to a register and returns its newest checkpoint.
func grow(t *testing.T, db *store.DB, rows int) []byte {
	t.Helper()
	list := make([][]homeward.Claim, rows)
	storetest.Put(t, db, "list", list...)
	text, err := db.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, db *store.DB, dir string, o tiles.Options) tiles.Report {
	t.Helper()
	report, err := tiles.Write(ctx, db, homeward.Operator, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func check(t *testing.T, db *store.DB, folder fs.FS) (ledger.Checkpoint, []ledger.Finding) {
	t.Helper()
	c, found, err := tiles.Check(folder, func(signed []byte) (ledger.Checkpoint, error) {
		return ledger.OpenCheckpoint(signed, db.Verifier())
	})
	if err != nil {
		found = append(found, ledger.Finding{Place: "checkpoint", What: err.Error()})
	}
	return c, found
}

// TestTheFolderFollowsTheLog exports again and again as the register grows: every time the folder checks, and what was
// there is not written anew.
func TestTheFolderFollowsTheLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dir := t.TempDir()
		for _, rows := range []int{1, 100, 151, 300, 2} {
			text := grow(t, db, rows)
			report := write(t, db, dir, tiles.Options{Checkpoint: text})
			c, found := check(t, db, os.DirFS(dir))
			if len(found) > 0 || c.Size != report.Size {
				t.Fatalf("%d leaves: %v", report.Size, found)
			}
			if again := write(t, db, dir, tiles.Options{Checkpoint: text}); again.Files != 0 {
				t.Errorf("%d files were written twice", again.Files)
			}
		}
	})
}

// TestAFolderOfAnotherHistoryIsRefused: another register, and this one when the folder is ahead of it, as it is when
// an old backup was restored.
func TestAFolderOfAnotherHistoryIsRefused(t *testing.T) {
	db, other, dir := storetest.Open(t), storetest.Open(t), t.TempDir()
	before := grow(t, db, 3)
	write(t, db, dir, tiles.Options{Checkpoint: grow(t, db, 300)})
	for _, o := range []struct {
		db   *store.DB
		text []byte
	}{{db, before}, {other, grow(t, other, 400)}} {
		if _, err := tiles.Write(ctx, o.db, homeward.Operator, dir, tiles.Options{Checkpoint: o.text}); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("written over another history: %v", err)
		}
	}
	if _, found := check(t, db, os.DirFS(dir)); len(found) > 0 {
		t.Errorf("the folder was touched: %v", found)
	}
}

// TestAnExportThatWasCutOffGoesOn takes away what a killed export would not have written, and leaves its rubbish.
func TestAnExportThatWasCutOffGoesOn(t *testing.T) {
	db, dir := storetest.Open(t), t.TempDir()
	text := grow(t, db, 600)
	all := write(t, db, dir, tiles.Options{Checkpoint: text})
	for _, name := range []string{"checkpoint", "tile/0/001", "tile/entries/002.p"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "tile/entries/.partial"), []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := write(t, db, dir, tiles.Options{Checkpoint: text})
	if _, found := check(t, db, os.DirFS(dir)); len(found) > 0 || again.Files >= all.Files || again.Files == 0 {
		t.Errorf("%d of %d files written; %v", again.Files, all.Files, found)
	}
}

func TestEntriesCanBeLeftOutAndBroughtLater(t *testing.T) {
	db, dir := storetest.Open(t), t.TempDir()
	text := grow(t, db, 10)
	write(t, db, dir, tiles.Options{Checkpoint: text, NoEntries: true})
	if _, err := os.Stat(filepath.Join(dir, "tile/entries")); err == nil {
		t.Error("entries were written")
	}
	write(t, db, dir, tiles.Options{Checkpoint: text})
	if _, found := check(t, db, os.DirFS(dir)); len(found) > 0 {
		t.Error(found)
	}
}

func TestAnyFlippedBitOfAnExportIsFound(t *testing.T) {
	db, dir := storetest.Open(t), t.TempDir()
	write(t, db, dir, tiles.Options{Checkpoint: grow(t, db, 290)})
	files := fstest.MapFS{}
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name], names = &fstest.MapFile{Data: data}, append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, found := check(t, db, files); len(found) > 0 {
		t.Fatal(found)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range storetest.Flips(t, 1000) {
		name := names[rng.IntN(len(names))]
		data := files[name].Data
		bit := rng.IntN(len(data) * 8)
		data[bit/8] ^= 1 << (bit % 8)
		if _, found := check(t, db, files); len(found) == 0 {
			t.Errorf("%s with bit %d flipped passes", name, bit)
		}
		data[bit/8] ^= 1 << (bit % 8)
	}
}
