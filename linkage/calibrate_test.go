package linkage_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

// promised is the probability that the model gives a weight.
func promised(m *linkage.Model, weight float64) float64 {
	return 1 / (1 + math.Exp2(-weight)*(1-m.Lambda)/m.Lambda)
}

// judgedBy draws decisions on pairs whose true odds are those of the model, made steeper or flatter and moved.
func judgedBy(m *linkage.Model, n int, steep, moved float64, seed uint64) (out []linkage.Judged) {
	rng := rand.New(rand.NewPCG(seed, 0))
	base := math.Log2(m.Lambda / (1 - m.Lambda))
	for range n {
		odds := -6 + 16*rng.Float64()
		true := 1 / (1 + math.Exp2(-(steep*odds + moved)))
		out = append(out, linkage.Judged{Weight: odds - base, Same: rng.Float64() < true})
	}
	return out
}

func TestWithoutDecisionsTheModelsWordStands(t *testing.T) {
	m := linkage.DefaultModel()
	c := linkage.Calibrate(m, nil)
	for weight := -20.0; weight < 60; weight += 0.25 {
		if got, want := c.Probability(weight), promised(m, weight); math.Abs(got-want) > 1e-4 {
			t.Fatalf("weight %v: %v, the model says %v", weight, got, want)
		}
	}
}

func TestDecisionsCorrectAModelThatPromisesTooMuch(t *testing.T) {
	m := linkage.DefaultModel()
	c := linkage.Calibrate(m, judgedBy(m, 2000, 0.7, -1, 1))
	var before, after []linkage.Outcome
	for _, j := range judgedBy(m, 20_000, 0.7, -1, 2) {
		before = append(before, linkage.Outcome{Probability: promised(m, j.Weight), Same: j.Same})
		after = append(after, linkage.Outcome{Probability: c.Probability(j.Weight), Same: j.Same})
	}
	_, was := linkage.Reliability(before)
	if _, off := linkage.Reliability(after); off > 0.02 || off > was/3 {
		t.Errorf("calibration error %.3f before and %.3f after", was, off)
	}
}

// TestFewDecisionsMoveLittle holds the strength of the prior: one decision against the model does not turn it.
func TestFewDecisionsMoveLittle(t *testing.T) {
	m := linkage.DefaultModel()
	base := math.Log2(m.Lambda / (1 - m.Lambda))
	c := linkage.Calibrate(m, []linkage.Judged{{Weight: 6.5 - base, Same: false}})
	if p := c.Probability(6.5 - base); p < 0.85 || p > 0.95 {
		t.Errorf("one decision against it moves a probability of 0.989 to %.3f, want eight ninths of it", p)
	}
}

func TestCalibrationIsMonotoneAndNeverSure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := linkage.DefaultModel()
		judged := rapid.SliceOf(rapid.Custom(func(t *rapid.T) linkage.Judged {
			return linkage.Judged{
				Weight: rapid.Float64Range(-60, 90).Draw(t, "weight"), Same: rapid.Bool().Draw(t, "same"),
				For: rapid.SampledFrom([]float64{0, 1, 3, 500}).Draw(t, "for"),
			}
		})).Draw(t, "judged")
		c := linkage.Calibrate(m, judged)
		last := 0.0
		for weight := -30.0; weight <= 45; weight += 0.125 {
			p := c.Probability(weight)
			if p <= 0 || p >= 1 || p < last {
				t.Fatalf("weight %v: probability %v after %v", weight, p, last)
			}
			if at := c.WeightAt(p); p > 1e-9 && p < 1-1e-9 && math.Abs(c.Probability(at)-p) > 1e-6*p {
				t.Fatalf("weight %v is found again as %v", weight, at)
			}
			last = p
		}
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := linkage.DecodeCalibration(text)
		if err != nil || cmp.Diff(c, again) != "" {
			t.Fatalf("read again it is another: %v", err)
		}
		slices.Reverse(judged)
		if cmp.Diff(c, linkage.Calibrate(m, judged)) != "" {
			t.Fatal("decisions in another order give another map")
		}
	})
}

// TestDecisionsStandForThoseThatWereNotTaken decides on pairs of one weight, but of two kinds: one kind is decided ten times as
// often as the other.
func TestDecisionsStandForThoseThatWereNotTaken(t *testing.T) {
	m := linkage.DefaultModel()
	weight := -math.Log2(m.Lambda/(1-m.Lambda)) + 0.5
	var judged []linkage.Judged
	for i := range 1100 {
		if i < 1000 {
			judged = append(judged, linkage.Judged{Weight: weight, Same: true, For: 1})
		} else {
			judged = append(judged, linkage.Judged{Weight: weight, Same: false, For: 10})
		}
	}
	if p := linkage.Calibrate(m, judged).Probability(weight); math.Abs(p-0.5) > 0.02 {
		t.Errorf("%.3f, want one half: one kind was asked ten times as often", p)
	}
}

func TestAnotherFormOfCalibrationIsNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":       `{`,
		"other version": `{"version":2,"knots":[{"weight":1,"odds":1}]}`,
		"no knots":      `{"version":1}`,
		"not monotone":  `{"version":1,"knots":[{"weight":1,"odds":1},{"weight":2,"odds":0}]}`,
	} {
		if _, err := linkage.DecodeCalibration([]byte(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReliabilityTellsHowFarPromisesLieFromTruth(t *testing.T) {
	tenths, off := linkage.Reliability([]linkage.Outcome{
		{Probability: 0.95, Same: true, For: 3}, {Probability: 0.95, For: 1}, {Probability: 0.05}, {Probability: 1, Same: true, For: 3},
	})
	last := tenths[9]
	if last.Pairs != 7 || math.Abs(last.Observed-6.0/7) > 1e-9 || math.Abs(last.Predicted-(4*0.95+3)/7) > 1e-9 {
		t.Errorf("the last tenth: %+v", last)
	}
	if want := (math.Abs(6-(4*0.95+3)) + 0.05) / 8; math.Abs(off-want) > 1e-9 {
		t.Errorf("error %v, want %v", off, want)
	}
	if _, off := linkage.Reliability(nil); off != 0 {
		t.Errorf("of no pairs: %v", off)
	}
}
