package synth

import (
	"math/rand/v2"

	"github.com/homeward-registry/homeward"
)

// mostBirths is how many births a household has at most, each of which may be of twins.
const mostBirths = 4

// mention is one row to come: which child of the household it tells of, in which list, and for which time there.
type mention struct{ child, list, time uint8 }

// plan is what a household comes to in rows. It is drawn before anything else of the household, so that the rows of a
// population can be counted without inventing its names.
type plan struct {
	births   int
	twins    [mostBirths]bool
	children int
	mentions []mention
}

// planner plans households one after another in the same memory.
type planner struct {
	p   *Population
	pcg *rand.PCG
	d   dice
	plan
}

func (p *Population) planner() *planner {
	pcg := rand.NewPCG(0, 0)
	return &planner{p: p, pcg: pcg, d: dice{rand.New(pcg)}}
}

// of plans a household; its dice go on from there to [planner.family].
func (l *planner) of(number int) {
	l.pcg.Seed(l.p.o.Seed, 1<<62+uint64(number))
	l.births, l.children, l.mentions = drawBirths(l.d), 0, l.mentions[:0]
	for i := range l.births {
		l.child()
		if l.twins[i] = l.d.chance(rateTwin); l.twins[i] {
			l.child()
		}
	}
}

// child plans the rows that tell of one more child.
func (l *planner) child() {
	child, before := uint8(l.children), len(l.mentions)
	l.children++
	for list := range l.p.sources {
		for time := range l.p.sources[list].times(l.d) {
			l.mentions = append(l.mentions, mention{child, uint8(list), uint8(time)})
		}
	}
	if len(l.mentions) == before { // nobody speaks of the child: then the first list does
		l.mentions = append(l.mentions, mention{child: child})
	}
}

// family invents the household that was planned last.
func (l *planner) family(number int) *Family {
	d := l.d
	f := &Family{Number: number, father: drawGiven(d, true), mother: drawGiven(d, false), hasFather: !d.chance(rateNoFather),
		surname: drawFamilyName(d), home: drawTown(d)}
	f.maiden = f.surname
	if d.chance(rateOwnSurname) {
		f.maiden = drawFamilyName(d)
	}
	f.fatherPatronym, _ = drawGiven(d, true).patronymic(true)
	f.motherPatronym, _ = drawGiven(d, true).patronymic(false)
	for i, born := range drawBirthdays(d, l.births) {
		f.join(d, born)
		if l.twins[i] {
			f.join(d, born)
		}
	}
	return f
}

// drawBirthdays draws the days of births that are far enough apart, eldest first.
func drawBirthdays(d dice, births int) []homeward.Day {
	out := make([]homeward.Day, births)
	last := int(youngestBorn) - (births-1)*daysBetweenBirths
	out[0] = homeward.Day(d.between(int(eldestBorn), last))
	for i := 1; i < births; i++ {
		room := int(youngestBorn) - (births-1-i)*daysBetweenBirths
		least := int(out[i-1]) + daysBetweenBirths
		out[i] = homeward.Day(d.between(least, max(least, min(int(out[i-1])+2200, room))))
	}
	return out
}

// join gives the family a child of a population, whose given name none of its siblings has.
func (f *Family) join(d dice, born homeward.Day) {
	c := &Child{Number: len(f.Children) + 1, Family: f, Boy: d.chance(rateBoy), Born: born, birthplace: f.home}
	c.name = drawGiven(d, c.Boy)
	for f.hasChildNamed(c.name.uk) {
		c.name = drawGiven(d, c.Boy)
	}
	if d.chance(rateMovedBefore) {
		c.birthplace = anotherTown(d, f.home)
	}
	c.eyes, c.hair = pickCommon(d, eyes), pickCommon(d, hairs)
	f.Children = append(f.Children, c)
}
