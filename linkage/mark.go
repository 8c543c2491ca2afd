package linkage

// mark is a glance in one word, so that two of them are compared by a handful of instructions: a lane of ten bits each for what a
// glance holds of the given name, the family name, the father's name and the day, a bit among twenty for each place, and a flag each
// for the names that are known. A mark tells which pairs are not worth a glance, and errs towards looking: lanes may agree by
// chance, never differ by it.
type mark uint64

// What may agree: the lanes, and after them the places. Above these stand the flags; plain is a record of whose names and dates none
// has several values.
const (
	laneGiven = iota
	laneFamily
	laneFather
	laneDay
	lanes
	markPlace = lanes

	laneBits  = 10
	placesAt  = lanes * laneBits
	placeRoom = 20
	knownAt   = placesAt + placeRoom // three: given, family, father
	plain     = mark(1) << 63
)

// The bits of all lanes, and of each lane the uppermost.
const (
	laneAll = mark(1)<<(lanes*laneBits) - 1
	laneTop = mark(1)<<9 | 1<<19 | 1<<29 | 1<<39
	laneLow = laneAll &^ laneTop
)

// markOf makes the mark of a row. A lane of which nothing is known holds noise, so that it agrees with hardly any other.
func markOf(g *glance, row int) mark {
	m, noise := plain, hashBegun().number(uint64(row)).stirred()
	set := func(lane int, known bool, value uint64) {
		if !known {
			value = noise >> (lane * laneBits)
		}
		m |= mark(value&(1<<laneBits-1)) << (lane * laneBits)
	}
	for lane, f := range [...]*few{&g.given, &g.family, &g.father} {
		set(lane, f[0] != nothing, hash(f[0]).stirred())
		if f[0] == several || f[1] != nothing {
			m &^= plain
		}
		if f[0] != nothing {
			m |= 1 << (knownAt + lane)
		}
	}
	set(laneDay, g.day != 0, hashBegun().number(uint64(g.day)).stirred())
	if g.year == several {
		m &^= plain
	}
	return m | mark(g.place.bits(placeRoom))<<placesAt
}

// bits is a set that two hold in common only if, by chance or not, they share a value: of room bits.
func (f *few) bits(room int) (set uint64) {
	if f[0] == several {
		return 1<<room - 1
	}
	for _, h := range f {
		if h != nothing {
			set |= 1 << (hash(h).stirred() % uint64(room))
		}
	}
	return set
}

// agreeing returns what agrees, a bit each: the lanes, and whether a place does.
func (m mark) agreeing(o mark) uint {
	const places = mark(1)<<placeRoom - 1
	x := m ^ o
	same := ^(x&laneLow + laneLow | x) & laneTop // the uppermost bit of each lane that is zero
	place := (m&o>>placesAt&places + places) >> placeRoom & 1
	return uint(same>>9*(1<<40|1<<31|1<<22|1<<13)>>40&(1<<lanes-1) | place<<markPlace)
}

// swapped is the mark with given and family name in each other's place.
func (m mark) swapped() mark {
	const one = 1<<laneBits - 1
	return m>>laneBits&one | m&one<<laneBits
}

// crossed reports whether given and family names agree, each with the other; swapped is what swapped returned.
func (m mark) crossed(swapped mark) bool { return (m^swapped)&(1<<(2*laneBits)-1) == 0 }

// marking tells of each set of agreeing lanes whether it may be enough, a bit each: by which names all rows of a block know.
type marking [8]uint32

// marking returns what is enough to the glancer.
func (g *glancer) marking() (out marking) {
	for knows := range out {
		for set := range 1 << (lanes + 1) {
			sum := 0.0
			for lane, bits := range [lanes + 1]struct{ agree, unlike float64 }{
				{g.given, unlikeGiven}, {g.family, unlikeWords}, {g.father, unlikeWords}, {dayBits, quarterBits}, {placeBits, 0},
			} {
				switch {
				case set>>lane&1 != 0:
					sum += bits.agree
				case lane > laneFather || knows>>lane&1 != 0:
					sum += bits.unlike
				}
			}
			if sum >= g.need {
				out[knows] |= 1 << set
			}
		}
	}
	return out
}
