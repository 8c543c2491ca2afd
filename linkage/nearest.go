package linkage

import (
	"cmp"
	"slices"
	"strings"
)

// nearby is how many rows are weighed for one record: those of which most is seen at a glance.
const nearby = 6000

// Nearest returns the records that one record of the index most likely speaks of, best first, at most limit. It looks at every
// record, so that it finds a child whose name, birth date and birthplace were all replaced, whom no block brings together
// with itself. Of the options, Skip and Floor count; an id that is not there has none.
func (ix *Index) Nearest(m *Model, id string, limit int, o Options) []Pair {
	p := ix.proposing(m, o)
	f := p.filing
	row, ok := f.row(id)
	if !ok {
		return nil
	}
	w := ix.weigher(m, &reader{})
	var out []Pair
	for _, other := range p.seenMost(int32(row)) {
		a, b := f.rows[min(int32(row), other)], f.rows[max(int32(row), other)]
		weight := w.weight(a, b)
		if probability := m.probability(weight); probability >= o.Floor {
			out = append(out, Pair{a.id, b.id, weight, probability})
		}
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return out[:min(limit, len(out))]
}

func (f *filing) row(id string) (int, bool) {
	return slices.BinarySearchFunc(f.rows, id, func(e *entry, id string) int { return strings.Compare(e.id, id) })
}

// steps of a bit are told apart, from leastSeen on, when rows are ordered by what is seen of them.
const (
	steps     = 4
	leastSeen = -16
)

// seenMost returns the rows of which most is seen beside a row: nearby of them, fewer where those that come next are too many.
func (p *proposing) seenMost(row int32) []int32 {
	seen := make([]uint8, len(p.rows))
	tallies := make([][256]int, workers())
	parallel(len(p.rows), func(worker, lo, hi int) {
		mine := p.glances[row]
		for i := lo; i < hi; i++ {
			if int32(i) == row || !p.wanted(row, int32(i)) {
				continue
			}
			seen[i] = uint8(max(1, min(255, (p.glancer.seen(&mine, &p.glances[i])-leastSeen)*steps)))
			tallies[worker][seen[i]]++
		}
	})
	least, n := 256, 0
	for least > 0 {
		more := 0
		for w := range tallies {
			more += tallies[w][least-1]
		}
		if n > 0 && n+more > nearby {
			break
		}
		n += more
		least--
	}
	out := make([]int32, 0, n)
	for i, s := range seen {
		if s > 0 && int(s) >= least {
			out = append(out, int32(i))
		}
	}
	return out
}
