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
	places   placeTable
	sources  []string
	live     int

	filed  sync.Mutex
	rows   []*entry // those that were not removed, by id; nil when records came or went since it was made
	filing *filing  // the same for proposing pairs
	sought *seeking // the same for search
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	ix := &Index{words: newVocabulary(), places: newPlaceTable()}
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
	ix.entries = append(ix.entries, e)
	ix.places.put(ix.entries, int32(len(ix.entries)-1))
	ix.live++
	ix.rows, ix.filing, ix.sought = nil, nil, nil
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
	at, ok := ix.places.find(ix.entries, id)
	if !ok {
		return
	}
	ix.entries[at].dead = true
	ix.live--
	ix.rows, ix.filing, ix.sought = nil, nil, nil
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
func (ix *Index) Has(id string) bool { _, ok := ix.places.find(ix.entries, id); return ok }

// file returns the index as it stands, filed.
func (ix *Index) file() *filing {
	ix.filed.Lock()
	defer ix.filed.Unlock()
	if ix.filing == nil {
		ix.filing = newFiling(ix.ordered())
	}
	return ix.filing
}

// Unfile gives back the memory that proposing pairs and search took. Who asks for either again waits until records are filed anew.
func (ix *Index) Unfile() {
	ix.filed.Lock()
	defer ix.filed.Unlock()
	ix.filing, ix.sought = nil, nil
}

// living returns the entries that were not removed, by id.
func (ix *Index) living() []*entry {
	ix.filed.Lock()
	defer ix.filed.Unlock()
	return ix.ordered()
}

// ordered is living for who holds the lock.
func (ix *Index) ordered() []*entry {
	if ix.rows != nil {
		return ix.rows
	}
	out := make([]*entry, 0, ix.live)
	for _, e := range ix.entries {
		if !e.dead {
			out = append(out, e)
		}
	}
	byID(out)
	ix.rows = out
	return out
}

// Pair is two records proposed, with the log2 Bayes factor that they are one child and its posterior. Left is the
// smaller id.
type Pair struct {
	Left, Right         string
	Weight, Probability float64
}

// Placed is a pair by the places of its records among [Index.IDs].
type Placed struct {
	Left, Right         int32
	Weight, Probability float64
}

// Pairs proposes and weighs pairs. The result is sorted by ids and is the same whatever the order of arrival and the
// number of processors.
func (ix *Index) Pairs(m *Model, o Options) ([]Pair, Blocking) {
	placed, report := ix.Placed(m, o)
	rows, out := ix.file().rows, make([]Pair, len(placed))
	parallel(len(out), func(_, lo, hi int) {
		for i, w := range placed[lo:hi] {
			out[lo+i] = Pair{rows[w.Left].id, rows[w.Right].id, w.Weight, w.Probability}
		}
	})
	return out, report
}

// Placed does what Pairs does, and names records by their places, which takes half the memory.
func (ix *Index) Placed(m *Model, o Options) ([]Placed, Blocking) {
	p := ix.proposing(m, o)
	weighers, rooms := make([]*weigher, workers()), make([][]Placed, workers())
	kept := make([][]Placed, p.chunks())
	p.run(func(worker int, a, b int32) {
		if weighers[worker] == nil {
			weighers[worker] = ix.weigher(m, ix.reader())
		}
		w := weighers[worker].weightOfRows(p.filing, a, b)
		if probability := m.probability(w); probability >= o.Floor {
			rooms[worker] = append(rooms[worker], Placed{a, b, w, probability})
		}
	}, func(worker, chunk int) {
		slices.SortFunc(rooms[worker], byPlaces)
		kept[chunk] = slices.Clone(rooms[worker])
		rooms[worker] = rooms[worker][:0]
	})
	p.couples = nil // make room
	out := slices.Concat(kept...)
	if p.among != nil { // the row that was asked for may be the second
		slices.SortFunc(out, byPlaces)
	}
	return out, p.report
}

func byPlaces(x, y Placed) int {
	return cmp.Or(cmp.Compare(x.Left, y.Left), cmp.Compare(x.Right, y.Right))
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

// Weigh returns the weight of two records that are in the index and the signals it is the sum of, exactly as Pairs
// weighs them; ok is false when one is not there.
func (ix *Index) Weigh(m *Model, left, right string) (p Pair, signals []Signal, ok bool) {
	return Weigher{ix.weigher(m, &reader{})}.Weigh(left, right)
}

// round keeps a sum from being written with noise in its last digits.
func round(f float64) float64 { return math.Round(f*1e6) / 1e6 }
