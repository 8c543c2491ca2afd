package linkage

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Train learns a model from the records of an index, starting from the default model.
//
// U is counted over random pairs, mixed with the prior so that what a million pairs never showed is not taken for
// impossible. For the name, whose agreement strangers show too rarely to be sampled, it is computed from the
// frequencies of the names themselves: the sum of their squares. M is learned by expectation maximisation over the
// counted patterns of the blocked pairs (Winkler 2000; Enamorado, Fifield and Imai 2019), with the default M as a
// Dirichlet prior, because our lists are small. S stays as it is: what a family shares is known. Everything is counted
// in a fixed order from a fixed seed, so the same records give the same model to the bit.
func Train(ix *Index, o Options) *Model {
	m := DefaultModel()
	if ix.live < 2 {
		return m
	}
	m.countNames(ix)
	met := m.learnU(ix, o)
	o.Floor, o.Among, o.only = 0, nil, &telling
	found, _ := ix.candidates(o)
	counts, all := ix.patterns(m, found), ix.pairsThereAre(o)
	m.learnM(counts, all)
	m.setApart(met)
	matched := m.learnM(counts, all)
	m.keepUnseen(met, matched)
	return m
}

// telling are the passes whose pairs M is learned from: those that few but the same child and its family pass. The others
// file by a common name and a year or a place; of their pairs hardly one in a thousand is the same child, they agree on
// what they are filed by, and in a large register the class of the same child would be drawn to them.
var telling = [passes]bool{
	passTokens: true, passGivenYear: true, passBirthday: true, passSwapped: true, passPatronymic: true, passParents: true, passSiblings: true,
	passPlaceDay: true, passNumber: true,
}

// countNames counts the keys of family names, given names and fathers over all records, and the chance that two strangers
// agree on each.
func (m *Model) countNames(ix *Index) {
	m.Family, m.Given, m.Father = map[string]int{}, map[string]int{}, map[string]int{}
	count := func(counts map[string]int, total *int, key string) {
		if key != "" {
			counts[key]++
			*total++
		}
	}
	for _, e := range ix.entries {
		if e.dead || len(e.names) == 0 {
			continue
		}
		count(m.Family, &m.FamilyTotal, familyKey(e.names[0]))
		count(m.Given, &m.GivenTotal, givenKey(e.names[0]))
		count(m.Father, &m.FatherTotal, patronymicKey(e.names[0]))
	}
	m.FamilyMean = meanAgreement(m.Family, m.FamilyTotal, m.FamilyMean)
	m.GivenMean = meanAgreement(m.Given, m.GivenTotal, m.GivenMean)
	m.FatherMean = meanAgreement(m.Father, m.FatherTotal, m.FatherMean)
}

// meanAgreement is the sum of squared frequencies, drawn towards the prior while the counts are few.
func meanAgreement(counts map[string]int, total int, prior float64) float64 {
	sum := 0
	for _, n := range counts {
		sum += n * (n - 1)
	}
	const weight = 2000 // pairs of records the prior is worth
	pairs := float64(total) * float64(max(total-1, 0))
	return (float64(sum) + prior*weight) / (pairs + weight)
}

// samplePairs is how many random pairs U is counted over.
const samplePairs = 400_000

// learnU counts U, and returns how often each level of each comparison was met.
func (m *Model) learnU(ix *Index, o Options) (met [comparisons][]float64) {
	living := ix.living()
	rng := rand.New(rand.NewPCG(1969, uint64(len(living)))) // fixed: the same records, the same model
	n := min(samplePairs, len(living)*(len(living)-1)/2)
	picks := make([]twosome, 0, n)
	for range n {
		a, b := living[rng.IntN(len(living))], living[rng.IntN(len(living))]
		if t := (twosome{min(a, b), max(a, b)}); a != b && ix.wanted(t, o) {
			picks = append(picks, t)
		}
	}
	counts := ix.patterns(m, picks)
	for c := range comparisons {
		met[c] = m.mixU(c, counts)
	}
	m.nameU()
	return met
}

// priorMet is how many random pairs the authors' U is worth, where that many were counted.
const priorMet = 1000

// mixU sets U of one comparison to the counts mixed with the prior, half and half up to a thousand pairs' worth, and
// returns the counts.
func (m *Model) mixU(c int, counts []counted) []float64 {
	levels := m.Comparisons[c].Levels
	seen := make([]float64, len(levels))
	total := 0.0
	for _, k := range counts {
		if l := k.p.level(c); l > 0 {
			seen[l-1] += k.n
			total += k.n
		}
	}
	prior := min(total, priorMet)
	if total == 0 {
		return seen
	}
	for l := range levels {
		least := min(levels[l].U, 0.5/total) // what was never met may be met next
		levels[l].U = max((seen[l]+levels[l].U*prior)/(total+prior), least)
	}
	return seen
}

// nameU computes the chance that strangers agree on whole names from the frequencies of the names.
func (m *Model) nameU() {
	l := m.Comparisons[cmpName].Levels
	both := m.FamilyMean * m.GivenMean
	l[nameAll-1].U = both * m.FatherMean
	l[nameFamilyGiven-1].U = both
	l[nameNoPatronymic-1].U = both
	l[nameGivenPatronymic-1].U = m.GivenMean * m.FatherMean
	l[nameNear-1].U = min(max(both*6, l[nameNear-1].U), 0.5)
	l[nameBothNear-1].U = max(l[nameBothNear-1].U, l[nameNear-1].U) // weaker agreement never weighs more
}

func (ix *Index) living() []int32 {
	out := make([]int32, 0, ix.live)
	for i, e := range ix.entries {
		if !e.dead {
			out = append(out, int32(i))
		}
	}
	// By id, so that the order of arrival does not change the sample.
	slices.SortFunc(out, func(a, b int32) int {
		if ix.entries[a].id < ix.entries[b].id {
			return -1
		}
		return 1
	})
	return out
}

// counted is how often a pattern with a rarity was met. Rarity is rounded to bits, so that patterns stay few.
type counted struct {
	p       pattern
	rarity  int8
	sibling int8 // the part of the rarity that siblings share
	n       float64
}

// patterns counts the patterns of pairs, in the order of patterns.
func (ix *Index) patterns(m *Model, pairs []twosome) []counted {
	keyed := make([]counted, len(pairs))
	parallel(len(pairs), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			a, b := ix.entries[pairs[i].a], ix.entries[pairs[i].b]
			n := compareNames(a, b)
			p := patternOf(n, a, b)
			givenName, shared := m.rarity(p.level(cmpName), n, a, b)
			keyed[i] = counted{p: p, rarity: int8(math.Round(givenName + shared)), sibling: int8(math.Round(shared)), n: 1}
		}
	})
	slices.SortFunc(keyed, compareCounted)
	out := keyed[:0]
	for _, k := range keyed {
		if n := len(out); n > 0 && compareCounted(out[n-1], k) == 0 {
			out[n-1].n++
			continue
		}
		out = append(out, k)
	}
	return out
}

func compareCounted(a, b counted) int {
	switch {
	case a.p != b.p:
		if a.p < b.p {
			return -1
		}
		return 1
	case a.rarity != b.rarity:
		return int(a.rarity) - int(b.rarity)
	}
	return int(a.sibling) - int(b.sibling)
}

// pairsThereAre counts all pairs that are wanted, blocked or not. Where pairs within a source are left out it asks for
// one pair of each source only.
func (ix *Index) pairsThereAre(o Options) float64 {
	bySource := map[string][]string{}
	for _, e := range ix.entries {
		if !e.dead {
			bySource[e.source] = append(bySource[e.source], e.id)
		}
	}
	n := float64(ix.live)
	total := n * (n - 1) / 2
	for source, ids := range bySource {
		if k := float64(len(ids)); k > 1 && o.Skip != nil && o.Skip(source, ids[0], source, ids[1]) {
			total -= k * (k - 1) / 2
		}
	}
	return max(total, 1)
}

// rounds bounds expectation maximisation; it usually settles in a dozen.
const rounds = 60

// priorPairs is how many pairs of the same child the default M is worth.
const priorPairs = 80

// learnM runs expectation maximisation over the counted patterns of the blocked pairs. Pairs that were not blocked are
// taken for unrelated; they only enter the prior. It returns how many pairs of the same child each level of each comparison is
// expected to hold.
func (m *Model) learnM(counts []counted, all float64) (sums [comparisons][]float64) {
	prior := DefaultModel()
	for range rounds {
		for c := range sums {
			sums[c] = make([]float64, len(m.Comparisons[c].Levels))
		}
		matched, siblings, bits := 0.0, 0.0, m.bits()
		for _, k := range counts {
			rm, rs := m.responsibility(bits, k)
			matched += rm * k.n
			siblings += rs * k.n
			for c := range comparisons {
				if l := k.p.level(c); l > 0 {
					sums[c][l-1] += rm * k.n
				}
			}
		}
		moved := m.maximise(prior, sums)
		m.Lambda = (matched + 1) / (all + 10)
		m.Siblings = max((siblings+1)/(all+10), m.Lambda/10)
		if moved < 1e-7 {
			break
		}
	}
	return sums
}

// setApart takes out of U what the same child adds to it: random pairs are not all strangers, and in a list that is full of
// duplicates hardly any agreement would be left to say so. Met is how often each level was counted: what the authors
// judged holds no pairs of one child. No U falls below a tenth of what it was.
func (m *Model) setApart(met [comparisons][]float64) {
	for c := range comparisons {
		if c == cmpName {
			continue // computed from the frequencies of names, not counted
		}
		total := 0.0
		for _, n := range met[c] {
			total += n
		}
		if total == 0 {
			continue
		}
		counted := m.Lambda * total / (total + min(total, priorMet))
		levels, sum := m.Comparisons[c].Levels, 0.0
		for l, was := range levels {
			levels[l].U = max(was.U-counted*was.M, was.U/10)
			sum += levels[l].U
		}
		for l := range levels {
			levels[l].U /= sum
		}
	}
}

// keepUnseen lets a level that was met neither among strangers nor among the same child weigh no more than it did before:
// two rates that were never observed shrink at different speeds, and their ratio would be an accident.
func (m *Model) keepUnseen(met, matched [comparisons][]float64) {
	for c, prior := range DefaultModel().Comparisons {
		levels, sum := m.Comparisons[c].Levels, 0.0
		for l, was := range prior.Levels {
			if met[c][l] < 1 && matched[c][l] < 1 {
				levels[l].M = min(levels[l].M, levels[l].U*was.M/was.U)
			}
			sum += levels[l].M
		}
		for l := range levels {
			levels[l].M /= sum
		}
	}
}

// levelBits are the weights of every level of every comparison, for the same child and for siblings. Level 0 weighs nothing.
type levelBits struct{ same, sibling [comparisons][16]float64 }

func (m *Model) bits() *levelBits {
	b := &levelBits{}
	for c := range comparisons {
		for i, l := range m.Comparisons[c].Levels {
			b.same[c][i+1], b.sibling[c][i+1] = math.Log2(l.M/l.U), math.Log2(l.S/l.U)
		}
	}
	return b
}

// responsibility is the posterior that a pattern is the same child, and that it is siblings.
func (m *Model) responsibility(bits *levelBits, k counted) (matched, siblings float64) {
	same, sibling := float64(k.rarity), float64(k.sibling)
	for c := range comparisons {
		level := k.p.level(c)
		same += bits.same[c][level]
		sibling += bits.sibling[c][level]
	}
	x := m.Lambda * math.Exp2(min(same, 900))
	y := m.Siblings * math.Exp2(min(sibling, 900))
	z := max(1-m.Lambda-m.Siblings, 1e-9)
	return x / (x + y + z), y / (x + y + z)
}

// maximise sets M to the expected counts drawn towards the prior, and returns how far it moved.
func (m *Model) maximise(prior *Model, sums [comparisons][]float64) (moved float64) {
	for c := range comparisons {
		total := 0.0
		for _, n := range sums[c] {
			total += n
		}
		levels := m.Comparisons[c].Levels
		for l := range levels {
			next := (sums[c][l] + priorPairs*prior.Comparisons[c].Levels[l].M) / (total + priorPairs)
			moved = max(moved, math.Abs(next-levels[l].M))
			levels[l].M = next
		}
	}
	return moved
}
