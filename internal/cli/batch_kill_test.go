package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// batchKills is how often the carrying out of a batch is killed on each database.
const batchKills = 3

// TestAKilledBatchIsWholeOrGoesOn kills a run with SIGKILL as soon as it has decided some pairs of a batch and not all. Each time every
// decision of the batch is accounted for in the batch, and every outcome has its decision; then a run that nobody disturbs decides
// the rest, each pair once.
func TestAKilledBatchIsWholeOrGoesOn(t *testing.T) {
	lists := twoCamps(t, 500)
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		must(t, s, "init")
		for _, list := range lists {
			must(t, s, importOf(list)...)
		}
		must(t, s, "run")
		db := storetest.Reopen(t, s)
		b := begun(t, db)
		half := 0
		for range batchKills {
			before := whole(t, db, b)
			cmd := program(t, s, "run")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for alive := true; alive && decidedIn(t, db, b) == before; {
				select {
				case err := <-ended:
					alive = false
					ended <- err
				case <-time.After(time.Millisecond):
				}
			}
			cmd.Process.Kill()
			<-ended
			if n := whole(t, db, b); n > before && n < b.Pairs-b.Sample {
				half++
			}
		}
		if half == 0 {
			t.Error("no run was killed on its way")
		}
		must(t, s, "run")
		if n := whole(t, db, b); n != b.Pairs-b.Sample {
			t.Errorf("%d of %d pairs are decided", n, b.Pairs-b.Sample)
		}
		countsWhole(t, db, b)
		if v, err := db.Verify(t.Context(), homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %v", err, v.Findings)
		}
	})
}

// twoCamps writes two lists of the same invented children.
func twoCamps(t *testing.T, children int) (lists []string) {
	t.Helper()
	text := "id;ПІБ;дата народження;місто\n"
	for i := range children {
		text += fmt.Sprintf("%d;Пакетенко Дитина%c%c Іванівна;%d.%d.201%d;Маріуполь\n", i+1, 'а'+i%28, 'а'+i/28, i%27+1, i%11+1, i%8)
	}
	dir := t.TempDir()
	for _, name := range []string{"one.csv", "two.csv"} {
		lists = append(lists, filepath.Join(dir, name))
		if err := os.WriteFile(lists[len(lists)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return lists
}

// begun states a batch, has its sample judged, and begins to apply it; nothing of it is carried out yet.
func begun(t *testing.T, db *store.DB) homeward.Batch {
	t.Helper()
	var team []homeward.Actor
	err := db.Update(t.Context(), homeward.Operator, func(tx *store.Tx) error {
		team = nil
		for _, name := range []string{"Олена", "Богдан", "Дарина"} {
			u, err := tx.PutUser(name, homeward.RoleSupervisor, "")
			if err != nil {
				return err
			}
			team = append(team, u.Actor())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := review.Open(db)
	rule := homeward.BatchRule{Compartment: homeward.Main, Judgement: homeward.Same, Bound: 0.9, Told: []homeward.Telling{"name.all", "birth.day"}, Bears: 50}
	b, err := r.StateBatch(t.Context(), team[0], rule, "both lists come from one camp")
	if err != nil || b.Pairs-b.Sample < 250 {
		t.Fatalf("a batch over %d pairs with a sample of %d: %v", b.Pairs, b.Sample, err)
	}
	for {
		pair, _, err := r.SampleNext(t.Context(), team[0], b.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if pair == "" {
			break
		}
		if _, err := r.Decide(t.Context(), team[2], pair, homeward.Same, "the same child"); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.ApplyBatch(t.Context(), team[1], b.ID, "the sample is clean"); err != nil {
		t.Fatal(err)
	}
	return b
}

// decidedIn returns how many pairs the batch itself says it decided.
func decidedIn(t *testing.T, db *store.DB, b homeward.Batch) (n int) {
	t.Helper()
	err := db.View(t.Context(), homeward.System, func(tx *store.Tx) error {
		tally, err := tx.BatchTally(b.ID)
		n = tally[homeward.BatchDecided]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// whole wants every decision of the batch to be one outcome of it, on another pair each, and returns how many there are.
func whole(t *testing.T, db *store.DB, b homeward.Batch) (n int) {
	t.Helper()
	made, pairs := map[homeward.DecisionID]bool{}, map[homeward.PairID]bool{}
	var outcomes []homeward.BatchPair
	err := db.View(t.Context(), homeward.System, func(tx *store.Tx) error {
		clear(made)
		clear(pairs)
		list, err := tx.DecisionFacts()
		for _, d := range list {
			if pairs[d.Pair] {
				t.Error("a pair was decided twice")
			}
			if pairs[d.Pair] = true; d.Batch == b.ID {
				made[d.ID] = true
			}
		}
		if err == nil {
			outcomes, err = tx.BatchPairs(b.ID, homeward.BatchDecided, "", b.Pairs+1)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if !made[o.Decision] {
			t.Error("an outcome names a decision that was not made")
		}
	}
	if len(outcomes) != len(made) {
		t.Errorf("%d decisions, of which the batch tells of %d", len(made), len(outcomes))
	}
	return len(made)
}

// countsWhole wants as many children as there are records less one for each pair that was joined.
func countsWhole(t *testing.T, db *store.DB, b homeward.Batch) {
	t.Helper()
	err := db.View(t.Context(), homeward.System, func(tx *store.Tx) error {
		now, err := tx.Batch(b.ID)
		if err != nil {
			return err
		}
		persons, err := tx.CountPersons()
		if want := 2*500 - b.Pairs; err == nil && (now.State() != homeward.BatchApplied || persons != want) {
			t.Errorf("the batch is %s; %d children, want %d", now.State(), persons, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
