package linkage

import (
	"cmp"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
)

// Index holds records in memory: their words analysed, filed under blocking keys. It is not safe for concurrent use
// while records are added or removed; reading is.
type Index struct {
	analyser *analyser
	entries  []*entry
	byID     map[string]int32
	blocks   postings[blockKey]
	words    postings[string] // search: key of a word -> entries
	live     int
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{analyser: newAnalyser(), byID: map[string]int32{}, blocks: newPostings[blockKey](), words: newPostings[string]()}
}

// Add files a record. One with an id that is there replaces it.
func (ix *Index) Add(r Record) {
	ix.Remove(r.ID)
	e := ix.analyser.entry(r)
	at := int32(len(ix.entries))
	ix.entries = append(ix.entries, e)
	ix.byID[r.ID] = at
	ix.live++
	for _, k := range e.keys() {
		ix.blocks.add(k, at)
	}
	for _, w := range e.searchWords() {
		ix.words.add(w, at)
	}
}

// Remove takes a record out. It stays in its blocks, marked, until the index is built anew.
func (ix *Index) Remove(id string) {
	at, ok := ix.byID[id]
	if !ok {
		return
	}
	ix.entries[at].dead = true
	delete(ix.byID, id)
	ix.live--
}

// Len returns how many records there are.
func (ix *Index) Len() int { return ix.live }

// IDs lists the records, sorted.
func (ix *Index) IDs() []string { return slices.Sorted(maps.Keys(ix.byID)) }

// Has reports whether a record is there.
func (ix *Index) Has(id string) bool { _, ok := ix.byID[id]; return ok }

// Pair is two records proposed, with the log2 Bayes factor that they are one child and its posterior. Left is the
// smaller id.
type Pair struct {
	Left, Right         string
	Weight, Probability float64
}

// Options say which pairs are wanted.
type Options struct {
	// Skip, when not nil, leaves out pairs that cannot be: two rows of a list without duplicates. It is asked with
	// sources and ids.
	Skip func(sourceA, idA, sourceB, idB string) bool
	// Floor leaves out pairs of a lower probability.
	Floor float64
	// Among, when not nil, asks only for pairs in which one of these records takes part.
	Among []string

	only *[passes]bool // passes to propose by, when not all; in whole runs
}

// Blocking tells how a run of blocking went.
type Blocking struct {
	Proposed int         // pairs that share a key, each once
	ByPass   [passes]int // pairs first proposed by each pass
	Divided  int         // blocks divided by a second key because they were large
	Large    int         // divided blocks that are still large; they were compared in full
}

// largeBlock is the size above which a block is divided.
const largeBlock = 400

// Pairs proposes and weighs pairs. The result is sorted by ids and is the same whatever the order of arrival and the
// number of processors.
func (ix *Index) Pairs(m *Model, o Options) ([]Pair, Blocking) {
	candidates, report := ix.candidates(o)
	out := make([]Pair, len(candidates))
	parallel(len(candidates), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out[i] = m.pair(ix.entries[candidates[i].a], ix.entries[candidates[i].b])
		}
	})
	out = slices.DeleteFunc(out, func(p Pair) bool { return p.Probability < o.Floor })
	slices.SortFunc(out, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right)) })
	return out, report
}

// parallel runs fn over spans of 0..n on every processor.
func parallel(n int, fn func(lo, hi int)) {
	workers := runtime.GOMAXPROCS(0)
	span := (n + workers - 1) / workers
	var wg sync.WaitGroup
	for lo := 0; lo < n; lo += span {
		wg.Go(func() { fn(lo, min(lo+span, n)) })
	}
	wg.Wait()
}

// twosome is a pair of entries, a < b.
type twosome struct{ a, b int32 }

func (ix *Index) candidates(o Options) ([]twosome, Blocking) {
	var report Blocking
	seen := map[twosome]struct{}{}
	var out []twosome
	propose := func(k blockKey, a, b int32) {
		t := twosome{min(a, b), max(a, b)}
		if _, twice := seen[t]; twice || !ix.wanted(t, o) {
			return
		}
		seen[t] = struct{}{}
		out = append(out, t)
		report.Proposed++
		report.ByPass[k.pass()]++
	}
	if o.Among != nil {
		for _, id := range o.Among {
			if at, ok := ix.byID[id]; ok {
				ix.around(at, &report, propose)
			}
		}
		return out, report
	}
	for _, k := range ix.sortedBlocks() {
		if o.only != nil && !o.only[k.pass()] {
			continue
		}
		for _, part := range ix.divide(k, &report) {
			for i, a := range part {
				for _, b := range part[i+1:] {
					propose(k, a, b)
				}
			}
		}
	}
	return out, report
}

// around proposes every pair of one record, by the same blocks as a whole run: a pair is proposed to a newcomer exactly
// when it would be proposed to all at once.
func (ix *Index) around(at int32, report *Blocking, propose func(blockKey, int32, int32)) {
	for _, k := range ix.entries[at].keys() {
		for _, part := range ix.divide(k, report) {
			if !slices.Contains(part, at) {
				continue
			}
			for _, b := range part {
				if b != at {
					propose(k, at, b)
				}
			}
		}
	}
}

// sortedBlocks returns the keys of blocks of two or more, pass by pass.
func (ix *Index) sortedBlocks() []blockKey {
	keys := make([]blockKey, 0, len(ix.blocks.many))
	for k := range ix.blocks.many {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b blockKey) int { return cmp.Or(cmp.Compare(a.pass(), b.pass()), cmp.Compare(a, b)) })
	return keys
}

// divide returns a block, divided by birth year when it is large. Records without a year stand in every part: a missing
// value must not hide a child.
func (ix *Index) divide(k blockKey, report *Blocking) [][]int32 {
	list := ix.blocks.list(k)
	if len(list) <= largeBlock {
		return [][]int32{list}
	}
	report.Divided++
	parts := map[string][]int32{}
	var undated []int32
	for _, at := range list {
		years := birthYears(ix.entries[at].births)
		if len(years) == 0 {
			undated = append(undated, at)
		}
		for _, y := range years {
			parts[y] = append(parts[y], at)
		}
	}
	years := make([]string, 0, len(parts))
	for y := range parts {
		years = append(years, y)
	}
	slices.Sort(years)
	out := [][]int32{undated}
	for _, y := range years {
		part := append(parts[y], undated...)
		if len(part) > largeBlock {
			report.Large++
		}
		out = append(out, part)
	}
	return out
}

func (ix *Index) wanted(t twosome, o Options) bool {
	a, b := ix.entries[t.a], ix.entries[t.b]
	return !a.dead && !b.dead && (o.Skip == nil || !o.Skip(a.source, a.id, b.source, b.id))
}

// pair weighs two entries.
func (m *Model) pair(a, b *entry) Pair {
	if b.id < a.id {
		a, b = b, a
	}
	n := compareNames(a, b)
	w := m.total(m.weigh(patternOf(n, a, b), n, a, b))
	return Pair{Left: a.id, Right: b.id, Weight: w, Probability: m.probability(w)}
}

// Weigh returns the weight of two records that are in the index and the signals it is the sum of, exactly as Pairs
// weighs them; ok is false when one is not there.
func (ix *Index) Weigh(m *Model, left, right string) (p Pair, signals []Signal, ok bool) {
	x, okX := ix.byID[left]
	y, okY := ix.byID[right]
	if !okX || !okY {
		return Pair{}, nil, false
	}
	a, b := ix.entries[x], ix.entries[y]
	if b.id < a.id {
		a, b = b, a
	}
	return m.pair(a, b), m.signals(a, b), true
}

// round keeps a sum from being written with noise in its last digits.
func round(f float64) float64 { return math.Round(f*1e6) / 1e6 }
