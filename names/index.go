package names

import (
	"slices"
	"strings"
	"sync"
)

// Index ranks the names of a list by how likely each is the one asked for, nothing but the names being known. A word is found by its
// sounds, its key, the given name or father it stands for, and by pairs of its sounds when it is misspelt; what finding it says is
// the weight log2(m/u), u being how many names of this very list have a word as like it. Adding is not safe beside other calls;
// ranking is.
type Index struct {
	words  []sense
	made   []letters // by word
	byText map[string]int32
	holds  [][]int32 // by word: the names that have it
	starts []int32   // by name: where its words begin in flat
	flat   []int32
	exact  map[string][]int32 // words by what they may be
	pairs  map[uint16][]int32 // words by two neighbouring sounds
	folds  []int32            // words by their sounds, in order; nil when words came since
	sorted sync.Mutex
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{byText: map[string]int32{}, exact: map[string][]int32{}, pairs: map[uint16][]int32{}, starts: []int32{0}}
}

// Len returns how many names there are.
func (ix *Index) Len() int { return len(ix.starts) - 1 }

// Add takes in a name.
func (ix *Index) Add(n Name) {
	at := int32(ix.Len())
	for i := range n.Tokens {
		w := ix.word(n.Tokens[i])
		if mine := ix.flat[ix.starts[at]:]; slices.Contains(mine, w) {
			continue
		}
		ix.flat = append(ix.flat, w)
		ix.holds[w] = append(ix.holds[w], at)
	}
	ix.starts = append(ix.starts, int32(len(ix.flat)))
}

// word returns the number of a word, a new one where it was not met before. Words of one sound are one.
func (ix *Index) word(t *Token) int32 {
	if w, ok := ix.byText[t.Fold]; ok {
		return w
	}
	w := int32(len(ix.words))
	s := senseOf(t)
	ix.words, ix.folds = append(ix.words, s), nil
	ix.made, ix.holds = append(ix.made, lettersOf(s.fold)), append(ix.holds, nil)
	ix.byText[strings.Clone(s.fold)] = w
	for _, k := range s.exactKeys() {
		ix.exact[k] = append(ix.exact[k], w)
	}
	if !s.initial {
		for _, p := range soundPairs(s.fold) {
			ix.pairs[p] = append(ix.pairs[p], w)
		}
	}
	return w
}

// begun returns the words that begin with sounds, at most maxBegun of them.
func (ix *Index) begun(fold string) []int32 {
	ix.sorted.Lock()
	if ix.folds == nil {
		ix.folds = make([]int32, len(ix.words))
		for w := range ix.folds {
			ix.folds[w] = int32(w)
		}
		slices.SortFunc(ix.folds, func(a, b int32) int { return strings.Compare(ix.words[a].fold, ix.words[b].fold) })
	}
	folds := ix.folds
	ix.sorted.Unlock()
	from, _ := slices.BinarySearchFunc(folds, fold, func(w int32, fold string) int { return strings.Compare(ix.words[w].fold, fold) })
	to := from
	for to < len(folds) && to-from < maxBegun && strings.HasPrefix(ix.words[folds[to]].fold, fold) {
		to++
	}
	return folds[from:to]
}

// A word of leastBegun sounds or more finds those that begin with it.
const (
	leastBegun = 3
	maxBegun   = 2000
)

// exactKeys lists what a word is found by when it is spelt as it may be.
func (s *sense) exactKeys() []string {
	out := []string{"f" + s.fold}
	if s.initial {
		return out
	}
	out = append(out, "k"+s.key)
	if s.stem != s.key {
		out = append(out, "k"+s.stem)
	}
	if s.others != nil {
		for i, f := range s.others.folds {
			out = append(out, "f"+f, "k"+s.others.stems[i])
		}
	}
	for _, c := range append(s.short, s.class) {
		if c != 0 {
			out = append(out, classKey("c", c))
		}
	}
	if s.father != 0 {
		out = append(out, classKey("p", s.father))
	}
	if s.root != "" {
		out = append(out, "r"+s.root)
	}
	return out
}

func classKey(kind string, c Class) string { return kind + string([]byte{byte(c >> 8), byte(c)}) }

// soundPairs lists the pairs of neighbouring sounds, each once, and the first sound alone; vowels count as one.
func soundPairs(fold string) []uint16 {
	out := make([]uint16, 0, len(fold)+1)
	last := byte(0)
	for i := range len(fold) {
		c := soundClass(fold[i])
		if c == last {
			continue
		}
		if p := uint16(last)<<8 | uint16(c); !slices.Contains(out, p) {
			out = append(out, p)
		}
		last = c
	}
	return out
}

func soundClass(c byte) byte {
	switch {
	case isVowel(c):
		return 'a'
	case c == '8':
		return 'g'
	case c == '7':
		return '6'
	}
	return c
}
