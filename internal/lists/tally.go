package lists

import (
	"cmp"
	"slices"
)

// tally is what is counted over the pairs that are written.
type tally struct {
	pairs    []int32 // places of the pairs, the heaviest first
	patterns map[string]*patternRow
	met      map[string]bool // comparisons
}

// patternRow is a pattern of agreement and the pairs that show it.
type patternRow struct {
	Levels             []string
	Pairs, True        int
	Least, Most, Total float64 // weight: rarity of names makes it differ within a pattern
	Probability        float64 // mean
}

// tally begins to count: it finds the pairs that are written.
func (l *Linked) tally() *tally {
	t := &tally{patterns: map[string]*patternRow{}, met: map[string]bool{}}
	floor := min(Floor, l.Options.Threshold)
	for i := range l.Pairs {
		if l.Pairs[i].Probability >= floor {
			t.pairs = append(t.pairs, int32(i))
		}
	}
	slices.SortFunc(t.pairs, func(a, b int32) int {
		return cmp.Or(cmp.Compare(l.Pairs[b].Weight, l.Pairs[a].Weight), cmp.Compare(a, b))
	})
	return t
}

// count counts a pair.
func (l *Linked) count(t *tally, pair Pair, p *pattern) {
	r, known := t.patterns[p.key]
	if !known {
		r = &patternRow{Least: pair.Weight, Most: pair.Weight}
		t.patterns[p.key] = r
		for i, c := range p.comparisons {
			t.met[c] = true
			r.Levels = append(r.Levels, c+": "+p.levels[i])
		}
	}
	r.Pairs++
	r.Total += pair.Probability
	r.Least, r.Most = min(r.Least, pair.Weight), max(r.Most, pair.Weight)
	if l.truth != nil && l.truth.same(pair) {
		r.True++
	}
}

// patternsShown is how many patterns the report lists.
const patternsShown = 40

// rows returns the most frequent patterns, and how many others there are.
func (t *tally) rows() (rows []patternRow, other int) {
	for _, r := range t.patterns {
		r.Probability = r.Total / float64(r.Pairs)
		rows = append(rows, *r)
	}
	slices.SortFunc(rows, func(a, b patternRow) int {
		return cmp.Or(cmp.Compare(b.Pairs, a.Pairs), slices.Compare(a.Levels, b.Levels))
	})
	shown := min(len(rows), patternsShown)
	return rows[:shown], len(rows) - shown
}
