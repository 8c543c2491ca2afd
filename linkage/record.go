package linkage

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
	"github.com/homeward-registry/homeward/places"
)

// NameText is a name as received: in parts, or in full.
type NameText struct {
	Full                      string
	Given, Patronymic, Family string
}

// Text is a text under a column that linkage does not know by itself: an occupation, a health group. It is compared with
// the texts of the same column, and what agreeing on it is worth is learned.
type Text struct{ Column, Value string }

// MaxExtra is how many extra columns an index compares; texts of further ones are left out.
const MaxExtra = 15

// Record is what one source said about one child, as typed columns. Every column may be empty or hold several values.
type Record struct {
	ID     string
	Source string

	Names  []NameText // the main one first, then others: aliases, an imposed one
	Births []homeward.Date
	Sex    names.Sex

	BirthPlaces, Homes, TakenFrom, Institutions, Groups []string
	Mothers, Fathers, Siblings                          []string // full names
	Eyes, Hair                                          string
	Documents, Phones                                   []string
	Extra                                               []Text
}

// column is a column of texts, people or numbers; extra ones follow the known.
type column uint8

const (
	colBirthPlace column = iota
	colHome
	colTakenFrom
	colInstitution
	colGroup
	colMother
	colFather
	colSibling
	colEyes
	colHair
	colDocument
	colPhone
	knownColumns
)

// entry is a record analysed. Its words are shared with all records that have them.
type entry struct {
	id     string
	source int32 // among the index's sources
	sex    names.Sex
	dead   bool
	names  []names.Name
	births []born
	cells  []cell // by column
}

// ofQuery is the source of an entry that is no record but what somebody looks for.
const ofQuery = -1

// cell is one value of one column.
type cell struct {
	column column
	*value
}

// value is a text of a column, analysed once: words of a text, a person's name or a number.
type value struct {
	keys   string        // the coarse keys of its words, sorted, with spaces between
	words  []uint64      // their hashes, sorted
	hash   uint64        // of all of them; of a known place, the same for all its names
	place  *places.Place // the place it most likely means; nil when none is known
	name   names.Name
	number string
}

// in returns the cells of a column.
func (e *entry) in(c column) []cell {
	lo := 0
	for lo < len(e.cells) && e.cells[lo].column < c {
		lo++
	}
	hi := lo
	for hi < len(e.cells) && e.cells[hi].column == c {
		hi++
	}
	return e.cells[lo:hi]
}

// extra returns the cells of extra columns.
func (e *entry) extra() []cell {
	n := len(e.cells)
	for n > 0 && e.cells[n-1].column >= knownColumns {
		n--
	}
	return e.cells[n:]
}

// shape is what kind of values a column holds.
type shape uint8

const (
	shapeText shape = iota
	shapePlace
	shapeLook
	shapePerson
	shapeNumber
	shapePhone
	shapes
)

// words reports whether values of the shape are texts.
func (s shape) words() bool { return s == shapeText || s == shapePlace || s == shapeLook }

func (c column) shape() shape {
	switch c {
	case colBirthPlace, colHome, colTakenFrom:
		return shapePlace
	case colEyes, colHair:
		return shapeLook
	case colMother, colFather, colSibling:
		return shapePerson
	case colDocument:
		return shapeNumber
	case colPhone:
		return shapePhone
	}
	return shapeText
}

// analyser analyses words, each distinct one once: names and places are Zipfian.
type analyser struct {
	lexicon names.Lexicon
	values  [shapes]map[string]*value // nil where nothing can be compared
	extra   []string                  // names of the extra columns
	query   bool                      // for one query: nothing is numbered, no extra column is new
	slab    slabs
}

// slabs are larger pieces of memory that small slices are cut from.
type slabs struct {
	entries []entry
	names   []names.Name
	births  []born
	cells   []cell
}

func newAnalyser() *analyser {
	a := &analyser{}
	for s := range a.values {
		a.values[s] = map[string]*value{}
	}
	return a
}

// forQueries returns an analyser whose entries are compared with those of a.
func (a *analyser) forQueries() *analyser {
	q := newAnalyser()
	q.query, q.extra = true, a.extra
	return q
}

func (a *analyser) entry(r Record) *entry {
	e := &cut(&a.slab.entries, 1)[0]
	e.id, e.sex = strings.Clone(r.ID), r.Sex
	e.births = cut(&a.slab.births, len(r.Births))
	for i, d := range r.Births {
		e.births[i] = bornOn(d)
	}
	e.names = a.names(r.Names)
	for i := 0; e.sex == names.SexUnknown && i < len(e.names); i++ {
		e.sex = names.SexOf(e.names[i])
	}
	e.cells = a.cells(r)
	return e
}

func (a *analyser) names(list []NameText) []names.Name {
	out := cut(&a.slab.names, len(list))[:0]
	for _, n := range list {
		if parsed := a.name(n); !parsed.Empty() {
			out = append(out, parsed)
		}
	}
	return out
}

func (a *analyser) name(n NameText) names.Name {
	if a.query { // words of a query have no numbers
		if parsed := names.ParseParts(n.Given, n.Patronymic, n.Family); !parsed.Empty() {
			return parsed
		}
		return names.Parse(n.Full)
	}
	if parsed := a.lexicon.ParseParts(n.Given, n.Patronymic, n.Family); !parsed.Empty() {
		return parsed
	}
	return a.lexicon.Parse(n.Full)
}

func (a *analyser) cells(r Record) []cell {
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

// extraColumn returns the place of an extra column among them, or -1 when there is no room for it.
func (a *analyser) extraColumn(name string) int {
	at := slices.Index(a.extra, name)
	if at < 0 && len(a.extra) < MaxExtra && !a.query {
		at = len(a.extra)
		a.extra = append(a.extra, strings.Clone(name))
	}
	return at
}

// value returns a text analysed, or nil when there is nothing in it to compare.
func (a *analyser) value(s shape, text string) *value {
	if text == "" {
		return nil
	}
	if v, ok := a.values[s][text]; ok {
		return v
	}
	text = strings.Clone(text)
	v := a.analyse(s, text)
	a.values[s][text] = v
	return v
}

func (a *analyser) analyse(s shape, text string) *value {
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

// setPlace takes a text for the place it most likely means.
func (v *value) setPlace(text string) {
	if found := places.Ours().Find(text); len(found) > 0 {
		v.place = &found[0]
		v.hash = hashOfPlace(string(v.place.ID))
	}
}

func hashOfPlace(id string) uint64 { return hashBegun().text(id).stirred() }

// counted is what a text is counted under: the place, whatever it is called, or its words.
func (v *value) counted() string {
	if v.place != nil {
		return "@" + string(v.place.ID)
	}
	return v.keys
}

func (v *value) setKeys(keys []string) {
	v.keys, v.hash = strings.Join(keys, " "), hashOf(keys)
	v.words = make([]uint64, len(keys))
	for i, k := range keys {
		v.words[i] = hashBegun().text(k).stirred()
	}
	slices.Sort(v.words)
}

// stopWords are words of addresses and institutions that say nothing of which one, as keys.
var stopWords = keySet("місто город city town село village смт селище посёлок область обл oblast region край район raion district вулиця вул улица street буд дом")

func keySet(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[names.Key(w)] = true
	}
	return m
}

// textKeys folds a text into the keys of its words, sorted, each once. Words of two letters or fewer, and words that say
// nothing, are left out unless nothing else remains; digits are kept as they are.
func textKeys(s string) []string {
	var out, weak []string
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ,.;:/()«»\"№-–\t\n", r) }) {
		k := names.Key(w)
		if k == "" {
			k = strings.ToLower(w)
		}
		if stopWords[k] || len([]rune(w)) <= 2 {
			weak = append(weak, k)
			continue
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		out = weak
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Number returns a document or telephone number without spaces and signs, letters folded so that look-alikes of two
// scripts are one: "АА № 123-456" and "AA123456" are equal. A number of fewer than four digits identifies nothing and
// is empty.
func Number(s string) string {
	var b strings.Builder
	digits := 0
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= '0' && r <= '9':
			digits++
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		default:
			if i := strings.IndexRune(numberCyrillic, r); i >= 0 {
				b.WriteByte(numberLatin[len([]rune(numberCyrillic[:i]))])
			}
		}
	}
	if digits < 4 {
		return ""
	}
	return b.String()
}

// subscriber is the last nine digits of a telephone number, which are the same with a country's code and without.
func subscriber(number string) string { return number[max(0, len(number)-9):] }

const (
	numberCyrillic = "АВЕІКМНОРСТУХ"
	numberLatin    = "ABEIKMHOPCTYX"
)
