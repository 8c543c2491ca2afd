package cli

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAKilledBackupLeavesNoHalfOfOne kills backups with SIGKILL at random moments. A file of its final name is whole each time, and
// the last one, which nobody disturbs, restores; then restores are killed, and what they left never opens but whole.
func TestAKilledBackupLeavesNoHalfOfOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, bytes.Repeat([]byte("not one word\n"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		must(t, s, "init")
		must(t, s, "evidence", "add", file)
		must(t, s, "run")
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		kill := func(s store.Settings, args ...string) {
			cmd := program(t, s, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(chance.Int64N(int64(700 * time.Millisecond))))
			cmd.Process.Kill()
			cmd.Wait()
		}
		away := t.TempDir()
		for i := range 12 {
			path := filepath.Join(away, fmt.Sprint(i))
			kill(s, "backup", path)
			for _, p := range []string{path, store.KeysFile(path)} {
				if _, err := backup.Check(p, nil); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Errorf("a file of its final name is no whole backup: %v", err)
				}
			}
			if _, err := os.Stat(path); err == nil {
				if _, err := os.Stat(store.KeysFile(path)); err != nil {
					t.Errorf("data without keys: %v", err)
				}
			}
		}
		whole := filepath.Join(away, "whole")
		must(t, s, "backup", whole)
		for range 8 {
			to := store.Settings{Dir: filepath.Join(t.TempDir(), "to")}
			kill(to, "restore", whole, "--passphrase", filepath.Join(s.Dir, "passphrase"))
			db, err := store.Open(t.Context(), to)
			if err != nil {
				continue // not there yet, or shut because it was not verified
			}
			if v, err := db.Verify(t.Context(), homeward.Operator, nil); err != nil || !v.OK() {
				t.Errorf("a restore that was killed opens and is not whole: %v", err)
			}
			db.Close()
			must(t, to, "evidence", "scrub")
		}
	})
}
