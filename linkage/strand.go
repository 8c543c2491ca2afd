package linkage

import (
	"math/bits"
	"slices"
)

// In a block of s rows there are s*s/2 pairs, and hardly any may show enough: beside what the block is filed by, something else must
// agree. So rows that share another value are strung together, and only pairs of one strand are looked at. Which lanes have to be
// strung is read from the marking: without any of them no pair may show enough. So what is found is what looking at every pair finds.

// strung is how many rows a block has at least, and how many of them ask for pairs, for stringing to be worth it.
const (
	strungRows = 32
	strungAsks = 16
)

// beads are the rows of a view on their strands: one bead for every value of a row, row by row.
type beads struct {
	list  []bead
	from  []int32 // place -> its first bead; one more at the end
	heads [strandRoom]int32
	stray []int32 // places of rows that are beside any other, in order: they know fewer names than most, or several
	met   []int32 // place -> 1 + the place it was last met by
}

// bead is a place on a strand, and the next bead there, or -1.
type bead struct{ place, strand, next int32 }

// Strands are numbered: of each lane by its value, of given and family name in any order, of places and of anchors.
const (
	strandCross  = lanes << laneBits
	strandPlace  = strandCross + 1<<laneBits
	strandAnchor = strandPlace + placeRoom
	strandRoom   = strandAnchor + 64
)

// thread strings the rows of a view together, and reports whether that is to be used: not where too many are strays, or where what all share
// is enough.
func (v *view) thread(p *proposing) bool {
	known, regular := v.mostKnown()
	if 2*regular < len(v.rows) {
		return false
	}
	shared := v.shared(known)
	telling := p.marking.telling(known, shared)
	if telling == 0 {
		return false
	}
	cross := telling>>laneFamily&1 == 0 || shared>>laneGiven&1 == 0 // two that share a given name and agree crosswise agree on the family name
	b := &v.beads
	b.list, b.from, b.stray = b.list[:0], b.from[:0], b.stray[:0]
	b.met = slices.Grow(b.met[:0], len(v.rows))[:len(v.rows)]
	clear(b.met)
	for i, m := range v.marks {
		b.from = append(b.from, int32(len(b.list)))
		if m.names() != known || m.free() {
			b.stray = append(b.stray, int32(i))
			continue
		}
		for lanes := telling &^ (1 << markPlace); lanes != 0; lanes &= lanes - 1 {
			lane := bits.TrailingZeros(lanes)
			b.put(i, lane<<laneBits|int(m.lane(lane)))
		}
		if telling>>markPlace&1 != 0 {
			b.set(i, strandPlace, m.places)
		}
		if cross {
			x, y := m.lane(laneGiven), m.lane(laneFamily)
			b.put(i, strandCross+int(min(x, y)^max(x, y)<<3&(1<<laneBits-1)))
		}
		if len(v.anchors) > 0 {
			b.set(i, strandAnchor, v.anchors[i])
		}
	}
	b.from = append(b.from, int32(len(b.list)))
	b.tie()
	return true
}

func (b *beads) put(place, strand int) {
	b.list = append(b.list, bead{int32(place), int32(strand), -1})
}

// set puts a place on a strand for every bit of a set.
func (b *beads) set(place, first int, set uint64) {
	for ; set != 0; set &= set - 1 {
		b.put(place, first+bits.TrailingZeros64(set))
	}
}

// tie ties each bead to the next of its strand.
func (b *beads) tie() {
	for i := range b.list {
		b.heads[b.list[i].strand] = -1
	}
	for i := len(b.list) - 1; i >= 0; i-- {
		strand := b.list[i].strand
		b.list[i].next, b.heads[strand] = b.heads[strand], int32(i)
	}
}

// mostKnown returns which names most rows know that know one value each, and how many those are.
func (v *view) mostKnown() (known uint, rows int) {
	var tally [1 << laneDay]int
	for _, m := range v.marks {
		if !m.free() {
			tally[m.names()]++
		}
	}
	for k, n := range tally {
		if n > rows {
			known, rows = uint(k), n
		}
	}
	return known, rows
}

// shared returns the lanes on which all rows agree that know these names and no others.
func (v *view) shared(known uint) (lanes uint) {
	differ, first, begun := traits(0), traits(0), false
	for _, m := range v.marks {
		if m.names() != known || m.free() {
			continue
		}
		if !begun {
			first, begun = m.traits, true
		}
		differ |= m.traits ^ first
	}
	for lane := range markPlace {
		if differ.lane(lane) == 0 {
			lanes |= 1 << lane
		}
	}
	return lanes
}

// telling returns lanes of which two rows must share one to show enough, where they know these names and share these lanes; none when they
// need not. The fewer rows share a value of a lane, the rather it is among them.
func (t *marking) telling(known, shared uint) (chosen uint) {
	const all = 1<<(lanes+1) - 1
	enough := func(agreeing uint) bool { return t[known]>>agreeing&1 != 0 }
	if enough(shared) {
		return 0
	}
	chosen = all &^ shared
	for _, lane := range [...]int{markPlace, laneGiven, laneFather, laneFamily, laneDay} {
		if without := chosen &^ (1 << lane); without != 0 && !enough(all&^without) {
			chosen = without
		}
	}
	return chosen
}

// strung puts the places that are to be looked at beside a row into v.chosen, and returns how many: of a span, those on a strand with it, and strays.
func (v *view) strung(i, from, to int) (n int) {
	b, me := &v.beads, int32(i+1)
	first, last := b.from[i], b.from[i+1]
	if first == last { // a stray
		for j := from; j < to; j++ {
			v.chosen[n] = int32(j)
			n++
		}
		return n
	}
	for k := first; k < last; k++ {
		next := b.list[k].next
		if from <= i {
			next = b.heads[b.list[k].strand]
		}
		for ; next >= 0; next = b.list[next].next {
			j := b.list[next].place
			if int(j) >= to {
				break
			}
			if int(j) >= from && b.met[j] != me {
				b.met[j] = me
				v.chosen[n] = j
				n++
			}
		}
	}
	at, _ := slices.BinarySearch(b.stray, int32(from))
	for _, j := range b.stray[at:] {
		if int(j) >= to {
			break
		}
		v.chosen[n] = j
		n++
	}
	return n
}
