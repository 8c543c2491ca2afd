package lists

import (
	"cmp"
	"slices"

	"github.com/homeward-registry/homeward/linkage"
)

// cluster parts rows into clusters, calibrates probabilities by what the clusters tell of pairs, and parts them again. Two rows of
// one list are never joined where none holds a child twice.
func (l *Linked) cluster() {
	bonds := l.bonds(0.5)
	l.Calibration = linkage.CalibrateByClusters(l.Model, l.part(bonds), bonds)
	inParallel(len(l.Pairs), func(i int) { l.Pairs[i].Probability = l.Calibration.Probability(l.Pairs[i].Weight) })
	l.Pairs = slices.DeleteFunc(l.Pairs, func(p Pair) bool { return p.Probability < min(Kept, l.Options.Threshold) })
	l.Clusters = l.part(l.bonds(cmp.Or(l.Options.Threshold, 0.5)))
}

// bonds are the pairs as clusters see them: at the probability given they speak neither for nor against joining.
func (l *Linked) bonds(neutral float64) []linkage.Bond {
	bonds, at := make([]linkage.Bond, len(l.Pairs)), linkage.LogOdds(neutral)
	inParallel(len(bonds), func(i int) {
		p := &l.Pairs[i]
		bonds[i] = linkage.Bond{A: p.Left, B: p.Right, Bits: float32(linkage.LogOdds(p.Probability) - at)}
	})
	return bonds
}

func (l *Linked) part(bonds []linkage.Bond) Partition {
	var lists []int32
	if l.Options.OneToOne {
		for i, list := range l.Lists {
			lists = append(lists, slices.Repeat([]int32{int32(i + 1)}, list.Rows)...) // keys sort by list
		}
	}
	return linkage.ClustersOf(len(l.keys), bonds, lists)
}
