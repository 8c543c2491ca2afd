package linkage

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/homeward-registry/homeward"
)

// Judged is a pair that was decided: its weight, and whether it is one child.
type Judged struct {
	Weight float64
	Same   bool
	// For is how many pairs it stands for: the inverse of the rate at which pairs like it are decided. 0 is 1.
	For float64
}

// Calibration tells how often pairs of a weight turned out to be one child. It is a monotone map from weights to log2 odds, linear
// between its knots and as steep as the model beyond them, so that no probability is ever 0 or 1.
type Calibration struct {
	Version int    `json:"version"`
	Judged  int    `json:"judged"` // pairs it was learned from
	Knots   []Knot `json:"knots"`  // by weight
}

// Knot is a point of the map.
type Knot struct {
	Weight float64 `json:"weight"`
	Odds   float64 `json:"odds"` // log2
}

// calibrationVersion is the version of the map's form. A map of another version is not understood.
const calibrationVersion = 1

// Calibration is learned in bins.
const (
	// binsFrom and binsTo are the log2 odds between which there is a bin a bit; what lies outside is in the first and the last.
	binsFrom, binsTo = -12, 20
	// priorJudged is how many decisions the model's own probability is worth in each bin. Decisions of a bin count half where they
	// are as many.
	priorJudged = 8
)

// Calibrate learns a calibration of a model from decided pairs, by isotonic regression (Zadrozny and Elkan 2002; for linkage
// Belin and Rubin 1995): in bins of one bit the share of pairs that are one child, drawn towards the model's probability while
// decisions are few, neighbours that are out of order pooled until none is (pool adjacent violators). The same pairs in any order
// give the same map.
func Calibrate(m *Model, judged []Judged) *Calibration {
	base := LogOdds(m.Lambda)
	bins := make([]bin, binsTo-binsFrom)
	for _, j := range inOrder(judged) {
		at := int(math.Floor(max(binsFrom, min(binsTo-1, j.Weight+base)))) - binsFrom
		bins[at].add(j)
	}
	return calibration(bins, base, len(judged))
}

// calibration makes a map of filled bins.
func calibration(bins []bin, base float64, judged int) *Calibration {
	for i := range bins {
		bins[i].drawTowards(float64(binsFrom+i)+0.5, base)
	}
	c := &Calibration{Version: calibrationVersion, Judged: judged}
	for _, pool := range monotone(bins) {
		c.Knots = append(c.Knots, pool...)
	}
	return c
}

// inOrder sorts decided pairs, so that sums are the same to the bit.
func inOrder(judged []Judged) []Judged {
	same := map[bool]int{true: 1}
	out := slices.Clone(judged)
	slices.SortFunc(out, func(a, b Judged) int {
		return slices.Compare([]float64{a.Weight, float64(same[a.Same]), a.For}, []float64{b.Weight, float64(same[b.Same]), b.For})
	})
	return out
}

// bin is the decided pairs of one bit of odds.
type bin struct {
	weight      float64 // mean
	same, total float64 // pairs stood for
	squares     float64 // of what each stands for
	mass, share float64 // decisions, and the share that is one child, the model's own word among them
}

func (b *bin) add(j Judged) {
	stands := j.For
	if stands == 0 {
		stands = 1
	}
	b.total += stands
	b.squares += stands * stands
	b.weight += stands * j.Weight
	if j.Same {
		b.same += stands
	}
}

// drawTowards mixes what was decided with what the model says in the middle of the bin. Decisions that stand for unlike numbers
// of pairs count as so many fewer (Kish 1965).
func (b *bin) drawTowards(odds, base float64) {
	decisions, share, weight := 0.0, 0.0, 0.0
	if b.total > 0 {
		decisions, share, weight = b.total*b.total/b.squares, b.same/b.total, b.weight/b.total
	}
	b.mass = decisions + priorJudged
	b.share = (decisions*share + priorJudged*fromOdds(odds)) / b.mass
	b.weight = (decisions*weight + priorJudged*(odds-base)) / b.mass
}

// fromOdds returns the probability of log2 odds.
func fromOdds(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

// monotone pools bins that are out of order, and returns the knots of each pool: its ends.
func monotone(bins []bin) (pools [][]Knot) {
	type pool struct{ from, to, mass, share float64 }
	var list []pool
	for _, b := range bins {
		next := pool{b.weight, b.weight, b.mass, b.share}
		for len(list) > 0 && list[len(list)-1].share >= next.share {
			last := list[len(list)-1]
			mass := last.mass + next.mass
			next = pool{last.from, next.to, mass, (last.share*last.mass + next.share*next.mass) / mass}
			list = list[:len(list)-1]
		}
		list = append(list, next)
	}
	for _, p := range list {
		knots := []Knot{{round(p.from), round(LogOdds(p.share))}}
		if p.to > p.from {
			knots = append(knots, Knot{round(p.to), round(LogOdds(p.share))})
		}
		pools = append(pools, knots)
	}
	return pools
}

// Probability returns how probable it is that a pair of this weight is one child.
func (c *Calibration) Probability(weight float64) float64 { return fromOdds(c.odds(weight)) }

func (c *Calibration) odds(weight float64) float64 {
	at, _ := slices.BinarySearchFunc(c.Knots, weight, func(k Knot, w float64) int {
		if k.Weight < w {
			return -1
		}
		return 1
	})
	switch first, last := c.Knots[0], c.Knots[len(c.Knots)-1]; {
	case at == 0:
		return first.Odds + weight - first.Weight
	case at == len(c.Knots):
		return last.Odds + weight - last.Weight
	}
	low, high := c.Knots[at-1], c.Knots[at]
	return low.Odds + (high.Odds-low.Odds)*(weight-low.Weight)/(high.Weight-low.Weight)
}

// WeightAt returns the least weight from which on pairs are as probable as that.
func (c *Calibration) WeightAt(probability float64) float64 {
	odds := LogOdds(probability)
	low, high := c.Knots[0], c.Knots[len(c.Knots)-1]
	if odds <= low.Odds {
		return low.Weight + odds - low.Odds
	}
	for _, k := range c.Knots {
		if k.Odds >= odds {
			return low.Weight + (k.Weight-low.Weight)*(odds-low.Odds)/(k.Odds-low.Odds)
		}
		low = k
	}
	return high.Weight + odds - high.Odds
}

// Encode returns the calibration as JSON; the same calibration gives the same bytes.
func (c *Calibration) Encode() ([]byte, error) { return json.Marshal(c) }

// DecodeCalibration reads what Encode wrote. One of another version, or that is no monotone map, is homeward.ErrInvalid.
func DecodeCalibration(text []byte) (*Calibration, error) {
	c := &Calibration{}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("decode calibration: %w", homeward.ErrInvalid)
	}
	ok := c.Version == calibrationVersion && len(c.Knots) > 0
	for i := 1; ok && i < len(c.Knots); i++ {
		ok = c.Knots[i-1].Weight < c.Knots[i].Weight && c.Knots[i-1].Odds <= c.Knots[i].Odds
	}
	if !ok {
		return nil, fmt.Errorf("decode calibration: version %d is not %d, or it is no monotone map: %w", c.Version, calibrationVersion, homeward.ErrInvalid)
	}
	return c, nil
}
