package names

import (
	"cmp"
	"slices"
)

// sign is one thing that a query tells: a word, by its partners, or evidence beside the name.
type sign struct {
	partners []partner
	evidence Evidence
	most     float32 // the bits it may give a name
}

// signsOf lists what a query tells, what says most first.
func signsOf(words []asked, more []Evidence) []sign {
	signs := make([]sign, 0, len(words)+len(more))
	for _, w := range words {
		s := sign{partners: w.partners}
		for _, p := range w.partners {
			s.most = max(s.most, float32(p.weight))
		}
		signs = append(signs, s)
	}
	for _, e := range more {
		signs = append(signs, sign{evidence: e, most: float32(e.Bits)})
	}
	slices.SortStableFunc(signs, func(a, b sign) int { return cmp.Compare(b.most, a.most) })
	return signs
}

// gather adds signs to the names that have them, until n names have more than all that is left can give to any other; from then on
// only names that were met are added to: a common given name need not be followed to each who bears it (MaxScore; Turtle and
// Flood 1995).
func (r *Ranker) gather(signs []sign, n int) {
	rest := float32(0)
	for _, s := range signs {
		rest += s.most
	}
	for i, s := range signs {
		if r.settled(n, rest) {
			for _, s := range signs[i:] {
				r.refine(s)
			}
			return
		}
		r.spread(s)
		rest -= s.most
	}
}

// settled reports whether n names have more bits than so many.
func (r *Ranker) settled(n int, bits float32) bool {
	if len(r.touched) < n {
		return false
	}
	more := 0
	for _, at := range r.touched {
		if r.sums[at] > bits {
			if more++; more == n {
				return true
			}
		}
	}
	return false
}

// spread adds a sign to all names that have it; of a word, what the best partner of each name says.
func (r *Ranker) spread(s sign) {
	r.serial++
	for _, list := range s.evidence.In {
		for _, at := range list {
			if r.stamps[at] != r.serial {
				r.stamps[at] = r.serial
				r.touch(at, s.most)
			}
		}
	}
	for _, p := range s.partners {
		if p.weight <= 0 {
			continue
		}
		for _, at := range r.ix.holds[p.word] {
			if r.stamps[at] != r.serial {
				r.stamps[at] = r.serial
				r.touch(at, float32(p.weight))
			}
		}
	}
}

// refine adds a sign to the names that were met.
func (r *Ranker) refine(s sign) {
	r.serial++
	for _, list := range s.evidence.In {
		if len(list) < searched*len(r.touched) {
			r.refineOf(list, s.most)
			continue
		}
		for _, at := range r.touched {
			if _, there := slices.BinarySearch(list, at); there && r.stamps[at] != r.serial {
				r.stamps[at] = r.serial
				r.sums[at] += s.most
			}
		}
	}
	for _, p := range s.partners {
		r.weights[p.word] = max(float32(p.weight), 0)
	}
	for _, at := range r.touched {
		best := float32(0)
		for _, w := range r.ix.flat[r.ix.starts[at]:r.ix.starts[at+1]] {
			best = max(best, r.weights[w])
		}
		r.sums[at] += best
	}
	for _, p := range s.partners {
		r.weights[p.word] = 0
	}
}

// searched is how many names of a list are walked in the time that one is searched for in it.
const searched = 16

// refineOf adds to the names of a list that were met.
func (r *Ranker) refineOf(list []int32, bits float32) {
	for _, at := range list {
		if r.sums[at] != 0 && r.stamps[at] != r.serial {
			r.stamps[at] = r.serial
			r.sums[at] += bits
		}
	}
}

func (r *Ranker) touch(at int32, bits float32) {
	if r.sums[at] == 0 {
		r.touched = append(r.touched, at)
	}
	r.sums[at] += bits
}

// best returns the n names with the highest sums.
func (r *Ranker) best(n int) []int32 {
	top := make([]int32, 0, n+1)
	less := func(a, b int32) int { return cmp.Or(cmp.Compare(r.sums[b], r.sums[a]), cmp.Compare(a, b)) }
	for _, at := range r.touched {
		if len(top) == n && less(at, top[n-1]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(top, at, less)
		top = slices.Insert(top, i, at)[:min(len(top)+1, n)]
	}
	return top
}

func (r *Ranker) clear() {
	for _, at := range r.touched {
		r.sums[at] = 0
	}
	r.touched = r.touched[:0]
}
