package synth

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/homeward-registry/homeward"
)

// tongue is the language and letters of one row.
type tongue struct {
	russian bool
	latin   *scheme
}

// write writes a name or a place of which both forms are known.
func (t tongue) write(uk, ru string) string {
	switch {
	case t.latin != nil:
		return t.latin.write(uk, ru)
	case t.russian:
		return ru
	}
	return uk
}

func (t tongue) full(family surname, woman bool, g given, patronym string) string {
	uk, ru := family.of(!woman)
	out := t.write(uk, ru) + " " + t.write(g.uk, g.ru)
	if patronym != "" {
		out += " " + t.write(patronym, russianPatronym[patronym])
	}
	return out
}

// russianPatronym is the Russian form of a Ukrainian patronymic.
var russianPatronym = func() map[string]string {
	m := map[string]string{}
	for _, g := range allBoys {
		m[g.ukSon], m[g.ukDaughter] = g.ruSon, g.ruDaughter
	}
	return m
}()

// teller writes one row.
type teller struct {
	dice
	source
	tongue
	*Row
	c *Child
}

// tell writes the row of a child that a list has.
func (p *Population) tell(d dice, n int, c *Child, m mention) Row {
	r := Row{Number: n, ID: rowID(n), List: int(m.list), Household: c.Family.Number, Child: c.Number, Birthday: c.Born}
	t := teller{d, p.sources[m.list], tongue{}, &r, c}
	t.speak()
	t.name()
	t.born()
	t.rest()
	t.family()
	return r
}

func rowID(n int) string { return fmt.Sprintf("R%08d", n+1) }

// did draws whether something is done, and notes it.
func (t *teller) did(rate float64, act Acts) bool {
	if !t.chance(rate) {
		return false
	}
	t.Acts |= act
	return true
}

// speak draws the language of the row.
func (t *teller) speak() {
	if t.did(t.source.latin, InLatin) {
		t.tongue.latin = drawStandard(t.dice)
	}
	if t.tongue.latin == nil && t.did(t.source.russian, InRussian) {
		t.tongue.russian = true
	}
}

func (t *teller) name() {
	t.Row.Family = t.part(t.write(t.c.surname().of(t.c.Boy)))
	t.Given = t.part(t.givenName())
	if uk, ru := t.c.patronymic(); !t.chance(t.noPatronymic) {
		t.Patronymic = t.part(t.write(uk, ru))
	}
	if t.did(t.exchanged, Exchanged) {
		t.Row.Family, t.Given = t.Given, t.Row.Family
	}
}

func (t *teller) givenName() string {
	g := t.c.name
	switch full := t.write(g.uk, g.ru); {
	case t.did(t.initial, Initialled):
		return string([]rune(full)[:1]) + "."
	case t.did(t.short, Shortened):
		return t.write(g.ukPet, g.ruPet)
	default:
		return full
	}
}

// part makes the mistakes of one part of a name.
func (t *teller) part(text string) string {
	if len([]rune(text)) >= shortestMistyped && t.did(t.typo, Mistyped) {
		text = mistype(t.dice, text)
	}
	if t.tongue.latin == nil && strings.ContainsAny(text, lookCyrillic) && t.did(t.lookalike, Lookalike) {
		text = alike(t.dice, text)
	}
	return text
}

func (t *teller) born() {
	day := t.c.Born
	switch other, is := swapped(day); {
	case t.chance(t.noBorn):
		return
	case t.did(t.yearAlone, YearAlone):
		t.Born = fmt.Sprint(day.Time().Year())
		return
	case is && t.did(t.daySwapped, DaySwapped):
		day = other
	case t.did(t.digit, DigitSlipped):
		day = slipDigit(t.dice, day)
	}
	t.Born = day.Time().Format(t.layout)
}

// rest writes sex, places and looks.
func (t *teller) rest() {
	c := t.c
	if !t.chance(t.noSex) {
		t.Sex = sexWord(c.Boy != t.did(t.sexWrong, SexWrong))
	}
	if !t.chance(t.noBirthplace) {
		t.Birthplace = t.place(c.birthplace)
	}
	if !t.chance(t.noHome) {
		home := c.Family.home
		if t.did(t.moved, Moved) {
			home = anotherTown(t.dice, home)
		}
		t.Home = t.place(home)
	}
	if !t.chance(t.noOrigin) {
		t.TakenFrom = t.place(c.Family.home)
	}
	t.Eyes, t.Hair = t.look(c.eyes, eyes), t.look(c.hair, hairs)
}

func sexWord(boy bool) string { return choose(boy, "ч", "ж") }

func (t *teller) place(at town) string { return t.write(at.uk, at.ru) }

func (t *teller) look(true words, all []words) string {
	switch {
	case t.chance(t.noLook):
		return ""
	case t.chance(t.looks):
		true = pick(t.dice, all)
	}
	if t.tongue.latin != nil {
		return true.en
	}
	return choose(t.tongue.russian, true.ru, true.uk)
}

// family writes the parents and the siblings.
func (t *teller) family() {
	f := t.c.Family
	if !t.chance(t.noParent) {
		t.Mother = t.full(f.maiden, true, f.mother, f.motherPatronym)
	}
	if f.hasFather && !t.chance(t.noParent) {
		t.Father = t.full(f.surname, false, f.father, f.fatherPatronym)
	}
	if !t.chance(t.noSiblings) {
		t.Siblings = strings.Join(t.c.siblings(func(g given) string { return t.write(g.uk, g.ru) }), ", ")
	}
}

// shortestMistyped is the length from which on a name can be mistyped.
const shortestMistyped = 4

// mistype makes one mistake of typing that can be seen: two letters change places, one is missing, doubled or another.
func mistype(d dice, text string) string {
	for {
		other := text
		if d.chance(0.25) {
			other = replaceLetter(d, text)
		} else {
			other = typo(d, text)
		}
		if other != text {
			return other
		}
	}
}

func replaceLetter(d dice, text string) string {
	letters := []rune("абвгдежзиклмнопрстух")
	if unicode.Is(unicode.Latin, []rune(text)[0]) {
		letters = []rune("abcdefghiklmnoprstuv")
	}
	r := []rune(text)
	r[d.between(1, len(r)-1)] = pick(d, letters)
	return string(r)
}

// Letters of two scripts that look the same.
const (
	lookCyrillic = "аеіосрхАВЕІКМНОРСТХ"
	lookLatin    = "aeiocpxABEIKMHOPCTX"
)

// alike writes one letter of a Cyrillic word with the other script's.
func alike(d dice, text string) string {
	var at []int
	r, from := []rune(text), []rune(lookCyrillic)
	for i, c := range r {
		if strings.ContainsRune(lookCyrillic, c) {
			at = append(at, i)
		}
	}
	i := pick(d, at)
	for k, c := range from {
		if c == r[i] {
			r[i] = rune(lookLatin[k])
			break
		}
	}
	return string(r)
}

// slipDigit writes one digit of a date wrong, such that a child of this population could be born that day.
func slipDigit(d dice, day homeward.Day) homeward.Day {
	for {
		text := []byte(day.String())
		at := pick(d, []int{3, 5, 6, 8, 9}) // the year's last, the month's, the day's
		text[at] = '0' + byte(d.IntN(10))
		other, err := time.Parse(time.DateOnly, string(text))
		if slipped := homeward.DayOf(other); err == nil && slipped != day && slipped <= EditionDay {
			return slipped
		}
	}
}
