package linkage

import (
	"cmp"
	"math"
	"slices"
)

// counted is how often a pattern with a rarity was met between two sources. Rarity is rounded to bits, so that patterns stay
// few.
type counted struct {
	p                pattern
	own, shared      int8 // bits of rarity: the child's own, and what siblings share
	sourceA, sourceB string
	n                float64
}

// sampledRows is how many rows, drawn by the hash of their ids, ask for the pairs that M is learned from; all in a smaller register.
const sampledRows = 50_000

// patterns counts the patterns of pairs in a fixed order, and returns the share of all pairs that was looked at.
func (p *proposing) patterns(m *Model) (counts []counted, share float64) {
	p.passes, p.every, share = &telling, false, 1
	p.glancer.apart = unlikeGiven // brothers and sisters are learned from too
	if n := len(p.rows); n > sampledRows {
		share = float64(sampledRows) / float64(n)
		drawn := make([]bool, n)
		for row, e := range p.rows {
			drawn[row] = hashBegun().text(e.id).stirred()%uint64(n) < sampledRows
		}
		p.sample = func(row int32) bool { return drawn[row] }
	}
	type shape struct {
		p           pattern
		own, shared int8
		a, b        int32
	}
	weighers, tallies := make([]*weigher, workers()), make([]map[shape]float64, workers())
	p.run(func(worker int, a, b int32) {
		if weighers[worker] == nil {
			weighers[worker], tallies[worker] = p.ix.weigher(m, p.ix.reader()), map[shape]float64{}
		}
		x, y := p.rows[a], p.rows[b]
		e := weighers[worker].readRows(p.filing, a, b)
		tallies[worker][shape{e.pattern, int8(math.Round(e.own)), int8(math.Round(max(-30, min(30, e.family+e.texts)))), min(x.source, y.source), max(x.source, y.source)}]++
	}, func(int, int) {})
	for w, tally := range tallies {
		if w == 0 || tally == nil {
			continue
		}
		if tallies[0] == nil {
			tallies[0] = map[shape]float64{}
		}
		for s, n := range tally {
			tallies[0][s] += n
		}
	}
	for s, n := range tallies[0] {
		a, b := p.ix.sources[s.a], p.ix.sources[s.b]
		counts = append(counts, counted{s.p, s.own, s.shared, min(a, b), max(a, b), n})
	}
	slices.SortFunc(counts, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.p, b.p), cmp.Compare(a.own, b.own), cmp.Compare(a.shared, b.shared), cmp.Compare(a.sourceA, b.sourceA), cmp.Compare(a.sourceB, b.sourceB))
	})
	return counts, share
}

// rounds bounds expectation maximisation; it usually settles in a dozen.
const rounds = 60

// priorPairs is how many pairs of the same child the default M is worth.
const priorPairs = 80

// learnM runs expectation maximisation over the counted patterns of the blocked pairs of so many records, among all pairs. Pairs that were not blocked are
// taken for unrelated; they only enter the prior. It returns how many pairs of the same child each level of each comparison is
// expected to hold.
func (m *Model) learnM(counts []counted, records, all float64) perLevel {
	prior := priorOf(m)
	var honest, every perLevel
	for range rounds {
		bits, x := m.bits(), m.expectation()
		for _, k := range counts {
			x.add(m, bits, k)
		}
		honest, every = x.honest, x.every
		moved := m.maximise(prior, honest, every)
		m.Lambda = (x.matched + 1) / (all + 10)
		m.Siblings = max((max(x.siblings, min(m.bornTogether(x.twins), mostSiblings*records))+1)/(all+10), m.Lambda/10)
		m.shareSlips(prior)
		m.Altered = x.rates()
		if moved < 1e-7 {
			break
		}
	}
	return every
}

// expectation is what one round expects of the counted pairs.
type expectation struct {
	matched, siblings, twins float64
	every, honest            perLevel           // pairs of the same child by level; of these, those whose identity was not altered
	of, altered              map[string]float64 // by source: pairs of the same child, and records of these with an altered identity
}

func (m *Model) expectation() *expectation {
	return &expectation{every: m.levels(), honest: m.levels(), of: map[string]float64{}, altered: map[string]float64{}}
}

func (x *expectation) add(m *Model, bits *levelBits, k counted) {
	a, b := m.alteredIn(k.sourceA), m.alteredIn(k.sourceB)
	honest, altered, siblings := m.responsibility(bits, k, eitherAltered(a, b))
	x.matched += (honest + altered) * k.n
	x.siblings += siblings * k.n
	if k.p.level(cmpBirth) == birthDay {
		x.twins += siblings * k.n
	}
	x.every.add(k.p, (honest+altered)*k.n)
	x.honest.add(k.p, honest*k.n)
	x.of[k.sourceA] += (honest + altered) * k.n / 2
	x.of[k.sourceB] += (honest + altered) * k.n / 2
	x.altered[k.sourceA] += altered * k.n / 2 * 2 * a / (a + b)
	x.altered[k.sourceB] += altered * k.n / 2 * 2 * b / (a + b)
}

// mostSiblings bounds the pairs of brothers and sisters that twins tell of, for each record.
const mostSiblings = 0.6

// bornTogether returns how many brothers and sisters there are, told by the twins among them: others hardly meet in a block, and would
// be counted too few. Twins are born the same day, always meet, and look most like one child. There is a
// bound: beyond it one person under two names looks like twins.
func (m *Model) bornTogether(twins float64) float64 {
	return twins / m.Comparisons[cmpBirth].Levels[birthDay-1].S
}

// ofFamily are the columns that brothers and sisters share as a child shares them with itself, but for a part that is judged: they are
// written with the same slips and in as many ways.
var ofFamily = []column{colBirthPlace, colHome, colTakenFrom, colInstitution, colGroup, colMother, colFather, colPhone}

// shareSlips lets what was learned of the columns of a family hold for brothers and sisters as well. The part that is judged is how
// often they truly differ.
func (m *Model) shareSlips(prior *Model) {
	for _, column := range ofFamily {
		c := cmpColumns + int(column)
		now, judged := m.Comparisons[c].Levels, prior.Comparisons[c].Levels[differ-1]
		truly := max(judged.S-judged.M, 0) / (1 - judged.M)
		for l := range now {
			now[l].S = now[l].M * (1 - truly)
		}
		now[differ-1].S += truly
	}
}

// priorAltered is how many pairs the authors' judgement of altered identities is worth.
const priorAltered = 400

// rates returns how often each source gives an altered identity.
func (x *expectation) rates() map[string]float64 {
	out := make(map[string]float64, len(x.of))
	for source, n := range x.of {
		out[source] = (x.altered[source] + priorAltered*alteredPrior) / (n + priorAltered)
	}
	return out
}

// priorOf is the default model with the extra comparisons of m.
func priorOf(m *Model) *Model {
	prior := DefaultModel()
	for _, c := range m.Comparisons[comparisons:] {
		prior.Comparisons = append(prior.Comparisons, extraComparison(c.Name))
	}
	return prior
}

// setApart takes out of U what the same child adds to it: random pairs are not all strangers, and in a list that is full of
// duplicates hardly any agreement would be left to say so. Met is how often each level was counted: what the authors
// judged holds no pairs of one child. No U falls below a tenth of what it was.
func (m *Model) setApart(met perLevel) {
	for c := range m.Comparisons {
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
func (m *Model) keepUnseen(met, matched perLevel) {
	for c, prior := range priorOf(m).Comparisons {
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

// responsibility is the posterior that a pattern is the same child with an honest identity and with an altered one, and that
// it is siblings.
func (m *Model) responsibility(bits *levelBits, k counted, rate float64) (honest, altered, siblings float64) {
	same, sibling, disguise := bits.sums(k.p, float64(k.own), float64(k.shared))
	h := m.Lambda * (1 - rate) * math.Exp2(min(same, 900))
	d := m.Lambda * rate * math.Exp2(min(same+disguise, 900))
	s := m.Siblings * math.Exp2(min(sibling, 900))
	sum := h + d + s + max(1-m.Lambda-m.Siblings, 1e-9)
	return h / sum, d / sum, s / sum
}

// unlike are the levels that strangers show as well, by the authors' judgement; of a column, that it differs. mostUnlike is the share
// of honest records of one child that may show them: they mostly carry its name, its date and its places. Without the bound, a
// list that holds hardly any child twice would teach that namesakes are one, because nothing else in it looks like one child.
func unlike(c int) (levels []int, mostUnlike float64) {
	switch c {
	case cmpName:
		return []int{nameGivenPatronymic, nameApart, nameSibling, nameGiven, nameDifferent}, 0.4
	case cmpBirth:
		return []int{birthYearOff, birthThreeOff, birthDifferent}, 0.2
	}
	return []int{differ}, 0.6
}

// boundUnlike takes what is over the bound out of the sums of a comparison.
func boundUnlike(c int, sums []float64) {
	levels, mostUnlike := unlike(c)
	n, total := 0.0, 0.0
	for _, s := range sums {
		total += s
	}
	for _, l := range levels {
		n += sums[l-1]
	}
	most := (total - n) * mostUnlike / (1 - mostUnlike)
	if n <= most {
		return
	}
	for _, l := range levels {
		sums[l-1] *= most / n
	}
}

// maximise sets M to the expected counts drawn towards the prior, and returns how far it moved. Where an altered identity has
// levels of its own, M is that of honest ones.
func (m *Model) maximise(prior *Model, honest, every perLevel) (moved float64) {
	for c := range m.Comparisons {
		sums := every[c]
		if m.Comparisons[c].altered() {
			sums = honest[c]
		}
		boundUnlike(c, sums)
		total := 0.0
		for _, n := range sums {
			total += n
		}
		if c == cmpName {
			// A child under another given name that is known for one cannot be told from a twin: how often that happens is judged.
			held := prior.Comparisons[c].Levels[nameApart-1].M
			sums[nameApart-1] = (total - sums[nameApart-1]) * held / (1 - held)
			total = sums[nameApart-1] / held
		}
		levels := m.Comparisons[c].Levels
		for l := range levels {
			next := (sums[l] + priorPairs*prior.Comparisons[c].Levels[l].M) / (total + priorPairs)
			moved = max(moved, math.Abs(next-levels[l].M))
			levels[l].M = next
		}
	}
	return moved
}
