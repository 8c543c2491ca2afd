package linkage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// A blocking pass files a record under keys; two records that share a key of any pass are proposed. Each pass survives
// the failure of others: a changed name, a changed date, a lost patronymic, words in another order.

// The passes. PassNames[i] says what pass i files by.
const (
	passTokens      = iota // any two words of the name, whatever their order
	passNameYear           // family name, and the birth year or a year beside it
	passGivenYear          // given name with the family name's first letter, and the birth year or a year beside it
	passBirthday           // the birth day, and the first letter of a name
	passSwapped            // the given name, and the birth day with day and month in order
	passPatronymic         // given name and patronymic
	passParents            // given name and a parent
	passFamilyYear         // a parent, and the birth year
	passSiblings           // a sibling's given name with one's own
	passPlaceDay           // place taken from or institution, and the birth day
	passFamilyPlace        // family name, and a word of the birthplace or the home
	passAddress            // two parts of the home that stand in columns of their own
	passNumber             // a document or telephone number
	passOneWord            // a name of one word
	passes
)

// PassNames names the blocking passes.
var PassNames = [passes]string{"tokens", "name_year", "given_year", "birthday", "swapped", "patronymic", "parents", "family_year", "siblings", "place_day", "family_place", "address", "number", "one_word"}

// blockKey is a key of one pass.
type blockKey uint64

// keyFor hashes the parts of a key, the same in every process: FNV-1a, stirred so that all bits depend on all letters.
// Two keys that fall together propose pairs that need not be proposed, and nothing worse.
func keyFor(pass int, parts ...string) blockKey {
	h := uint64(14695981039346656037) ^ uint64(pass)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h ^= h >> 33
	return blockKey(h&^255 | uint64(pass))
}

func (k blockKey) pass() int { return int(k & 255) }

// keys returns the keys a record is filed under, each once.
func (e *entry) keys() []blockKey {
	var out []blockKey
	add := func(pass int, parts ...string) {
		if !slices.Contains(parts, "") {
			out = append(out, keyFor(pass, parts...))
		}
	}
	years, days := birthYears(e.births), birthDays(e.births)
	for _, n := range e.names {
		e.nameKeys(n, years, days, add)
	}
	for _, list := range [][]names.Name{e.people[colMother], e.people[colFather]} {
		for _, p := range list {
			parent := familyKey(p) + "/" + givenKey(p)
			for _, y := range years {
				add(passFamilyYear, parent, y)
			}
		}
	}
	for _, col := range []int{colTakenFrom, colInstitution} {
		for _, f := range e.texts[col] {
			for _, d := range days {
				add(passPlaceDay, strings.Join(f, " "), d.String())
			}
		}
	}
	homes := e.texts[colHome]
	for i := range homes {
		for _, other := range homes[i+1:] {
			pair := []string{strings.Join(homes[i], " "), strings.Join(other, " ")}
			slices.Sort(pair)
			add(passAddress, pair...)
		}
	}
	for col, list := range e.numbers {
		for _, n := range list {
			add(passNumber, strconv.Itoa(col), n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *entry) nameKeys(n names.Name, years []string, days []homeward.Day, add func(int, ...string)) {
	family, father := familyKey(n), patronymicKey(n)
	words := wordKeys(n)
	for i := range words {
		for _, w := range words[i+1:] {
			add(passTokens, words[i], w)
		}
	}
	if len(words) == 1 {
		add(passOneWord, words[0])
	}
	for _, y := range years {
		add(passNameYear, family, y)
	}
	for _, col := range []int{colBirthPlace, colHome} {
		for _, f := range e.texts[col] {
			for _, word := range f {
				add(passFamilyPlace, family, word)
			}
		}
	}
	for _, d := range days {
		add(passBirthday, "g", givenInitial(n), d.String())
		add(passBirthday, "f", familyInitial(n), d.String())
	}
	for _, givenName := range givenKeys(n) {
		for _, y := range years {
			add(passGivenYear, givenName, familyInitial(n), y)
		}
		for _, d := range days {
			add(passBirthday, "n", givenName, d.String())
			add(passSwapped, givenName, ordered(d))
		}
		add(passPatronymic, givenName, father)
		e.relativeKeys(givenName, years, days, add)
	}
}

// relativeKeys files a given name with those of parents, brothers and sisters.
func (e *entry) relativeKeys(givenName string, years []string, days []homeward.Day, add func(int, ...string)) {
	for _, list := range [][]names.Name{e.people[colMother], e.people[colFather]} {
		for _, p := range list {
			add(passParents, givenName, familyKey(p), givenKey(p))
		}
	}
	for _, s := range e.people[colSibling] {
		pair := []string{givenName, givenKey(s)}
		slices.Sort(pair)
		add(passSiblings, append(pair, years...)[:min(3, 2+len(years))]...)
		for _, d := range days {
			add(passSiblings, givenKey(s), d.String())
		}
	}
}

// givenKey is the class of the given name, or the key of its first word.
func givenKey(n names.Name) string {
	if t, ok := firstOf(n, names.PartGiven); ok && !t.Initial {
		return tokenKey(t)
	}
	return ""
}

// givenKeys is the class of the given name, of every name its first word may be short for, or its key.
func givenKeys(n names.Name) []string {
	t, ok := firstOf(n, names.PartGiven)
	if !ok || t.Initial {
		return nil
	}
	out := []string{tokenKey(t)}
	for _, c := range t.ShortFor() {
		out = append(out, tokenKey(names.Token{Class: c}))
	}
	return out
}

// firstOf returns the first word of a part.
func firstOf(n names.Name, p names.Part) (names.Token, bool) {
	for _, t := range n.Tokens {
		if t.Part == p {
			return t, true
		}
	}
	return names.Token{}, false
}

func tokenKey(t names.Token) string {
	if t.Class != 0 {
		return "#" + strconv.Itoa(int(t.Class))
	}
	return t.Key
}

// familyKey is the stem of the first family name.
func familyKey(n names.Name) string {
	for _, t := range n.Tokens {
		if t.Part == names.PartFamily && !t.Initial {
			return t.Stem()
		}
	}
	return ""
}

// familyInitial is the first sound of the first family name, coarse as in a key: lists that hide children write
// "Микола К.".
func familyInitial(n names.Name) string { return initialOf(n, names.PartFamily) }

func givenInitial(n names.Name) string { return initialOf(n, names.PartGiven) }

func initialOf(n names.Name, p names.Part) string {
	t, ok := firstOf(n, p)
	if !ok {
		return ""
	}
	return names.Key(t.Fold[:1] + "0b")[:1] // not the last sound: a key drops vowels there
}

func patronymicKey(n names.Name) string {
	for _, t := range n.Tokens {
		if t.Part == names.PartPatronymic && !t.Initial {
			if t.Class != 0 {
				return "#" + strconv.Itoa(int(t.Class))
			}
			return t.Stem()
		}
	}
	return ""
}

// wordKeys returns the key of every word of a name, sorted: given names by class, so that Микола meets Nikolai.
func wordKeys(n names.Name) []string {
	var out []string
	for _, t := range n.Tokens {
		switch {
		case t.Initial:
		case t.Part == names.PartPatronymic:
			if k := patronymicKey(names.Name{Tokens: []names.Token{t}}); k != "" {
				out = append(out, "p"+k)
			}
		case t.Part == names.PartFamily:
			out = append(out, t.Stem())
		default:
			out = append(out, tokenKey(t))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// birthYears returns the years the births allow and the ones beside an exact one, as text; none when they allow more
// than six.
func birthYears(births []homeward.Date) []string {
	var out []string
	for _, d := range births {
		if d.IsZero() {
			continue
		}
		from, to := d.From.Time().Year(), d.To.Time().Year()
		if to-from > 6 {
			continue
		}
		if from == to {
			from, to = from-1, to+1
		}
		for y := from; y <= to; y++ {
			out = append(out, strconv.Itoa(y))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func birthDays(births []homeward.Date) []homeward.Day {
	var out []homeward.Day
	for _, d := range births {
		if exact(d) {
			out = append(out, d.From)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ordered writes a day so that 3 April and 4 March are one.
func ordered(d homeward.Day) string {
	t := d.Time()
	a, b := int(t.Month()), t.Day()
	return strconv.Itoa(t.Year()) + "/" + strconv.Itoa(min(a, b)) + "/" + strconv.Itoa(max(a, b))
}
