package linkage

import (
	"math/rand/v2"

	"github.com/homeward-registry/homeward/names"
)

// Train learns a model from the records of an index, starting from the default model.
//
// U is counted over random pairs, mixed with the prior so that what a million pairs never showed is not taken for
// impossible. For the name, whose agreement strangers show too rarely to be sampled, it is computed from the
// frequencies of the names themselves: the sum of their squares. M, and how often each source gives an altered identity, are
// learned by expectation maximisation over the counted patterns of the blocked pairs (Winkler 2000; Enamorado, Fifield and Imai
// 2019), with the default as a Dirichlet prior, because our lists are small. S and A stay as they are: what a family shares and
// what an act of alteration changes are known. Everything is counted in a fixed order from a fixed seed, so the same records
// give the same model to the bit on any number of processors.
func Train(ix *Index, o Options) *Model {
	m := DefaultModel()
	for _, name := range ix.extra {
		m.Comparisons = append(m.Comparisons, extraComparison(name))
	}
	if ix.live < 2 {
		return m
	}
	m.countWords(ix)
	o.Floor, o.Among = 0, nil
	p := ix.proposing(m, o)
	m.Lambda = 1 / float64(ix.live) // until more is known: a partner each for two records of three
	random := p.random()
	met := m.learnU(random)
	m.depend(random.patterns)
	counts, share := p.patterns(m)
	records, all := float64(ix.live)*share, p.pairsThereAre()*share
	m.learnM(counts, records, all)
	m.setApart(met)
	m.depend(random.patterns)
	matched := m.learnM(counts, records, all)
	m.keepUnseen(met, matched)
	if !m.taught() {
		m.judge(float64(ix.live))
	}
	return m
}

// leastNamed is the share of pairs of one child that carry the same family and given name, below which a model is not believed:
// of lists full of mistakes it is a half and more.
const leastNamed = 0.3

// taught reports whether what was learned is of children: a list that holds hardly any child twice may draw the class of the same
// child to namesakes by father born in one season, or to whatever else strangers share most.
func (m *Model) taught() bool {
	l := m.Comparisons[cmpName].Levels
	return l[nameAll-1].M+l[nameFamilyGiven-1].M+l[nameNoPatronymic-1].M >= leastNamed
}

// rarelyTwice is how many pairs of one child there are for each record, where the list does not teach it.
const rarelyTwice = 0.05

// judge puts the authors' M in the place of what was learned. U stays: strangers were there to be counted.
func (m *Model) judge(records float64) {
	prior := priorOf(m)
	for c := range m.Comparisons {
		for l := range m.Comparisons[c].Levels {
			m.Comparisons[c].Levels[l].M = prior.Comparisons[c].Levels[l].M
		}
	}
	m.Lambda, m.Altered = 2*rarelyTwice/records, nil
	m.Siblings = max(m.Siblings, m.Lambda)
}

// telling are the passes whose pairs M is learned from: those that few but the same child and its family pass. The others
// file by a common name and a year or a place; of their pairs hardly one in a thousand is the same child, they agree on
// what they are filed by, and in a large register the class of the same child would be drawn to them.
var telling = [passes]bool{
	passTokens: true, passGivenYear: true, passBirthday: true, passSwapped: true, passPatronymic: true, passParents: true, passSiblings: true,
	passPlaceDay: true, passNumber: true, passKin: true,
}

// countWords counts the keys of family names, given names and fathers, and of texts, over all records, and the chance that two
// strangers agree on each.
func (m *Model) countWords(ix *Index) {
	m.Texts = map[string]Frequencies{}
	for c := cmpColumns; c < len(m.Comparisons); c++ {
		if column(c - cmpColumns).shape().words() {
			m.Texts[m.Comparisons[c].Name] = Frequencies{Counts: map[string]int{}, Mean: m.Comparisons[c].Levels[0].U}
		}
	}
	words, texts := [3]map[*names.Token]int{{}, {}, {}}, map[cell]int{}
	for _, e := range ix.entries {
		if e.dead {
			continue
		}
		if len(e.names) > 0 {
			words[0][familyWord(e.names[0])]++
			words[1][givenWord(e.names[0])]++
			words[2][patronymicWord(e.names[0])]++
		}
		for i, c := range e.cells {
			if c.column.shape().words() && (i == 0 || e.cells[i-1].column != c.column) {
				texts[c]++
			}
		}
	}
	for i, f := range []*Frequencies{&m.Family, &m.Given, &m.Father} {
		f.Counts = map[string]int{}
		for t, n := range words[i] {
			f.count(wordKey(t), n)
		}
		f.settle()
	}
	for c, n := range texts {
		f := m.Texts[m.Comparisons[cmpColumns+int(c.column)].Name]
		f.count(c.counted(), n)
		m.Texts[m.Comparisons[cmpColumns+int(c.column)].Name] = f
	}
	for name, f := range m.Texts {
		if f.Total == 0 {
			delete(m.Texts, name)
			continue
		}
		f.settle()
		m.Texts[name] = f
	}
}

func (f *Frequencies) count(key string, n int) {
	if key != "" {
		f.Counts[key] += n
		f.Total += n
	}
}

// settle sets the mean to the sum of squared frequencies, drawn towards the prior while the counts are few.
func (f *Frequencies) settle() {
	sum := 0
	for _, n := range f.Counts {
		sum += n * (n - 1)
	}
	const weight = 2000 // pairs of records the prior is worth
	pairs := float64(f.Total) * float64(max(f.Total-1, 0))
	f.Mean = (float64(sum) + f.Mean*weight) / (pairs + weight)
}

// samplePairs is how many random pairs U is counted over.
const samplePairs = 200_000

// strangers is what random pairs show.
type strangers struct {
	patterns map[pattern]float64
	family   nearness
	given    nearness
}

// nearness is how many pairs of words were compared, and how many were alike without being the same.
type nearness struct{ told, near float64 }

func (n *nearness) add(l names.Level) {
	if l != names.LevelMissing {
		n.told++
	}
	if near(l) {
		n.near++
	}
}

// share is the chance that two words are alike, a few times the chance that they are the same where few were compared.
func (n nearness) share(same float64) float64 {
	const prior = 1000 // pairs
	return (n.near + 6*same*prior) / (n.told + prior)
}

// random compares random pairs.
func (p *proposing) random() *strangers {
	rng := rand.New(rand.NewPCG(1969, uint64(len(p.rows)))) // fixed: the same records, the same model
	n := min(samplePairs, len(p.rows)*(len(p.rows)-1)/2)
	picks := make([]couple, 0, n)
	for range n {
		a, b := int32(rng.IntN(len(p.rows))), int32(rng.IntN(len(p.rows)))
		if a != b && p.wanted(a, b) {
			picks = append(picks, coupleOf(min(a, b), max(a, b), 0))
		}
	}
	parts := make([]strangers, workers())
	parallel(len(picks), func(worker, lo, hi int) {
		r, s := p.ix.reader(), strangers{patterns: map[pattern]float64{}}
		for _, c := range picks[lo:hi] {
			a, b := p.rows[c.row()], p.rows[c.other()]
			names := r.names(a, b)
			s.patterns[r.pattern(names, a, b)]++
			s.family.add(names.c.Family)
			s.given.add(names.c.Given)
		}
		parts[worker] = s
	})
	out := &strangers{patterns: map[pattern]float64{}}
	for _, s := range parts {
		for k, n := range s.patterns {
			out.patterns[k] += n
		}
		out.family = nearness{out.family.told + s.family.told, out.family.near + s.family.near}
		out.given = nearness{out.given.told + s.given.told, out.given.near + s.given.near}
	}
	return out
}

// learnU counts U over random pairs, and returns how often each level of each comparison was met.
func (m *Model) learnU(random *strangers) perLevel {
	met := m.levels()
	for p, n := range random.patterns {
		met.add(p, n)
	}
	for c := range m.Comparisons {
		m.mixU(c, met[c])
	}
	m.nameU(random)
	return met
}

// perLevel is a number for every level of every comparison.
type perLevel [][]float64

func (m *Model) levels() perLevel {
	out := make(perLevel, len(m.Comparisons))
	for c := range out {
		out[c] = make([]float64, len(m.Comparisons[c].Levels))
	}
	return out
}

// add adds to every level of a pattern.
func (n perLevel) add(p pattern, by float64) {
	for c := range n {
		if l := p.level(c); l > 0 {
			n[c][l-1] += by
		}
	}
}

// priorMet is how many random pairs the authors' U is worth, where that many were counted.
const priorMet = 1000

// mixU sets U of one comparison to the counts mixed with the prior, half and half up to a thousand pairs' worth.
func (m *Model) mixU(c int, seen []float64) {
	levels := m.Comparisons[c].Levels
	total := 0.0
	for _, n := range seen {
		total += n
	}
	prior := min(total, priorMet)
	if total == 0 {
		return
	}
	for l := range levels {
		least := min(levels[l].U, 0.5/total) // what was never met may be met next
		levels[l].U = max((seen[l]+levels[l].U*prior)/(total+prior), least)
	}
}

// nameU computes the chance that strangers agree on whole names from the frequencies of the names, and from how often words are
// alike.
func (m *Model) nameU(random *strangers) {
	l := m.Comparisons[cmpName].Levels
	family, given, father := m.Family.Mean, m.Given.Mean, m.Father.Mean
	familyNear, givenNear := random.family.share(family), random.given.share(given)
	l[nameAll-1].U = family * given * father
	l[nameFamilyGiven-1].U = family * given
	l[nameNoPatronymic-1].U = family * given
	l[nameGivenPatronymic-1].U = given * father
	l[nameNear-1].U = family*givenNear + familyNear*given
	l[nameAllNear-1].U = l[nameNear-1].U * father
	l[nameBothNear-1].U = max(l[nameBothNear-1].U, l[nameNear-1].U, familyNear*givenNear) // weaker agreement never weighs more
}

// pairsThereAre counts all pairs that are wanted, blocked or not. Where pairs within a source are left out it asks for
// one pair of each source only.
func (p *proposing) pairsThereAre() float64 {
	n := float64(len(p.rows))
	total := n * (n - 1) / 2
	bySource := make([]float64, len(p.ix.sources))
	pair := make([][]int32, len(p.ix.sources))
	for row, e := range p.rows {
		bySource[e.source]++
		if len(pair[e.source]) < 2 {
			pair[e.source] = append(pair[e.source], int32(row))
		}
	}
	for source, two := range pair {
		if k := bySource[source]; len(two) == 2 && !p.wanted(two[0], two[1]) {
			total -= k * (k - 1) / 2
		}
	}
	return max(total, 1)
}
