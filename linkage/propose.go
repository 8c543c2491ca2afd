package linkage

import (
	"slices"
)

// Options say which pairs are wanted.
type Options struct {
	// Skip, when not nil, leaves out pairs that cannot be: two rows of a list without duplicates. It is asked with
	// sources and ids, from several goroutines at once.
	Skip func(sourceA, idA, sourceB, idB string) bool
	// Floor leaves out pairs of a lower probability.
	Floor float64
	// Among, when not nil, asks only for pairs in which one of these records takes part.
	Among []string
}

// Blocking tells how a run of blocking went.
type Blocking struct {
	Proposed int         // pairs that share a key and were weighed, each once
	ByPass   [passes]int // pairs first proposed by each pass
	Large    int         // blocks so large that pairs were looked at by a glance first
	Aside    int         // looks at pairs of large blocks that ended there: too little agrees
}

// add adds what another part of the work did.
func (b *Blocking) add(other Blocking) {
	b.Proposed, b.Large, b.Aside = b.Proposed+other.Proposed, b.Large+other.Large, b.Aside+other.Aside
	for i, n := range other.ByPass {
		b.ByPass[i] += n
	}
}

// proposing is one run of blocking.
type proposing struct {
	*filing
	ix      *Index
	o       Options
	glancer glancer
	marking marking
	dating  dating
	every   bool                 // all pairs of large blocks are weighed, without a glance
	among   []bool               // by row; nil when all are asked for
	passes  *[passes]bool        // passes to propose by; nil when all
	sample  func(row int32) bool // rows that are asked for as the first of a pair; nil when all

	starts  []uint32  // row -> where its couples begin in couples; one more at the end
	ends    []uint32  // row -> where they end
	couples []partner // of large blocks, what a glance left, by the row that asks
	report  Blocking
}

// chunk is how many rows are worked on at a time: the work is dealt out in chunks, so that results can be kept in order.
const chunk = 256

func (p *proposing) chunks() int { return (len(p.rows) + chunk - 1) / chunk }

// run calls fn for every pair proposed, each once, a < b by id. Pairs of one chunk come from one goroutine, one after the
// other, and then done is called; the report is ready at the end.
func (p *proposing) run(fn func(worker int, a, b int32), done func(worker, chunk int)) {
	p.glanceOver()
	p.plainly()
	reports := make([]Blocking, workers())
	stamps := make([][]int32, workers())
	each(p.chunks(), func(worker, c int) {
		if stamps[worker] == nil {
			stamps[worker] = make([]int32, len(p.rows))
		}
		report := &reports[worker]
		for row := c * chunk; row < min((c+1)*chunk, len(p.rows)); row++ {
			p.around(int32(row), stamps[worker], func(b int32, pass int) {
				report.Proposed++
				report.ByPass[pass]++
				fn(worker, min(int32(row), b), max(int32(row), b))
			})
		}
		done(worker, c)
	})
	for _, r := range reports {
		p.report.add(r)
	}
}

// around walks the partners of one row: those after it, or all when some rows are asked for and this is one of them. Stamps
// hold for each row the last one it was met by.
func (p *proposing) around(row int32, stamps []int32, fn func(b int32, pass int)) {
	if !p.asks(row) {
		return
	}
	stamp := row + 1
	meet := func(b int32, pass int) {
		if b == row || stamps[b] == stamp || p.among == nil && b < row || p.among != nil && b < row && p.among[b] {
			return
		}
		stamps[b] = stamp
		if p.wanted(row, b) {
			fn(b, pass)
		}
	}
	mine := p.couples[p.starts[row]:p.ends[row]]
	for _, block := range p.blocks[p.begins[row]:p.begins[row+1]] {
		pass := int(p.pass[block])
		for len(mine) > 0 && mine[0].pass() <= pass {
			meet(mine[0].other(), mine[0].pass())
			mine = mine[1:]
		}
		if p.passes == nil || p.passes[pass] {
			for _, b := range p.block(block) {
				meet(b, pass)
			}
		}
	}
	for _, c := range mine {
		meet(c.other(), c.pass())
	}
}

func (p *proposing) wanted(a, b int32) bool {
	if p.o.Skip == nil {
		return true
	}
	x, y := p.rows[a], p.rows[b]
	return !p.o.Skip(p.ix.sources[x.source], x.id, p.ix.sources[y.source], y.id)
}

// glanceOver looks at the pairs of large blocks, and keeps those of which enough is seen, under the row that asks for them.
func (p *proposing) glanceOver() {
	p.starts, p.ends = make([]uint32, len(p.rows)+1), make([]uint32, len(p.rows))
	if len(p.large) == 0 {
		return
	}
	p.marking, p.dating = p.glancer.marking(), p.glancer.dating()
	found, aside, views := make([]couples, workers()), make([]int, workers()), make([]view, workers())
	each(len(p.large), func(worker, i int) {
		block := p.large[i]
		if pass := int(p.pass[block]); p.passes == nil || p.passes[pass] {
			p.pairsSeen(&views[worker], p.block(block), pass, &found[worker], &aside[worker])
		}
	})
	p.report.Large = len(p.large)
	for w := range found {
		p.report.Aside += aside[w]
	}
	p.file(found)
}

// weighedAll is how many pairs the large blocks of an index may hold for all of them to be weighed: where that is done in a moment,
// no pair is set aside by a judgement.
const weighedAll = 1 << 18

// crowd is how many rows of one block are a crowd.
const crowd = 128

// pairsSeen looks at the pairs of one block, into out. In a crowd rows stand in the order of their birth years, those of which none
// is known first, and two whose years lie further apart than one are not looked at, because no date, and so too little, would
// agree: the few children whose year is wrong and whose name is not meet in the smaller block of the name.
func (p *proposing) pairsSeen(v *view, rows []int32, pass int, out *couples, aside *int) {
	v.lay(p, rows)
	all := p.among == nil && p.sample == nil
	for i, a := range v.rows {
		if from, to := v.near(i); all {
			p.look(v, i, max(from, i+1), to, pass, out, aside)
			*aside += len(rows) - to // born years later
		} else if p.asks(a) {
			p.look(v, i, from, to, pass, out, aside)
			p.look(v, i, 0, min(from, v.undated), pass, out, aside)
		}
	}
}

// asks reports whether pairs are asked for on behalf of a row: with all rows after it, or with all.
func (p *proposing) asks(row int32) bool {
	return (p.among == nil || p.among[row]) && (p.sample == nil || p.sample(row))
}

// asking counts the rows that ask for pairs.
func (p *proposing) asking(rows []int32) (n int) {
	if p.among == nil && p.sample == nil {
		return len(rows)
	}
	for _, row := range rows {
		if p.asks(row) {
			n++
		}
	}
	return n
}

// file puts what was found in the order of the rows that ask, each two rows once, by the order of passes within a row.
func (p *proposing) file(found []couples) {
	for w := range found {
		for c := range found[w].all() {
			p.starts[c.row()+1]++
		}
	}
	for i := range p.rows {
		p.starts[i+1] += p.starts[i]
	}
	p.couples = make([]partner, p.starts[len(p.rows)])
	p.ends = slices.Clone(p.starts[:len(p.rows)])
	for w := range found {
		for c := range found[w].all() {
			p.couples[p.ends[c.row()]] = c.partner()
			p.ends[c.row()]++
		}
		found[w] = couples{}
	}
	parallel(len(p.rows), func(_, lo, hi int) {
		for row := lo; row < hi; row++ {
			mine := p.couples[p.starts[row]:p.ends[row]]
			slices.Sort(mine)
			mine = slices.CompactFunc(mine, func(x, y partner) bool { return x.other() == y.other() })
			slices.SortFunc(mine, func(x, y partner) int { return x.pass() - y.pass() })
			p.ends[row] = p.starts[row] + uint32(len(mine))
		}
	})
}
