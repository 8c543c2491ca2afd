package lists

import (
	"cmp"
	"math"
	"slices"

	"github.com/homeward-registry/homeward/linkage"
)

// cluster parts rows into clusters. Two rows of one list are never joined where none holds a child twice.
func (l *Linked) cluster() {
	neutral := logOdds(cmp.Or(l.Options.Threshold, 0.5))
	bonds := make([]linkage.Bond, len(l.Pairs))
	inParallel(len(bonds), func(i int) {
		p := &l.Pairs[i]
		bonds[i] = linkage.Bond{A: p.Left, B: p.Right, Bits: float32(logOdds(p.Probability) - neutral)}
	})
	var lists []int32
	if l.Options.OneToOne {
		for i, list := range l.Lists {
			lists = append(lists, slices.Repeat([]int32{int32(i + 1)}, list.Rows)...) // keys sort by list
		}
	}
	l.Clusters = linkage.ClustersOf(len(l.keys), bonds, lists)
}

// logOdds returns the log2 odds of a probability, finite for 0 and 1.
func logOdds(p float64) float64 {
	const least = 1e-12
	p = max(least, min(1-least, p))
	return math.Log2(p / (1 - p))
}
