package linkage

import (
	"cmp"
	"math"
	"slices"
)

// Clustering says what [Clusters] must respect.
type Clustering struct {
	// Threshold is the probability at which a pair speaks neither for nor against joining; 0 stands for one half.
	Threshold float64
	// Must are pairs that are one child, Cannot pairs that are two, whatever their weight: decisions of people, impossible
	// ages, named twins. A Must that contradicts a Cannot is not followed: joining two children is the graver mistake.
	Must, Cannot [][2]string
	// List, when not nil, names the list without duplicates that a record is a row of, empty when it is of none. Two rows of
	// one such list are never joined; with two such lists the result is one to one, and the best there is.
	List func(id string) string
}

// Clusters partitions records by correlation clustering (Bansal, Blum and Chawla 2004): it looks for the partition with the
// greatest sum of log-odds inside its clusters, so that every pair in a cluster is heard, and not only the one that bridges
// two groups as in connected components. [ClustersOf] says how.
//
// Each pair is given once, in any order; of one given more than once what speaks most against joining counts, and one with an
// id that is not among ids is left out. Every id is in one cluster; ids within a cluster, and clusters by their first id, are
// sorted. The same input in any order, on any number of processors, gives the same clusters.
func Clusters(ids []string, pairs []Pair, o Clustering) [][]string {
	if !slices.IsSortedFunc(ids, strictly) {
		ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	}
	return named(ids, ClustersOf(len(ids), o.bonds(ids, pairs), o.lists(ids)))
}

// strictly orders ids such that the same id twice is out of order.
func strictly(a, b string) int { return cmp.Or(cmp.Compare(a, b), -1) }

// bonds turns what is known by ids into what is known by numbers.
func (o Clustering) bonds(ids []string, pairs []Pair) []Bond {
	at := make(map[string]int32, len(ids))
	for i, id := range ids {
		at[id] = int32(i)
	}
	bond := func(left, right string, bits float64) Bond {
		a, known := at[left]
		b, both := at[right]
		if !known || !both {
			return Bond{} // of a record with itself: says nothing
		}
		return Bond{a, b, float32(bits)}
	}
	neutral := LogOdds(cmp.Or(o.Threshold, 0.5))
	out := make([]Bond, len(pairs), len(pairs)+len(o.Must)+len(o.Cannot))
	inParts(len(pairs), func(lo, hi int) {
		for i, p := range pairs[lo:hi] {
			out[lo+i] = bond(p.Left, p.Right, LogOdds(p.Probability)-neutral)
		}
	})
	for _, m := range o.Must {
		out = append(out, bond(m[0], m[1], math.Inf(1)))
	}
	for _, c := range o.Cannot {
		out = append(out, bond(c[0], c[1], math.Inf(-1)))
	}
	return out
}

// LogOdds returns the log2 odds of a probability, finite for 0 and 1: a [Bond] holds them, less those of the threshold.
func LogOdds(p float64) float64 {
	const least = 1e-12
	p = max(least, min(1-least, p))
	return math.Log2(p / (1 - p))
}

// lists numbers the lists without duplicates, from 1; 0 is none.
func (o Clustering) lists(ids []string) []int32 {
	if o.List == nil {
		return nil
	}
	out, number := make([]int32, len(ids)), map[string]int32{"": 0}
	for i, id := range ids {
		list := o.List(id)
		if _, met := number[list]; !met {
			number[list] = int32(len(number))
		}
		out[i] = number[list]
	}
	return out
}

// named writes the partition in ids.
func named(ids []string, of []int32) [][]string {
	size, clusters := make([]int32, len(ids)), 0
	for _, first := range of {
		if size[first] == 0 {
			clusters++
		}
		size[first]++
	}
	all, out := make([]string, len(ids)), make([][]string, 0, clusters)
	place, from := size, 0 // a cluster's size gives way to its place in out once it is met
	for i, first := range of {
		if int(first) == i {
			to := from + int(size[i])
			place[i] = int32(len(out))
			out = append(out, all[from:from:to])
			from = to
		}
		c := place[first]
		out[c] = append(out[c], ids[i])
	}
	return out
}
