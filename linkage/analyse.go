package linkage

import (
	"slices"
	"strings"
	"sync"

	"github.com/homeward-registry/homeward/names"
)

// vocabulary is what the records of an index are made of: words of names, and values of columns, each distinct one analysed once,
// because names and places are Zipfian.
type vocabulary struct {
	lexicon names.Lexicon
	mu      sync.Mutex
	values  [shapes]map[string]*value // nil where nothing can be compared
	list    [shapes][]*value          // by serial, the first of 1
}

func newVocabulary() *vocabulary {
	v := &vocabulary{}
	for s := range v.values {
		v.values[s] = map[string]*value{}
	}
	return v
}

// value returns a text analysed by a, or the one that was there before.
func (v *vocabulary) value(a *Analyser, s shape, text string) *value {
	if v == nil {
		return a.analyse(s, text)
	}
	v.mu.Lock()
	known, ok := v.values[s][text]
	v.mu.Unlock()
	if ok {
		return known
	}
	made := a.analyse(s, text)
	v.mu.Lock()
	defer v.mu.Unlock()
	if known, ok := v.values[s][text]; ok {
		return known
	}
	v.values[s][text] = made
	v.number(s, made)
	return made
}

// number gives a value the next number of its shape.
func (v *vocabulary) number(s shape, made *value) {
	if made != nil {
		v.list[s] = append(v.list[s], made)
		made.serial = uint32(len(v.list[s]))
	}
}

// count returns how many values of a shape there are.
func (v *vocabulary) count(s shape) int { return len(v.list[s]) }

// Analyser analyses records for one index, on one goroutine beside others: the work of a million records is mostly this.
// [Index.Take] puts them in.
type Analyser struct {
	shared *vocabulary // nil for a query: nothing is numbered
	parser *names.Parser
	values [shapes]map[string]*value
	extra  []string // names of extra columns, in the order met
	slab   slabs
}

// Analysed is a record of which every word is analysed.
type Analysed struct {
	entry *entry
	extra []string // what the analyser called the extra columns of its cells
}

// slabs are larger pieces of memory that small slices are cut from.
type slabs struct {
	entries []entry
	names   []names.Name
	births  []born
	cells   []cell
}

// Analyser returns an analyser for one goroutine.
func (ix *Index) Analyser() *Analyser {
	return newAnalyser(ix.words, ix.words.lexicon.Parser())
}

// forQuery returns an analyser whose entries are compared with those of the index, and leave nothing behind.
func (ix *Index) forQuery() *Analyser {
	a := newAnalyser(nil, (*names.Lexicon)(nil).Parser())
	a.slab = slabs{make([]entry, 1), make([]names.Name, 1), make([]born, 1), make([]cell, 2)}
	return a
}

func newAnalyser(shared *vocabulary, parser *names.Parser) *Analyser {
	a := &Analyser{shared: shared, parser: parser}
	for s := range a.values {
		a.values[s] = map[string]*value{}
	}
	return a
}

// Analyse analyses a record.
func (a *Analyser) Analyse(r Record) Analysed {
	e := &cut(&a.slab.entries, 1)[0]
	e.sex = sexNumber(r.Sex)
	e.births = cut(&a.slab.births, len(r.Births))
	for i, d := range r.Births {
		e.births[i] = bornOn(d)
	}
	e.names = a.names(r.Names)
	for i := 0; e.sex == 0 && i < len(e.names); i++ {
		e.sex = sexNumber(names.SexOf(e.names[i]))
	}
	e.cells = a.cells(r)
	return Analysed{e, a.extra}
}

func (a *Analyser) names(list []NameText) []names.Name {
	out := cut(&a.slab.names, len(list))[:0]
	for _, n := range list {
		if parsed := a.name(n); !parsed.Empty() {
			out = append(out, parsed)
		}
	}
	return out
}

func (a *Analyser) name(n NameText) names.Name {
	if parsed := a.parser.ParseParts(n.Given, n.Patronymic, n.Family); !parsed.Empty() {
		return parsed
	}
	return a.parser.Parse(n.Full)
}

func (a *Analyser) cells(r Record) []cell {
	var room [32]cell
	out := room[:0]
	put := func(c column, texts ...string) {
		for _, s := range texts {
			if v := a.value(c.shape(), s); v != nil {
				out = append(out, cell{c, v})
			}
		}
	}
	put(colBirthPlace, r.BirthPlaces...)
	put(colHome, r.Homes...)
	put(colTakenFrom, r.TakenFrom...)
	put(colInstitution, r.Institutions...)
	put(colGroup, r.Groups...)
	put(colMother, r.Mothers...)
	put(colFather, r.Fathers...)
	put(colSibling, r.Siblings...)
	put(colEyes, r.Eyes)
	put(colHair, r.Hair)
	put(colDocument, r.Documents...)
	put(colPhone, r.Phones...)
	for _, x := range r.Extra {
		if at := a.extraColumn(x.Column); at >= 0 {
			put(knownColumns+column(at), x.Value)
		}
	}
	if len(r.Extra) > 1 {
		slices.SortStableFunc(out, func(x, y cell) int { return int(x.column) - int(y.column) })
	}
	kept := cut(&a.slab.cells, len(out))
	copy(kept, out)
	return kept
}

// mostExtra is how many extra columns an analyser tells apart: more than an index compares.
const mostExtra = 100

// extraColumn returns the place of an extra column among those met, or -1 when there is no room for it.
func (a *Analyser) extraColumn(name string) int {
	at := slices.Index(a.extra, name)
	if at < 0 && len(a.extra) < mostExtra {
		at = len(a.extra)
		a.extra = append(a.extra, strings.Clone(name))
	}
	return at
}

// value returns a text analysed, or nil when there is nothing in it to compare.
func (a *Analyser) value(s shape, text string) *value {
	if text == "" {
		return nil
	}
	if v, ok := a.values[s][text]; ok {
		return v
	}
	text = strings.Clone(text)
	v := a.shared.value(a, s, text)
	a.values[s][text] = v
	return v
}

func (a *Analyser) analyse(s shape, text string) *value {
	v := &value{}
	switch s {
	case shapePerson:
		v.name = a.name(NameText{Full: text})
	case shapeNumber:
		v.number = Number(text)
	case shapePhone:
		v.number = subscriber(Number(text))
	case shapeText:
		v.setKeys(textKeys(text))
	case shapeLook:
		v.setKeys(lookKeys(text))
	case shapePlace:
		v.setKeys(textKeys(text))
		v.setPlace(text)
	}
	if v.name.Empty() && v.number == "" && v.keys == "" {
		return nil
	}
	return v
}
