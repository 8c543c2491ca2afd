package linkage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// Query is what somebody looks for, as typed.
type Query struct {
	Name   string
	Births []homeward.Date
	Sex    names.Sex
	Place  string // a home, a birthplace, a place taken from, an institution
	Number string // of a document or telephone
}

// Hit is a record found, the most likely first.
type Hit struct {
	ID      string
	Weight  float64
	Signals []Signal
}

// seeking is an index laid out for search: its names for ranking, and which of them stand on rows born then, known there or
// holding a number. Rows are found by the places of their names.
type seeking struct {
	*filing
	names   *names.Index
	row     []int32            // name -> row
	years   map[int16][]int32  // year of birth -> names
	places  map[string][]int32 // key of a word -> names
	words   []string           // keys of places, sorted
	numbers map[string][]int32
	rankers chan *names.Ranker // that nobody uses: they are large, and remember words
}

func (ix *Index) seek() *seeking {
	f := ix.file()
	ix.filed.Lock()
	defer ix.filed.Unlock()
	if ix.sought == nil {
		ix.sought = newSeeking(f)
	}
	return ix.sought
}

func newSeeking(f *filing) *seeking {
	s := &seeking{filing: f, names: names.NewIndex(), years: map[int16][]int32{}, places: map[string][]int32{}, numbers: map[string][]int32{}}
	for row, e := range f.rows {
		first := int32(len(s.row))
		for _, n := range e.names {
			s.add(n, row)
		}
		if len(e.names) == 0 {
			s.add(names.Name{}, row)
		}
		s.tell(e, first, int32(len(s.row)))
	}
	for w := range s.places {
		s.words = append(s.words, w)
	}
	slices.Sort(s.words)
	s.rankers = make(chan *names.Ranker, workers())
	return s
}

// ranker returns a ranker for one query; spare takes it back.
func (s *seeking) ranker() *names.Ranker {
	select {
	case r := <-s.rankers:
		return r
	default:
		return s.names.Ranker()
	}
}

func (s *seeking) spare(r *names.Ranker) {
	select {
	case s.rankers <- r:
	default:
	}
}

func (s *seeking) add(n names.Name, row int) {
	s.names.Add(n)
	s.row = append(s.row, int32(row))
}

// tell notes for the names of a row what else the row tells.
func (s *seeking) tell(e *entry, from, to int32) {
	for at := from; at < to; at++ {
		for i := range e.births {
			if b := &e.births[i]; b.known() && b.lastYear()-int(b.year) <= 1 {
				s.years[b.year] = append(s.years[b.year], at)
			}
		}
		for _, c := range e.cells {
			switch c.column {
			case colBirthPlace, colHome, colTakenFrom, colInstitution:
				for w := range strings.FieldsSeq(c.keys) {
					if list := s.places[w]; len(list) == 0 || list[len(list)-1] != at {
						s.places[w] = append(list, at)
					}
				}
			case colDocument, colPhone:
				s.numbers[c.number] = append(s.numbers[c.number], at)
			}
		}
	}
}

// What evidence beside the name is worth, in bits, when it decides which records are weighed; a word of a place found in a record
// adds placeBits to its weight as well.
const (
	foundYear   = 3
	foundNumber = 20
)

// maxSearched is how many records are weighed for one query.
const maxSearched = 256

// Search returns the records that fit a query best, with what speaks for each. A word is found in any script and
// spelling, in any order, and by its beginning.
func (ix *Index) Search(m *Model, q Query, limit int) []Hit {
	s, e := ix.seek(), ix.queryEntry(q)
	ranker := s.ranker()
	defer s.spare(ranker)
	places := textKeys(q.Place)
	var name names.Name
	if len(e.names) > 0 {
		name = e.names[0]
	}
	w := ix.weigher(m, &reader{})
	best := map[int32]float64{}
	for _, r := range ranker.Rank(name, max(limit, maxSearched), s.evidence(e, places)...) {
		row := s.row[r.At]
		weight := r.Weight + w.beside(e, s.rows[row]) + placeBits*float64(found(places, s.rows[row]))
		if have, ok := best[row]; !ok || weight > have {
			best[row] = weight
		}
	}
	hits := make([]Hit, 0, len(best))
	for row, weight := range best {
		hits = append(hits, Hit{ID: s.rows[row].id, Weight: round(weight)})
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	hits = hits[:min(limit, len(hits))]
	for i := range hits {
		row, _ := s.filing.row(hits[i].ID)
		hits[i].Signals = w.signals(w.read(e, s.rows[row]), e, s.rows[row])
	}
	return hits
}

func (ix *Index) queryEntry(q Query) *entry {
	r := Record{Names: []NameText{{Full: q.Name}}, Births: q.Births, Sex: q.Sex}
	if q.Number != "" {
		r.Documents, r.Phones = []string{q.Number}, []string{q.Number}
	}
	e := ix.forQuery().Analyse(r).entry
	e.source = ofQuery
	return e
}

// evidence is what a query tells beside the name.
func (s *seeking) evidence(e *entry, places []string) (out []names.Evidence) {
	for i := range e.births {
		b := &e.births[i]
		years := names.Evidence{Bits: foundYear}
		for y := int(b.year) - 1; y <= b.lastYear()+1 && y-int(b.year) < 20; y++ {
			years.In = append(years.In, s.years[int16(y)])
		}
		out = append(out, years)
	}
	for _, w := range places {
		known := names.Evidence{Bits: placeBits}
		for _, begun := range s.begun(w) {
			known.In = append(known.In, s.places[begun])
		}
		out = append(out, known)
	}
	for _, c := range e.cells {
		out = append(out, names.Evidence{In: [][]int32{s.numbers[c.number]}, Bits: foundNumber})
	}
	return out
}

// leastBegun is how many sounds of a word are enough to search by its beginning, and maxBegun how many words are found by it.
const (
	leastBegun = 3
	maxBegun   = 200
)

// begun returns the words of places that are a word or begin with it.
func (s *seeking) begun(word string) []string {
	from, there := slices.BinarySearch(s.words, word)
	if len(word) < leastBegun {
		if there {
			return s.words[from : from+1]
		}
		return nil
	}
	to := from
	for to < len(s.words) && to-from < maxBegun && strings.HasPrefix(s.words[to], word) {
		to++
	}
	return s.words[from:to]
}

// found counts the words of a query that a record's places have, whole or begun.
func found(places []string, e *entry) (n int) {
	for _, w := range places {
		if slices.ContainsFunc(e.cells, func(c cell) bool {
			return c.column <= colInstitution && slices.ContainsFunc(strings.Fields(c.keys), func(k string) bool {
				return k == w || len(w) >= leastBegun && strings.HasPrefix(k, w)
			})
		}) {
			n++
		}
	}
	return n
}

// beside is what a record says for a query beside its name.
func (w *weigher) beside(q, e *entry) (bits float64) {
	p := w.pattern(namesCompared{}, q, e)
	for c := range w.model.Comparisons {
		bits += w.bits.same[c][0][p.level(c)]
	}
	return bits
}
