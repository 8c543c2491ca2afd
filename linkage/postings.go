package linkage

import (
	"iter"
	"slices"
)

// postings are the records filed under each key. Most keys have one record: it stands in a map without pointers, which
// takes a third of the memory and which the collector does not walk.
type postings[K ~uint64 | ~string] struct {
	one  map[K]int32
	many map[K][]int32
}

func newPostings[K ~uint64 | ~string]() postings[K] {
	return postings[K]{map[K]int32{}, map[K][]int32{}}
}

func (p postings[K]) add(k K, at int32) {
	if list, ok := p.many[k]; ok {
		p.many[k] = append(list, at)
		return
	}
	if first, ok := p.one[k]; ok {
		delete(p.one, k)
		p.many[k] = []int32{first, at}
		return
	}
	p.one[k] = at
}

// list returns the records filed under a key, in the order in which they came. Do not change it.
func (p postings[K]) list(k K) []int32 {
	if list, ok := p.many[k]; ok {
		return list
	}
	if at, ok := p.one[k]; ok {
		return []int32{at}
	}
	return nil
}

// keys walks every key, in no order.
func (p postings[K]) keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		for k := range p.one {
			if !yield(k) {
				return
			}
		}
		for k := range p.many {
			if !yield(k) {
				return
			}
		}
	}
}

func (p postings[K]) sortedKeys() []K {
	out := make([]K, 0, len(p.one)+len(p.many))
	for k := range p.keys() {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
