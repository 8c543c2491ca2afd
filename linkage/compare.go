package linkage

import (
	"github.com/homeward-registry/homeward/names"
	"github.com/homeward-registry/homeward/places"
)

// Every comparison gives a level: 0 when one side says nothing, otherwise an index into its levels, from the strongest
// agreement to disagreement. Where a side has several values, the pair of values that agrees best counts.

// The comparisons, in the order in which patterns are packed and waterfalls shown: the name, the birth, the sex, and one for
// each column, the extra ones last.
const (
	cmpName = iota
	cmpBirth
	cmpSex
	cmpColumns
	comparisons    = cmpColumns + int(knownColumns) // without extra ones
	maxComparisons = comparisons + MaxExtra
)

// pattern is the levels of one pair: four bits for the name and the birth, two for each other comparison.
type pattern uint64

func shift(c int) int {
	if c < cmpSex {
		return 4 * c
	}
	return 4*cmpSex + 2*(c-cmpSex)
}

func (p pattern) level(c int) int {
	if c < cmpSex {
		return int(p>>shift(c)) & 15
	}
	return int(p>>shift(c)) & 3
}

func (p *pattern) set(c, level int) { *p |= pattern(level) << shift(c) }

// reader compares records; it is the room of one goroutine.
type reader struct{ memo *names.Memo }

func (ix *Index) reader() *reader { return &reader{ix.words.lexicon.Memo()} }

// pattern compares two records column by column, their names being compared already.
func (r *reader) pattern(n namesCompared, a, b *entry) pattern {
	var p pattern
	p.set(cmpName, n.level)
	p.set(cmpBirth, compareBirths(a.births, b.births))
	p.set(cmpSex, compareSex(a.sex, b.sex))
	for x, y := a.cells, b.cells; len(x) > 0 && len(y) > 0; {
		switch c := x[0].column; {
		case c < y[0].column:
			x = x[1:]
		case c > y[0].column:
			y = y[1:]
		default:
			i, j := run(x), run(y)
			p.set(cmpColumns+int(c), r.column(c, x[:i], y[:j]))
			x, y = x[i:], y[j:]
		}
	}
	return p
}

// run is how many cells of one column there are at the start.
func run(list []cell) int {
	n := 1
	for n < len(list) && list[n].column == list[0].column {
		n++
	}
	return n
}

// Levels of sex, and of columns that agree or not.
const (
	same = iota + 1
	partly
	differ
)

func compareSex(a, b uint8) int {
	switch {
	case a == 0 || b == 0:
		return 0
	case a == b:
		return same
	}
	return differ
}

// column compares the values of one column: the two that agree best. Texts are compared as sets, because several parts of a home
// may stand side by side: each of the smaller set is to be found in the larger for them to be the same, and one of them for partly.
func (r *reader) column(c column, a, b []cell) int {
	s := c.shape()
	if c == colSibling {
		return r.siblings(a, b)
	}
	if s.words() && len(a) > 1 && len(b) > 1 {
		switch {
		case len(a) < len(b):
			return r.found(a, b)
		case len(a) > len(b):
			return r.found(b, a)
		}
		return max(r.found(a, b), r.found(b, a))
	}
	return r.best(s, a, b)
}

// best is the level of the two values that agree best.
func (r *reader) best(s shape, a, b []cell) int {
	best := 0
	for _, x := range a {
		for _, y := range b {
			level := r.values(s, x.value, y.value)
			if level != 0 && (best == 0 || level < best) {
				best = level
			}
		}
	}
	return best
}

// found compares texts by how many of a stand among b.
func (r *reader) found(a, b []cell) int {
	found, near := 0, 0
	for i := range a {
		switch r.best(a[i].column.shape(), a[i:i+1], b) {
		case same:
			found++
		case partly:
			near++
		}
	}
	switch {
	case found == len(a):
		return same
	case found+near > 0:
		return partly
	}
	return differ
}

func (r *reader) values(s shape, x, y *value) int {
	switch {
	case s == shapePerson:
		return r.people(x.name, y.name)
	case x == y:
		return same
	case s == shapePlace && x.place != nil && y.place != nil:
		return comparePlaces(x, y)
	case s.words():
		return compareTexts(x.words, y.words)
	}
	return compareNumbers(x.number, y.number)
}

// comparePlaces compares texts that mean known places: the same place, whatever it was called; partly, when one lies in the other
// or both in one raion.
func comparePlaces(x, y *value) int {
	switch l := places.Relate(*x.place, *y.place); {
	case l == places.Same:
		return same
	case l >= places.SameRaion:
		return partly
	}
	return differ
}

// compareTexts compares texts by the keys of their words: all words of the shorter in the longer is the same, some is
// partly.
func compareTexts(a, b []uint64) int {
	switch shared := overlap(a, b); {
	case shared == min(len(a), len(b)):
		return same
	case shared > 0:
		return partly
	}
	return differ
}

func overlap(a, b []uint64) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n, i, j = n+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

func (r *reader) people(x, y names.Name) int {
	switch c := r.memo.Compare(x, y); {
	case c.Overall == names.LevelMissing:
		return 0
	case c.Overall.Same():
		return same
	case c.Overall >= names.LevelInitial || c.Given.Same() && c.Patronymic.Same():
		return partly
	}
	return differ
}

// siblings compares sets of siblings by their given names: each of the smaller set that has a partner counts.
func (r *reader) siblings(a, b []cell) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	partner := make([]int, len(b)) // of each in b: 1 + its place in a
	found := 0
	for i := range a {
		if r.pairUp(a, b, i, partner, make([]bool, len(b))) {
			found++
		}
	}
	switch {
	case found == len(a):
		return same
	case found > 0:
		return partly
	}
	return differ
}

// pairUp finds a partner for one sibling, moving others to another of theirs when need be (a maximum matching): Саша may be
// either of two, so who is asked first must not decide how many find a partner.
func (r *reader) pairUp(a, b []cell, i int, partner []int, tried []bool) bool {
	for j := range b {
		if tried[j] || !r.memo.Compare(a[i].name, b[j].name).Given.Same() {
			continue
		}
		tried[j] = true
		if partner[j] == 0 || r.pairUp(a, b, partner[j]-1, partner, tried) {
			partner[j] = i + 1
			return true
		}
	}
	return false
}

// compareNumbers compares numbers as [Number] gives them; one of six signs or more with one sign misread or two neighbours
// exchanged is partly the same.
func compareNumbers(a, b string) int {
	switch {
	case a == b:
		return same
	case slipped(a, b):
		return partly
	}
	return differ
}

func slipped(a, b string) bool {
	if len(a) != len(b) || len(a) < 6 {
		return false
	}
	i := 0
	for a[i] == b[i] {
		i++
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
