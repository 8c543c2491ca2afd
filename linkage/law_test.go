package linkage_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
	"pgregory.net/rapid"
)

// some draws up to most of the values, so that records often agree.
func some(t *rapid.T, label string, most int, values ...string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(values), 0, most).Draw(t, label)
}

// anyRecord draws a record of an invented child, with several values in a column as often as with none.
func anyRecord(t *rapid.T, id string) linkage.Record {
	r := linkage.Record{ID: id, Source: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "source")}
	for range rapid.IntRange(0, 3).Draw(t, "names") {
		r.Names = append(r.Names, linkage.NameText{
			Given:      rapid.SampledFrom([]string{"Микола", "Nikolai", "Саша", "Олександр", "Олександра", "Ганна", "М.", ""}).Draw(t, "given"),
			Patronymic: rapid.SampledFrom([]string{"", "", "Іванович", "Ивановна", "Петрович"}).Draw(t, "patronymic"),
			Family:     rapid.SampledFrom([]string{"Шевченко", "Shevchenko", "Коваль", "Ковальська", "К.", ""}).Draw(t, "family"),
		})
	}
	for _, text := range some(t, "births", 2, "04.03.2015", "03.04.2015", "01.01.2015", "2015", "03.2015", "about 8 years", "2012-05-06") {
		r.Births = append(r.Births, homeward.ParseDates(text, homeward.Exact(homeward.YMD(2024, 1, 1)))...)
	}
	r.Sex = rapid.SampledFrom([]names.Sex{"", names.Male, names.Female}).Draw(t, "sex")
	r.Homes = some(t, "homes", 2, "м. Маріуполь", "Mariupol", "Херсон, вул. Садова 1", "г. Херсон")
	r.TakenFrom = some(t, "taken", 1, "Херсон", "Kherson", "Маріуполь")
	r.Mothers = some(t, "mothers", 2, "Шевченко Олена Петрівна", "Елена Шевченко", "Коваль Ірина", "Олена")
	r.Siblings = some(t, "siblings", 3, "Саша", "Олександр", "Олександра", "Ганна", "Анна")
	r.Phones = some(t, "phones", 1, "+380 50 000 00 01", "0500000001", "0500000002")
	return r
}

func anyRecords(t *rapid.T) []linkage.Record {
	out := make([]linkage.Record, rapid.IntRange(2, 12).Draw(t, "records"))
	for i := range out {
		out[i] = anyRecord(t, fmt.Sprintf("r%02d", i))
	}
	return out
}

func indexOf(records ...linkage.Record) *linkage.Index {
	ix := linkage.NewIndex()
	for _, r := range records {
		ix.Add(r)
	}
	return ix
}

// TestWeighingIsSymmetric exchanges the ids of two records, which decide the side each stands on, and turns the order in
// which each names its names and siblings: no bit of the weight may move.
func TestWeighingIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t)
		m := linkage.Train(indexOf(records...), linkage.Options{})
		a, b := records[0], records[1]
		there, _, _ := indexOf(a, b).Weigh(m, a.ID, b.ID)
		a.ID, b.ID = b.ID, a.ID
		back, _, _ := indexOf(a, b).Weigh(m, a.ID, b.ID)
		if there != back {
			t.Fatalf("%v one way, %v the other", there.Weight, back.Weight)
		}
		a.Siblings = rapid.Permutation(a.Siblings).Draw(t, "siblings")
		turned, _, _ := indexOf(a, b).Weigh(m, a.ID, b.ID)
		if turned != back {
			t.Fatalf("%v, and %v with the siblings in another order", back.Weight, turned.Weight)
		}
	})
}

// TestPairsAreFreeOfOrder adds the same records in another order, some twice and some after they were removed.
func TestPairsAreFreeOfOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t)
		ix := indexOf(records...)
		m := linkage.Train(ix, linkage.Options{})
		want, report := ix.Pairs(m, linkage.Options{})
		other := indexOf(rapid.Permutation(records).Draw(t, "order")...)
		again := rapid.SampledFrom(records).Draw(t, "again")
		other.Remove(again.ID)
		other.Add(again)
		have, reported := other.Pairs(linkage.Train(other, linkage.Options{}), linkage.Options{})
		if diff := cmp.Diff(want, have); diff != "" {
			t.Fatal(diff)
		}
		if report != reported {
			t.Fatalf("blocking went otherwise: %+v, %+v", report, reported)
		}
	})
}

// TestEachPairIsProposedOnce counts ids, and holds that the passes account for every pair and no pair is of one record.
func TestEachPairIsProposedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs, report := indexOf(anyRecords(t)...).Pairs(linkage.DefaultModel(), linkage.Options{})
		seen, passes := map[[2]string]bool{}, 0
		for _, p := range pairs {
			if seen[[2]string{p.Left, p.Right}] || p.Left >= p.Right {
				t.Fatalf("pair %s %s", p.Left, p.Right)
			}
			seen[[2]string{p.Left, p.Right}] = true
		}
		for _, n := range report.ByPass {
			passes += n
		}
		if passes != report.Proposed || len(pairs) != report.Proposed {
			t.Fatalf("%d pairs, %d proposed, %d by pass", len(pairs), report.Proposed, passes)
		}
	})
}

// TestANewcomerMeetsWhomAllWouldMeet holds that linking as records arrive finds what linking all at once finds.
func TestANewcomerMeetsWhomAllWouldMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t)
		ix, m := linkage.NewIndex(), linkage.DefaultModel()
		var met []linkage.Pair
		for _, r := range records {
			ix.Add(r)
			pairs, _ := ix.Pairs(m, linkage.Options{Among: []string{r.ID}})
			met = append(met, pairs...)
		}
		slices.SortFunc(met, func(a, b linkage.Pair) int {
			return slices.Compare([]string{a.Left, a.Right}, []string{b.Left, b.Right})
		})
		all, _ := ix.Pairs(m, linkage.Options{})
		if !slices.Equal(all, met) {
			t.Fatalf("%d pairs one by one, %d at once", len(met), len(all))
		}
	})
}

// TestAWeightIsRedrawnFromTheSavedModel saves and loads the model, and adds up the signals.
func TestAWeightIsRedrawnFromTheSavedModel(t *testing.T) {
	w := invent(120, 3)
	ix := w.index()
	m := linkage.Train(ix, linkage.Options{})
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	saved, err := linkage.DecodeModel(text)
	if err != nil {
		t.Fatal(err)
	}
	pairs, _ := ix.Pairs(m, linkage.Options{})
	for _, p := range pairs {
		later, signals, ok := ix.Weigh(saved, p.Right, p.Left)
		if !ok || later != p {
			t.Fatalf("pair %s %s: %v, drawn again %v", p.Left, p.Right, p, later)
		}
		sum := 0.0
		for _, s := range signals {
			sum += s.Weight
		}
		if d := sum - p.Weight; d > 0.0011 || d < -0.0011 {
			t.Fatalf("pair %s %s: the signals add up to %.4f, the weight is %.4f", p.Left, p.Right, sum, p.Weight)
		}
	}
	if len(pairs) < 200 {
		t.Errorf("only %d pairs were redrawn", len(pairs))
	}
}

// TestTrainingIsTheSameToTheBit trains and weighs on one processor and on several.
func TestTrainingIsTheSameToTheBit(t *testing.T) {
	w := invent(120, 5)
	run := func(processors int) (string, []linkage.Pair) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		ix := w.index()
		m := linkage.Train(ix, linkage.Options{})
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		pairs, _ := ix.Pairs(m, linkage.Options{})
		return string(text), pairs
	}
	model, pairs := run(1)
	for _, processors := range []int{2, 3, 7} {
		if text, again := run(processors); text != model || !slices.Equal(pairs, again) {
			t.Errorf("%d processors give another model or other pairs", processors)
		}
	}
}
