package cli

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// moveKills is how often a move is killed on each database.
const moveKills = 8

// TestAKilledMoveIsWholeOrHasNotBegun kills moves between compartments with SIGKILL at random moments. Each time the source lies
// whole in one of the two, every record opens, and nothing is found amiss.
func TestAKilledMoveIsWholeOrHasNotBegun(t *testing.T) {
	list := writtenLists(t, 600)[0]
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		must(t, s, "init")
		must(t, s, importOf(list)...)
		must(t, s, "compartment", "add", "other")
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		source, _, _ := strings.Cut(list[strings.LastIndexByte(list, '/')+1:], ".")
		for range moveKills {
			to := "other"
			if lies(t, s) != homeward.Main {
				to = string(homeward.Main)
			}
			cmd := program(t, s, "compartment", "move", source, "--to", to)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(time.Duration(chance.Int64N(int64(700*time.Millisecond))), func() { cmd.Process.Kill() })
			cmd.Wait() // killed, or done
			lies(t, s)
		}
	})
}

// lies returns where the records of the register lie, all of them, and verifies it.
func lies(t *testing.T, s store.Settings) (in homeward.CompartmentID) {
	t.Helper()
	db := storetest.Reopen(t, s)
	defer db.Close()
	n := 0
	err := db.EachRecord(t.Context(), homeward.Operator, "", func(r homeward.Record) error {
		if n++; n > 1 && r.Compartment != in {
			t.Error("the source lies in two compartments")
		}
		in = r.Compartment
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d records: %v", n, err)
	}
	if v, err := db.Verify(t.Context(), homeward.Operator, nil); err != nil || !v.OK() {
		t.Fatalf("verify: %v, %v", err, v.Findings)
	}
	return in
}
