package names

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Ranked is a name of an index, by its number in the order of arrival, with its weight in bits and the probability
// that it is the name asked for, if at most one is.
type Ranked struct {
	At                  int
	Weight, Probability float64
}

// partner is a word of the index that stands for a word of the query, and what that says.
type partner struct {
	word   int32
	level  Level
	weight float64
}

// Ranker is the room one goroutine needs to ask: make one with [Index.Ranker] and use it again.
type Ranker struct {
	ix      *Index
	shared  []uint16             // by word: pairs shared with the word asked
	weights []float32            // by word: what it says as a partner of the word asked
	sums    []float32            // by name: bits found so far
	stamps  []int32              // by name: the sign that last added
	serial  int32                // counts signs
	touched []int32              // names with sums
	known   map[string][]partner // partners of words asked before
}

// Ranker returns the room for one goroutine.
func (ix *Index) Ranker() *Ranker {
	return &Ranker{ix: ix, shared: make([]uint16, len(ix.words)), weights: make([]float32, len(ix.words)), sums: make([]float32, ix.Len()), stamps: make([]int32, ix.Len()), known: map[string][]partner{}}
}

// maxKnown bounds the words whose partners a ranker remembers.
const maxKnown = 1 << 16

// maxWeighed is how many of the names that share most are sure to be weighed in full; where more are asked for, others that were met
// on the way are.
const maxWeighed = 64

// Evidence is what something beside the name says for some names of the index, in bits: it brings them among those that are
// weighed, and does not count in their weight.
type Evidence struct {
	In   [][]int32 // lists of names, each ascending; a name in several counts once
	Bits float64
}

// Rank returns the k names that are most likely the one asked for, best first; equals in order of arrival.
func (r *Ranker) Rank(q Name, k int, more ...Evidence) []Ranked {
	words := r.query(q)
	n := max(k, maxWeighed)
	r.gather(signsOf(words, more), maxWeighed)
	best := r.best(n)
	out := make([]Ranked, 0, len(best))
	for _, at := range best {
		out = append(out, Ranked{At: int(at), Weight: r.weigh(words, at)})
	}
	r.clear()
	slices.SortFunc(out, func(a, b Ranked) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.At, b.At)) })
	likely(out, r.ix.Len())
	return out[:min(k, len(out))]
}

// likely turns weights into probabilities: at most one name of n is the one, each as likely as another before, and that
// none is as likely as one.
func likely(list []Ranked, n int) {
	total := float64(max(n, 1))
	for _, r := range list {
		total += math.Exp2(min(r.Weight, 500))
	}
	for i := range list {
		list[i].Probability = math.Exp2(min(list[i].Weight, 500)) / total
	}
}

// asked is a word of the query: what it may be and its partners.
type asked struct {
	sense    sense
	part     Part
	partners []partner
}

func (r *Ranker) query(q Name) []asked {
	out := make([]asked, 0, len(q.Tokens))
	for _, t := range q.Tokens {
		if slices.ContainsFunc(out, func(a asked) bool { return a.sense.fold == t.Fold }) {
			continue
		}
		a := asked{sense: senseOf(t), part: t.Part}
		var ok bool
		if a.partners, ok = r.known[t.Fold]; !ok {
			a.partners = r.partners(&a.sense)
			if len(r.known) < maxKnown {
				r.known[strings.Clone(t.Fold)] = a.partners
			}
		}
		out = append(out, a)
	}
	return out
}

// shares is how often a true partner is found at each level, by the authors' judgement.
var shares = [...]float64{LevelInitial: 0.02, LevelSimilar: 0.02, LevelClose: 0.06, LevelDiminutive: 0.02, LevelKey: 0.06, LevelEquivalent: 0.10, LevelFold: 0.72, LevelExact: 0.72}

// partners finds the words of the index that may stand for a word, the best level first, and weighs each level by
// the names that agree at it or better.
func (r *Ranker) partners(s *sense) []partner {
	var out []partner
	for _, w := range r.candidates(s) {
		l := alike(s, &r.ix.words[w])
		if l <= LevelDifferent && len(s.fold) >= leastBegun && strings.HasPrefix(r.ix.words[w].fold, s.fold) {
			l = LevelInitial // the beginning of a word is a long initial
		}
		if l > LevelDifferent {
			out = append(out, partner{word: w, level: min(l, LevelFold)})
		}
	}
	slices.SortFunc(out, func(a, b partner) int { return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(a.word, b.word)) })
	names := 0
	for i := 0; i < len(out); {
		j := i
		for ; j < len(out) && out[j].level == out[i].level; j++ {
			names += len(r.ix.holds[out[j].word])
		}
		weight := math.Log2(shares[out[i].level] / r.ix.rarity(names))
		for ; i < j; i++ {
			out[i].weight = weight
		}
	}
	return out
}

// The judgement that a share of names is mixed with, so that a list of three names does not say that each is common: as if
// that many more names had been counted, one in 500 of them agreeing.
const (
	judged      = 500
	judgedShare = 0.002
)

// rarity is the share of names that have a word, n of the list having it.
func (ix *Index) rarity(n int) float64 {
	return (float64(n) + judged*judgedShare) / (float64(ix.Len()) + judged)
}

// candidates returns the words that share a key with a word, or enough pairs of sounds to be it misspelt.
func (r *Ranker) candidates(s *sense) []int32 {
	var out []int32
	for _, k := range s.exactKeys() {
		out = append(out, r.ix.exact[k]...)
	}
	if s.initial {
		return out
	}
	if len(s.fold) >= leastBegun {
		out = append(out, r.ix.begun(s.fold)...)
	}
	own, made := soundPairs(s.fold), lettersOf(s.fold)
	need := uint16(max(1, len(own)/2))
	for _, p := range own {
		for _, w := range r.ix.pairs[p] {
			r.shared[w]++
			if r.shared[w] == need && made.near(&r.ix.made[w]) { // what is alike by more than its sounds was found by a key
				out = append(out, w)
			}
		}
	}
	for _, p := range own {
		for _, w := range r.ix.pairs[p] {
			r.shared[w] = 0
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// What a word without a partner says, in bits: much when it is a given or family name, little when it is a patronymic,
// which lists leave out.
const (
	lostWord       = -4.0
	lostPatronymic = -0.7
	spareWord      = -1.2 // of the index's name, beyond the words of the query
)

// weigh adds up what the words of the query say of a name, each word of the name having one partner.
func (r *Ranker) weigh(words []asked, at int32) float64 {
	mine := r.ix.flat[r.ix.starts[at]:r.ix.starts[at+1]]
	var taken, heard [maxTokens * 3]bool
	sum := 0.0
	for range words {
		bestWeight, bestWord, bestMine := math.Inf(-1), -1, -1
		for i, w := range words {
			if heard[i] {
				continue
			}
			for j, m := range mine {
				if taken[j] {
					continue
				}
				if weight, ok := r.says(&w, m); ok && weight > bestWeight {
					bestWeight, bestWord, bestMine = weight, i, j
				}
			}
		}
		if bestWord < 0 {
			break
		}
		heard[bestWord], taken[bestMine] = true, true
		sum += bestWeight
	}
	return sum + r.lost(words, mine, &heard, &taken)
}

// lost adds up what is against a name: words on either side that found no partner.
func (r *Ranker) lost(words []asked, mine []int32, heard, taken *[maxTokens * 3]bool) (sum float64) {
	spare := 0
	for j, m := range mine {
		if taken[j] {
			continue
		}
		if r.ix.words[m].root == "" {
			spare++
		}
		sum += lostPatronymic
	}
	for i, w := range words {
		switch {
		case heard[i]:
		case w.part == PartPatronymic && !r.hasPatronymic(mine, taken):
			sum += lostPatronymic
		case spare == 0 && len(words) > len(mine):
			sum += lostPatronymic * 2
		default:
			sum += lostWord
		}
	}
	return sum + spareWord*float64(spare)
}

func (r *Ranker) hasPatronymic(mine []int32, taken *[maxTokens * 3]bool) bool {
	for j, m := range mine {
		if !taken[j] && r.ix.words[m].root != "" {
			return true
		}
	}
	return false
}

// says is what a word of the query says of a word of the index, when it may be it.
func (r *Ranker) says(w *asked, m int32) (float64, bool) {
	for _, p := range w.partners {
		if p.word == m {
			return p.weight, true
		}
	}
	if other := &r.ix.words[m]; w.sense.initial != other.initial && alike(&w.sense, other) == LevelInitial {
		return 2, true
	}
	return 0, false
}
