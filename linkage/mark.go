package linkage

// mark is a glance in two words, so that two of them are compared by a handful of instructions. A mark tells which pairs are not worth a
// glance, and errs towards looking: lanes and places may agree by chance, never differ by it.
type mark struct {
	traits
	places uint64 // a bit for each
}

// traits are a lane of nine bits each for what a glance holds of the given name, the family name, the father's name and the day, and flags.
type traits uint64

// What may agree: the lanes, and after them the places. Above these stand two flags for each lane: names that are known, and lanes
// that agree with any because the glance holds several values.
const (
	laneGiven = iota
	laneFamily
	laneFather
	laneDay
	lanes
	markPlace = lanes

	laneBits  = 9
	placeRoom = 64
	knownAt   = lanes * laneBits
	freeAt    = knownAt + laneDay
)

// The bits of all lanes, and of each lane the uppermost.
const (
	laneAll = traits(1)<<(lanes*laneBits) - 1
	laneTop = traits(1)<<8 | 1<<17 | 1<<26 | 1<<35
	laneLow = laneAll &^ laneTop
)

// markOf makes the mark of a row. A lane of which nothing is known holds noise, so that it agrees with hardly any other.
func markOf(g *glance, row int) (m mark) {
	noise := hashBegun().number(uint64(row)).stirred()
	set := func(lane int, known bool, value uint64) {
		if !known {
			value = noise >> (lane * laneBits)
		}
		m.traits |= traits(value&(1<<laneBits-1)) << (lane * laneBits)
	}
	for lane, f := range [...]*few{&g.given, &g.family, &g.father} {
		set(lane, f[0] != nothing, hash(f[0]).stirred())
		if f[0] != nothing {
			m.traits |= 1 << (knownAt + lane)
		}
		if f[0] == several || f[1] != nothing {
			m.traits |= 1 << (freeAt + lane)
		}
	}
	if either := traits(1<<laneGiven|1<<laneFamily) << freeAt; m.traits&either != 0 {
		m.traits |= either // they may agree crosswise
	}
	set(laneDay, g.day != 0, hashBegun().number(uint64(g.day)).stirred())
	if g.year == several {
		m.traits |= 1 << (freeAt + laneDay)
	}
	m.places = g.place.bits(placeRoom)
	return m
}

// lane is what the mark holds in a lane.
func (m traits) lane(lane int) traits { return m >> (lane * laneBits) & (1<<laneBits - 1) }

// names tells which names are known, a bit for each lane.
func (m traits) names() uint { return uint(m >> knownAt & (1<<laneDay - 1)) }

// free reports whether a lane agrees with any.
func (m traits) free() bool { return m>>freeAt&(1<<lanes-1) != 0 }

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
	x, place := m.traits^o.traits, uint(0)
	if m.places&o.places != 0 {
		place = 1 << markPlace
	}
	same := ^(x&laneLow + laneLow | x) & laneTop // the uppermost bit of each lane that is zero
	return uint((same>>8*(1<<40|1<<32|1<<24|1<<16)>>40|(m.traits|o.traits)>>freeAt)&(1<<lanes-1)) | place
}

// swapped is the mark with given and family name in each other's place.
func (m traits) swapped() traits {
	const one = 1<<laneBits - 1
	return m>>laneBits&one | m&one<<laneBits
}

// crosses is 1 where given and family names agree, each with the other; swapped is what swapped returned.
func (m traits) crosses(swapped traits) uint {
	if (m^swapped)&(1<<(2*laneBits)-1) == 0 {
		return 1
	}
	return 0
}

// marking tells what may be enough, by which names both rows know and which lanes agree: a bit for each set of lanes.
type marking [1 << laneDay]uint32

// marking returns what may be enough to the glancer.
func (g *glancer) marking() (out marking) {
	for known := range out {
		for set := range 1 << (lanes + 1) {
			if g.bound(known, set) >= g.need {
				out[known] |= 1 << set
			}
		}
	}
	return out
}

// worth is what a lane says at most where it agrees and where it does not.
type worth struct{ agree, unlike float64 }

func (g *glancer) lanes() [lanes + 1]worth {
	return [...]worth{{g.given, unlikeGiven}, {g.family, unlikeWords}, {g.father, unlikeWords}, {dayBits, quarterBits}, {placeBits, 0}}
}

// bound is the most that two records may show whose lanes agree so.
func (g *glancer) bound(known, set int) (sum float64) {
	for lane, bits := range g.lanes() {
		switch {
		case set>>lane&1 != 0:
			sum += bits.agree
		case lane >= laneDay || known>>lane&1 != 0:
			sum += bits.unlike
		}
	}
	return sum
}

// may is 1 where two records may show enough by their marks.
func (t *marking) may(m, o mark) uint {
	return uint(t[m.known(o.traits)]>>m.agreeing(o)) & 1
}

// known tells which names both rows know, a bit for each lane.
func (m traits) known(o traits) uint { return (m & o).names() }

// dating tells how much two records may show at most beside their births, by which names both rows know and which lanes agree.
type dating struct {
	most [1 << laneDay][1 << (lanes + 1)]float64
	need float64
}

func (g *glancer) dating() (out dating) {
	out.need = g.need
	for known := range out.most {
		for set := range out.most[known] {
			for lane, bits := range g.lanes() {
				switch {
				case lane == laneDay:
				case set>>lane&1 != 0:
					out.most[known][set] += bits.agree
				case lane == markPlace || known>>lane&1 != 0:
					out.most[known][set] += bits.unlike
				}
			}
		}
	}
	return out
}

// enough reports whether two records may show enough by their marks and what their births say.
func (d *dating) enough(m, o mark, births float64) bool {
	return d.most[m.known(o.traits)][m.agreeing(o)]+births >= d.need
}
