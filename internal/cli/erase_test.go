package cli_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/cli"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// says runs a command line and returns its exit code and all it printed.
func says(in string, args ...string) (int, string) {
	var out bytes.Buffer
	code := cli.Run(context.Background(), args, cli.Streams{In: strings.NewReader(in), Out: &out, Err: &out})
	return code, out.String()
}

func TestARequestToEraseGoesItsWayAtTheShell(t *testing.T) {
	dir := t.TempDir()
	db := storetest.OpenAt(t, store.Settings{Dir: dir})
	id := string(storetest.Put(t, db, "list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "Хтось Вигаданий"}})[0])
	db.Close()
	run := func(want int, in, contains string, args ...string) string {
		t.Helper()
		code, out := says(in, append(args, "--dir", dir)...)
		if code != want || !strings.Contains(out, contains) || strings.Contains(out, "Вигаданий") {
			t.Fatalf("%s: exit code %d, want %d; it says %q", strings.Join(args[:2], " "), code, want, out)
		}
		return out
	}
	run(0, "", "Nobody asks", "erase", "list")
	run(2, "", "standard input", "erase", "request", id, "--ground", "objection")
	run(2, "x", "", "erase", "request", id, "--ground", "whim")
	run(3, "x", "", "erase", "request", "none", "--ground", "objection")
	asked := run(0, "the mother of Вигаданий", "asked", "erase", "request", id, "--ground", "objection")
	erasure := strings.Fields(asked)[0]
	run(5, "again", "", "erase", "request", id, "--ground", "objection")
	run(0, "a passport", "checked", "erase", "check", erasure)
	run(5, "a passport", "", "erase", "check", erasure)
	run(0, "", "0 erasures carried out", "erase", "run")
	run(0, "", `"state": "checked"`, "erase", "show", erasure, "--json")
	run(0, "not the mother", "declined", "erase", "refuse", erasure)
	run(3, "", "", "erase", "show", "none")
	run(0, "", "", "erase", "destroyed", filepath.Join(dir, "destroyed.txt"))
	run(0, "", "Nothing was changed", "verify", "--json=false")
}
