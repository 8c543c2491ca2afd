package linkage

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// NameText is a name as received: in parts, or in full.
type NameText struct {
	Full                      string
	Given, Patronymic, Family string
}

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
}

// entry is a record analysed: every word folded once.
type entry struct {
	id, source string
	names      []names.Name
	births     []homeward.Date
	sex        names.Sex
	texts      [textColumns][]folded
	people     [personColumns][]names.Name
	numbers    [numberColumns][]string
	dead       bool
}

// The columns of one shape share one comparison function.
const (
	colBirthPlace = iota
	colHome
	colTakenFrom
	colInstitution
	colGroup
	colEyes
	colHair
	textColumns
)

const (
	colMother = iota
	colFather
	colSibling
	personColumns
)

const (
	colDocument = iota
	colPhone
	numberColumns
)

// folded is a text as the coarse keys of its words, sorted.
type folded []string

// analyser analyses words, each distinct text once: names and places are Zipfian.
type analyser struct {
	names map[NameText]names.Name
	texts map[string]folded
}

func newAnalyser() *analyser {
	return &analyser{names: map[NameText]names.Name{}, texts: map[string]folded{}}
}

func (a *analyser) entry(r Record) *entry {
	e := &entry{id: r.ID, source: r.Source, births: unworded(r.Births), sex: r.Sex}
	for _, n := range r.Names {
		if parsed := a.name(n); !parsed.Empty() {
			e.names = append(e.names, parsed)
		}
	}
	if e.sex == names.SexUnknown {
		for _, n := range e.names {
			if e.sex = names.SexOf(n); e.sex != names.SexUnknown {
				break
			}
		}
	}
	for col, list := range [textColumns][]string{r.BirthPlaces, r.Homes, r.TakenFrom, r.Institutions, r.Groups, {r.Eyes}, {r.Hair}} {
		for _, s := range list {
			if f := a.text(s); len(f) > 0 {
				e.texts[col] = append(e.texts[col], f)
			}
		}
	}
	for col, list := range [personColumns][]string{r.Mothers, r.Fathers, r.Siblings} {
		for _, s := range list {
			if n := a.name(NameText{Full: s}); !n.Empty() {
				e.people[col] = append(e.people[col], n)
			}
		}
	}
	for col, list := range [numberColumns][]string{r.Documents, r.Phones} {
		for _, s := range list {
			n := Number(s)
			if col == colPhone {
				n = subscriber(n)
			}
			if n != "" {
				e.numbers[col] = append(e.numbers[col], n)
			}
		}
	}
	return e
}

// unworded returns dates without the words they were read from: only the days they allow are compared.
func unworded(dates []homeward.Date) []homeward.Date {
	out := slices.Clone(dates)
	for i := range out {
		out[i].Raw = ""
	}
	return out
}

func (a *analyser) name(n NameText) names.Name {
	if parsed, ok := a.names[n]; ok {
		return parsed
	}
	parsed := names.ParseParts(n.Given, n.Patronymic, n.Family)
	if parsed.Empty() {
		parsed = names.Parse(n.Full)
	}
	a.names[n] = parsed
	return parsed
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

// text folds a text into the keys of its words. Words of two letters or fewer, and words that say nothing, are left
// out unless nothing else remains; digits are kept as they are.
func (a *analyser) text(s string) folded {
	if f, ok := a.texts[s]; ok {
		return f
	}
	var f, weak folded
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,.;:/()«»\"№-–\t\n", r) }) {
		k := names.Key(w)
		if k == "" {
			k = strings.ToLower(w)
		}
		if stopWords[k] || len([]rune(w)) <= 2 {
			weak = append(weak, k)
			continue
		}
		f = append(f, k)
	}
	if len(f) == 0 {
		f = weak
	}
	slices.Sort(f)
	f = slices.Compact(f)
	a.texts[s] = f
	return f
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
