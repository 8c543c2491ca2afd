package linkage

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Bond is what is known of two records, by their numbers: how many bits of log-odds above the threshold speak for joining
// them, or below it against. +Inf says that they must be joined, -Inf that they cannot.
type Bond struct {
	A, B int32
	Bits float32
}

// Bits of evidence in clustering are counted in grains, as whole numbers: their sums are the same in any order.
const (
	grain = 1 << 20
	// bondLimit bounds what one pair may say, so that one shared number does not outvote a dozen disagreements.
	bondLimit = 20 * grain
	// strangersBond is what two records say that no blocking pass brought together: a little against.
	strangersBond = -grain / 2

	mustBond  = 1 << 30
	neverBond = -1 << 30
)

// grains returns what a bond says, bounded.
func (b Bond) grains() int32 {
	switch bits := float64(b.Bits); {
	case bits > 1e30:
		return mustBond
	case bits < -1e30:
		return neverBond
	default:
		return int32(max(-bondLimit, min(bondLimit, bits*grain)))
	}
}

// ClustersOf partitions n records as [Clusters] does, without ids: it returns for each the smallest number in its cluster.
// lists holds for each the number of the list without duplicates that it is a row of, 0 for none; it is nil when there is no
// such list. Where two partitions are equally good the numbers decide, so records are numbered by something that stays.
//
// Records that no chain of bonds for joining connects are apart in the best partition, so each such component is solved on its
// own, several at a time: at once where all bonds agree; exactly, by dynamic programming over subsets, when it is small; by
// optimal assignment when two lists without duplicates meet; otherwise by greedy additive edge contraction (Keuper et al. 2015)
// and moves of single records to where they fit better. A newcomer changes the clusters of its own component and no other.
func ClustersOf(n int, bonds []Bond, lists []int32) []int32 {
	g := newComponents(n, bonds)
	of := make([]int32, n)
	for i := range of {
		of[i] = int32(i)
	}
	inPieces(len(g.records), func(next func() (lo, hi int, ok bool)) {
		var c component
		for lo, hi, ok := next(); ok; lo, hi, ok = next() {
			for i := lo; i < hi; i++ {
				c.take(g, i, lists)
				c.solve(of)
			}
		}
	})
	return of
}

// components are sets of records connected by bonds for joining: of two records and more, each with its bonds.
type components struct {
	records [][]int32 // of each component, in order
	bonds   [][]edge  // of each component, between places in it
}

// edge is a bond inside a component.
type edge struct{ a, b, grains int32 }

func newComponents(n int, bonds []Bond) *components {
	linked := newChains(n)
	for _, b := range bonds {
		if b.A != b.B && b.grains() > 0 {
			linked.join(b.A, b.B)
		}
	}
	g := &components{}
	number, place := g.gather(linked)
	g.bind(bonds, number, place)
	return g
}

// gather lists the records of each component, and returns for each record the number of its component, -1 when it is alone,
// and its place in it.
func (g *components) gather(linked chains) (number, place []int32) {
	n := len(linked)
	number, place = make([]int32, n), make([]int32, n)
	for r := range linked {
		number[linked.find(int32(r))]++ // first the size
	}
	sizes, connected := []int32{}, 0
	for r, size := range number {
		if number[r] = -1; size > 1 {
			number[r] = int32(len(sizes))
			sizes, connected = append(sizes, size), connected+int(size)
		}
	}
	g.records = parted[int32](sizes, connected)
	for r := range linked {
		c := number[linked.find(int32(r))]
		if number[r] = c; c >= 0 {
			place[r] = int32(len(g.records[c]))
			g.records[c] = append(g.records[c], int32(r))
		}
	}
	return number, place
}

// bind lists the bonds of each component; those between two components have no say.
func (g *components) bind(bonds []Bond, number, place []int32) {
	sizes, inside := make([]int32, len(g.records)), 0
	for _, b := range bonds {
		if c := number[b.A]; b.A != b.B && c >= 0 && c == number[b.B] {
			sizes[c]++
			inside++
		}
	}
	g.bonds = parted[edge](sizes, inside)
	for _, b := range bonds {
		if c := number[b.A]; b.A != b.B && c >= 0 && c == number[b.B] {
			g.bonds[c] = append(g.bonds[c], edge{place[min(b.A, b.B)], place[max(b.A, b.B)], b.grains()})
		}
	}
}

// parted returns empty lists with room for so many each, in one piece of memory.
func parted[T any](sizes []int32, total int) [][]T {
	all, out, from := make([]T, total), make([][]T, len(sizes)), 0
	for i, size := range sizes {
		to := from + int(size)
		out[i], from = all[from:from:to], to
	}
	return out
}

// chains are sets of records that are connected (union-find). The smallest names a set.
type chains []int32

func newChains(n int) chains {
	c := make(chains, n)
	for i := range c {
		c[i] = int32(i)
	}
	return c
}

func (c chains) find(x int32) int32 {
	for c[x] != x {
		c[x] = c[c[x]]
		x = c[x]
	}
	return x
}

func (c chains) join(x, y int32) {
	x, y = c.find(x), c.find(y)
	c[max(x, y)] = min(x, y)
}

// inParts runs fn over equal parts of 0..n, one on each processor.
func inParts(n int, fn func(lo, hi int)) {
	part := (n + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for lo := 0; lo < n; lo += part {
		wg.Go(func() { fn(lo, min(lo+part, n)) })
	}
	wg.Wait()
}

// inPieces runs fn on every processor; each asks for the next piece of 0..n when it is done with one, because components
// differ in size by orders of magnitude.
func inPieces(n int, fn func(next func() (lo, hi int, ok bool))) {
	const piece = 256
	var taken atomic.Int64
	next := func() (lo, hi int, ok bool) {
		lo = int(taken.Add(piece)) - piece
		return lo, min(lo+piece, n), lo < n
	}
	workers := min(runtime.GOMAXPROCS(0), n/piece+1)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { fn(next) })
	}
	wg.Wait()
}
