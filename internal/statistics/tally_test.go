package statistics

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

var start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func at(hour int) time.Time { return start.Add(time.Duration(hour) * time.Hour) }

func record(id string, hour int) store.RecordFact {
	return store.RecordFact{ID: homeward.RecordID(id), Source: homeward.SourceID("s" + id[:1]), State: homeward.RecordAccepted, ReceivedAt: at(hour)}
}

func event(id string, e homeward.EventType, day homeward.Day) store.EventFact {
	return store.EventFact{Record: homeward.RecordID(id), Type: e, From: day, To: day, Precision: homeward.PrecisionDay, KnownAt: at(0)}
}

func pair(a, b string, probability float64) homeward.Pair {
	left, right, _ := homeward.PairOf(homeward.RecordID(a), homeward.RecordID(b)).Records()
	return homeward.Pair{ID: homeward.PairOf(left, right), Left: left, Right: right, Probability: probability, ProposedAt: at(0)}
}

func decision(id, a, b string, j homeward.Judgement, hour int) homeward.Decision {
	p := pair(a, b, 0)
	return homeward.Decision{ID: homeward.DecisionID(id), Pair: p.ID, Left: p.Left, Right: p.Right, Judgement: j, At: at(hour)}
}

// numbers are those of a count, in the order records, children, lower, upper, pending.
func numbers(c homeward.Count) [5]int {
	return [5]int{c.Records, c.Children, c.Lower, c.Upper, c.Pending}
}

func tally(t *testing.T, in Input, name string) homeward.Count {
	t.Helper()
	def, err := Define(name)
	if err != nil {
		t.Fatal(err)
	}
	return Tally(in, def, at(2400), at(100))
}

func TestPendingPairsOpenTheBounds(t *testing.T) {
	in := Input{
		Records: []store.RecordFact{record("a", 0), record("b", 0), record("c", 0), record("d", 0)},
		Pairs:   []homeward.Pair{pair("a", "b", 0.9), pair("b", "c", 0.2)},
	}
	c := tally(t, in, "children")
	if got, want := numbers(c), [5]int{4, 3, 2, 4, 2}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if c.Sources != 4 {
		t.Errorf("%d sources", c.Sources)
	}
}

// TestASourceThatRepeatsAnotherIsOneOriginWithIt counts as of before it was said, while it stands, and after it was taken back.
func TestASourceThatRepeatsAnotherIsOneOriginWithIt(t *testing.T) {
	in := Input{
		Records: []store.RecordFact{record("a", 0), record("b", 1), record("c", 2)},
		Repeats: homeward.Repetitions{{Source: "sb", Original: "sa", At: at(10), EndedAt: at(20)}, {Source: "sc", Original: "sa", From: at(3), At: at(10)}},
	}
	def, err := Define("children")
	if err != nil {
		t.Fatal(err)
	}
	for hour, want := range map[int]int{5: 3, 15: 2, 25: 3} {
		if c := Tally(in, def, at(2400), at(hour)); c.Sources != 3 || c.Origins != want || c.Children != 3 {
			t.Errorf("at %d: %d sources, %d origins, %d children; want %d origins", hour, c.Sources, c.Origins, c.Children, want)
		}
	}
}

func TestDecisionsCloseThem(t *testing.T) {
	in := Input{
		Records: []store.RecordFact{record("a", 0), record("b", 0), record("c", 0)},
		Pairs:   []homeward.Pair{pair("a", "b", 0.9), pair("b", "c", 0.9)},
	}
	for _, c := range []struct {
		name      string
		decisions []homeward.Decision
		want      [5]int
	}{
		{"same", []homeward.Decision{decision("1", "a", "b", homeward.Same, 1)}, [5]int{3, 1, 1, 2, 1}},
		{"different removes the pair", []homeward.Decision{decision("1", "a", "b", homeward.Different, 1)}, [5]int{3, 2, 2, 3, 1}},
		{"unsure leaves it pending", []homeward.Decision{decision("1", "a", "b", homeward.Unsure, 1)}, [5]int{3, 1, 1, 3, 2}},
		{"the newest is in force", []homeward.Decision{decision("1", "a", "b", homeward.Same, 1), decision("2", "a", "b", homeward.Different, 2)}, [5]int{3, 2, 2, 3, 1}},
		{"not known yet", []homeward.Decision{decision("1", "a", "b", homeward.Same, 101)}, [5]int{3, 1, 1, 3, 2}},
		{"same that joins what is different is not applied", []homeward.Decision{
			decision("1", "a", "b", homeward.Same, 1), decision("2", "a", "c", homeward.Different, 2), decision("3", "b", "c", homeward.Same, 3),
		}, [5]int{3, 2, 2, 2, 0}},
	} {
		in.Decisions = c.decisions
		if got := numbers(tally(t, in, "children")); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestARevokedDecisionCountsOnlyBeforeItsRevocation(t *testing.T) {
	d := decision("1", "a", "b", homeward.Same, 1)
	d.RevokedAt = at(10)
	in := Input{Records: []store.RecordFact{record("a", 0), record("b", 0)}, Decisions: []homeward.Decision{d}}
	all := homeward.Definition{Name: Children, All: true}
	for hour, want := range map[int]int{0: 2, 1: 1, 9: 1, 10: 2} {
		if got := Tally(in, all, at(2400), at(hour)).Children; got != want {
			t.Errorf("known as of hour %d: %d children, want %d", hour, got, want)
		}
	}
}

// TestTheLikelyPointRespectsWhatIsDecidedDifferent: a, b and c hang together by likely pairs, and a is not c.
func TestTheLikelyPointRespectsWhatIsDecidedDifferent(t *testing.T) {
	in := Input{
		Records:   []store.RecordFact{record("a", 0), record("b", 0), record("c", 0)},
		Pairs:     []homeward.Pair{pair("a", "b", 0.9), pair("b", "c", 0.8)},
		Decisions: []homeward.Decision{decision("1", "a", "c", homeward.Different, 1)},
	}
	if got, want := numbers(tally(t, in, "children")), [5]int{3, 2, 1, 3, 2}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNotReturnedIsAskedChildByChild: one record says deported, another of the same child says returned.
func TestNotReturnedIsAskedChildByChild(t *testing.T) {
	in := Input{
		Records: []store.RecordFact{record("a", 0), record("b", 0), record("c", 0), record("d", 0)},
		Events: []store.EventFact{event("a", homeward.EventDeported, 0), event("b", homeward.EventReturned, 0),
			event("c", homeward.EventDeported, 0), event("d", homeward.EventReturned, 0)},
		Decisions: []homeward.Decision{decision("1", "a", "b", homeward.Same, 1)},
	}
	for name, want := range map[string][5]int{
		"deported":              {2, 2, 2, 2, 0},
		"returned":              {2, 2, 2, 2, 0},
		"deported-not-returned": {2, 1, 1, 1, 0}, // subtraction would say 0
		"children-not-returned": {2, 1, 1, 1, 0},
		"deported-or-returned":  {4, 3, 3, 3, 0},
	} {
		if got := numbers(tally(t, in, name)); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestAnEventCountsFromItsEarliestDay(t *testing.T) {
	march := event("a", homeward.EventTaken, homeward.YMD(2022, 3, 1))
	march.To, march.Precision = homeward.YMD(2022, 3, 31), homeward.PrecisionMonth
	undated := store.EventFact{Record: "b", Type: homeward.EventTaken, KnownAt: at(5)}
	in := Input{Records: []store.RecordFact{record("a", 0), record("b", 0)}, Events: []store.EventFact{march, undated}}
	taken, _ := Define("taken")
	for _, c := range []struct {
		valid homeward.Day
		known time.Time
		want  int
	}{
		{homeward.YMD(2022, 2, 28), at(9), 1}, // the undated one alone
		{homeward.YMD(2022, 3, 1), at(9), 2},
		{homeward.YMD(2022, 3, 1), at(4), 1}, // the undated one is not known yet
	} {
		if got := Tally(in, taken, c.valid.Time(), c.known).Children; got != c.want {
			t.Errorf("as of %s: %d, want %d", c.valid, got, c.want)
		}
	}
}

func TestVersionsOfOneRowAreOneChildAndQuarantineIsNone(t *testing.T) {
	b, c := record("b", 1), record("c", 2)
	b.Supersedes, b.State = "a", homeward.RecordQuarantined
	c.Supersedes = "b"
	stray := record("d", 1)
	stray.State = homeward.RecordQuarantined
	in := Input{Records: []store.RecordFact{record("a", 0), b, c, stray}}
	if got, want := numbers(tally(t, in, "children")), [5]int{2, 1, 1, 1, 0}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRecordsCountOnlyOnceKnown(t *testing.T) {
	in := Input{Records: []store.RecordFact{record("a", 0), record("b", 50)}, Pairs: []homeward.Pair{pair("a", "b", 0.9)}}
	all := homeward.Definition{Name: Children, All: true}
	if got, want := numbers(Tally(in, all, at(0), at(49))), [5]int{1, 1, 1, 1, 0}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPairsArePendingOnlyOnceProposed(t *testing.T) {
	late := pair("a", "b", 0.9)
	late.ProposedAt = at(50)
	in := Input{Records: []store.RecordFact{record("a", 0), record("b", 0)}, Pairs: []homeward.Pair{late}}
	all := homeward.Definition{Name: Children, All: true}
	if got, want := numbers(Tally(in, all, at(0), at(49))), [5]int{2, 2, 2, 2, 0}; got != want {
		t.Errorf("before: got %v, want %v", got, want)
	}
	if got, want := numbers(Tally(in, all, at(0), at(50))), [5]int{2, 1, 1, 2, 1}; got != want {
		t.Errorf("after: got %v, want %v", got, want)
	}
}

// TestBoundsHold is the law of counts: lower <= children <= upper <= records, for any facts, definition and times,
// and no matter in which order the facts come.
func TestBoundsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		def := drawDefinition(t)
		valid, known := at(24*rapid.IntRange(0, 12).Draw(t, "valid")), at(rapid.IntRange(0, 12).Draw(t, "known"))
		c := Tally(in, def, valid, known)
		if c.Lower > c.Children || c.Children > c.Upper || c.Upper > c.Records {
			t.Fatalf("%s: records, children, lower, upper, pending are %v", def.Name, numbers(c))
		}
		if c.Pending == 0 && c.Lower != c.Upper {
			t.Fatalf("%s: nothing is pending and the bounds differ: %v", def.Name, numbers(c))
		}
		if c.Upper > 0 && c.Lower == 0 && len(def.Not) == 0 {
			t.Fatalf("%s: joining made every child vanish: %v", def.Name, numbers(c))
		}
		if want := bruteUpper(in, def, valid, known); c.Upper != want {
			t.Fatalf("%s: upper %d, want %d", def.Name, c.Upper, want)
		}
		if again := Tally(shuffled(t, in), def, valid, known); !cmp.Equal(again, c) {
			t.Fatalf("%s: another order of facts gives %v, not %v", def.Name, numbers(again), numbers(c))
		}
	})
}

// TestADecisionNarrowsTheBounds: deciding a pending pair, where nothing else is decided, never moves a bound outward.
func TestADecisionNarrowsTheBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, all := drawInput(t), homeward.Definition{Name: Children, All: true}
		in.Decisions = nil
		for i := range in.Records {
			in.Records[i].State = homeward.RecordAccepted
		}
		if len(in.Pairs) == 0 {
			return
		}
		before := Tally(in, all, at(0), at(12))
		p := rapid.SampledFrom(in.Pairs).Draw(t, "pair")
		j := rapid.SampledFrom([]homeward.Judgement{homeward.Same, homeward.Different, homeward.Unsure}).Draw(t, "judgement")
		in.Decisions = []homeward.Decision{{ID: "new", Pair: p.ID, Left: p.Left, Right: p.Right, Judgement: j, At: at(12)}}
		after := Tally(in, all, at(0), at(12))
		switch {
		case j == homeward.Unsure && numbers(after) != numbers(before),
			j == homeward.Same && (after.Lower != before.Lower || after.Upper > before.Upper),
			j == homeward.Different && (after.Lower < before.Lower || after.Upper != before.Upper):
			t.Fatalf("%s moved the count from %v to %v", j, numbers(before), numbers(after))
		}
	})
}

func drawInput(t *rapid.T) Input {
	n := rapid.IntRange(0, 9).Draw(t, "records")
	id := func(i int) string { return string(rune('a' + i)) }
	var in Input
	for i := range n {
		r := record(id(i), rapid.IntRange(0, 12).Draw(t, "received"))
		if rapid.IntRange(0, 9).Draw(t, "state") == 0 {
			r.State = homeward.RecordQuarantined
		}
		if i > 0 && rapid.IntRange(0, 6).Draw(t, "version") == 0 {
			r.Supersedes = homeward.RecordID(id(rapid.IntRange(0, i-1).Draw(t, "of")))
		}
		in.Records = append(in.Records, r)
		for range rapid.IntRange(0, 2).Draw(t, "events") {
			e := event(id(i), rapid.SampledFrom(homeward.EventTypes[:4]).Draw(t, "event"), homeward.DayOf(start)+homeward.Day(rapid.IntRange(0, 12).Draw(t, "day")))
			e.KnownAt = r.ReceivedAt
			in.Events = append(in.Events, e)
		}
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			switch rapid.IntRange(0, 7).Draw(t, "relation") {
			case 0, 1, 2:
				in.Pairs = append(in.Pairs, pair(id(i), id(j), rapid.Float64Range(0, 1).Draw(t, "probability")))
			}
			switch rapid.IntRange(0, 11).Draw(t, "decided") {
			case 0, 1, 2:
				d := decision(fmt.Sprint(i, j), id(i), id(j), rapid.SampledFrom([]homeward.Judgement{homeward.Same, homeward.Different, homeward.Unsure}).Draw(t, "judgement"), rapid.IntRange(0, 12).Draw(t, "decided at"))
				if rapid.IntRange(0, 4).Draw(t, "revoked") == 0 {
					d.RevokedAt = d.At.Add(time.Hour)
				}
				in.Decisions = append(in.Decisions, d)
			}
		}
	}
	return in
}

func drawDefinition(t *rapid.T) homeward.Definition {
	name := rapid.SampledFrom([]string{"children", "taken", "separated-or-taken", "taken-not-deported", "children-not-taken", "deported-not-separated-or-taken"}).Draw(t, "definition")
	def, err := Define(name)
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// shuffled returns the facts in another order.
func shuffled(t *rapid.T, in Input) Input {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
	out := Input{slices.Clone(in.Records), slices.Clone(in.Events), slices.Clone(in.Decisions), slices.Clone(in.Pairs), in.Repeats}
	r.Shuffle(len(out.Records), func(i, j int) { out.Records[i], out.Records[j] = out.Records[j], out.Records[i] })
	r.Shuffle(len(out.Events), func(i, j int) { out.Events[i], out.Events[j] = out.Events[j], out.Events[i] })
	r.Shuffle(len(out.Decisions), func(i, j int) { out.Decisions[i], out.Decisions[j] = out.Decisions[j], out.Decisions[i] })
	r.Shuffle(len(out.Pairs), func(i, j int) { out.Pairs[i], out.Pairs[j] = out.Pairs[j], out.Pairs[i] })
	return out
}

// bruteUpper counts the upper bound another way: labels that spread along lineages and decisions, checked against
// every decision "different" before each join.
func bruteUpper(in Input, def homeward.Definition, valid, known time.Time) int {
	label := map[homeward.RecordID]homeward.RecordID{}
	for _, r := range in.Records {
		if !r.ReceivedAt.After(known) {
			label[r.ID] = r.ID
		}
	}
	relabel := func(from, to homeward.RecordID) {
		for id, l := range label {
			if l == from {
				label[id] = to
			}
		}
	}
	for _, r := range in.Records {
		if _, there := label[r.ID]; there && r.Supersedes != "" && label[r.Supersedes] != "" {
			relabel(label[r.ID], label[r.Supersedes])
		}
	}
	standing := inForce(in.Decisions, func(d homeward.Decision) bool { return d.Standing(known) })
	lineage := map[homeward.RecordID]homeward.RecordID{}
	for id, l := range label {
		lineage[id] = l
	}
	for _, d := range standing {
		a, b := label[d.Left], label[d.Right]
		if d.Judgement != homeward.Same || a == "" || b == "" || a == b {
			continue
		}
		apart := slices.ContainsFunc(standing, func(x homeward.Decision) bool {
			l, r := label[x.Left], label[x.Right]
			return x.Judgement == homeward.Different && lineage[x.Left] != lineage[x.Right] && (l == a && r == b || l == b && r == a)
		})
		if !apart {
			relabel(a, b)
		}
	}
	return len(bruteChildren(in, def, valid, known, label))
}

func bruteChildren(in Input, def homeward.Definition, valid, known time.Time, label map[homeward.RecordID]homeward.RecordID) map[homeward.RecordID]bool {
	out := map[homeward.RecordID]bool{}
	for _, r := range in.Records {
		l := label[r.ID]
		if l == "" || r.State != homeward.RecordAccepted {
			continue
		}
		has, not := def.All, false
		for _, e := range in.Events {
			accepted := slices.ContainsFunc(in.Records, func(x store.RecordFact) bool { return x.ID == e.Record && x.State == homeward.RecordAccepted })
			if label[e.Record] == l && accepted && !e.KnownAt.After(known) && e.From <= homeward.DayOf(valid) {
				has = has || slices.Contains(def.Has, e.Type)
				not = not || slices.Contains(def.Not, e.Type)
			}
		}
		if has && !not {
			out[l] = true
		}
	}
	return out
}
