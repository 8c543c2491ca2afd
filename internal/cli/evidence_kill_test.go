package cli

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAKilledProcessLeavesAnExhibitWholeOrNotAtAll kills `evidence add` with SIGKILL, while it reads and at random moments.
// Every exhibit that is there is whole, what is left over is swept, and one file remains for each exhibit.
func TestAKilledProcessLeavesAnExhibitWholeOrNotAtAll(t *testing.T) {
	content := bytes.Repeat([]byte("not one word\n"), 1<<20)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		must(t, s, "init")
		killWhileItReads(t, s, content)
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		for range 8 {
			cmd := program(t, s, "evidence", "add", file)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(chance.Int64N(int64(600 * time.Millisecond))))
			cmd.Process.Kill()
			cmd.Wait()
		}
		must(t, s, "evidence", "add", file)
		grow(t, filepath.Join(s.Dir, "blobs"))

		db := storetest.Reopen(t, s)
		found, err := evidence.Scrub(context.Background(), db, homeward.Operator, true, func(int64) {})
		if err != nil || len(found.Damaged) > 0 || found.Exhibits == 0 || found.Leftovers.Unfinished == 0 {
			t.Errorf("scrub: %+v: %v", found, err)
		}
		left, err := os.ReadDir(filepath.Join(s.Dir, "blobs"))
		if err != nil || len(left) != found.Exhibits {
			t.Errorf("%d files for %d exhibits: %v", len(left), found.Exhibits, err)
		}
		if v, err := db.Verify(context.Background(), homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v %v", v.Findings, err)
		}
	})
}

// killWhileItReads kills the command once some of what it reads is on the disk.
func killWhileItReads(t *testing.T, s store.Settings, content []byte) {
	t.Helper()
	cmd := program(t, s, "evidence", "add", "-")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(content); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if partial, _ := filepath.Glob(filepath.Join(s.Dir, "blobs", "*.partial")); len(partial) == 1 {
			cmd.Process.Kill()
			cmd.Wait()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing was written")
}

// grow makes files as old as leftovers are.
func grow(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	old := time.Now().Add(-2 * time.Hour)
	for _, name := range files {
		if err == nil {
			err = os.Chtimes(name, old, old)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
