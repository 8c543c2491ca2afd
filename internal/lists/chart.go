package lists

import (
	"math"
	"slices"

	"github.com/homeward-registry/homeward/linkage"
)

// Charts are geometry in pixels; report.html draws them.

const chartWidth = 640.0

// bar is a rectangle with what it stands for.
type bar struct {
	X, Y, W, H float64
	Against    bool // speaks against the same child
	Label      string
	Value      float64
	Count      int
}

// comparisonChart is one comparison of the model: a row a level, with its weight and its m and u.
type comparisonChart struct {
	Name   string
	Height float64
	Zero   float64 // x of no weight
	Levels []levelBars
}

type levelBars struct {
	Name   string
	M, U   float64
	Y      float64
	Weight bar
	BarM   bar
	BarU   bar
}

const (
	rowHeight  = 22.0
	labelWidth = 150.0
)

// comparisonCharts draws the comparisons that some written pair had something for, on one scale.
func (l *Linked) comparisonCharts(met map[string]bool) []comparisonChart {
	most := 1.0
	for _, c := range l.Model.Comparisons {
		for _, level := range c.Levels {
			if met[c.Name] {
				most = max(most, math.Abs(math.Log2(level.M/level.U)))
			}
		}
	}
	var out []comparisonChart
	for _, c := range l.Model.Comparisons {
		if met[c.Name] {
			out = append(out, chartComparison(c, most))
		}
	}
	return out
}

// chartComparison draws weights left of the middle and right of it, and m above u beside them.
func chartComparison(c linkage.Comparison, most float64) comparisonChart {
	const weights, rates = 260.0, 150.0 // widths
	chart := comparisonChart{Name: c.Name, Height: rowHeight * float64(len(c.Levels)), Zero: labelWidth + weights/2}
	for i, level := range c.Levels {
		y := rowHeight * float64(i)
		w := math.Log2(level.M / level.U)
		long := math.Abs(w) / most * weights / 2 * 0.8
		b := bar{X: chart.Zero, Y: y + 4, W: long, H: rowHeight - 8, Value: w}
		if w < 0 {
			b.X, b.Against = chart.Zero-long, true
		}
		x := labelWidth + weights + 70
		chart.Levels = append(chart.Levels, levelBars{Name: level.Name, M: level.M, U: level.U, Y: y + rowHeight - 7, Weight: b,
			BarM: bar{X: x, Y: y + 3, W: rates * level.M, H: 7}, BarU: bar{X: x, Y: y + 11, W: rates * level.U, H: 7, Against: true}})
	}
	return chart
}

// histogram counts weights in bins of equal width. Heights grow with the logarithm, so that a few pairs beside a million can
// be seen.
type histogram struct {
	Bars        []bar
	Least, Most float64
	Height      float64
	Baseline    float64 // y on which bars stand
	Label       float64 // y of what is written under them
}

const (
	bins      = 40
	barHeight = 160.0
)

func chartHistogram(n int, value func(int) float64) histogram {
	h := histogram{Height: barHeight + 24, Baseline: barHeight, Label: barHeight + 18}
	if n == 0 {
		return h
	}
	least, most := math.Inf(1), math.Inf(-1)
	for i := range n {
		least, most = min(least, value(i)), max(most, value(i))
	}
	h.Least, h.Most = math.Floor(least), math.Ceil(most)
	width := max((h.Most-h.Least)/bins, 1e-9)
	counts := make([]int, bins)
	for i := range n {
		counts[min(int((value(i)-h.Least)/width), bins-1)]++
	}
	top := math.Log1p(float64(slices.Max(counts)))
	for i, n := range counts {
		high := math.Log1p(float64(n)) / top * (barHeight - 10)
		from := h.Least + width*float64(i)
		h.Bars = append(h.Bars, bar{X: chartWidth / bins * float64(i), Y: barHeight - high, W: chartWidth/bins - 2, H: high,
			Value: from, Count: n, Against: from+width/2 < 0})
	}
	return h
}

// calibrationChart sets what was predicted against what was found: on the diagonal the two are one.
type calibrationChart struct {
	Points []calibrationPoint
	Size   float64
}

type calibrationPoint struct {
	X, Y float64
	Tenth
}

func chartCalibration(tenths []Tenth) calibrationChart {
	c := calibrationChart{Size: 240}
	for _, t := range tenths {
		if t.Pairs > 0 {
			c.Points = append(c.Points, calibrationPoint{X: c.Size * t.Predicted, Y: c.Size * (1 - t.Observed), Tenth: t})
		}
	}
	return c
}

// waterfall is the signals of a pair, each beginning where the one before ended.
type waterfall struct {
	Bars   []bar
	Zero   float64
	Height float64
}

const reasonWidth = 340.0

func (x extras) waterfall(signals []linkage.Signal, weight float64) waterfall {
	low, high, sum := 0.0, 0.0, 0.0
	for _, s := range signals {
		sum += s.Weight
		low, high = min(low, sum), max(high, sum)
	}
	scale := (chartWidth - reasonWidth - 60) / max(high-low, 1)
	at := func(w float64) float64 { return reasonWidth + 10 + (w-low)*scale }
	out := waterfall{Zero: at(0), Height: rowHeight * float64(len(signals)+1)}
	row := func(label string, from, to float64) {
		b := bar{X: at(min(from, to)), Y: rowHeight*float64(len(out.Bars)) + 4, W: max(math.Abs(to-from)*scale, 1), H: rowHeight - 8,
			Against: to < from, Label: label, Value: to - from}
		out.Bars = append(out.Bars, b)
	}
	sum = 0
	for _, s := range signals {
		row(x.words(s), sum, sum+s.Weight)
		sum += s.Weight
	}
	row("together", 0, weight)
	return out
}
