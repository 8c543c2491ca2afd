package linkage

import (
	"math"
	"math/bits"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// In a block of s rows, two that agree on nothing but its key are one child with a probability of about 1/s at most; where s is
// large most pairs of a block are not worth weighing. A glance tells which: it holds what can be seen of a record
// at once, and two glances bound from above what the pair may weigh. A pair that stays below the least probability even so is
// set aside, and counted. Whoever shares a smaller block with it meets it there.

// glance is what can be seen of a record at once. 0 stands for nothing, 1 for several values, of which any may agree.
type glance struct {
	given, family, father, place uint32
	day                          homeward.Day
	year                         int16
	sex, eyes, hair              uint8
	anchors                      uint64 // a bit for each parent, sibling, number, institution and the like
}

const (
	nothing = 0
	several = 1
)

func glanceOf(e *entry) glance {
	g := glance{given: nothing, family: nothing, father: nothing, year: 0}
	switch e.sex {
	case names.Female:
		g.sex = 1
	case names.Male:
		g.sex = 2
	}
	for i, n := range e.names {
		g.given = seen(g.given, givenWord(n), i)
		g.family = seen(g.family, familyWord(n), i)
		g.father = seen(g.father, patronymicWord(n), i)
		if t := givenWord(n); t != nil && len(t.ShortFor()) > 0 {
			g.given = several
		}
	}
	switch {
	case len(e.births) > 1:
		g.year = several
	case len(e.births) == 1 && e.births[0].known():
		b := e.births[0]
		if g.day, g.year = b.from, b.year; !b.exact() {
			g.day = 0
			if b.to-b.from > 366 {
				g.year = several
			}
		}
	}
	for _, c := range e.cells {
		switch c.column {
		case colBirthPlace, colHome:
			g.place = together(g.place, uint32(c.hash))
		case colMother, colFather, colSibling:
			if h, ok := givenHash(c.name); ok {
				g.anchors |= 1 << (h & 63)
			}
		case colDocument, colPhone:
			g.anchors |= 1 << (hashBegun().text(c.number).stirred() & 63)
		case colEyes:
			g.eyes = uint8(max(c.hash&255, 1))
		case colHair:
			g.hair = uint8(max(c.hash&255, 1))
		default:
			g.anchors |= 1 << (c.hash & 63)
		}
	}
	return g
}

// seen adds a word of the i-th name to what is seen.
func seen(have uint32, t *names.Token, i int) uint32 {
	h, ok := hashed(t)
	if !ok {
		if i > 0 && have > several {
			return several // a name without this part may be the other one
		}
		return have
	}
	return together(have, uint32(h))
}

func together(have, next uint32) uint32 {
	switch next = max(next, several+1); have {
	case nothing, next:
		return next
	}
	return several
}

// glancer judges pairs at a glance: bits for agreeing, and what disagreeing takes at least.
type glancer struct{ given, family, father, need float64 }

// The bits that the rest is worth at most, and what a disagreement takes at least, when a slip of the hand is allowed for.
const (
	placeBits   = 5
	dayBits     = 13
	quarterBits = 5
	yearBits    = 4
	anchorBits  = 4
	sexBits     = 1
	looksBits   = 1.5
	unlikeGiven = -3
	unlikeWords = -3.5
	unlikePlace = -1
	unlikeYear  = -3
	unlikeSex   = -3
	unlikeLooks = -1
)

func (m *Model) glancer(rows int, floor float64) glancer {
	const least = 0.01
	return glancer{
		given: -math.Log2(m.Given.Mean), family: -math.Log2(m.Family.Mean), father: -math.Log2(m.Father.Mean),
		need: math.Log2(float64(max(rows, 2))) + math.Log2(max(floor, least)),
	}
}

// enough reports whether a pair may reach the least probability, sex and looks aside.
func (g *glancer) enough(a, b *glance) bool { return g.most(a, b) >= g.need }

// seen is the bits that can be seen at a glance.
func (g *glancer) seen(a, b *glance) float64 {
	return g.most(a, b) + looks(a.sex, b.sex, sexBits, unlikeSex) + looks(a.eyes, b.eyes, looksBits, unlikeLooks) + looks(a.hair, b.hair, looksBits, unlikeLooks)
}

func (g *glancer) most(a, b *glance) float64 {
	sum := agreeing(a.given, b.given, g.given, unlikeGiven) + agreeing(a.family, b.family, g.family, unlikeWords) +
		agreeing(a.father, b.father, g.father, unlikeWords) + agreeing(a.place, b.place, placeBits, unlikePlace) + birthSeen(a, b)
	if shared := a.anchors & b.anchors; shared != 0 {
		sum += float64(anchorBits * bits.OnesCount64(shared))
	}
	return sum
}

func birthSeen(a, b *glance) float64 {
	if a.day != 0 && b.day != 0 {
		switch apart := a.day - b.day; {
		case apart == 0:
			return dayBits
		case apart >= -92 && apart <= 92:
			return quarterBits
		}
	}
	switch apart := a.year - b.year; {
	case a.year == several || b.year == several:
		return dayBits
	case a.year == nothing || b.year == nothing:
		return 0
	case apart >= -1 && apart <= 1:
		return yearBits
	}
	return unlikeYear
}

func looks(a, b uint8, same, differ float64) float64 {
	switch {
	case a == 0 || b == 0:
		return 0
	case a == b:
		return same
	}
	return differ
}

func agreeing(a, b uint32, same, differ float64) float64 {
	switch {
	case a == nothing || b == nothing:
		return 0
	case a == b || a == several || b == several:
		return same
	}
	return differ
}
