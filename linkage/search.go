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

// searchWords returns the keys a record is searched by: every word of every name, of places and institutions, and
// every number.
func (e *entry) searchWords() []string {
	var out []string
	for _, n := range e.names {
		for _, t := range n.Tokens {
			out = append(out, "n"+t.Stem(), "f"+t.Fold)
			if t.Class != 0 && t.Part == names.PartGiven {
				out = append(out, "n"+tokenKey(t))
			}
			for _, c := range t.ShortFor() {
				out = append(out, "n"+tokenKey(names.Token{Class: c}))
			}
		}
	}
	for _, col := range []int{colBirthPlace, colHome, colTakenFrom, colInstitution} {
		for _, f := range e.texts[col] {
			for _, w := range f {
				out = append(out, "p"+w)
			}
		}
	}
	for _, list := range e.numbers {
		for _, n := range list {
			out = append(out, "#"+n)
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
	e := ix.queryEntry(q)
	shared := map[int32]int{}
	for _, w := range ix.queryWords(e, q) {
		counted := map[int32]bool{}
		for _, key := range w {
			for _, at := range ix.words.list(key) {
				if !counted[at] && !ix.entries[at].dead {
					counted[at] = true
					shared[at]++
				}
			}
		}
	}
	found := ix.bestShared(shared)
	hits := make([]Hit, 0, len(found))
	for _, at := range found {
		hits = append(hits, ix.hit(m, e, at, shared[at]))
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	hits = hits[:min(limit, len(hits))]
	for i := range hits {
		hits[i].Signals = m.signals(e, ix.entries[ix.byID[hits[i].ID]])
	}
	return hits
}

func (ix *Index) queryEntry(q Query) *entry {
	r := Record{Names: []NameText{{Full: q.Name}}, Births: q.Births, Sex: q.Sex}
	if q.Number != "" {
		r.Documents, r.Phones = []string{q.Number}, []string{q.Number}
	}
	return newAnalyser().entry(r)
}

// queryWords returns, for every word of the query, the keys that stand for it.
func (ix *Index) queryWords(e *entry, q Query) [][]string {
	var out [][]string
	for _, n := range e.names {
		for _, t := range n.Tokens {
			keys := []string{"n" + t.Stem(), "n" + t.Key, "f" + t.Fold}
			if t.Class != 0 {
				keys = append(keys, "n"+tokenKey(t))
			}
			for _, c := range t.ShortFor() {
				keys = append(keys, "n"+tokenKey(names.Token{Class: c}))
			}
			out = append(out, append(keys, ix.beginningWith("f"+t.Fold)...))
		}
	}
	for _, w := range newAnalyser().text(q.Place) {
		out = append(out, append([]string{"p" + w}, ix.beginningWith("p"+w)...))
	}
	if n := Number(q.Number); n != "" {
		out = append(out, []string{"#" + n, "#" + subscriber(n)})
	}
	return out
}

// beginningWith returns the keys that begin as the given one does. Words are few beside records, so they are walked.
func (ix *Index) beginningWith(start string) []string {
	if len(start) < prefixLength+1 {
		return nil
	}
	var out []string
	for w := range ix.words.keys() {
		if len(w) > len(start) && strings.HasPrefix(w, start) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// bestShared returns the entries that share the most words with the query, at most maxSearched.
func (ix *Index) bestShared(shared map[int32]int) []int32 {
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

func (ix *Index) hit(m *Model, q *entry, at int32, shared int) Hit {
	e := ix.entries[at]
	n := compareNames(q, e)
	w := m.total(m.weigh(patternOf(n, q, e), n, q, e))
	return Hit{ID: e.id, Weight: round(w + perWord*float64(shared))}
}
