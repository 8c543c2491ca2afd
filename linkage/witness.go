package linkage

import (
	"cmp"
	"math"
	"slices"
)

// witnessed is by how many bits the other records must hold two records where they are for their word to count.
const witnessed = 4 * grain

// CalibrateByClusters learns a calibration where nobody decided, from what clusters say of pairs. A pair whose two records are held
// in one cluster by the others is one child, whatever its own weight; one whose records are held in two clusters, each by its own
// and apart by the rest, is two. Of a pair without such witnesses the model's probability stands, so where clusters are small
// little changes. Bonds are of all pairs and hold their log-odds against one half; cluster is what [ClustersOf] makes of them.
func CalibrateByClusters(m *Model, cluster []int32, bonds []Bond) *Calibration {
	base := LogOdds(m.Lambda)
	counts := make([]struct{ total, same, weight int64 }, binsTo-binsFrom) // in grains, whose sums are the same in any order
	w := newWitnesses(cluster, bonds)
	for i, b := range bonds {
		if b.A == b.B || math.IsInf(float64(b.Bits), 0) {
			continue
		}
		odds := float64(b.Bits)
		c := &counts[int(math.Floor(max(binsFrom, min(binsTo-1, odds))))-binsFrom]
		c.total++
		c.same += int64(w.say(i, b, fromOdds(odds)) * grain)
		c.weight += int64((odds - base) * grain)
	}
	bins := make([]bin, len(counts))
	for i, c := range counts {
		n := float64(c.total)
		bins[i] = bin{weight: float64(c.weight) / grain, same: float64(c.same) / grain, total: n, squares: n}
	}
	return calibration(bins, base, 0)
}

// witnesses know how strongly records are drawn to clusters.
type witnesses struct {
	cluster []int32
	size    []int32
	home    []int64 // of each record: what draws it to its own cluster
	away    []int64 // of each bond twice: what draws A to the cluster of B, and B to that of A
}

// half is a bond seen from one of its records: its place in away, and the cluster it leads to.
type half struct{ place, to, grains int32 }

func newWitnesses(cluster []int32, bonds []Bond) *witnesses {
	n := len(cluster)
	w := &witnesses{cluster: cluster, size: make([]int32, n), home: make([]int64, n), away: make([]int64, 2*len(bonds))}
	for _, c := range cluster {
		w.size[c]++
	}
	degree := make([]int32, n)
	for _, b := range bonds {
		degree[b.A]++
		degree[b.B]++
	}
	near := parted[half](degree, 2*len(bonds))
	for i, b := range bonds {
		near[b.A] = append(near[b.A], half{int32(2 * i), cluster[b.B], b.grains()})
		near[b.B] = append(near[b.B], half{int32(2*i + 1), cluster[b.A], b.grains()})
	}
	inParts(n, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			w.draw(int32(r), near[r])
		}
	})
	return w
}

// draw adds up what draws a record to each cluster, pairs that were never proposed among it.
func (w *witnesses) draw(r int32, near []half) {
	slices.SortFunc(near, func(a, b half) int { return cmp.Compare(a.to, b.to) })
	w.home[r] = bond{}.gain(1, w.size[w.cluster[r]]-1)
	for len(near) > 0 {
		to, known, n := near[0].to, bond{}, 0
		for n < len(near) && near[n].to == to {
			known = known.and(bond{int64(near[n].grains), 1})
			n++
		}
		others := w.size[to]
		if to == w.cluster[r] {
			others--
			w.home[r] = known.gain(1, others)
		}
		for _, h := range near[:n] {
			w.away[h.place] = known.gain(1, others)
		}
		near = near[n:]
	}
}

// say returns 1 or 0 where others know of a pair, and otherwise what is promised of it.
func (w *witnesses) say(i int, b Bond, promised float64) float64 {
	own := int64(b.grains())
	a, c := w.cluster[b.A], w.cluster[b.B]
	if a == c {
		if min(w.home[b.A], w.home[b.B])-own > witnessed {
			return 1
		}
		return promised
	}
	apart := min(w.home[b.A]-w.away[2*i], w.home[b.B]-w.away[2*i+1]) + own
	if apart > witnessed && min(w.size[a], w.size[c]) > 1 {
		return 0
	}
	return promised
}
