package linkage

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
)

// Index holds records in memory, their words analysed. Records may be added and removed by one goroutine while no other
// reads; reading is safe from many.
type Index struct {
	words    *vocabulary
	analyser *Analyser // of the goroutine that adds
	extra    []string  // names of the extra columns
	entries  []*entry
	byID     map[string]int32
	sources  []string
	live     int

	filed  sync.Mutex
	filing *filing  // nil when records came or went since it was made
	sought *seeking // the same for search
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	ix := &Index{words: newVocabulary(), byID: map[string]int32{}}
	ix.analyser = ix.Analyser()
	return ix
}

// Add takes in a record. One with an id that is there is replaced.
func (ix *Index) Add(r Record) { ix.Take(r.ID, r.Source, ix.analyser.Analyse(r)) }

// Take takes in what an analyser of this index made of a record. One with an id that is there is replaced.
func (ix *Index) Take(id, source string, r Analysed) {
	ix.Remove(id)
	e := r.entry
	e.id, e.source = strings.Clone(id), ix.sourceOf(source)
	e.cells = ix.columns(e.cells, r.extra)
	ix.byID[e.id] = int32(len(ix.entries))
	ix.entries = append(ix.entries, e)
	ix.live++
	ix.filing, ix.sought = nil, nil
}

// columns gives extra columns, named so, the places that they have in the index, whichever analyser met them first. One that is new
// takes the next place; there is room for MaxExtra.
func (ix *Index) columns(cells []cell, named []string) []cell {
	if len(named) <= len(ix.extra) && slices.Equal(named, ix.extra[:len(named)]) {
		return cells
	}
	kept := cells[:0]
	for _, name := range named {
		if len(ix.extra) < MaxExtra && !slices.Contains(ix.extra, name) {
			ix.extra = append(ix.extra, name)
		}
	}
	for _, c := range cells {
		if c.column >= knownColumns {
			at := slices.Index(ix.extra, named[c.column-knownColumns])
			if at < 0 {
				continue
			}
			c.column = knownColumns + column(at)
		}
		kept = append(kept, c)
	}
	slices.SortStableFunc(kept, func(x, y cell) int { return int(x.column) - int(y.column) })
	return kept
}

// sourceOf returns the place of a source among them. Records of one source come together.
func (ix *Index) sourceOf(name string) int32 {
	if n := len(ix.entries); n > 0 && ix.sources[ix.entries[n-1].source] == name {
		return ix.entries[n-1].source
	}
	at := slices.Index(ix.sources, name)
	if at < 0 {
		at = len(ix.sources)
		ix.sources = append(ix.sources, name)
	}
	return int32(at)
}

// Remove takes a record out.
func (ix *Index) Remove(id string) {
	at, ok := ix.byID[id]
	if !ok {
		return
	}
	ix.entries[at].dead = true
	delete(ix.byID, id)
	ix.live--
	ix.filing, ix.sought = nil, nil
}

// Len returns how many records there are.
func (ix *Index) Len() int { return ix.live }

// IDs lists the records, sorted.
func (ix *Index) IDs() []string {
	living := ix.living()
	out := make([]string, len(living))
	for i, e := range living {
		out[i] = e.id
	}
	return out
}

// Has reports whether a record is there.
func (ix *Index) Has(id string) bool { _, ok := ix.byID[id]; return ok }

// file returns the index as it stands, filed.
func (ix *Index) file() *filing {
	ix.filed.Lock()
	defer ix.filed.Unlock()
	if ix.filing == nil {
		ix.filing = newFiling(ix.living())
	}
	return ix.filing
}

// living returns the entries that were not removed, by id.
func (ix *Index) living() []*entry {
	out := make([]*entry, 0, ix.live)
	for _, e := range ix.entries {
		if !e.dead {
			out = append(out, e)
		}
	}
	byID(out)
	return out
}

// Pair is two records proposed, with the log2 Bayes factor that they are one child and its posterior. Left is the
// smaller id.
type Pair struct {
	Left, Right         string
	Weight, Probability float64
}

// weighed is a pair by rows.
type weighed struct {
	a, b                int32
	weight, probability float64
}

// Pairs proposes and weighs pairs. The result is sorted by ids and is the same whatever the order of arrival and the
// number of processors.
func (ix *Index) Pairs(m *Model, o Options) ([]Pair, Blocking) {
	p := ix.proposing(m, o)
	weighers := make([]*weigher, workers())
	kept := make([][]weighed, p.chunks())
	p.run(func(worker, chunk int, a, b int32) {
		if weighers[worker] == nil {
			weighers[worker] = ix.weigher(m, newReader())
		}
		w := weighers[worker].weight(p.rows[a], p.rows[b])
		if probability := m.probability(w); probability >= o.Floor {
			kept[chunk] = append(kept[chunk], weighed{a, b, w, probability})
		}
	})
	return p.pairs(kept), p.report
}

func (ix *Index) proposing(m *Model, o Options) *proposing {
	p := &proposing{filing: ix.file(), ix: ix, o: o, glancer: m.glancer(ix.live, o.Floor)}
	p.every = p.inLarge <= weighedAll
	if o.Among != nil {
		p.among = make([]bool, len(p.rows))
		for _, id := range o.Among {
			if row, ok := p.row(id); ok {
				p.among[row] = true
			}
		}
	}
	return p
}

// pairs writes what was kept in the order of ids.
func (p *proposing) pairs(kept [][]weighed) []Pair {
	n := 0
	starts := make([]int, len(kept))
	for c, list := range kept {
		starts[c] = n
		n += len(list)
	}
	out := make([]Pair, n)
	each(len(kept), func(_, c int) {
		slices.SortFunc(kept[c], func(x, y weighed) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
		for i, w := range kept[c] {
			out[starts[c]+i] = Pair{p.rows[w.a].id, p.rows[w.b].id, w.weight, w.probability}
		}
		kept[c] = nil
	})
	if p.among != nil { // the row that was asked for may be the second
		slices.SortFunc(out, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right)) })
	}
	return out
}

// Weigh returns the weight of two records that are in the index and the signals it is the sum of, exactly as Pairs
// weighs them; ok is false when one is not there.
func (ix *Index) Weigh(m *Model, left, right string) (p Pair, signals []Signal, ok bool) {
	return Weigher{ix.weigher(m, &reader{})}.Weigh(left, right)
}

// round keeps a sum from being written with noise in its last digits.
func round(f float64) float64 { return math.Round(f*1e6) / 1e6 }
