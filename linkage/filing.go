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
	pass     []uint8  // block -> the pass that filed it; blocks stand in the order of passes
	starts   []uint32 // block -> where its rows begin in members; one more at the end
	members  []int32  // rows, block by block, ascending
	begins   []uint32 // row -> where its blocks begin in blocks; one more at the end
	blocks   []uint32 // small blocks, row by row, in the order of passes
	large    []uint32 // blocks whose pairs are looked at by a glance first
	inLarge  int      // how many pairs these hold, a pair of two blocks twice
	glances  []glance // by row
	marks    []mark   // by row
	anchored bool     // a record has an anchor
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
	buckets := f.sorted()
	f.collect(buckets)
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

// buckets is how many parts keys are sorted in: by pass and four bits more.
const buckets = passes << 4

// sorted makes the keys of all rows and sorts them, each bucket by itself.
func (f *filing) sorted() [buckets][]packed {
	parts := make([][buckets][]packed, workers())
	parallel(len(f.rows), func(worker, lo, hi int) {
		k, mine := &keying{}, &parts[worker]
		for i := lo; i < hi; i++ {
			for _, key := range k.of(f.rows[i]) {
				b := key >> (64 - passBits - 4)
				mine[b] = append(mine[b], uint64(key)>>rowBits<<rowBits|uint64(i))
			}
		}
	})
	var out [buckets][]packed
	each(buckets, func(_, b int) {
		n := 0
		for w := range parts {
			n += len(parts[w][b])
		}
		all := make([]packed, 0, n)
		for w := range parts {
			all = append(all, parts[w][b]...)
			parts[w][b] = nil
		}
		out[b] = sortPacked(all)
	})
	return out
}

// sortPacked sorts the keys of a bucket by digits, the least first. Rows come in their order and keep it.
func sortPacked(list []packed) []packed {
	const digit, few = 10, 1 << 9
	if len(list) < few {
		slices.Sort(list)
		return list
	}
	other := make([]packed, len(list))
	for shift := rowBits; shift < 64-passBits-4; shift += digit {
		var next [1<<digit + 1]int
		for _, p := range list {
			next[p>>shift&(1<<digit-1)+1]++
		}
		for d := range next[1:] {
			next[d+1] += next[d]
		}
		for _, p := range list {
			d := p >> shift & (1<<digit - 1)
			other[next[d]] = p
			next[d]++
		}
		list, other = other, list
	}
	return list
}

// collect makes a block of every key that files two rows or more.
func (f *filing) collect(sorted [buckets][]packed) {
	blocks, members := 0, 0
	for _, list := range sorted {
		for run := range runs(list) {
			blocks, members = blocks+1, members+len(run)
		}
	}
	f.pass, f.starts, f.members = make([]uint8, 0, blocks), make([]uint32, 0, blocks+1), make([]int32, 0, members)
	for b, list := range sorted {
		for run := range runs(list) {
			if len(run) > smallBlock {
				f.large = append(f.large, uint32(len(f.pass)))
				f.inLarge += len(run) * (len(run) - 1) / 2
			}
			f.pass, f.starts = append(f.pass, uint8(b>>4)), append(f.starts, uint32(len(f.members)))
			for _, p := range run {
				f.members = append(f.members, int32(p&(1<<rowBits-1)))
			}
		}
	}
	f.starts = append(f.starts, uint32(len(f.members)))
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

func (f *filing) block(b uint32) []int32 { return f.members[f.starts[b]:f.starts[b+1]] }

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

// couple is a row that asks for another and the pass that proposes them, packed so that couples sort in this order.
type couple uint64

func coupleOf(row, other int32, pass int) couple {
	return couple(uint64(row)<<(rowBits+passBits) | uint64(other)<<passBits | uint64(pass))
}

func (c couple) row() int32   { return int32(c >> (rowBits + passBits)) }
func (c couple) other() int32 { return int32(c>>passBits) & (1<<rowBits - 1) }
func (c couple) pass() int    { return int(c & (1<<passBits - 1)) }
