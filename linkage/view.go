package linkage

import "slices"

// view is a block laid out for looking; it is the room of one goroutine.
type view struct {
	rows    []int32
	order   []uint64
	marks   []mark
	glances []glance
	chosen  []int32  // places that look chooses
	years   []int16  // of a crowd
	anchors []uint64 // empty where no record of the register has any
	undated int      // how many rows without a year stand first
	crowded bool
	lo, hi  int  // what is near the row last asked about
	tied    bool // rows are strung together
	beads
}

func (v *view) lay(p *proposing, rows []int32) {
	v.rows, v.marks, v.glances, v.years, v.anchors = append(v.rows[:0], rows...), v.marks[:0], v.glances[:0], v.years[:0], v.anchors[:0]
	v.chosen = slices.Grow(v.chosen[:0], len(rows)+1)[:len(rows)+1]
	v.undated, v.lo, v.hi = 0, 0, 0
	if v.crowded = len(rows) > crowd && p.passes == nil && !p.every; v.crowded { // brothers and sisters are learned from
		v.sort(p)
	}
	for _, row := range v.rows {
		v.marks, v.glances = append(v.marks, p.marks[row]), append(v.glances, p.glances[row])
		if p.anchored {
			v.anchors = append(v.anchors, p.glances[row].anchors)
		}
	}
	v.tied = !p.every && len(rows) >= strungRows && p.asking(v.rows) >= strungAsks && v.thread(p)
}

// sort puts the rows in the order of their years.
func (v *view) sort(p *proposing) {
	v.order = v.order[:0]
	for _, row := range v.rows {
		v.order = append(v.order, uint64(uint16(p.glances[row].year))<<32|uint64(row))
	}
	slices.Sort(v.order)
	for i, o := range v.order {
		v.rows[i] = int32(uint32(o))
		v.years = append(v.years, int16(o>>32))
		if int16(o>>32) <= several {
			v.undated = i + 1
		}
	}
}

// near returns the span of rows that a row is to be looked at beside; undated ones may stand before it. Rows are asked about in
// their order.
func (v *view) near(i int) (from, to int) {
	if !v.crowded || v.years[i] <= several {
		return 0, len(v.rows)
	}
	year := v.years[i]
	for v.lo = max(v.lo, v.undated); v.years[v.lo] < year-1; v.lo++ {
	}
	for v.hi = max(v.hi, i); v.hi < len(v.rows) && v.years[v.hi] <= year+1; v.hi++ {
	}
	return v.lo, v.hi
}

// look looks at one row beside a span of others.
func (p *proposing) look(v *view, i, from, to, pass int, out *couples, aside *int) {
	a, before := v.rows[i], out.n
	for _, j := range p.likely(v, i, from, to) {
		b := v.rows[j]
		if b == a || p.sample != nil && b < a || p.among != nil && p.among[b] && b < a {
			continue
		}
		if p.every || p.glancer.enough(&v.glances[i], &v.glances[j]) {
			if p.among == nil {
				out.add(coupleOf(min(a, b), max(a, b), pass))
			} else {
				out.add(coupleOf(a, b, pass))
			}
		}
	}
	*aside += max(0, to-from) - (out.n - before)
}

// likely returns the places in a span of those that are worth a glance beside a row, good until the next call: by their marks, and then by
// what their births say.
func (p *proposing) likely(v *view, i, from, to int) []int32 {
	if p.every {
		for j := from; j < to; j++ {
			v.chosen[j-from] = int32(j)
		}
		return v.chosen[:max(0, to-from)]
	}
	mine, swapped, n := v.marks[i], v.marks[i].swapped(), 0
	if v.tied {
		for _, j := range v.chosen[:v.strung(i, from, to)] {
			v.chosen[n] = j
			n += int(p.marking.may(mine, v.marks[j]) | v.marks[j].crosses(swapped) | v.anchored(i, int(j)))
		}
	} else {
		for j := from; j < to; j++ { // without a branch that depends on what is met: a fifth passes, and none can tell which
			v.chosen[n] = int32(j)
			n += int(p.marking.may(mine, v.marks[j]) | v.marks[j].crosses(swapped) | v.anchored(i, j))
		}
	}
	kept := v.chosen[:0]
	for _, j := range v.chosen[:n] {
		m := v.marks[j]
		if p.dating.enough(mine, m, birthSeen(&v.glances[i].birthGlance, &v.glances[j].birthGlance)) || m.crosses(swapped)|v.anchored(i, int(j)) != 0 {
			kept = append(kept, j)
		}
	}
	return kept
}

// anchored is 1 where two rows share what may be an anchor.
func (v *view) anchored(i, j int) uint {
	if len(v.anchors) > 0 && v.anchors[i]&v.anchors[j] != 0 {
		return 1
	}
	return 0
}
