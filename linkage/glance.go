package linkage

import (
	"math"
	"math/bits"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// In a block of s rows, two that agree on nothing but its key are one child with a probability of about 1/s, so that most pairs of
// a large block are not worth weighing. A glance tells which: it holds what can be seen of a record at once, and two glances
// tell about how much the pair may weigh at most, slips of the hand allowed for. A pair that stays below the least
// probability even so is set aside, and counted. It is a judgement and no proof; docs/linkage.md says what it loses.

// glance is what can be seen of a record at once.
type glance struct {
	given, family, father, place few
	birthGlance
	sex, eyes, hair uint8
	anchors         uint64 // a bit for each parent, sibling, number, institution and the like
}

// birthGlance is what can be seen of a birth.
type birthGlance struct {
	day    homeward.Day
	digits uint32 // of the day
	year   int16
}

// few is up to two values by their hashes, the first nothing when there is none, and several when there are more, of which any
// may agree. A name that the tables know has the uppermost bit.
type few [2]uint32

const (
	nothing = 0
	several = 1
	known   = 1 << 31
)

func (f *few) add(h uint32) {
	h = max(h, several+1)
	switch {
	case f[0] == several || f[0] == h || f[1] == h:
	case f[0] == nothing:
		f[0] = h
	case f[1] == nothing:
		f[1] = h
	default:
		f[0] = several
	}
}

// word adds a word of a name.
func (f *few) word(t *names.Token) {
	if t == nil {
		return
	}
	h, _ := wordHash(t)
	if class, _ := t.Anywhere(); class != 0 || t.Part == names.PartPatronymic && t.Class != 0 {
		f.add(uint32(h) | known)
	} else {
		f.add(uint32(h) &^ known)
	}
	for _, c := range t.ShortFor() {
		f.add(uint32(classHash(c)) | known)
	}
}

// agreeing is what two say: same where they share a value, unlike where they do not, and apart where both are known for two.
func (a *few) agreeing(b *few, same, unlike, apart float64) float64 {
	switch {
	case a[0] == nothing || b[0] == nothing:
		return 0
	case a[0] == b[0] || a[0] == several || b[0] == several || a[1] != nothing && (a[1] == b[0] || a[1] == b[1]) || b[1] != nothing && a[0] == b[1]:
		return same
	case a[0]&b[0]&known != 0:
		return apart
	}
	return unlike
}

func glanceOf(e *entry) glance {
	g := glance{sex: e.sex}
	for _, n := range e.names {
		g.given.word(givenWord(n))
		g.family.word(familyWord(n))
		g.father.word(patronymicWord(n))
	}
	switch {
	case len(e.births) > 1:
		g.year = several
	case len(e.births) == 1 && e.births[0].known():
		b := e.births[0]
		if g.day, g.digits, g.year = b.from, b.digits, b.year; !b.exact() {
			g.day, g.digits = 0, 0
			if b.to-b.from > 366 {
				g.year = several
			}
		}
	}
	for _, c := range e.cells {
		switch c.column {
		case colBirthPlace, colHome:
			g.place.add(uint32(c.hash))
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

// glancer judges pairs at a glance: bits for agreeing, what names that are known for two take, and how much is needed.
type glancer struct{ given, family, father, apart, need float64 }

// The bits that the rest is worth at most, and what a disagreement takes at least, when a slip of the hand is allowed for.
const (
	placeBits   = 5
	dayBits     = 13
	quarterBits = 5
	yearBits    = 4
	strayBits   = -1
	anchorBits  = 4
	sexBits     = 1
	looksBits   = 1.5
	unlikeGiven = -3
	apart       = -6
	unlikeWords = -3.5
	unlikePlace = -1
	unlikeYear  = -3
	unlikeSex   = -3
	unlikeLooks = -1
)

func (m *Model) glancer(rows int, floor float64) glancer {
	const least = 0.01
	return glancer{
		apart: apart, given: -math.Log2(m.Given.Mean), family: -math.Log2(m.Family.Mean), father: -math.Log2(m.Father.Mean),
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
	given, family := a.given.agreeing(&b.given, g.given, unlikeGiven, g.apart), a.family.agreeing(&b.family, g.family, unlikeWords, unlikeWords)
	if given < 0 && family < 0 && a.given.agreeing(&b.family, 1, 0, 0)+a.family.agreeing(&b.given, 1, 0, 0) == 2 {
		given, family = g.given, g.family // each in the other's place
	}
	sum := given + family + a.father.agreeing(&b.father, g.father, unlikeWords, g.apart) + a.place.agreeing(&b.place, placeBits, unlikePlace, unlikePlace) + birthSeen(&a.birthGlance, &b.birthGlance)
	if shared := a.anchors & b.anchors; shared != 0 {
		sum += float64(anchorBits * bits.OnesCount64(shared))
	}
	return sum
}

func birthSeen(a, b *birthGlance) float64 {
	if a.day != 0 && b.day != 0 {
		apart := a.day - b.day
		switch {
		case apart == 0:
			return dayBits
		case apart >= -92 && apart <= 92 || slip(a.digits, b.digits):
			return quarterBits
		case apart >= -366 && apart <= 366:
			return strayBits
		}
		return unlikeYear
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

// slip reports whether two days differ by one digit, or by month and day in each other's place, or lie in one year of which one
// is the first day, which often stands for the year.
func slip(a, b uint32) bool {
	if a>>16 == b>>16 && (a<<8&0xff00|a>>8&0xff == b&0xffff || a&0xffff == 0x0101 || b&0xffff == 0x0101) {
		return true
	}
	return oneDigit(a ^ b)
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
