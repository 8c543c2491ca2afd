package linkage

import (
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// Every comparison gives a level: 0 when one side says nothing, otherwise an index into its levels, from the strongest
// agreement to disagreement. Where a side has several values, the pair of values that agrees best counts.

// The comparisons, in the order in which patterns are packed and waterfalls shown.
const (
	cmpName = iota
	cmpBirth
	cmpSex
	cmpBirthPlace
	cmpHome
	cmpTakenFrom
	cmpInstitution
	cmpGroup
	cmpMother
	cmpFather
	cmpSiblings
	cmpEyes
	cmpHair
	cmpDocument
	cmpPhone
	comparisons
)

// pattern is the levels of one pair, four bits a comparison.
type pattern uint64

func (p pattern) level(c int) int { return int(p>>(4*c)) & 15 }

// patternOf compares two records column by column, their names being compared already.
func patternOf(n namesCompared, a, b *entry) pattern {
	var p pattern
	set := func(c, level int) { p |= pattern(level) << (4 * c) }
	set(cmpName, n.level)
	set(cmpBirth, compareBirths(a.births, b.births))
	set(cmpSex, compareSex(a.sex, b.sex))
	set(cmpBirthPlace, compareTexts(a.texts[colBirthPlace], b.texts[colBirthPlace]))
	set(cmpHome, compareTexts(a.texts[colHome], b.texts[colHome]))
	set(cmpTakenFrom, compareTexts(a.texts[colTakenFrom], b.texts[colTakenFrom]))
	set(cmpInstitution, compareTexts(a.texts[colInstitution], b.texts[colInstitution]))
	set(cmpGroup, compareTexts(a.texts[colGroup], b.texts[colGroup]))
	set(cmpMother, comparePeople(a.people[colMother], b.people[colMother]))
	set(cmpFather, comparePeople(a.people[colFather], b.people[colFather]))
	set(cmpSiblings, compareSiblings(a.people[colSibling], b.people[colSibling]))
	set(cmpEyes, compareTexts(a.texts[colEyes], b.texts[colEyes]))
	set(cmpHair, compareTexts(a.texts[colHair], b.texts[colHair]))
	set(cmpDocument, compareNumbers(a.numbers[colDocument], b.numbers[colDocument]))
	set(cmpPhone, compareNumbers(a.numbers[colPhone], b.numbers[colPhone]))
	return p
}

// Levels of the name, weighed jointly: family name, given name and patronymic depend on one another.
const (
	nameAll             = iota + 1 // family name, given name and patronymic
	nameFamilyGiven                // family and given name; a patronymic is missing
	nameGivenPatronymic            // given name and patronymic; the family name differs
	nameNoPatronymic               // family and given name; the patronymic differs
	nameNear                       // one of family and given name the same, the other a letter or an initial away
	nameBothNear                   // both alike
	nameSibling                    // family name, patronymic or both; the given name differs
	nameGiven                      // only the given name, or only it was there
	nameFamily                     // only a family name was there
	nameDifferent
)

// namesCompared is the best comparison of two records' names, and which names it was.
type namesCompared struct {
	level int
	c     names.Comparison
	a, b  int
}

func compareNames(a, b *entry) namesCompared {
	best := namesCompared{}
	for i := range a.names {
		for j := range b.names {
			c := initialsAside(names.Compare(a.names[i], b.names[j]), a.names[i], b.names[j])
			next := namesCompared{nameLevel(c), c, i, j}
			if next.level != 0 && (best.level == 0 || next.before(best, a, b)) {
				best = next
			}
		}
	}
	return best
}

// initialsAside takes a part that is only an initial on both sides for an initial that fits: thousands are called "Артём
// О.", and as spellings the two are one.
func initialsAside(c names.Comparison, a, b names.Name) names.Comparison {
	aside := func(part names.Part, level *names.Level) {
		if level.Same() && onlyInitials(a, part) && onlyInitials(b, part) {
			*level, c.Overall = names.LevelInitial, min(c.Overall, names.LevelInitial)
		}
	}
	aside(names.PartGiven, &c.Given)
	aside(names.PartPatronymic, &c.Patronymic)
	aside(names.PartFamily, &c.Family)
	return c
}

func onlyInitials(n names.Name, p names.Part) bool {
	for i := range n.Tokens {
		if n.Tokens[i].Part == p && !n.Tokens[i].Initial {
			return false
		}
	}
	return true
}

// before reports whether n is the better comparison. Of equals the texts decide, never the order of names or sides: their
// rarities may differ, and a weight must not depend on which record came first.
func (n namesCompared) before(best namesCompared, a, b *entry) bool {
	if n.level != best.level {
		return n.level < best.level
	}
	if n.c.Overall != best.c.Overall {
		return n.c.Overall > best.c.Overall
	}
	return slices.Compare(n.texts(a, b), best.texts(a, b)) < 0
}

func (n namesCompared) texts(a, b *entry) []string {
	out := []string{a.names[n.a].String(), b.names[n.b].String()}
	slices.Sort(out)
	return out
}

func nameLevel(c names.Comparison) int {
	family, given, patronymic := c.Family.Same(), c.Given.Same(), c.Patronymic.Same()
	near := func(l names.Level) bool { return l >= names.LevelInitial && !l.Same() }
	switch {
	case c.Family == names.LevelMissing && c.Given == names.LevelMissing:
		return 0
	case family && given && patronymic:
		return nameAll
	case family && given && (c.Patronymic == names.LevelMissing || near(c.Patronymic)):
		return nameFamilyGiven
	case family && given:
		return nameNoPatronymic
	case given && patronymic:
		return nameGivenPatronymic
	case family && near(c.Given) || given && near(c.Family):
		return nameNear
	case near(c.Family) && near(c.Given):
		return nameBothNear
	case c.Given == names.LevelMissing:
		if family {
			return nameFamily
		}
		return nameDifferent
	case given:
		return nameGiven
	case family || patronymic && near(c.Family):
		return nameSibling
	}
	return nameDifferent
}

// Levels of the birth date.
const (
	birthDay      = iota + 1 // the same day
	birthSwapped             // day and month exchanged
	birthDigit               // one digit differs
	birthMonth               // the same month, as far as is known
	birthQuarter             // at most three months apart: the limit of what an adoption may change
	birthYear                // the same year, as far as is known
	birthOverlap             // an age or a rough date that fits
	birthYearOff             // a year apart, or less by rough dates
	birthThreeOff            // at most three years apart
	birthDifferent
)

func compareBirths(a, b []homeward.Date) int {
	best := 0
	for _, x := range a {
		for _, y := range b {
			if level := compareBirth(x, y); level != 0 && (best == 0 || level < best) {
				best = level
			}
		}
	}
	return best
}

func compareBirth(x, y homeward.Date) int {
	if x.IsZero() || y.IsZero() {
		return 0
	}
	if exact(x) && exact(y) {
		return compareDays(x.From, y.From)
	}
	gap := max(x.From-y.To, y.From-x.To, 0) // days between the two intervals
	wide := max(x.To-x.From, y.To-y.From)
	switch {
	case gap == 0 && wide <= 31:
		return birthMonth
	case gap == 0 && wide <= 366:
		return birthYear
	case gap == 0:
		return birthOverlap
	case gap <= 366:
		return birthYearOff
	case gap <= 3*366:
		return birthThreeOff
	}
	return birthDifferent
}

// exact reports whether the date is a day that can be believed: 1 January often stands for "that year".
func exact(d homeward.Date) bool { return d.Precision == homeward.PrecisionDay }

func compareDays(x, y homeward.Day) int {
	if x == y {
		return birthDay
	}
	tx, ty := x.Time(), y.Time()
	sameYear := tx.Year() == ty.Year()
	if sameYear && int(tx.Month()) == ty.Day() && int(ty.Month()) == tx.Day() {
		return birthSwapped
	}
	if digitsApart(x.String(), y.String()) == 1 {
		return birthDigit
	}
	apart := x - y
	if apart < 0 {
		apart = -apart
	}
	newYear := tx.YearDay() == 1 || ty.YearDay() == 1
	switch {
	case apart <= 92:
		return birthQuarter
	case sameYear && newYear:
		return birthYear
	case apart <= 366:
		return birthYearOff
	case apart <= 3*366:
		return birthThreeOff
	}
	return birthDifferent
}

func digitsApart(a, b string) (n int) {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// Levels of sex, and of columns that agree or not.
const (
	same = iota + 1
	partly
	differ
)

func compareSex(a, b names.Sex) int {
	switch {
	case a == names.SexUnknown || b == names.SexUnknown:
		return 0
	case a == b:
		return same
	}
	return differ
}

// compareTexts compares texts by the keys of their words: all words of the shorter in the longer is the same, some is
// partly.
func compareTexts(a, b []folded) int {
	best := 0
	for _, x := range a {
		for _, y := range b {
			shared := overlap(x, y)
			level := differ
			switch {
			case shared == min(len(x), len(y)):
				level = same
			case shared > 0:
				level = partly
			}
			if best == 0 || level < best {
				best = level
			}
		}
	}
	return best
}

func overlap(a, b folded) (n int) {
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

func comparePeople(a, b []names.Name) int {
	best := 0
	for _, x := range a {
		for _, y := range b {
			level := differ
			switch c := names.Compare(x, y); {
			case c.Overall == names.LevelMissing:
				continue
			case c.Overall.Same():
				level = same
			case c.Overall >= names.LevelInitial || c.Given.Same() && c.Patronymic.Same():
				level = partly
			}
			if best == 0 || level < best {
				best = level
			}
		}
	}
	return best
}

// compareSiblings compares sets of siblings by their given names: each of the smaller set that has a partner counts.
func compareSiblings(a, b []names.Name) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	partner := make([]int, len(b)) // of each in b: 1 + its place in a
	found := 0
	for i := range a {
		if pairUp(a, b, i, partner, make([]bool, len(b))) {
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
func pairUp(a, b []names.Name, i int, partner []int, tried []bool) bool {
	for j := range b {
		if tried[j] || !names.Compare(a[i], b[j]).Given.Same() {
			continue
		}
		tried[j] = true
		if partner[j] == 0 || pairUp(a, b, partner[j]-1, partner, tried) {
			partner[j] = i + 1
			return true
		}
	}
	return false
}

// compareNumbers compares numbers as [Number] gives them; one of six signs or more with one sign misread or two neighbours
// exchanged is partly the same.
func compareNumbers(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	level := differ
	for _, x := range a {
		for _, y := range b {
			switch {
			case x == y:
				return same
			case slipped(x, y):
				level = partly
			}
		}
	}
	return level
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
