package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAKilledExportLeavesNothingToRead kills exports of a dossier and of a bundle while they are made, many times, and looks at what
// lies about.
func TestAKilledExportLeavesNothingToRead(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		dir := t.TempDir()
		list := filepath.Join(dir, "list.csv")
		if err := os.WriteFile(list, []byte("id,name,birth date\n1,Вигаданенко Марія,13.04.2012\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, s, "init")
		must(t, s, "import", list, "--source", "list")
		must(t, s, "run")
		var found []struct{ Person string }
		if err := json.Unmarshal([]byte(must(t, s, "search", "Вигаданенко", "--json")), &found); err != nil || len(found) == 0 {
			t.Fatalf("%d found: %v", len(found), err)
		}
		freeze := []string{"export", "dossier", "--person", found[0].Person, "--purpose", "p", "--recipient", "r", "--out", filepath.Join(dir, "away")}
		killWhileLeaving(t, s, dir, freeze)
		killWhileLeaving(t, s, dir, append([]string{"export", "bundle"}, freeze[2:]...))
		busy := filepath.Join(dir, "homeward-export-1.partial")
		for _, name := range []string{busy, filepath.Join(dir, "homeward-export-2.partial")} {
			if err := os.Mkdir(name, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(name, "dossier-uk.html"), []byte("words"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		lock, err := holdFolder(busy)
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Close()
		var told bytes.Buffer
		cmd := program(t, s, freeze...)
		cmd.Stderr = &told
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, told.String())
		}
		left, _ := filepath.Glob(filepath.Join(dir, leavingNames))
		if len(left) != 1 || left[0] != busy || !strings.Contains(told.String(), "that a killed export left") {
			t.Errorf("%d folders are left, and it says %q", len(left), told.String())
		}
		if files, err := os.ReadDir(filepath.Join(dir, "away")); err != nil || len(files) != 13 {
			t.Errorf("%d files arrived: %v", len(files), err)
		}
	})
}

// killWhileLeaving kills an export into dir/away, and looks at what it left.
func killWhileLeaving(t *testing.T, s store.Settings, dir string, export []string) {
	t.Helper()
	begun := 0
	for i := range 6 {
		cmd := program(t, s, export...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			if left, _ := filepath.Glob(filepath.Join(dir, leavingNames)); len(left) > 0 {
				begun++
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		time.Sleep(time.Duration(i) * 10 * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		read, _ := filepath.Glob(filepath.Join(dir, leavingNames, "*"))
		for _, path := range read {
			if f, err := os.Stat(path); filepath.Base(path) != noName || err != nil || f.Size() > 0 {
				t.Errorf("a kill while %s was made left %s: %v", export[1], filepath.Base(path), err)
			}
		}
		os.RemoveAll(filepath.Join(dir, "away"))
	}
	if begun == 0 {
		t.Fatalf("no %s was begun: the test tests nothing", export[1])
	}
}
