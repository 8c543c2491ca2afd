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

// prefixLength is how many sounds of a word are enough to search by its beginning.
const prefixLength = 3

// seeking is an index laid out for search: the rows that have a word.
type seeking struct {
	*filing
	words map[string][]int32
}

func (ix *Index) seek() *seeking {
	f := ix.file()
	ix.filed.Lock()
	defer ix.filed.Unlock()
	if ix.sought == nil {
		ix.sought = &seeking{f, map[string][]int32{}}
		for row, e := range f.rows {
			for _, w := range e.searchWords() {
				ix.sought.words[w] = append(ix.sought.words[w], int32(row))
			}
		}
	}
	return ix.sought
}

// searchWords returns the keys a record is searched by: every word of every name, of places and institutions, and
// every number.
func (e *entry) searchWords() []string {
	var out []string
	for _, n := range e.names {
		for _, t := range n.Tokens {
			out = append(out, "n"+t.Stem(), "f"+t.Fold)
			if t.Class != 0 && t.Part == names.PartGiven {
				out = append(out, "n"+wordKey(t))
			}
			for _, c := range t.ShortFor() {
				out = append(out, "n"+classKey(c))
			}
		}
	}
	for _, c := range e.cells {
		switch c.column {
		case colBirthPlace, colHome, colTakenFrom, colInstitution:
			for w := range strings.FieldsSeq(c.keys) {
				out = append(out, "p"+w)
			}
		case colDocument, colPhone:
			out = append(out, "#"+c.number)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// maxSearched bounds the records that are weighed for one query: those that share the most words with it.
const maxSearched = 5000

// Search returns the records that fit a query best, with what speaks for each. A word is found in any script and
// spelling, in any order, and by its beginning.
func (ix *Index) Search(m *Model, q Query, limit int) []Hit {
	s, e := ix.seek(), ix.queryEntry(q)
	shared := map[int32]int{}
	for _, w := range s.queryWords(e, q) {
		counted := map[int32]bool{}
		for _, key := range w {
			for _, at := range s.words[key] {
				if !counted[at] {
					counted[at] = true
					shared[at]++
				}
			}
		}
	}
	w := ix.weigher(m, &reader{})
	var hits []Hit
	found := map[string]*entry{}
	for _, at := range bestShared(shared) {
		h := Hit{ID: s.rows[at].id, Weight: round(w.weight(e, s.rows[at]) + perWord*float64(shared[at]))}
		hits, found[h.ID] = append(hits, h), s.rows[at]
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	hits = hits[:min(limit, len(hits))]
	for i := range hits {
		hits[i].Signals = w.signals(w.read(e, found[hits[i].ID]), e, found[hits[i].ID])
	}
	return hits
}

func (ix *Index) queryEntry(q Query) *entry {
	r := Record{Names: []NameText{{Full: q.Name}}, Births: q.Births, Sex: q.Sex}
	if q.Number != "" {
		r.Documents, r.Phones = []string{q.Number}, []string{q.Number}
	}
	e := ix.analyser.forQueries().entry(r)
	e.source = -1
	return e
}

// queryWords returns, for every word of the query, the keys that stand for it.
func (s *seeking) queryWords(e *entry, q Query) [][]string {
	var out [][]string
	for _, n := range e.names {
		for _, t := range n.Tokens {
			keys := []string{"n" + t.Stem(), "n" + t.Key, "f" + t.Fold}
			if t.Class != 0 {
				keys = append(keys, "n"+wordKey(t))
			}
			for _, c := range t.ShortFor() {
				keys = append(keys, "n"+classKey(c))
			}
			out = append(out, append(keys, s.beginningWith("f"+t.Fold)...))
		}
	}
	for _, w := range textKeys(q.Place) {
		out = append(out, append([]string{"p" + w}, s.beginningWith("p"+w)...))
	}
	if n := Number(q.Number); n != "" {
		out = append(out, []string{"#" + n, "#" + subscriber(n)})
	}
	return out
}

// beginningWith returns the keys that begin as the given one does. Words are few beside records, so they are walked.
func (s *seeking) beginningWith(start string) []string {
	if len(start) < prefixLength+1 {
		return nil
	}
	var out []string
	for w := range s.words {
		if len(w) > len(start) && strings.HasPrefix(w, start) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// bestShared returns the entries that share the most words with the query, at most maxSearched.
func bestShared(shared map[int32]int) []int32 {
	out := make([]int32, 0, len(shared))
	for at, n := range shared {
		if n > 0 {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b int32) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), maxSearched)]
}

// perWord is what each word of the query found in a record adds, in bits, so that a beginning of a name, which no
// comparison of whole names honours, still ranks by how much of it was found.
const perWord = 4
