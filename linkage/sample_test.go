package linkage_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

// TestTheBoundIsTheExactOne compares with values that tables of the hypergeometric distribution give: the rule of three, small lists
// counted by hand.
func TestTheBoundIsTheExactOne(t *testing.T) {
	for _, x := range []struct{ pairs, judged, wrong, want int }{
		{10, 10, 0, 0}, {10, 10, 3, 3}, // all judged: nothing is left to chance
		{10, 0, 0, 10},     // nothing judged: it may be all
		{2, 1, 0, 1},       // one of two: the other may be wrong, 1/2 > 0.05
		{20, 10, 0, 3},     // C(17,10)/C(20,10) = 0.105 > 0.05; four wrong: 0.043
		{20, 10, 1, 6},     // six wrong: P(X<=1) = 0.0704; seven: 0.0286
		{1000, 100, 0, 28}, // near the binomial 1-0.05^(1/100) = 2.95 %, a little less because the list is finite
	} {
		if n := linkage.MostWrong(x.pairs, x.judged, x.wrong); n != x.want || n != counted(x.pairs, x.judged, x.wrong) {
			t.Errorf("%d of %d judged, %d wrong: at most %d, want %d, counted %d", x.judged, x.pairs, x.wrong, n, x.want, counted(x.pairs, x.judged, x.wrong))
		}
	}
}

// counted finds the bound by products of fractions instead of logarithms, and by trying every number.
func counted(pairs, judged, wrong int) int {
	if judged == 0 {
		return pairs
	}
	for d := pairs - (judged - wrong); d > wrong; d-- {
		p := 0.0
		for i := 0; i <= wrong; i++ {
			p += hyper(i, pairs, d, judged)
		}
		if p > 0.05 {
			return d
		}
	}
	return wrong
}

// hyper is the chance of exactly i wrong ones: the sample is drawn one by one.
func hyper(i, pairs, wrong, n int) float64 {
	if i > wrong || n-i > pairs-wrong {
		return 0
	}
	p := 1.0
	for k := range n { // the wrong ones first, then times the orders they may come in
		if k < i {
			p *= float64(wrong-k) / float64(pairs-k) * float64(n-k) / float64(k+1)
		} else {
			p *= float64(pairs-wrong-(k-i)) / float64(pairs-k)
		}
	}
	return p
}

func TestASampleOfTheAdvisedSizeProvesTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs, share := rapid.IntRange(1, 20_000).Draw(t, "pairs"), float64(rapid.SampledFrom([]int{5, 10, 20, 50}).Draw(t, "bears"))/1000
		n := linkage.SampleFor(pairs, share)
		if n < 1 || n > pairs || linkage.ErrorBound(pairs, n, 0) > share {
			t.Fatalf("a sample of %d of %d does not prove %g", n, pairs, share)
		}
		if n > 1 && n < pairs && linkage.ErrorBound(pairs, n-1, 0) <= share {
			t.Fatalf("a sample of %d of %d would do", n-1, pairs)
		}
		if n > 0 && linkage.ErrorBound(pairs, n, 1) < linkage.ErrorBound(pairs, n, 0) {
			t.Fatal("one that is wrong makes the rule better")
		}
	})
}

// TestTheBoundHoldsInNineteenOfTwenty draws samples from lists whose share of wrong pairs is known.
func TestTheBoundHoldsInNineteenOfTwenty(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	const pairs, sample, rounds = 2000, 150, 4000
	for _, wrong := range []int{0, 5, 20, 60, 200} {
		missed := 0
		for range rounds {
			seen := 0
			for _, i := range rng.Perm(pairs)[:sample] {
				if i < wrong {
					seen++
				}
			}
			if linkage.MostWrong(pairs, sample, seen) < wrong {
				missed++
			}
		}
		if share := float64(missed) / rounds; share > 0.05+3*math.Sqrt(0.05*0.95/rounds) {
			t.Errorf("of %d wrong ones the bound misses %.3f", wrong, share)
		}
	}
}
