package names

// Memo remembers how words of one lexicon compare: millions of names are made of thousands of words, and the same two meet
// again and again. It is a table of fixed size in which a newer pair of words takes the place of an older one, for one
// goroutine. A nil Memo remembers nothing; words of no lexicon are always compared.
type Memo struct {
	known []uint64
	list  []*Token // the words by their numbers, the first of number 1
}

// memoBits is how many pairs of words a memo has room for, as a power of two: two megabytes, which a processor keeps near.
const memoBits = 18

// Memo returns an empty memo of the words that the lexicon has. Those of another lexicon must not be asked for.
func (l *Lexicon) Memo() *Memo {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &Memo{make([]uint64, 1<<memoBits), l.list[:len(l.list):len(l.list)]}
}

// numberBits bounds the words that are remembered: two numbers and a level make 64 bits.
const numberBits = 30

// Words compares two words as [CompareTokens] does.
func (m *Memo) Words(a, b *Token) Level { return m.words(a, b) }

func (m *Memo) words(a, b *Token) Level {
	if a == b {
		return compareTokens(a, a)
	}
	if m == nil || a.number == 0 || b.number == 0 || (a.number|b.number)>>numberBits != 0 {
		return compareTokens(a, b)
	}
	cell, pair := m.cell(a.number, b.number)
	if *cell&^15 == pair {
		return Level(*cell & 15)
	}
	level := compareTokens(a, b)
	*cell = pair | uint64(level)
	return level
}

// cell returns where a pair of words is remembered, and as what.
func (m *Memo) cell(x, y uint32) (cell *uint64, pair uint64) {
	pair = (uint64(min(x, y))<<numberBits | uint64(max(x, y))) << 4
	return &m.known[(pair*0x9e3779b97f4a7c15)>>(64-memoBits)], pair
}

// Three is a name that is a given name, a patronymic and a family name of one word each, none an initial, by the numbers of these words: as most
// names are that lists write in columns. The patronymic may be missing, and is 0 then.
type Three [3]uint32

// Three returns the numbers of the words of such a name, if it is one and its words are of a lexicon.
func (n Name) Three() (t Three, ok bool) {
	if len(n.Tokens) > len(t) {
		return t, false
	}
	for _, word := range n.Tokens {
		if word.Part == PartUnknown || word.Initial || word.number == 0 || word.number>>numberBits != 0 {
			return t, false
		}
		number := &t[word.Part-PartGiven]
		if *number != 0 {
			return t, false
		}
		*number = word.number
	}
	return t, t[0] != 0 && t[2] != 0
}

// knows reports whether the memo has the words of a name.
func (m *Memo) knows(t Three) bool { return m != nil && int(max(t[0], t[1], t[2])) <= len(m.list) }

// Word returns the word of a number that the memo has.
func (m *Memo) Word(number uint32) *Token { return m.list[number-1] }

// Threes compares two names, whose words the memo has, as [Memo.Compare] does, and looks at a word only when it meets another for
// the first time.
func (m *Memo) Threes(a, b Three) Comparison {
	c := Comparison{Given: m.numbers(a[0], b[0]), Patronymic: m.fathers(a[1], b[1]), Family: m.numbers(a[2], b[2])}
	if !c.Given.Same() || !c.Family.Same() {
		if one := m.numbers(a[0], b[2]); one.Same() {
			if two := m.numbers(a[2], b[0]); two.Same() {
				c.Given, c.Family, c.Swapped = min(one, two), max(one, two), true
			}
		}
	}
	c.Overall = c.overall()
	return c
}

// fathers compares two patronymics, each 0 where there is none.
func (m *Memo) fathers(x, y uint32) Level {
	if x == 0 || y == 0 {
		return LevelMissing
	}
	return m.numbers(x, y)
}

// numbers compares two words, none an initial, by their numbers.
func (m *Memo) numbers(x, y uint32) Level {
	if x == y {
		return LevelExact
	}
	cell, pair := m.cell(x, y)
	if *cell&^15 == pair {
		return Level(*cell & 15)
	}
	level := compareTokens(m.Word(x), m.Word(y))
	*cell = pair | uint64(level)
	return level
}
