package names

// Memo remembers how words of one lexicon compare: millions of names are made of thousands of words, and the same two meet
// again and again. It is a table of fixed size in which a newer pair of words takes the place of an older one, for one
// goroutine. A nil Memo remembers nothing; words of no lexicon are always compared.
type Memo struct{ known []uint64 }

// memoBits is how many pairs of words a memo has room for, as a power of two: two megabytes, which a processor keeps near.
const memoBits = 18

// NewMemo returns an empty memo.
func NewMemo() *Memo { return &Memo{make([]uint64, 1<<memoBits)} }

// numberBits bounds the words that are remembered: two numbers and a level make 64 bits.
const numberBits = 30

// words compares two words by the rules of their part.
func (m *Memo) words(a, b *Token) Level {
	if a == b {
		return compareTokens(a, a)
	}
	x, y := uint64(a.number), uint64(b.number)
	if m == nil || x == 0 || y == 0 || (x|y)>>numberBits != 0 {
		return compareTokens(a, b)
	}
	if x > y {
		x, y = y, x
	}
	pair := (x<<numberBits | y) << 4
	cell := &m.known[(pair*0x9e3779b97f4a7c15)>>(64-memoBits)]
	if *cell&^15 == pair {
		return Level(*cell & 15)
	}
	level := compareTokens(a, b)
	*cell = pair | uint64(level)
	return level
}
