package linkage

import "iter"

// couple is a row that asks for another and the pass that proposes them, packed so that couples sort in this order.
type couple uint64

func coupleOf(row, other int32, pass int) couple {
	return couple(uint64(row)<<(rowBits+passBits) | uint64(other)<<passBits | uint64(pass))
}

func (c couple) row() int32   { return int32(c >> (rowBits + passBits)) }
func (c couple) other() int32 { return int32(c>>passBits) & (1<<rowBits - 1) }

// partner is what a couple says of the other row, packed so that partners of one row sort as its couples do.
type partner uint32

func (c couple) partner() partner { return partner(c & (1<<(rowBits+passBits) - 1)) }

func (p partner) other() int32 { return int32(p >> passBits) }
func (p partner) pass() int    { return int(p & (1<<passBits - 1)) }

// couples is a list of many couples: in pieces, because one long list is copied as it grows.
type couples struct {
	pieces [][]couple
	n      int
}

func (l *couples) add(c couple) {
	const piece = 1 << 14
	if l.n%piece == 0 {
		l.pieces = append(l.pieces, make([]couple, 0, piece))
	}
	last := &l.pieces[len(l.pieces)-1]
	*last = append(*last, c)
	l.n++
}

func (l *couples) all() iter.Seq[couple] {
	return func(yield func(couple) bool) {
		for _, list := range l.pieces {
			for _, c := range list {
				if !yield(c) {
					return
				}
			}
		}
	}
}
