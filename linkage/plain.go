package linkage

import (
	"math"

	"github.com/homeward-registry/homeward/names"
)

// plain is a record of one name of three words, at most one birth, and few values, no column twice, as most are: laid out in one piece of
// memory, so that weighing a pair follows no pointers. It is weighed as its entry is, to the bit.
type plain struct {
	name    names.Three // no name where the record is not plain
	birth   born
	source  int32
	values  [plainValues]uint32 // their numbers; 0 after the last
	columns [plainValues]column
	sex     uint8
}

// plainValues is how many values a plain record may have.
const plainValues = 6

func (p *plain) is() bool { return p.name[0] != 0 }

// plainOf lays an entry out; of one that is not plain, the source alone.
func plainOf(e *entry) plain {
	p, none := plain{source: e.source, sex: e.sex}, plain{source: e.source}
	if len(e.names) != 1 || len(e.births) > 1 || len(e.cells) > plainValues {
		return none
	}
	name, ok := e.names[0].Three()
	if !ok {
		return none
	}
	for i, c := range e.cells {
		if c.serial == 0 || i > 0 && e.cells[i-1].column == c.column || c.column.shape() == shapePerson {
			return none
		}
		p.values[i], p.columns[i] = c.serial, c.column
	}
	if len(e.births) == 1 {
		p.birth = e.births[0]
	}
	p.name = name
	return p
}

// plainly lays all rows out, once.
func (f *filing) plainly() []plain {
	f.plaining.Do(func() {
		f.plains = make([]plain, len(f.rows))
		parallel(len(f.rows), func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				f.plains[i] = plainOf(f.rows[i])
			}
		})
	})
	return f.plains
}

// readRows compares two rows.
func (w *weigher) readRows(f *filing, a, b int32) evidence {
	if x, y := &f.plains[a], &f.plains[b]; x.is() && y.is() {
		return w.readPlain(x, y)
	}
	return w.read(f.rows[a], f.rows[b])
}

// weightOfRows weighs two rows, a before b.
func (w *weigher) weightOfRows(f *filing, a, b int32) float64 {
	return w.sum(w.readRows(f, a, b), f.plains[a].source, f.plains[b].source)
}

// readPlain compares two plain records.
func (w *weigher) readPlain(x, y *plain) (e evidence) {
	e.names = w.namesOfThree(x.name, y.name)
	e.pattern.set(cmpName, e.names.level)
	e.pattern.set(cmpBirth, compareBirth(&x.birth, &y.birth))
	e.pattern.set(cmpSex, compareSex(x.sex, y.sex))
	var shared [plainValues][2]int
	n := 0
	for i, j := 0, 0; i < plainValues && j < plainValues && x.values[i] != 0 && y.values[j] != 0; {
		switch c := x.columns[i]; {
		case c < y.columns[j]:
			i++
		case c > y.columns[j]:
			j++
		default:
			e.pattern.set(cmpColumns+int(c), w.valuesOf(c.shape(), x.values[i], y.values[j]))
			shared[n] = [2]int{i, j}
			n, i, j = n+1, i+1, j+1
		}
	}
	e.own, e.family = w.rarityOfThree(e.names, x.name, y.name)
	for _, at := range shared[:n] {
		c := cmpColumns + int(x.columns[at[0]])
		if w.texts[c] != nil && e.pattern.level(c) == same && w.bits.given(c, e.pattern) != same {
			e.texts += min(w.rarityOfSerial(c, x.values[at[0]]), w.rarityOfSerial(c, y.values[at[1]]))
		}
	}
	return e
}

// namesOfThree compares two names of three words.
func (w *weigher) namesOfThree(x, y names.Three) namesCompared {
	n := namesCompared{c: w.memo.Threes(x, y)}
	n.level = nameLevel(n.c)
	if n.level == nameSibling && names.Apart(w.memo.Word(x[0]), w.memo.Word(y[0])) {
		n.level = nameApart
	}
	return n
}

// rarityOfThree is the adjustment for the names that agree, as nameRarity tells it.
func (w *weigher) rarityOfThree(n namesCompared, x, y names.Three) (givenName, shared float64) {
	if n.level == 0 || n.c.Swapped {
		return 0, 0
	}
	rarity := func(part int, f *Frequencies, word int) float64 {
		return min(w.rarityOfNumber(part, f, x[word]), w.rarityOfNumber(part, f, y[word]))
	}
	if n.c.Given.Same() {
		givenName = rarity(1, &w.model.Given, 0)
	}
	if n.c.Family.Same() {
		shared += rarity(0, &w.model.Family, 2)
	}
	if n.c.Patronymic.Same() {
		shared += rarity(2, &w.model.Father, 1)
	}
	return givenName, shared
}

// valuesOf compares two values of a shape by their numbers.
func (w *weigher) valuesOf(s shape, x, y uint32) int {
	if x == y {
		return same
	}
	list := w.ix.words.list[s]
	return w.values(s, list[x-1], list[y-1])
}

func (w *weigher) rarityOfSerial(c int, serial uint32) float64 {
	if known := w.known[c][serial]; !math.IsNaN(known) {
		return known
	}
	column := column(c - cmpColumns)
	return w.rarityOfText(c, cell{column, w.ix.words.list[column.shape()][serial-1]})
}
