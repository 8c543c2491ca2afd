package synth

import (
	"time"

	"github.com/homeward-registry/homeward"
)

// Family is invented parents with their children and home.
type Family struct {
	Number   int
	Children []*Child // eldest first

	father, mother  given
	fatherPatronym  string // Ukrainian
	motherPatronym  string
	hasFather       bool
	surname, maiden surname
	home            town
	street          string
	house, flat     int
	phone           string
	relative        string // who else asks for the children
}

// Child is an invented child.
type Child struct {
	Number   int
	Family   *Family
	Boy      bool
	Born     homeward.Day
	Document string // number of a document; empty when there is none

	name             given
	birthplace       town
	eyes, hair, mark words
	healthGroup      int
	documented       bool
	life             life
	voices           voices
}

// The children were between 0 and 17 on the first day.
var (
	eldestBorn   = homeward.YMD(2004, time.February, 25)
	youngestBorn = homeward.YMD(2022, time.January, 31)
)

const daysBetweenBirths = 300

// bear makes a family with at most most children.
func bear(d dice, number, most int) *Family {
	f := &Family{
		Number:    number,
		father:    pickCommon(d, boys),
		mother:    pickCommon(d, girls),
		hasFather: !d.chance(rateNoFather),
		surname:   drawSurname(d),
		home:      pick(d, homes),
		street:    pick(d, streets),
		house:     d.between(1, 140),
		flat:      d.between(0, 90),
		phone:     drawPhone(d),
	}
	f.maiden = f.surname
	if d.chance(rateOwnSurname) {
		f.maiden = drawSurname(d)
	}
	f.fatherPatronym, _ = pickCommon(d, boys).patronymic(true)
	f.motherPatronym, _ = pickCommon(d, boys).patronymic(false)
	f.relative = f.drawRelative(d)
	f.bearChildren(d, most)
	f.live(d)
	return f
}

// bearChildren fills the family from the eldest to the youngest, twins on one day.
func (f *Family) bearChildren(d dice, most int) {
	births := drawBirths(d)
	last := int(youngestBorn) - (births-1)*daysBetweenBirths
	born := homeward.Day(d.between(int(eldestBorn), last))
	for i := range births {
		if i > 0 {
			room := int(youngestBorn) - (births-1-i)*daysBetweenBirths
			born = homeward.Day(d.between(int(born)+daysBetweenBirths, min(int(born)+2200, room)))
		}
		f.add(d, born)
		if d.chance(rateTwin) {
			f.add(d, born)
		}
	}
	f.Children = f.Children[:min(len(f.Children), most, 4)]
}

func drawBirths(d dice) int {
	n := 1
	for _, more := range []float64{rateSecondChild, rateThirdChild, rateFourthChild} {
		if !d.chance(more) {
			break
		}
		n++
	}
	return n
}

// add gives the family a child whose given name none of its siblings has.
func (f *Family) add(d dice, born homeward.Day) {
	c := &Child{Family: f, Boy: d.chance(rateBoy), Born: born, birthplace: f.home}
	names := girls
	if c.Boy {
		names = boys
	}
	c.name = pickCommon(d, names)
	for f.hasChildNamed(c.name.uk) {
		c.name = pick(d, names)
	}
	if d.chance(rateMovedBefore) {
		c.birthplace = pick(d, homes)
	}
	c.eyes, c.hair = pickCommon(d, eyes), pickCommon(d, hairs)
	if d.chance(rateMark) {
		c.mark = pick(d, marks)
	}
	c.healthGroup = d.between(1, 2)
	if d.chance(rateSickly) {
		c.healthGroup = d.between(3, 5)
	}
	c.documented = d.chance(rateDocument)
	f.Children = append(f.Children, c)
}

func (f *Family) hasChildNamed(uk string) bool {
	for _, c := range f.Children {
		if c.name.uk == uk {
			return true
		}
	}
	return false
}

// siblings returns the given names of the child's siblings, eldest first.
func (c *Child) siblings(write func(given) string) []string {
	var out []string
	for _, s := range c.Family.Children {
		if s != c {
			out = append(out, write(s.name))
		}
	}
	return out
}

// patronymic returns the child's patronymic in both languages; both are empty where there is no father to name.
func (c *Child) patronymic() (uk, ru string) {
	if !c.Family.hasFather {
		return "", ""
	}
	return c.Family.father.patronymic(c.Boy)
}

// surname returns the child's surname: the father's, or the mother's where there is none.
func (c *Child) surname() surname {
	if c.Family.hasFather {
		return c.Family.surname
	}
	return c.Family.maiden
}
