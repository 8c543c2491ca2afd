package registry

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"pgregory.net/rapid"
)

var epoch = time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)

func recordID(i int) homeward.RecordID { return homeward.RecordID(fmt.Sprintf("r%03d", i)) }

// world is a small register: records, some of them versions of others, and decisions.
type world struct {
	facts     []store.RecordFact
	decisions []homeward.Decision
}

func drawWorld(t *rapid.T, judgements ...homeward.Judgement) world {
	var w world
	n := rapid.IntRange(2, 12).Draw(t, "records")
	for i := range n {
		f := store.RecordFact{ID: recordID(i), State: homeward.RecordAccepted, ReceivedAt: epoch.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "at")) * time.Hour)}
		if rapid.IntRange(0, 9).Draw(t, "state") == 0 {
			f.State = homeward.RecordQuarantined
		}
		if i > 0 && rapid.IntRange(0, 4).Draw(t, "version") == 0 {
			f.Supersedes = recordID(rapid.IntRange(0, i-1).Draw(t, "of"))
		}
		w.facts = append(w.facts, f)
	}
	for i := range rapid.IntRange(0, 14).Draw(t, "decisions") {
		a := rapid.IntRange(0, n-1).Draw(t, "a")
		b := rapid.IntRange(0, n-1).Draw(t, "b")
		if a == b {
			continue
		}
		j := rapid.SampledFrom(judgements).Draw(t, "judgement")
		w.decisions = append(w.decisions, decision(i, a, b, j))
		if rapid.IntRange(0, 3).Draw(t, "revoked") == 0 {
			w.decisions[len(w.decisions)-1].RevokedAt = epoch.Add(100 * time.Hour)
		}
	}
	return w
}

func decision(i, a, b int, j homeward.Judgement) homeward.Decision {
	pair := homeward.PairOf(recordID(a), recordID(b))
	left, right, _ := pair.Records()
	return homeward.Decision{
		ID: homeward.DecisionID(fmt.Sprintf("d%03d", i)), Pair: pair, Left: left, Right: right, Judgement: j,
		At: epoch.Add(time.Duration(i) * time.Minute),
	}
}

func TestPersonsDoNotDependOnTheOrderOfRecordsAndDecisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, homeward.Same, homeward.Different, homeward.Unsure)
		persons, conflicts := clusters(w.facts, w.decisions)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		facts, decisions := slices.Clone(w.facts), slices.Clone(w.decisions)
		rng.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
		rng.Shuffle(len(decisions), func(i, j int) { decisions[i], decisions[j] = decisions[j], decisions[i] })
		again, conflictsAgain := clusters(facts, decisions)
		if d := cmp.Diff(persons, again); d != "" {
			t.Fatalf("persons differ: %s", d)
		}
		if d := cmp.Diff(conflicts, conflictsAgain); d != "" {
			t.Fatalf("conflicts differ: %s", d)
		}
	})
}

// TestOrderOfJoinsDoesNotMatter gives the same decisions other times: without a negative the partition is the same.
func TestOrderOfJoinsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, homeward.Same, homeward.Unsure)
		w.decisions = effective(w.decisions)
		persons, conflicts := clusters(w.facts, w.decisions)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		for i := range w.decisions {
			w.decisions[i].At = epoch.Add(time.Duration(rng.IntN(1000)) * time.Second)
		}
		again, _ := clusters(w.facts, w.decisions)
		if d := cmp.Diff(persons, again); d != "" || len(conflicts) > 0 {
			t.Fatalf("%d conflicts; persons differ: %s", len(conflicts), d)
		}
	})
}

// TestPersonsHoldWhatJoinsThemAndNothingElse checks the result against the rules one by one.
func TestPersonsHoldWhatJoinsThemAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, homeward.Same, homeward.Same, homeward.Different)
		persons, conflicts := clusters(w.facts, w.decisions)
		at := map[homeward.RecordID]homeward.PersonID{}
		facts := map[homeward.RecordID]store.RecordFact{}
		for _, f := range w.facts {
			facts[f.ID] = f
		}
		for _, p := range persons {
			if string(p.ID) != string(p.Records[0]) || !p.Since.Equal(facts[p.Records[0]].ReceivedAt) {
				t.Fatalf("person %s is not named by its first record", p.ID)
			}
			for i, id := range p.Records {
				if at[id] != "" || facts[id].State != homeward.RecordAccepted {
					t.Fatalf("record %s is held twice or is in quarantine", id)
				}
				at[id] = p.ID
				if i > 0 && facts[id].ReceivedAt.Before(facts[p.Records[i-1]].ReceivedAt) {
					t.Fatalf("records of %s are not oldest first", p.ID)
				}
			}
		}
		unapplied := map[homeward.DecisionID]bool{}
		for _, c := range conflicts {
			unapplied[c.Decision] = true
		}
		lineage, _ := clusters(w.facts, nil)
		row := membership(lineage)
		for _, f := range w.facts {
			if f.State == homeward.RecordAccepted && at[f.ID] == "" {
				t.Fatalf("record %s belongs to nobody", f.ID)
			}
		}
		for _, d := range effective(w.decisions) {
			held := at[d.Left] != "" && at[d.Right] != ""
			together := held && at[d.Left] == at[d.Right]
			switch {
			case d.Judgement == homeward.Different && together && row[d.Left] != row[d.Right]:
				t.Fatalf("decision %s is not respected", d.ID)
			case d.Judgement == homeward.Same && held && together == unapplied[d.ID]:
				t.Fatalf("decision %s: joined %v, reported %v", d.ID, together, unapplied[d.ID])
			}
		}
		if len(w.decisions) == 0 && len(persons) != len(lineage) {
			t.Fatal("something was joined without a decision")
		}
	})
}

func TestTheOlderJoinWinsOverTheYounger(t *testing.T) {
	facts := []store.RecordFact{}
	for i := range 3 {
		facts = append(facts, store.RecordFact{ID: recordID(i), State: homeward.RecordAccepted, ReceivedAt: epoch})
	}
	decisions := []homeward.Decision{decision(0, 0, 1, homeward.Same), decision(1, 1, 2, homeward.Same), decision(2, 0, 2, homeward.Different)}
	persons, conflicts := clusters(facts, decisions)
	if len(persons) != 2 || len(persons[0].Records) != 2 {
		t.Errorf("%d persons, the first of %d records; want the older join applied", len(persons), len(persons[0].Records))
	}
	want := []Conflict{{Decision: "d001", Against: "d002"}}
	if d := cmp.Diff(want, conflicts); d != "" {
		t.Error(d)
	}
}

func TestARevokedOrReplacedDecisionHasNoForce(t *testing.T) {
	facts := []store.RecordFact{{ID: recordID(0), State: homeward.RecordAccepted}, {ID: recordID(1), State: homeward.RecordAccepted}}
	same, different := decision(0, 0, 1, homeward.Same), decision(1, 0, 1, homeward.Different)
	revoked := same
	revoked.RevokedAt = epoch
	for name, c := range map[string]struct {
		decisions []homeward.Decision
		persons   int
	}{
		"same":              {[]homeward.Decision{same}, 1},
		"revoked":           {[]homeward.Decision{revoked}, 2},
		"newer different":   {[]homeward.Decision{same, different}, 2},
		"unsure":            {[]homeward.Decision{decision(0, 0, 1, homeward.Unsure)}, 2},
		"unknown records":   {[]homeward.Decision{decision(0, 5, 6, homeward.Same)}, 2},
		"one record absent": {[]homeward.Decision{decision(0, 0, 6, homeward.Different), same}, 1},
	} {
		if persons, _ := clusters(facts, c.decisions); len(persons) != c.persons {
			t.Errorf("%s: %d persons, want %d", name, len(persons), c.persons)
		}
	}
}

// TestMoreRecordsLeavePersonsTheirIDs lets more records arrive, some of them newer versions of those there are, and people join some
// of them to persons: no person is undone, and each is found under its id, or under that of the older one it was joined to.
func TestMoreRecordsLeavePersonsTheirIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, homeward.Same, homeward.Different, homeward.Unsure)
		before, _ := clusters(w.facts, w.decisions)
		old := len(w.facts)
		for i := range rapid.IntRange(1, 8).Draw(t, "newcomers") {
			f := store.RecordFact{ID: recordID(100 + i), State: homeward.RecordAccepted, ReceivedAt: epoch.Add(10 * time.Hour)}
			if rapid.Bool().Draw(t, "version") {
				f.Supersedes = recordID(rapid.IntRange(0, old-1).Draw(t, "of"))
			}
			w.facts = append(w.facts, f)
			if rapid.Bool().Draw(t, "joined") {
				w.decisions = append(w.decisions, decision(100+i, rapid.IntRange(0, old-1).Draw(t, "to"), 100+i, homeward.Same))
			}
		}
		after, _ := clusters(w.facts, w.decisions)
		now := membership(after)
		for _, p := range before {
			for _, id := range p.Records {
				if now[id] != now[p.Records[0]] {
					t.Fatalf("person %s is undone", p.ID)
				}
			}
			if id := now[p.Records[0]]; id > p.ID && !olderThan(w.facts, id, p.ID) {
				t.Fatalf("person %s is named %s now, which is no older record", p.ID, id)
			}
		}
	})
}

// olderThan reports whether the record that names one person was received before that of another.
func olderThan(facts []store.RecordFact, one, other homeward.PersonID) bool {
	at := map[homeward.PersonID]time.Time{}
	for _, f := range facts {
		at[homeward.PersonID(f.ID)] = f.ReceivedAt
	}
	return at[one].Before(at[other])
}

func BenchmarkClusters(b *testing.B) {
	var facts []store.RecordFact
	var decisions []homeward.Decision
	for i := range 100_000 {
		facts = append(facts, store.RecordFact{ID: homeward.RecordID(fmt.Sprintf("r%08d", i)), State: homeward.RecordAccepted, ReceivedAt: epoch.Add(time.Duration(i))})
		if i%2 == 1 {
			pair := homeward.PairOf(facts[i-1].ID, facts[i].ID)
			decisions = append(decisions, homeward.Decision{ID: homeward.DecisionID(fmt.Sprint(i)), Pair: pair, Left: facts[i-1].ID, Right: facts[i].ID, Judgement: homeward.Same})
		}
	}
	for b.Loop() {
		clusters(facts, decisions)
	}
}
