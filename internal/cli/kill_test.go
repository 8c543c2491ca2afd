package cli

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/synth"
)

// kills is how often the import is killed on each database.
const kills = 25

// TestKilledImportsLoseNothing kills imports with SIGKILL at random moments and runs them again until they are done.
// Records, ledger and persons must then equal those of one import that nobody disturbed.
func TestKilledImportsLoseNothing(t *testing.T) {
	lists := writtenLists(t, 1500)
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		t.Parallel()
		must(t, s, "init")
		for _, list := range lists {
			must(t, s, importOf(list)...)
		}
		must(t, s, "run")
		want := inventory(t, s)

		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		for done := 0; done < kills; {
			again := another(t, s)
			must(t, again, "init")
			for _, list := range lists {
				done += killUntilDone(t, again, list, chance, kills-done)
			}
			must(t, again, "run")
			if diff := cmp.Diff(want, inventory(t, again)); diff != "" {
				t.Fatalf("after %d kills the register differs from the undisturbed one (-undisturbed +killed):\n%s", done, diff)
			}
		}
	})
}

// writtenLists writes the lists of invented families, in an order that is always the same.
func writtenLists(t *testing.T, children int) []string {
	t.Helper()
	dir := t.TempDir()
	if err := synth.Generate(synth.Options{Children: children, Seed: 7}).Write(dir); err != nil {
		t.Fatal(err)
	}
	var lists []string
	for _, pattern := range []string{"family-reports.*", "adoption-listing.*", "ngo-list.*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("the list %s is not there", pattern)
		}
		lists = append(lists, found[0])
	}
	return lists
}

func importOf(list string) []string {
	name, _, _ := strings.Cut(filepath.Base(list), ".")
	return []string{"import", list, "--source", name, "--edition", "2025-02-22"}
}

// another returns settings of a store that is not made yet, on the same kind of database.
func another(t *testing.T, s store.Settings) store.Settings {
	if s.Database == "" {
		return store.Settings{Dir: t.TempDir()}
	}
	return storetest.Postgres(t)
}

// killUntilDone starts the import again and again, killing it at random moments at most limit times, until it is done.
// It returns how many times a running import was killed.
func killUntilDone(t *testing.T, s store.Settings, list string, chance *rand.Rand, limit int) int {
	t.Helper()
	killed := 0
	for {
		cmd := program(t, s, importOf(list)...)
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		var death <-chan time.Time
		if killed < limit {
			death = time.After(time.Duration(chance.Int64N(int64(time.Second))))
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("the import failed after %d kills: %v: %s", killed, err, errs.String())
			}
			return killed
		case <-death:
			cmd.Process.Kill()
			if <-ended != nil {
				killed++
			}
		}
	}
}

// register is what two registers of the same lists have in common: no ids and no times, and no words.
type register struct {
	Tallies map[string]homeward.Tally // by source
	States  map[homeward.RecordState]int
	Changes map[homeward.ChangeKind]int
	Leaves  int64
	Pairs   map[homeward.PairState]int
	Persons []string // the rows of each person
	Events  int
}

// inventory verifies the register and takes stock of it.
func inventory(t *testing.T, s store.Settings) register {
	t.Helper()
	db := storetest.Reopen(t, s)
	ctx := context.Background()
	if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
		t.Fatalf("verify: %v, %d findings", err, len(v.Findings))
	}
	rows := map[homeward.RecordID]string{}
	err := db.EachRecord(ctx, homeward.Operator, "", func(r homeward.Record) error {
		rows[r.ID] = r.SourceRow + " of " + string(r.Source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out register
	err = db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
		out, err = stock(tx, rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func stock(tx *store.Tx, rows map[homeward.RecordID]string) (out register, err error) {
	out = register{Tallies: map[string]homeward.Tally{}, Changes: map[homeward.ChangeKind]int{}}
	sources, err := tx.Sources()
	if err != nil {
		return out, err
	}
	names := strings.NewReplacer(pairsOf(sources)...)
	editions, err := tx.Editions("")
	if err != nil {
		return out, err
	}
	for _, s := range sources {
		for _, e := range editions {
			if e.Source != s.ID {
				continue
			}
			out.Tallies[s.Name] = e.Tally
			changes, err := tx.Changes(e.ID)
			if err != nil {
				return out, err
			}
			for _, c := range changes {
				out.Changes[c.Kind]++
			}
		}
	}
	members, err := tx.Memberships()
	if err != nil {
		return out, err
	}
	persons := map[homeward.PersonID][]string{}
	for record, person := range members {
		persons[person] = append(persons[person], names.Replace(rows[record]))
	}
	for _, of := range persons {
		slices.Sort(of)
		out.Persons = append(out.Persons, strings.Join(of, ", "))
	}
	slices.Sort(out.Persons)
	events, err := tx.EventFacts()
	if err != nil {
		return out, err
	}
	out.Events = len(events)
	if out.States, err = tx.CountRecords(); err != nil {
		return out, err
	}
	if out.Pairs, err = tx.CountPairs(); err != nil {
		return out, err
	}
	out.Leaves, err = tx.TreeSize()
	return out, err
}

// pairsOf returns each source's id with its name, for a replacer.
func pairsOf(sources []homeward.Source) []string {
	var out []string
	for _, s := range sources {
		out = append(out, string(s.ID), s.Name)
	}
	return out
}
