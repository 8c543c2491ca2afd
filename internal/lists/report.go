package lists

import (
	"bufio"
	_ "embed"
	"errors"
	"html/template"
	"io"
	"strings"

	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/linkage"
)

//go:embed report.html
var reportText string

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"amount":  func(n int) string { return i18n.For(i18n.English).Number(int64(n)) },
	"percent": func(p float64) string { return i18n.For(i18n.English).Probability(p) },
	"bits":    func(w float64) string { return strings.Replace(decimal(w, 1), "-", "−", 1) },
	"share":   func(p float64) string { return decimal(p, 4) },
	"px":      func(x float64) string { return decimal(x, 1) },
	"words":   func(s string) string { return strings.ReplaceAll(s, "_", " ") },
}).Parse(reportText))

// report is the page.
type report struct {
	*Linked
	Written     int // pairs in pairs.csv
	AtThreshold int
	Parts       int // clusters
	Joined      int // of more than one row
	Comparisons []comparisonChart
	Patterns    []patternRow
	Other       int // patterns that are not shown
	Weights     histogram
	Unlinkable  unlinkable
	Passes      []passRow
	Share       float64 // of all pairs there are, those proposed
	Calibration calibrationChart
	Expected    []expectedRow
	Pairs       []closePair
}

func (l *Linked) writeReport(w io.Writer, t *tally) error {
	l.Options.Progress(StepReport, 0, 0)
	r := report{Linked: l, Written: len(t.pairs), Comparisons: l.comparisonCharts(t.met), Weights: l.weights(), Unlinkable: l.unlinkables(),
		Passes: l.passes(), Expected: l.expected()}
	r.Share = float64(l.Blocking.Proposed) / float64(max(1, l.pairsIn(make(Partition, l.Rows))))
	for _, i := range t.pairs {
		if l.Pairs[i].Probability >= l.Options.Threshold {
			r.AtThreshold++
		}
	}
	r.Parts, r.Joined = l.Clusters.Parts()
	r.Patterns, r.Other = t.rows()
	if l.Scores != nil {
		r.Calibration = chartCalibration(l.Scores.Calibration)
	}
	var err error
	if r.Pairs, err = l.close(t.pairs); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	return errors.Join(reportPage.Execute(out, r), out.Flush())
}

// passRow is one blocking pass.
type passRow struct {
	Name  string
	Pairs int // first proposed by it
}

func (l *Linked) passes() []passRow {
	var out []passRow
	for i, name := range linkage.PassNames {
		if n := l.Blocking.ByPass[i]; n > 0 {
			out = append(out, passRow{Name: name, Pairs: n})
		}
	}
	return out
}

// expectedRow is what the model expects of a threshold, by its own probabilities.
type expectedRow struct {
	Threshold         float64
	Pairs             int
	Precision, Recall float64 // recall among pairs proposed
}

// thresholds are those that the report tells of.
var thresholds = []float64{0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}

func (l *Linked) expected() []expectedRow {
	var pairs [8 + 1]int // by how many thresholds they reach
	var sums [8 + 1]float64
	for i := range l.Pairs {
		p := l.Pairs[i].Probability
		reached := 0
		for reached < len(thresholds) && p >= thresholds[reached] {
			reached++
		}
		pairs[reached]++
		sums[reached] += p
	}
	all := 0.0
	for _, s := range sums {
		all += s
	}
	out := make([]expectedRow, len(thresholds))
	for i, t := range thresholds {
		row := expectedRow{Threshold: t}
		sum := 0.0
		for reached := i + 1; reached < len(sums); reached++ {
			row.Pairs += pairs[reached]
			sum += sums[reached]
		}
		if row.Pairs > 0 {
			row.Precision, row.Recall = sum/float64(row.Pairs), sum/all
		}
		out[i] = row
	}
	return out
}

// unlinkable is how many rows say too little to be linked: what a row weighs against itself is the most that any pair
// with it can weigh.
type unlinkable struct {
	Asked   int // rows: in a long list some stand for all
	Weights histogram
	Rows    []unlinkableRow
}

type unlinkableRow struct {
	Threshold, Share float64
	Rows             int
}

// mostAsked is how many rows are weighed against themselves, at evenly spaced places.
const mostAsked = 20_000

func (l *Linked) unlinkables() unlinkable {
	n := min(len(l.keys), mostAsked)
	self := make([]linkage.Pair, n)
	inSpans(n, func(from, to int) {
		weigher := l.index.Weigher(l.Model)
		for i := from; i < to; i++ {
			k := l.keys[i*len(l.keys)/n]
			self[i], _, _ = weigher.Weigh(k, k)
		}
	})
	out := unlinkable{Asked: n, Weights: chartHistogram(n, func(i int) float64 { return self[i].Weight })}
	for _, t := range []float64{l.Options.Threshold, 0.9, 0.99, 0.999} {
		row := unlinkableRow{Threshold: t}
		for _, p := range self {
			if p.Probability < t {
				row.Rows++
			}
		}
		row.Share = float64(row.Rows) / max(1, float64(n))
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (l *Linked) weights() histogram {
	return chartHistogram(len(l.Pairs), func(i int) float64 { return l.Pairs[i].Weight })
}
