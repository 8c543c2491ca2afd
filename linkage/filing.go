package linkage

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// filing is an index as it stands: rows in the order of their ids, and the blocks that hold two of them or more. It is made
// anew when records came or went, by sorting keys; no key is kept.
type filing struct {
	rows     []*entry
	pass     []uint8         // block -> the pass that filed it; blocks stand in the order of passes
	starts   []uint32        // block -> where its rows begin among those of all blocks; one more at the end
	members  [passes][]int32 // of each pass: rows, block by block, ascending
	before   [passes]uint32  // how many rows stand in the blocks of the passes before
	begins   []uint32        // row -> where its blocks begin in blocks; one more at the end
	blocks   []uint32        // small blocks, row by row, in the order of passes
	large    []uint32        // blocks whose pairs are looked at by a glance first
	inLarge  int             // how many pairs these hold, a pair of two blocks twice
	glances  []glance        // by row
	marks    []mark          // by row
	anchored bool            // a record has an anchor

	plaining sync.Once
	plains   []plain // by row; made when pairs are first weighed
}

// smallBlock is how many rows a block may have for all its pairs to be weighed.
const smallBlock = 4

// rowBits bounds the rows of an index; what is left of 64 bits beside the row tells the key.
const rowBits = 26

// packed is a key and a row it files, which sort by key: keys are cut to 38 bits, four of which tell the pass. Keys that fall
// together propose pairs that need not be proposed, and nothing worse.
type packed = uint64

// newFiling files records. More than keys have room for would be filed under one another's numbers.
func newFiling(rows []*entry) *filing {
	if len(rows) > 1<<rowBits {
		panic("linkage: more than 67 million records in one index")
	}
	f := &filing{rows: rows}
	f.sort()
	f.assign()
	f.glance()
	return f
}

// glance glances at every row.
func (f *filing) glance() {
	f.glances, f.marks = make([]glance, len(f.rows)), make([]mark, len(f.rows))
	anchors := make([]uint64, workers())
	parallel(len(f.rows), func(worker, lo, hi int) {
		for i := lo; i < hi; i++ {
			f.glances[i] = glanceOf(f.rows[i])
			f.marks[i] = markOf(&f.glances[i], i)
			anchors[worker] |= f.glances[i].anchors
		}
	})
	for _, a := range anchors {
		f.anchored = f.anchored || a != 0
	}
}

// sort makes the keys of all rows, sorts them, and makes the blocks.
func (f *filing) sort() {
	s := &sorting{made: make([][]packed, workers()), spare: make([][]packed, workers())}
	from := 0
	for _, to := range waves {
		f.file(from, to, s)
		from = to
	}
	f.starts = append(f.starts, f.stands())
}

// stands is how many rows stand in the blocks made so far, a row of two blocks twice.
func (f *filing) stands() (n uint32) {
	for _, list := range f.members {
		n += uint32(len(list))
	}
	return n
}

// waves end before these passes. The keys of one wave are made and sorted together: all keys of a million records at once would be
// twice as large as what is kept of them.
var waves = [...]int{passNameYear, passGivenYear, passBirthday, passPatronymic, passSiblings, passes}

// buckets is how many parts the keys of a wave are sorted in: by pass and four bits more.
const buckets = passes << 4

// sorting is the room that keys are sorted in, wave after wave.
type sorting struct {
	made  [][]packed // by worker, in the order of its rows
	spare [][]packed // by worker, for sorting
	all   []packed   // bucket by bucket
}

// file makes blocks of the keys of some passes.
func (f *filing) file(from, to int, s *sorting) {
	counts := make([][buckets]int, workers())
	parallel(len(f.rows), func(worker, lo, hi int) {
		k, made := &keying{from: from, to: to}, s.made[worker][:0]
		for i := lo; i < hi; i++ {
			for _, key := range k.of(f.rows[i]) {
				counts[worker][key>>(64-passBits-4)]++
				made = append(made, uint64(key)>>rowBits<<rowBits|uint64(i))
			}
		}
		s.made[worker] = made
	})
	var starts [buckets + 1]int
	for b := range buckets {
		starts[b+1] = starts[b]
		for w := range counts {
			counts[w][b], starts[b+1] = starts[b+1], starts[b+1]+counts[w][b]
		}
	}
	s.all = slices.Grow(s.all[:0], starts[buckets])[:starts[buckets]]
	parallel(len(s.made), func(_, lo, hi int) {
		for w := lo; w < hi; w++ {
			for _, p := range s.made[w] {
				b := p >> (64 - passBits - 4)
				s.all[counts[w][b]] = p
				counts[w][b]++
			}
		}
	})
	each(buckets, func(worker, b int) { sortPacked(s.all[starts[b]:starts[b+1]], &s.spare[worker]) })
	for pass := from; pass < to; pass++ {
		f.collect(pass, s.all[starts[pass<<4]:starts[(pass+1)<<4]])
	}
}

// sortPacked sorts the keys of a bucket by digits, the least first. Rows come in their order and keep it.
func sortPacked(list []packed, spare *[]packed) {
	const digit, few = 10, 1 << 9
	if len(list) < few {
		slices.Sort(list)
		return
	}
	*spare = slices.Grow((*spare)[:0], len(list))
	from, to, turns := list, (*spare)[:len(list)], 0
	for shift := rowBits; shift < 64-passBits-4; shift += digit {
		var next [1<<digit + 1]int
		for _, p := range from {
			next[p>>shift&(1<<digit-1)+1]++
		}
		for d := range next[1:] {
			next[d+1] += next[d]
		}
		for _, p := range from {
			d := p >> shift & (1<<digit - 1)
			to[next[d]] = p
			next[d]++
		}
		from, to, turns = to, from, turns+1
	}
	if turns%2 == 1 {
		copy(list, from)
	}
}

// collect makes a block of every key of a pass that files two rows or more; the keys are sorted.
func (f *filing) collect(pass int, list []packed) {
	blocks, members := 0, 0
	for run := range runs(list) {
		blocks, members = blocks+1, members+len(run)
	}
	f.before[pass] = f.stands()
	f.pass, f.starts = roomier(f.pass, blocks), roomier(f.starts, blocks+1)
	mine := make([]int32, 0, members)
	for run := range runs(list) {
		if len(run) > smallBlock {
			f.large = append(f.large, uint32(len(f.pass)))
			f.inLarge += len(run) * (len(run) - 1) / 2
		}
		f.pass, f.starts = append(f.pass, uint8(pass)), append(f.starts, f.before[pass]+uint32(len(mine)))
		for _, p := range run {
			mine = append(mine, int32(p&(1<<rowBits-1)))
		}
	}
	f.members[pass] = mine
}

// roomier returns the list with room for just so many more.
func roomier[T any](list []T, more int) []T {
	if cap(list)-len(list) >= more {
		return list
	}
	return append(make([]T, 0, len(list)+more), list...)
}

// runs walks the runs of one key that have two rows or more.
func runs(list []packed) func(yield func([]packed) bool) {
	return func(yield func([]packed) bool) {
		for lo := 0; lo < len(list); {
			hi := lo + 1
			for hi < len(list) && list[hi]>>rowBits == list[lo]>>rowBits {
				hi++
			}
			if hi-lo > 1 && !yield(list[lo:hi]) {
				return
			}
			lo = hi
		}
	}
}

// assign notes for each row the small blocks it is in.
func (f *filing) assign() {
	f.begins = make([]uint32, len(f.rows)+1)
	walk := func(fn func(block uint32, row int32)) {
		for b := range f.pass {
			if list := f.block(uint32(b)); len(list) <= smallBlock {
				for _, row := range list {
					fn(uint32(b), row)
				}
			}
		}
	}
	walk(func(_ uint32, row int32) { f.begins[row+1]++ })
	for i := range f.rows {
		f.begins[i+1] += f.begins[i]
	}
	f.blocks = make([]uint32, f.begins[len(f.rows)])
	next := slices.Clone(f.begins)
	walk(func(block uint32, row int32) {
		f.blocks[next[row]] = block
		next[row]++
	})
}

func (f *filing) block(b uint32) []int32 {
	before := f.before[f.pass[b]]
	return f.members[f.pass[b]][f.starts[b]-before : f.starts[b+1]-before]
}

// byID sorts entries by id.
func byID(list []*entry) {
	slices.SortFunc(list, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
}

func workers() int { return runtime.GOMAXPROCS(0) }

// parallel runs fn over spans of 0..n, one on every processor.
func parallel(n int, fn func(worker, lo, hi int)) {
	span := (n + workers() - 1) / workers()
	var wg sync.WaitGroup
	for w := 0; w*span < n; w++ {
		wg.Go(func() { fn(w, w*span, min((w+1)*span, n)) })
	}
	wg.Wait()
}

// each runs fn for every number below n, each as soon as a processor is free for it.
func each(n int, fn func(worker, i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range min(workers(), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				fn(w, i)
			}
		})
	}
	wg.Wait()
}
