package names

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLettersAloneNeverHideANearWord holds the quick look at letters beside the distance itself.
func TestLettersAloneNeverHideANearWord(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("aeiougkhsz34567dtbpvfmnrl8")), 1, 14, -1)
	rapid.Check(t, func(t *rapid.T) {
		a := word.Draw(t, "a")
		b := word.Draw(t, "b")
		if rapid.Bool().Draw(t, "misspelt") {
			at := rapid.IntRange(0, len(a)-1).Draw(t, "at")
			b = a[:at] + b[:1] + a[at+rapid.IntRange(0, 1).Draw(t, "dropped"):]
		}
		x, y := lettersOf(a), lettersOf(b)
		if x.unlike(&y) && near(a, b) != LevelDifferent {
			t.Fatalf("%q and %q are %v, and were not compared", a, b, near(a, b))
		}
	})
}

// TestGatheringStopsOnlyWhenNothingIsLost holds a query that stops following common words beside one that follows all.
func TestGatheringStopsOnlyWhenNothingIsLost(t *testing.T) {
	given, family := []string{"Олена", "Ольга", "Іван", "Марія"}, []string{"Шевченко", "Шевчук", "Коваль", "Бондар", "Савченко", "Лис", "Гай"}
	rapid.Check(t, func(t *rapid.T) {
		ix := NewIndex()
		for range rapid.IntRange(1, 60).Draw(t, "names") {
			ix.Add(Parse(rapid.SampledFrom(family).Draw(t, "family") + " " + rapid.SampledFrom(given).Draw(t, "given")))
		}
		r := ix.Ranker()
		q := Parse(strings.Join([]string{rapid.SampledFrom(family).Draw(t, "asked"), rapid.SampledFrom(given).Draw(t, "of")}, " "))
		lists := make([][]int32, rapid.IntRange(0, 3).Draw(t, "lists"))
		often := rapid.IntRange(1, 12).Draw(t, "often") // long lists are walked, short ones searched
		for l := range lists {
			for i := range int32(ix.Len()) {
				if rapid.IntRange(0, often).Draw(t, "evidence") == 0 {
					lists[l] = append(lists[l], i)
				}
			}
		}
		signs, n := signsOf(r.query(q), []Evidence{{In: lists, Bits: 3}}), rapid.IntRange(1, 20).Draw(t, "n")
		bits := func(n int) (out []float32) {
			r.gather(signs, n)
			for _, at := range r.best(n) {
				out = append(out, r.sums[at])
			}
			r.clear()
			return out
		}
		if got, want := bits(n), bits(ix.Len()+1); !slices.Equal(got, want[:min(n, len(want))]) {
			t.Fatalf("the best have %v bits, not %v", got, want)
		}
	})
}
