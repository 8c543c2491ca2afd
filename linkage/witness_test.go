package linkage_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward/linkage"
)

// misjudged are records of children with so many records each. Most pairs of a child weigh what they should; a share of them weighs
// two bits against, as do the pairs of strangers that are proposed: the model says one in five of all these, and more are true.
func misjudged(children, each int, share float64) (n int, bonds []linkage.Bond, truth float64) {
	rng := rand.New(rand.NewPCG(3, 0))
	n = children * each
	same, other := 0.0, 0.0
	for a := range n {
		for b := a / each * each; b < a; b++ {
			bits := float32(9)
			if rng.Float64() < share {
				bits = -2
				same++
			}
			bonds = append(bonds, linkage.Bond{A: int32(a), B: int32(b), Bits: bits})
		}
		if b := rng.IntN(n); b/each != a/each {
			bonds = append(bonds, linkage.Bond{A: int32(a), B: int32(b), Bits: -2})
			other++
		}
	}
	return n, bonds, same / (same + other)
}

// weightOf is the weight of log-odds under a model.
func weightOf(m *linkage.Model, odds float64) float64 { return odds - math.Log2(m.Lambda/(1-m.Lambda)) }

func TestClustersTellHowOftenPairsOfAWeightAreOneChild(t *testing.T) {
	m := linkage.DefaultModel()
	n, bonds, truth := misjudged(300, 8, 0.25)
	c := linkage.CalibrateByClusters(m, linkage.ClustersOf(n, bonds, nil), bonds)
	if p := c.Probability(weightOf(m, -2)); math.Abs(p-truth) > 0.05 || truth < 0.4 {
		t.Errorf("%.3f of the pairs are one child, the model says 0.2, clusters %.3f", truth, p)
	}
}

// TestWithoutWitnessesTheModelsWordStands has clusters of two, in which no third record knows of the pair.
func TestWithoutWitnessesTheModelsWordStands(t *testing.T) {
	m := linkage.DefaultModel()
	var bonds []linkage.Bond
	for i := range int32(2000) {
		bonds = append(bonds, linkage.Bond{A: 2 * i, B: 2*i + 1, Bits: float32(i%9) - 4.5})
	}
	c := linkage.CalibrateByClusters(m, linkage.ClustersOf(4000, bonds, nil), bonds)
	for odds := -4.5; odds <= 3.5; odds++ {
		want := 1 / (1 + math.Exp2(-odds))
		if got := c.Probability(weightOf(m, odds)); math.Abs(got-want) > 1e-3 {
			t.Errorf("%v bits: %v, the model says %v", odds, got, want)
		}
	}
}

func TestWhatClustersTellIsTheSameInAnyOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	m := linkage.DefaultModel()
	n, bonds, _ := crowd(5, 500)
	cluster := linkage.ClustersOf(n, bonds, nil)
	want := linkage.CalibrateByClusters(m, cluster, bonds)
	runtime.GOMAXPROCS(8)
	rand.New(rand.NewPCG(2, 2)).Shuffle(len(bonds), func(i, j int) {
		bonds[i], bonds[j] = linkage.Bond{A: bonds[j].B, B: bonds[j].A, Bits: bonds[j].Bits}, bonds[i]
	})
	if d := cmp.Diff(want, linkage.CalibrateByClusters(m, cluster, bonds)); d != "" {
		t.Error(d)
	}
}
