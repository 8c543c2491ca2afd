package linkage

import (
	"slices"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

// TestAMarkHidesNothingAGlanceSees holds the oracle beside the fast way: whatever a glance at two records finds enough, their
// marks let through.
func TestAMarkHidesNothingAGlanceSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := glancer{apart: apart, given: rapid.Float64Range(1, 9).Draw(t, "given"), family: rapid.Float64Range(2, 15).Draw(t, "family"),
			father: rapid.Float64Range(1, 9).Draw(t, "father"), need: rapid.Float64Range(-5, 30).Draw(t, "need")}
		may, dated := g.marking(), g.dating()
		a, b := drawnGlance(t, "a"), drawnGlance(t, "b")
		x, y := markOf(&a, 1), markOf(&b, 2)
		anchored := a.anchors&b.anchors != 0 // such pairs are always looked at
		births := birthSeen(&a.birthGlance, &b.birthGlance)
		if !anchored && g.enough(&a, &b) && (may.may(x, y) == 0 || !dated.enough(x, y, births)) && y.crosses(x.swapped()) == 0 {
			t.Fatalf("%+v and %+v show %.1f of %.1f and are not looked at", a, b, g.most(&a, &b), g.need)
		}
		if dated.enough(x, y, births) && may.may(x, y) == 0 {
			t.Fatal("what births say lets through what was set aside before")
		}
		if may.may(x, y) != may.may(y, x) || y.crosses(x.swapped()) != x.crosses(y.swapped()) {
			t.Fatal("two marks depend on their order")
		}
	})
}

func drawnGlance(t *rapid.T, label string) (g glance) {
	word := rapid.Uint32Range(0, 5)
	for _, f := range []*few{&g.given, &g.family, &g.father, &g.place} {
		for range rapid.IntRange(0, 3).Draw(t, label) {
			h := word.Draw(t, label)
			f.add(h | known*(h&1))
		}
	}
	switch g.year = int16(rapid.IntRange(2010, 2013).Draw(t, label)); rapid.IntRange(0, 3).Draw(t, label) {
	case 0:
		g.year = nothing
	case 1:
		g.year = several
	case 2:
		b := bornOn(homeward.Exact(homeward.YMD(int(g.year), time.Month(rapid.IntRange(1, 12).Draw(t, label)), rapid.IntRange(1, 28).Draw(t, label))))
		g.day, g.digits = b.from, b.digits
	}
	g.anchors = rapid.Uint64Range(0, 3).Draw(t, label)
	return g
}

// TestKeysAreSortedByDigits holds the sort of keys beside the library's.
func TestKeysAreSortedByDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "rows")
		few := rapid.Uint64Range(1, 1<<30-1).Draw(t, "keys")
		list := make([]packed, n)
		for row := range list {
			list[row] = rapid.Uint64Max(few).Draw(t, "key")<<rowBits | uint64(row)
		}
		want := slices.Sorted(slices.Values(list))
		if sortPacked(list, new([]packed)); !slices.Equal(list, want) {
			t.Fatal("keys are out of order")
		}
	})
}
