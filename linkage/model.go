package linkage

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/homeward-registry/homeward"
)

// Level is one level of a comparison: how often it is met among records of the same child (M), of brothers and sisters
// (S) and of unrelated children (U). Each column of a comparison adds up to 1.
type Level struct {
	Name    string
	M, S, U float64
}

// Comparison is one column compared, its levels from the strongest agreement to disagreement.
type Comparison struct {
	Name   string
	Levels []Level
}

// Model is everything a weight depends on. It is kept with the pairs it weighed, so that each weight can be redrawn
// years later. Frequencies are of keys of names, and therefore words about people: keep it sealed.
type Model struct {
	Version     int
	Lambda      float64 // share of pairs that are the same child, of all pairs there are
	Siblings    float64 // share of pairs that are brothers or sisters
	Comparisons []Comparison

	// Family, Given and Father (the father's name that a patronymic tells) hold how often each key occurs, of FamilyTotal,
	// GivenTotal and FatherTotal: agreeing on a rare name weighs more. The means are the chance that two strangers agree.
	Family, Given, Father                map[string]int
	FamilyTotal, GivenTotal, FatherTotal int
	FamilyMean, GivenMean, FatherMean    float64
}

// modelVersion is the version of the comparisons and levels below. A model of another version is not understood.
const modelVersion = 1

// DefaultModel returns the model before anything was learned: judgements of the authors, good enough for a handful of
// records and the prior of [Train] for more.
func DefaultModel() *Model {
	three := func(name string, m, s, u [3]float64) Comparison {
		return Comparison{name, []Level{{"same", m[0], s[0], u[0]}, {"partly", m[1], s[1], u[1]}, {"differ", m[2], s[2], u[2]}}}
	}
	return &Model{
		Version: modelVersion, Lambda: 1e-4, Siblings: 1e-4, FamilyMean: 1.0 / 1500, GivenMean: 1.0 / 70, FatherMean: 1.0 / 60,
		Comparisons: []Comparison{
			{"name", []Level{
				{"all", 0.40, 0.001, 1e-7}, {"family_given", 0.25, 0.003, 1e-5}, {"given_patronymic", 0.06, 0.0005, 1e-4},
				{"no_patronymic", 0.05, 0.001, 1e-5}, {"near", 0.09, 0.02, 6e-5}, {"both_near", 0.03, 0.01, 3e-4},
				{"sibling", 0.005, 0.9055, 2e-3}, {"given", 0.055, 0.004, 0.013}, {"family", 0.03, 0.035, 1e-3}, {"different", 0.03, 0.02, 0.9835299},
			}},
			{"birth", []Level{
				{"day", 0.50, 0.02, 2e-4}, {"swapped", 0.02, 1e-4, 1e-4}, {"digit", 0.05, 0.002, 3e-3},
				{"month", 0.03, 0.002, 3e-3}, {"quarter", 0.08, 0.004, 0.03}, {"year", 0.11, 0.02, 0.03},
				{"overlap", 0.12, 0.06, 0.04}, {"year_off", 0.04, 0.09, 0.09}, {"three_off", 0.03, 0.40, 0.24}, {"different", 0.02, 0.4019, 0.5637},
			}},
			{"sex", []Level{{"same", 0.99, 0.5, 0.5}, {"partly", 0.001, 0.001, 0.001}, {"differ", 0.009, 0.499, 0.499}}},
			three("birth_place", [3]float64{0.70, 0.15, 0.15}, [3]float64{0.85, 0.10, 0.05}, [3]float64{0.06, 0.08, 0.86}),
			three("home", [3]float64{0.75, 0.15, 0.10}, [3]float64{0.90, 0.07, 0.03}, [3]float64{0.03, 0.07, 0.90}),
			three("taken_from", [3]float64{0.70, 0.20, 0.10}, [3]float64{0.85, 0.10, 0.05}, [3]float64{0.06, 0.09, 0.85}),
			three("institution", [3]float64{0.60, 0.20, 0.20}, [3]float64{0.60, 0.20, 0.20}, [3]float64{0.03, 0.12, 0.85}),
			three("transfer_group", [3]float64{0.80, 0.10, 0.10}, [3]float64{0.80, 0.10, 0.10}, [3]float64{0.02, 0.03, 0.95}),
			three("mother", [3]float64{0.85, 0.10, 0.05}, [3]float64{0.93, 0.05, 0.02}, [3]float64{5e-4, 0.01, 0.9895}),
			three("father", [3]float64{0.85, 0.10, 0.05}, [3]float64{0.93, 0.05, 0.02}, [3]float64{5e-4, 0.01, 0.9895}),
			three("siblings", [3]float64{0.70, 0.20, 0.10}, [3]float64{0.30, 0.40, 0.30}, [3]float64{0.02, 0.06, 0.92}),
			three("eyes", [3]float64{0.80, 0.05, 0.15}, [3]float64{0.50, 0.05, 0.45}, [3]float64{0.30, 0.02, 0.68}),
			three("hair", [3]float64{0.75, 0.10, 0.15}, [3]float64{0.50, 0.10, 0.40}, [3]float64{0.30, 0.05, 0.65}),
			three("document", [3]float64{0.72, 0.04, 0.24}, [3]float64{5e-4, 0.0495, 0.95}, [3]float64{1e-6, 1e-4, 0.999899}),
			three("phone", [3]float64{0.57, 0.04, 0.39}, [3]float64{0.66, 0.05, 0.29}, [3]float64{1e-5, 1e-4, 0.99989}),
		},
	}
}

// Encode returns the model as JSON; the same model gives the same bytes.
func (m *Model) Encode() ([]byte, error) { return json.Marshal(m) }

// DecodeModel reads what Encode wrote. A model of another version, or one whose shape is not this one's, is
// homeward.ErrInvalid.
func DecodeModel(text []byte) (*Model, error) {
	m, want := &Model{}, DefaultModel()
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("decode model: %w", homeward.ErrInvalid)
	}
	ok := m.Version == modelVersion && len(m.Comparisons) == len(want.Comparisons)
	for i := 0; ok && i < len(want.Comparisons); i++ {
		ok = len(m.Comparisons[i].Levels) == len(want.Comparisons[i].Levels)
	}
	if !ok {
		return nil, fmt.Errorf("decode model: version %d is not %d: %w", m.Version, modelVersion, homeward.ErrInvalid)
	}
	return m, nil
}

// weighing is the sum of a pair's evidence, and its parts.
type weighing struct {
	parts   [comparisons]float64 // log2(m/u) with term frequency, by comparison
	sibling float64              // log2(S/U)
}

// weigh adds up what a pattern says, with the frequencies of the names that agree.
func (m *Model) weigh(p pattern, n namesCompared, a, b *entry) (w weighing) {
	for c := range comparisons {
		level := p.level(c)
		if level == 0 {
			continue
		}
		l := m.Comparisons[c].Levels[level-1]
		w.parts[c] = math.Log2(l.M / l.U)
		w.sibling += math.Log2(l.S / l.U)
	}
	givenName, shared := m.rarity(p.level(cmpName), n, a, b)
	w.parts[cmpName] += givenName + shared
	w.sibling += shared
	return w
}

// total is the weight of the pair: the evidence for the child less what it says of the family.
func (m *Model) total(w weighing) float64 {
	sum := 0.0
	for _, part := range w.parts {
		sum += part
	}
	return sum + m.familyShare(w)
}

// familyShare is what is taken back because brothers and sisters share it: never positive.
func (m *Model) familyShare(w weighing) float64 {
	q := min(m.Siblings/(1-m.Lambda), 0.5) // a list of one child over and over leaves hardly any unrelated pair
	return min(0, -math.Log2(1-q+q*math.Exp2(min(w.sibling, 1000))))
}

// probability is the posterior of a weight under the prior.
func (m *Model) probability(weight float64) float64 {
	return 1 / (1 + math.Exp2(-weight)*(1-m.Lambda)/m.Lambda)
}

// maxRarity bounds what rarity alone may add or take, in bits.
const maxRarity = 7

// rarity returns the adjustment for how common the agreeing names are (Winkler's term frequency): the mean chance of
// agreeing against the frequency of this very name. Shared is what brothers and sisters share: family name and father.
func (m *Model) rarity(level int, n namesCompared, a, b *entry) (givenName, shared float64) {
	if level == 0 || n.level == 0 || n.c.Swapped || n.c.Words {
		return 0, 0 // where words stand in each other's place, whose word is the family name is not known
	}
	x, y := a.names[n.a], b.names[n.b]
	if n.c.Given.Same() {
		givenName = rarityOf(m.Given, m.GivenTotal, m.GivenMean, givenKey(x), givenKey(y))
	}
	if n.c.Family.Same() {
		shared += rarityOf(m.Family, m.FamilyTotal, m.FamilyMean, familyKey(x), familyKey(y))
	}
	if n.c.Patronymic.Same() {
		shared += rarityOf(m.Father, m.FatherTotal, m.FatherMean, patronymicKey(x), patronymicKey(y))
	}
	return givenName, shared
}

// rarityOf takes the more common of the two keys: what could be the common name is not rare.
func rarityOf(counts map[string]int, total int, mean float64, a, b string) float64 {
	if total == 0 || a == "" || b == "" {
		return 0 // an initial, which is counted nowhere
	}
	n := max(counts[a], counts[b], 1)
	return max(-maxRarity, min(maxRarity, math.Log2(mean*float64(total)/float64(n))))
}
