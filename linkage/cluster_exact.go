package linkage

import "math/bits"

// mostExact is up to how many nodes the best partition is found exactly: the work trebles with each.
const mostExact = 12

// subsets finds the best partition of few nodes by dynamic programming over their subsets: the best of a subset is, over all
// clusters that hold its first node, what the cluster is worth and the best of the rest.
type subsets struct {
	gain    [mostExact][mostExact]int64
	worth   [1 << mostExact]int64  // of a subset as one cluster
	best    [1 << mostExact]int64  // of a subset, parted as well as can be
	cluster [1 << mostExact]uint16 // that holds the first node of the subset then
}

func (x *subsets) solve(p *problem) []int32 {
	of := make([]int32, p.n)
	x.weigh(p)
	if x.outvoted(p.n) {
		return of
	}
	all := 1<<p.n - 1
	for set := 1; set <= all; set++ {
		x.part(set)
	}
	for rest := all; rest > 0; {
		cluster := int(x.cluster[rest])
		for i := range of {
			if cluster>>i&1 == 1 {
				of[i] = first(rest)
			}
		}
		rest &^= cluster
	}
	return of
}

func first(set int) int32 { return int32(bits.TrailingZeros(uint(set))) }

// weigh fills in what joining each two nodes adds.
func (x *subsets) weigh(p *problem) {
	for a := range int32(p.n) {
		for b := range a {
			x.set(a, b, p, bond{})
		}
	}
	for _, l := range p.links {
		x.set(l.a, l.b, p, l.bond)
	}
}

func (x *subsets) set(a, b int32, p *problem, known bond) {
	gain := known.gain(p.size[a], p.size[b])
	if p.clash(a, b) {
		gain = never
	}
	x.gain[a][b], x.gain[b][a] = gain, gain
}

// outvoted reports whether all nodes are certainly best together: whatever speaks against joining two of them is answered by
// what speaks for joining both to a third, each bit of which answers once. Then every partition cuts at least as much as it
// spares (a packing of cycles; Lange, Karrenbauer and Andres 2018). It spares most components the tables.
func (x *subsets) outvoted(n int) bool {
	left := x.gain
	for a := range n {
		for b := range a {
			against := -x.gain[a][b]
			for c := 0; c < n && against > 0; c++ {
				if c != a && c != b {
					answer := max(0, min(against, left[a][c], left[b][c]))
					left[a][c], left[c][a] = left[a][c]-answer, left[c][a]-answer
					left[b][c], left[c][b] = left[b][c]-answer, left[c][b]-answer
					against -= answer
				}
			}
			if against > 0 {
				return false
			}
		}
	}
	return true
}

// part finds the best cluster for the first node of a set, whose subsets are done already. Of equals the first met stays.
func (x *subsets) part(set int) {
	one := set & -set
	rest := set &^ one
	x.worth[set] = x.worth[rest]
	for more := rest; more > 0; more &= more - 1 {
		x.worth[set] += x.gain[first(set)][first(more)]
	}
	const mask = 1<<mostExact - 1 // lets the compiler see that what follows stays inside the tables
	best, cluster := x.best[rest], one
	for with := rest & -rest; with > 0; with = (with - rest) & rest {
		if sum := x.worth[(with|one)&mask] + x.best[(rest&^with)&mask]; sum > best {
			best, cluster = sum, with|one
		}
	}
	x.best[set], x.cluster[set] = best, uint16(cluster)
}
