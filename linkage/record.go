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
	sex    uint8 // among sexes
	dead   bool
	names  []names.Name
	births []born
	cells  []cell // by column
}

// sexes are those a record may tell, the unknown first.
var sexes = [...]names.Sex{names.SexUnknown, names.Female, names.Male}

func sexNumber(s names.Sex) uint8 { return uint8(max(slices.Index(sexes[:], s), 0)) }

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
	serial uint32 // among the values of its shape, from 1; 0 when it is of none: of what somebody looks for
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
// nothing, are left out unless nothing else remains; digits are kept as they are, and always say something: school 3 is not
// school 7.
func textKeys(s string) []string {
	var out, weak []string
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ,.;:/()«»\"№-–\t\n", r) }) {
		if strings.ContainsAny(w, digits) {
			out = append(out, digitsKey(w))
			continue
		}
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

const digits = "0123456789"

// digitsKey is the key of a word with digits: these, and then the key of its letters. Among the sounds of [names.Key] digits are
// letters of sounds.
func digitsKey(w string) string {
	var number, letters strings.Builder
	for _, r := range w {
		if strings.ContainsRune(digits, r) {
			number.WriteRune(r)
		} else {
			letters.WriteRune(r)
		}
	}
	return number.String() + names.Key(letters.String())
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
