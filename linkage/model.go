package linkage

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/homeward-registry/homeward"
)

// Level is one level of a comparison: how often it is met among records of the same child (M), of brothers and sisters
// (S) and of unrelated children (U). A is how often among records of the same child when the identity was altered on one
// side, where that differs from M: names, dates and birthplaces change together. Each column of a comparison adds up to 1.
type Level struct {
	Name    string
	M, S, U float64
	A       float64 `json:",omitempty"`
}

// Comparison is one column compared, its levels from the strongest agreement to disagreement. Where strangers who agree on another
// comparison before it, On, agree on this one more often than by chance, Given holds U by the level of that one, and then by level.
type Comparison struct {
	Name   string
	Levels []Level
	On     string      `json:",omitempty"`
	Given  [][]float64 `json:",omitempty"`
}

// altered reports whether an altered identity has levels of its own here.
func (c Comparison) altered() bool { return c.Levels[len(c.Levels)-1].A > 0 }

// Model is everything a weight depends on. It is kept with the pairs it weighed, so that each weight can be redrawn
// years later. Frequencies are of keys of names and texts, and therefore words about people: keep it sealed.
type Model struct {
	Version     int
	Lambda      float64 // share of pairs that are the same child, of all pairs there are
	Siblings    float64 // share of pairs that are brothers or sisters
	Comparisons []Comparison

	// Altered is how often a source gives a child an identity that was altered. A source that is not there: alteredPrior.
	Altered map[string]float64 `json:",omitempty"`

	// How often each key occurs: agreeing on a rare one weighs more. Father is the father's name that a patronymic tells; Texts
	// are of columns of texts, by comparison.
	Family, Given, Father Frequencies
	Texts                 map[string]Frequencies `json:",omitempty"`
}

// Frequencies count keys. Mean is the chance that two strangers agree.
type Frequencies struct {
	Counts map[string]int
	Total  int
	Mean   float64
}

// alteredPrior is the share of rows with an altered identity in a source of which nothing is known, by the authors' judgement.
const alteredPrior = 0.02

// modelVersion is the version of the comparisons and levels below. A model of another version is not understood.
const modelVersion = 2

// DefaultModel returns the model before anything was learned: judgements of the authors, good enough for a handful of
// records and the prior of [Train] for more.
func DefaultModel() *Model {
	level := func(name string, m, s, u float64) Level { return Level{Name: name, M: m, S: s, U: u} }
	three := func(name string, m, s, u [3]float64) Comparison {
		return Comparison{Name: name, Levels: []Level{level("same", m[0], s[0], u[0]), level("partly", m[1], s[1], u[1]), level("differ", m[2], s[2], u[2])}}
	}
	return &Model{
		Version: modelVersion, Lambda: 1e-4, Siblings: 1e-4,
		Family: Frequencies{Mean: 1.0 / 1500}, Given: Frequencies{Mean: 1.0 / 70}, Father: Frequencies{Mean: 1.0 / 60},
		Comparisons: []Comparison{
			{Name: "name", Levels: []Level{
				{"all", 0.40, 0.001, 1e-7, 0.02}, {"all_near", 0.03, 0.001, 1e-6, 0.01}, {"family_given", 0.23, 0.002, 1e-5, 0.02}, {"given_patronymic", 0.05, 0.0005, 1e-4, 0.09},
				{"no_patronymic", 0.05, 0.001, 1e-5, 0.06}, {"near", 0.088, 0.022, 6e-5, 0.03}, {"both_near", 0.03, 0.01, 3e-4, 0.02},
				{"apart", 0.003, 0.75, 1.8e-3, 0.005}, {"sibling", 0.004, 0.1535, 2e-4, 0.005},
				{"given", 0.055, 0.004, 0.013, 0.34}, {"family", 0.03, 0.035, 1e-3, 0.02}, {"different", 0.03, 0.02, 0.9835299, 0.38},
			}},
			{Name: "birth", Levels: []Level{
				{"day", 0.50, 0.02, 2e-4, 0.25}, {"swapped", 0.02, 1e-4, 1e-4, 0.02}, {"digit", 0.05, 0.002, 3e-3, 0.05},
				{"month", 0.03, 0.002, 3e-3, 0.04}, {"quarter", 0.08, 0.004, 0.03, 0.4}, {"year", 0.11, 0.02, 0.03, 0.08},
				{"overlap", 0.12, 0.06, 0.04, 0.06}, {"year_off", 0.04, 0.09, 0.09, 0.06}, {"three_off", 0.03, 0.40, 0.24, 0.03}, {"different", 0.02, 0.4019, 0.5637, 0.01},
			}},
			{Name: "sex", Levels: []Level{level("same", 0.99, 0.5, 0.5), level("partly", 0.001, 0.001, 0.001), level("differ", 0.009, 0.499, 0.499)}},
			altered(three("birth_place", [3]float64{0.70, 0.15, 0.15}, [3]float64{0.665, 0.1425, 0.1925}, [3]float64{0.06, 0.08, 0.86}), [3]float64{0.20, 0.10, 0.70}),
			three("home", [3]float64{0.75, 0.15, 0.10}, [3]float64{0.75, 0.15, 0.10}, [3]float64{0.03, 0.07, 0.90}),
			three("taken_from", [3]float64{0.70, 0.20, 0.10}, [3]float64{0.70, 0.20, 0.10}, [3]float64{0.06, 0.09, 0.85}),
			three("institution", [3]float64{0.60, 0.20, 0.20}, [3]float64{0.60, 0.20, 0.20}, [3]float64{0.03, 0.12, 0.85}),
			three("transfer_group", [3]float64{0.80, 0.10, 0.10}, [3]float64{0.80, 0.10, 0.10}, [3]float64{0.02, 0.03, 0.95}),
			three("mother", [3]float64{0.85, 0.10, 0.05}, [3]float64{0.85, 0.10, 0.05}, [3]float64{5e-4, 0.01, 0.9895}),
			three("father", [3]float64{0.85, 0.10, 0.05}, [3]float64{0.85, 0.10, 0.05}, [3]float64{5e-4, 0.01, 0.9895}),
			three("siblings", [3]float64{0.70, 0.20, 0.10}, [3]float64{0.30, 0.40, 0.30}, [3]float64{0.02, 0.06, 0.92}),
			three("eyes", [3]float64{0.80, 0.05, 0.15}, [3]float64{0.50, 0.05, 0.45}, [3]float64{0.30, 0.02, 0.68}),
			three("hair", [3]float64{0.75, 0.10, 0.15}, [3]float64{0.50, 0.10, 0.40}, [3]float64{0.30, 0.05, 0.65}),
			three("document", [3]float64{0.72, 0.04, 0.24}, [3]float64{5e-4, 0.0495, 0.95}, [3]float64{1e-6, 1e-4, 0.999899}),
			three("phone", [3]float64{0.57, 0.04, 0.39}, [3]float64{0.57, 0.04, 0.39}, [3]float64{1e-5, 1e-4, 0.99989}),
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
	ok := m.Version == modelVersion && len(m.Comparisons) >= comparisons && len(m.Comparisons) <= maxComparisons
	for i := 0; ok && i < len(m.Comparisons); i++ {
		if i >= comparisons {
			want.Comparisons = append(want.Comparisons, extraComparison(m.Comparisons[i].Name))
		}
		ok = len(m.Comparisons[i].Levels) == len(want.Comparisons[i].Levels) && m.dependsWell(i)
	}
	if !ok {
		return nil, fmt.Errorf("decode model: version %d is not %d: %w", m.Version, modelVersion, homeward.ErrInvalid)
	}
	return m, nil
}

// dependsWell reports whether what a comparison depends on is there, and U is given for each of its levels.
func (m *Model) dependsWell(c int) bool {
	given := m.Comparisons[c].Given
	if m.Comparisons[c].On == "" {
		return given == nil
	}
	return m.on(c) >= 0 && len(given) == groups && !slices.ContainsFunc(given, func(u []float64) bool { return len(u) != len(m.Comparisons[c].Levels) })
}

// extraComparison is the comparison of an extra column before anything was learned of it.
func extraComparison(column string) Comparison {
	return Comparison{Name: column, Levels: []Level{
		{Name: "same", M: 0.75, S: 0.30, U: 0.10}, {Name: "partly", M: 0.10, S: 0.15, U: 0.10}, {Name: "differ", M: 0.15, S: 0.55, U: 0.80},
	}}
}

// altered gives a comparison of three levels the rates of altered identities.
func altered(c Comparison, a [3]float64) Comparison {
	for i := range c.Levels {
		c.Levels[i].A = a[i]
	}
	return c
}

// probability is the posterior of a weight under the prior.
func (m *Model) probability(weight float64) float64 {
	return 1 / (1 + math.Exp2(-weight)*(1-m.Lambda)/m.Lambda)
}
