package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
)

// TestANamesakeBeforeTheChildIsAMiss holds the honest definition: only first is first, and the ceiling is chance.
func TestANamesakeBeforeTheChildIsAMiss(t *testing.T) {
	var r recall
	r.note(0, 1)  // alone, first
	r.note(1, 2)  // its namesake stands before it
	r.note(5, 1)  // alone, sixth
	r.note(-1, 4) // not found
	if r.asked != 4 || r.first != 1 || r.five != 2 || r.alone != 2 || r.firstAlone != 1 || r.fiveAlone != 1 || r.ceiling != 1+0.5+1+0.25 {
		t.Errorf("%+v", r)
	}
}

func TestNamesakesAreThoseWhomTheQuestionFits(t *testing.T) {
	p := synth.Populate(synth.PopulationOptions{Rows: 3000, Clean: true, Seed: 3})
	sakes := namesakesOf(p, 50)
	for q := range 50 {
		a := p.Ask(q)
		all, year, father := 0, 0, 0
		for r := range p.All() {
			if r.Given == a.Row.Given && r.Family == a.Row.Family {
				all++
				year += one(bornAbout(a, r))
				father += one(r.Patronymic == a.Row.Patronymic)
			}
		}
		if all < 1 || year < 1 || sakes.of(a, sameName) != all || sakes.of(a, bornAbout) != year || sakes.of(a, sameFather) != father {
			t.Fatalf("question %d: %d, %d and %d namesakes counted otherwise", q, all, year, father)
		}
	}
}

// TestWhoWeighsTheSameStandsBefore holds that a tie does not flatter.
func TestWhoWeighsTheSameStandsBefore(t *testing.T) {
	c := crowd{Population: synth.Populate(synth.PopulationOptions{Rows: 10, Clean: true, Seed: 3})}
	h := disguise{c.Altered(0), "A00000001/known", "A00000001/unknown"}
	pairs := []linkage.Pair{
		{Left: h.known, Right: c.Row(0).ID, Weight: 3}, {Left: h.known, Right: "R00000002", Weight: 3},
		{Left: h.known, Right: "R00000003", Weight: 2}, {Left: h.known, Right: "R00000004", Weight: 9}, {Left: h.unknown, Right: "R00000002", Weight: 1},
	}
	places := placesOf(pairs, c, []disguise{h})
	if _, found := places[h.unknown]; places[h.known] != 3 || found {
		t.Errorf("places %v", places)
	}
}

func TestKinAreChildrenOfOneHousehold(t *testing.T) {
	var k kin
	k.within([]who{{1, 1, 100}, {1, 2, 100}, {1, 3, 900}, {1, 1, 100}, {2, 1, 100}})
	if k.siblings != 5 || k.twins != 2 {
		t.Errorf("%d pairs of siblings, %d of twins; want 5 and 2", k.siblings, k.twins)
	}
}

// TestJoinedSiblingsAreCounted reads a result in which every two rows of a household are a pair, and one household a cluster.
func TestJoinedSiblingsAreCounted(t *testing.T) {
	p := synth.Populate(synth.PopulationOptions{Rows: 400, Clean: true, Seed: 3})
	pairs, clusters := "left_file,left_id,right_file,right_id,probability,weight,reasons\n", "file,id,cluster\n"
	of := map[int][]synth.Row{}
	largest := 0
	for r := range p.All() {
		for _, s := range of[r.Household] {
			pairs += "a," + s.ID + ",a," + r.ID + ",0.5,1,\n"
		}
		if of[r.Household] = append(of[r.Household], r); len(of[r.Household]) > len(of[largest]) {
			largest = r.Household
		}
	}
	for r := range p.All() {
		cluster := r.ID
		if r.Household == largest {
			cluster = "one"
		}
		clusters += "a," + r.ID + "," + cluster + "\n"
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"pairs.csv": pairs, "clusters.csv": clusters} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, weighed, joined, err := siblings(p, dir)
	k := len(of[largest])
	if err != nil || all.siblings == 0 || weighed != all || joined.siblings != k*(k-1)/2 {
		t.Errorf("%+v, weighed %+v, joined %+v: %v", all, weighed, joined, err)
	}
}

func TestAPercentileIsAPlaceInOrder(t *testing.T) {
	took := make([]time.Duration, 200)
	for i := range took {
		took[i] = time.Duration(200 - i)
	}
	if p50, p99 := percentile(took, 50), percentile(took, 99); p50 != 101 || p99 != 199 {
		t.Errorf("%d and %d", p50, p99)
	}
}

// TestMeasuresRun runs what needs no program built, small.
func TestMeasuresRun(t *testing.T) {
	for _, name := range []string{"ask", "names", "altered"} {
		if err := measureOne(name, sizes{rows: 300, queries: 5}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if measureOne("none", sizes{rows: 300, queries: 5}) == nil || measureOne("ask", sizes{rows: 300}) == nil {
		t.Error("a measure that is none was run")
	}
}
