package linkage

import (
	"math"
	"slices"

	"github.com/homeward-registry/homeward/names"
)

// Weigher weighs pairs of an index by a model: the same two records weigh the same to the bit, one by one or all at once. It
// is the room of one goroutine.
type Weigher struct{ *weigher }

// Weigher returns the room for one goroutine.
func (ix *Index) Weigher(m *Model) Weigher { return Weigher{ix.weigher(m, ix.reader())} }

// Weigh returns the weight of two records and the signals it is the sum of; ok is false when one is not in the index.
func (w Weigher) Weigh(left, right string) (p Pair, signals []Signal, ok bool) {
	x, okX := w.ix.places.find(w.ix.entries, left)
	y, okY := w.ix.places.find(w.ix.entries, right)
	if !okX || !okY {
		return Pair{}, nil, false
	}
	a, b := w.ix.entries[x], w.ix.entries[y]
	if b.id < a.id {
		a, b = b, a
	}
	e := w.read(a, b)
	weight := w.sum(e, a.source, b.source)
	return Pair{a.id, b.id, weight, w.model.probability(weight)}, w.signals(e, a, b), true
}

// Signals returns the signals that the weight of a pair is the sum of.
func (w Weigher) Signals(p Placed) []Signal {
	rows := w.ix.living()
	a, b := rows[p.Left], rows[p.Right]
	return w.signals(w.read(a, b), a, b)
}

// weigher is a model laid out for weighing: the bits of every level, and the rarity of every word when it is first asked for.
type weigher struct {
	*reader
	ix    *Index
	model *Model
	bits  *levelBits
	share float64                      // of siblings among pairs that are not the same child
	none  float64                      // what a pair that shares nothing with siblings gives back
	texts [maxComparisons]*Frequencies // nil where texts are not counted
	rates []float64                    // of altered identities, by source

	rarities [3][]float64              // of family names, given names and fathers, by number of the word; NaN when not asked for yet
	known    [maxComparisons][]float64 // of texts, by number of the value
}

// levelBits are the weights of every level of every comparison, by the level of what it depends on: for the same child, for
// siblings, and what an altered identity adds to the first. Level 0 weighs nothing.
type levelBits struct {
	same, sibling [maxComparisons][groups][16]float64
	altered       [maxComparisons][16]float64
	on            [maxComparisons]int // the comparison it depends on, or -1
}

func (m *Model) bits() *levelBits {
	b := &levelBits{}
	for c, comparison := range m.Comparisons {
		b.on[c] = m.on(c)
		for i, l := range comparison.Levels {
			for k := range groups {
				u := l.U
				if b.on[c] >= 0 && k > 0 {
					u = comparison.Given[k][i]
				}
				b.same[c][k][i+1], b.sibling[c][k][i+1] = math.Log2(l.M/u), math.Log2(l.S/u)
			}
			if l.A > 0 {
				b.altered[c][i+1] = math.Log2(l.A / l.M)
			}
		}
	}
	return b
}

// given is the level of what a comparison depends on.
func (b *levelBits) given(c int, p pattern) int {
	if on := b.on[c]; on >= 0 {
		return group(on, p.level(on))
	}
	return 0
}

func (ix *Index) weigher(m *Model, r *reader) *weigher {
	w := &weigher{reader: r, ix: ix, model: m, bits: m.bits()}
	w.share = min(m.Siblings/(1-m.Lambda), 0.5) // a list of one child over and over leaves hardly any unrelated pair
	w.none = -math.Log2(1 - w.share)
	for c, comparison := range m.Comparisons {
		if f, ok := m.Texts[comparison.Name]; ok {
			w.texts[c] = &f
		}
	}
	for _, source := range ix.sources {
		w.rates = append(w.rates, m.alteredIn(source))
	}
	if r.memo == nil {
		return w
	}
	for c := range w.texts {
		if w.texts[c] != nil {
			w.known[c] = slices.Repeat([]float64{math.NaN()}, ix.words.count(column(c-cmpColumns).shape())+1)
		}
	}
	for i := range w.rarities {
		w.rarities[i] = slices.Repeat([]float64{math.NaN()}, ix.words.lexicon.Words()+1)
	}
	return w
}

// evidence is what a pair says.
type evidence struct {
	pattern pattern
	names   namesCompared
	own     float64 // bits of rarity of what the child alone has: the given name
	family  float64 // of the family name and the father
	texts   float64 // of texts that agree, which brothers and sisters share
}

// read compares two records.
func (w *weigher) read(a, b *entry) (e evidence) {
	e.names = w.names(a, b)
	e.pattern = w.pattern(e.names, a, b)
	e.own, e.family = w.nameRarity(e.names, a, b)
	for c := cmpColumns; c < len(w.model.Comparisons); c++ {
		e.texts += w.textRarity(c, e.pattern, a, b)
	}
	return e
}

// sums adds up evidence: for the same child, for siblings, and what an altered identity would explain of the first.
func (b *levelBits) sums(p pattern, own, shared float64) (same, sibling, altered float64) {
	same, sibling = own+shared, shared
	for c, rest := 0, p; rest != 0; c++ {
		level := int(rest & 3)
		if c < cmpSex {
			level, rest = int(rest&15), rest>>4
		} else {
			rest >>= 2
		}
		if level != 0 {
			k := b.given(c, p)
			same += b.same[c][k][level]
			sibling += b.sibling[c][k][level]
			altered += b.altered[c][level]
		}
	}
	return same, sibling, altered
}

// weight weighs two records, a before b by id.
func (w *weigher) weight(a, b *entry) float64 {
	return w.sum(w.read(a, b), a.source, b.source)
}

// sum is the weight of what was read of a pair of two sources.
func (w *weigher) sum(e evidence, a, b int32) float64 {
	same, sibling, altered := w.bits.sums(e.pattern, e.own, e.family+e.texts)
	return same + w.explained(altered, a, b) + w.familyShare(sibling)
}

// explained is what is given back because names, date and birthplace that disagree together may be one act: never negative, and
// nothing unless an altered identity shows the pattern more often than an honest one. With the rate r of altered identities, a
// same child shows a pattern (1-r)M + rA times; (1-r) is left to the prior. What somebody looks for is no record, and explains
// nothing so.
func (w *weigher) explained(altered float64, a, b int32) float64 {
	if altered <= 0 || a == ofQuery || b == ofQuery {
		return 0
	}
	r := eitherAltered(w.rates[a], w.rates[b])
	return math.Log2(1 + r/(1-r)*math.Exp2(min(altered, 1000)))
}

// eitherAltered is how often one of two records of the same child has an altered identity.
func eitherAltered(a, b float64) float64 { return 1 - (1-a)*(1-b) }

func (m *Model) alteredIn(source string) float64 {
	if r, ok := m.Altered[source]; ok {
		return r
	}
	return alteredPrior
}

// unheard is so little, in bits, that it changes no weight.
const unheard = -40

// familyShare is what is taken back because brothers and sisters share it: never positive.
func (w *weigher) familyShare(sibling float64) float64 {
	if sibling < unheard {
		return min(0, w.none)
	}
	return min(0, -math.Log2(1-w.share+w.share*math.Exp2(min(sibling, 1000))))
}

// maxRarity bounds what rarity alone may add or take, in bits.
const maxRarity = 7

// bits returns the adjustment for how common a key is (Winkler's term frequency): the mean chance of agreeing against the
// frequency of this very key.
func (f *Frequencies) bits(key string) float64 {
	if f.Total == 0 {
		return 0
	}
	return max(-maxRarity, min(maxRarity, math.Log2(f.Mean*float64(f.Total)/float64(max(f.Counts[key], 1)))))
}

// nameRarity returns the adjustment for the names that agree. Shared is what brothers and sisters share: family name and father.
func (w *weigher) nameRarity(n namesCompared, a, b *entry) (givenName, shared float64) {
	if n.level == 0 || n.c.Swapped || n.c.Words {
		return 0, 0 // where words stand in each other's place, whose word is the family name is not known
	}
	x, y := a.names[n.a], b.names[n.b]
	if n.c.Given.Same() && n.level != nameApart {
		givenName = w.wordRarity(1, &w.model.Given, givenWord(x), givenWord(y))
	}
	if n.c.Family.Same() {
		shared += w.wordRarity(0, &w.model.Family, familyWord(x), familyWord(y))
	}
	if n.c.Patronymic.Same() {
		shared += w.wordRarity(2, &w.model.Father, patronymicWord(x), patronymicWord(y))
	}
	return givenName, shared
}

// wordRarity takes the more common of two words: what could be the common name is not rare. An initial is counted nowhere.
func (w *weigher) wordRarity(part int, f *Frequencies, a, b *names.Token) float64 {
	if a == nil || b == nil {
		return 0
	}
	return min(w.rarityOf(part, f, a), w.rarityOf(part, f, b))
}

func (w *weigher) rarityOf(part int, f *Frequencies, t *names.Token) float64 {
	if t.Number() == 0 || w.memo == nil {
		return f.bits(wordKey(t))
	}
	return w.rarityOfNumber(part, f, uint32(t.Number()))
}

func (w *weigher) rarityOfNumber(part int, f *Frequencies, n uint32) float64 {
	if known := w.rarities[part][n]; !math.IsNaN(known) {
		return known
	}
	w.rarities[part][n] = f.bits(wordKey(w.memo.Word(n)))
	return w.rarities[part][n]
}

// textRarity is the rarity of two texts of a column that are the same, the rarest when there are several. Where what they depend on
// is the same too, theirs was counted there.
func (w *weigher) textRarity(c int, p pattern, a, b *entry) float64 {
	if w.texts[c] == nil || p.level(c) != same || w.bits.given(c, p) == same {
		return 0
	}
	best := math.Inf(-1)
	for _, x := range a.in(column(c - cmpColumns)) {
		for _, y := range b.in(x.column) {
			if w.values(x.column.shape(), x.value, y.value) == same {
				best = max(best, min(w.rarityOfText(c, x), w.rarityOfText(c, y)))
			}
		}
	}
	return best
}

func (w *weigher) rarityOfText(c int, v cell) float64 {
	if v.serial == 0 || w.known[c] == nil {
		return w.texts[c].bits(v.counted())
	}
	if known := w.known[c][v.serial]; !math.IsNaN(known) {
		return known
	}
	w.known[c][v.serial] = w.texts[c].bits(v.counted())
	return w.known[c][v.serial]
}
