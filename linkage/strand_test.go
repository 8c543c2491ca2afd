package linkage

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestStrandsHideNoPair holds pairs of a block whose rows are strung together beside what looking at each pair finds.
func TestStrandsHideNoPair(t *testing.T) {
	strung := 0
	rapid.Check(t, func(t *rapid.T) {
		g := glancer{apart: apart, given: 5, family: 10, father: 6, need: rapid.Float64Range(11, 20).Draw(t, "need")}
		f := &filing{anchored: rapid.Bool().Draw(t, "anchored")}
		n := rapid.IntRange(strungRows, 3*strungRows).Draw(t, "rows")
		few, same := rapid.Uint32Range(2, 12).Draw(t, "words"), rapid.IntRange(0, 3).Draw(t, "shared")
		for row := range n {
			a := drawnCrowd(t, few, same)
			f.glances, f.marks = append(f.glances, a), append(f.marks, markOf(&a, row))
		}
		rows := make([]int32, n)
		for i := range rows {
			rows[i] = int32(i)
		}
		p := &proposing{filing: f, glancer: g, marking: g.marking(), dating: g.dating()}
		var v view
		v.lay(p, rows)
		if !v.tied {
			return
		}
		strung++
		i := rapid.IntRange(0, n-1).Draw(t, "row")
		for _, span := range [][2]int{{i + 1, n}, {0, n}, {n / 3, n / 2}} {
			got := slices.Sorted(slices.Values(p.likely(&v, i, span[0], span[1])))
			v.tied = false
			want := slices.Clone(p.likely(&v, i, span[0], span[1]))
			v.tied = true
			clear(v.met)
			got = slices.DeleteFunc(got, func(j int32) bool { return int(j) == i })
			want = slices.DeleteFunc(want, func(j int32) bool { return int(j) == i })
			if !slices.Equal(got, want) {
				t.Fatalf("row %d of %d in %v: %v on strands, %v of each", i, n, span, got, want)
			}
		}
	})
	if strung == 0 {
		t.Error("no block was strung together")
	}
}

// drawnCrowd draws a row of a block: mostly of the same names known, some lanes the same in all.
func drawnCrowd(t *rapid.T, words uint32, shared int) glance {
	if rapid.IntRange(0, 9).Draw(t, "stray") == 0 {
		return drawnGlance(t, "stray")
	}
	g := glance{anchors: rapid.Uint64Range(0, 3).Draw(t, "anchors")}
	for i, f := range []*few{&g.given, &g.family, &g.father} {
		h := uint32(7)
		if i >= shared {
			h = rapid.Uint32Range(2, words).Draw(t, "word")
		}
		f.add(h | known)
	}
	for range rapid.IntRange(0, 2).Draw(t, "places") {
		g.place.add(rapid.Uint32Range(2, 2+4*words).Draw(t, "place"))
	}
	if rapid.Bool().Draw(t, "dated") {
		b := drawnGlance(t, "birth").birthGlance
		g.birthGlance = b
	}
	return g
}
