package synth

import (
	"strings"

	"github.com/homeward-registry/homeward"
)

// Altered returns the child of a row as a list gives it that was made to hide who it is: another family name, patronymic,
// birth date and birthplace; often another given name; brothers and sisters mostly named, where they were placed together.
// Its ID begins with A, and List is one beyond the population's.
func (p *Population) Altered(n int) Row {
	slot := p.order.at(n)
	c, _ := p.find(slot)
	r := Row{Number: n, ID: "A" + rowID(n)[1:], List: len(p.sources), Household: c.Family.Number, Child: c.Number, Birthday: c.Born}
	t := teller{roll(p.o.Seed, 1<<60+uint64(slot)), source{noLook: rateAlteredNoLook, looks: rateAlteredLooks}, tongue{russian: true}, &r, c}
	if r.Acts |= InRussian; t.did(rateAlteredLatin, InLatin) {
		t.tongue.latin = drawStandard(t.dice)
	}
	t.rename()
	t.refather()
	t.shift()
	t.relocate()
	t.Eyes, t.Hair = t.look(c.eyes, eyes), t.look(c.hair, hairs)
	t.split()
	return r
}

// rename gives the child an adopter's surname, and a new given name or the Russian form of its own.
func (t *teller) rename() {
	t.Acts |= Remade
	_, own := t.c.surname().of(t.c.Boy)
	family := own
	for family == own {
		if family = pick(t.dice, newSurnames); !t.c.Boy {
			family += "а"
		}
	}
	g := t.c.name
	if t.did(rateAlteredGiven, Renamed) {
		for g.ru == t.c.name.ru {
			g = drawGiven(t.dice, t.c.Boy)
		}
	}
	t.Row.Family, t.Given = t.write(family, family), t.write(g.uk, g.ru)
}

// refather makes a patronymic of an adopter's name.
func (t *teller) refather() {
	t.Acts |= Refathered
	father := drawGiven(t.dice, true)
	for father.ru == t.c.Family.father.ru {
		father = drawGiven(t.dice, true)
	}
	t.Patronymic = t.write(father.patronymic(t.c.Boy))
}

// shift moves the birth date by up to 90 days either way, never by none.
func (t *teller) shift() {
	t.Acts |= Shifted
	by := homeward.Day(t.between(1, daysShifted))
	if t.chance(0.5) {
		by = -by
	}
	t.Born = dotted(t.c.Born + by)
}

// relocate gives the child a birthplace in Russia, and tells at times where it was taken from.
func (t *teller) relocate() {
	t.Acts |= Relocated
	t.Sex = sexWord(t.c.Boy)
	place := pick(t.dice, regions).town
	t.Birthplace = t.write(place, place)
	if t.did(rateAlteredOrigin, OriginKnown) {
		t.TakenFrom = t.place(t.c.Family.home)
	}
}

// split names the brothers and sisters that were placed together with the child.
func (t *teller) split() {
	var together []string
	for _, s := range t.c.Family.Children {
		if s != t.c && !t.did(rateAlteredSplit, Split) {
			together = append(together, t.write(s.name.uk, s.name.ru))
		}
	}
	t.Siblings = strings.Join(together, ", ")
}
