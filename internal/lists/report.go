package lists

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"math"
	"slices"
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
	Joined      int // clusters of more than one row
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

func (l *Linked) writeReport(w io.Writer, pairs []explained) error {
	r := report{Linked: l, Written: len(pairs), Comparisons: l.comparisonCharts(pairs), Weights: l.weights(), Unlinkable: l.unlinkables(),
		Passes: l.passes(), Share: float64(len(l.Pairs)) / float64(max(1, l.pairsIn([][]string{l.index.IDs()}))), Expected: l.expected()}
	for _, p := range pairs {
		if p.Probability >= l.Options.Threshold {
			r.AtThreshold++
		}
	}
	for _, c := range l.Clusters {
		if len(c) > 1 {
			r.Joined++
		}
	}
	r.Patterns, r.Other = l.patterns(pairs)
	if l.Scores != nil {
		r.Calibration = chartCalibration(l.Scores.Calibration)
	}
	var err error
	if r.Pairs, err = l.close(pairs); err != nil {
		return err
	}
	return reportPage.Execute(w, r)
}

// patternRow is a pattern of agreement and the pairs that show it.
type patternRow struct {
	Levels             []string
	Pairs, True        int
	Least, Most, Total float64 // weight: rarity of names makes it differ within a pattern
	Probability        float64 // mean
}

// patternsShown is how many patterns the report lists.
const patternsShown = 40

// patterns counts the patterns of the pairs that are written, the most frequent first.
func (l *Linked) patterns(pairs []explained) (rows []patternRow, other int) {
	at := map[string]int{}
	for _, p := range pairs {
		var levels []string
		for _, s := range p.signals {
			if s.Comparison != "family" {
				levels = append(levels, l.extras.name(s.Comparison)+": "+s.Level)
			}
		}
		name := strings.Join(levels, "; ")
		i, known := at[name]
		if !known {
			i = len(rows)
			at[name] = i
			rows = append(rows, patternRow{Levels: levels, Least: math.Inf(1), Most: math.Inf(-1)})
		}
		r := &rows[i]
		r.Pairs++
		r.Total += p.Probability
		r.Least, r.Most = min(r.Least, p.Weight), max(r.Most, p.Weight)
		if l.truth != nil && l.truth.same(p.Left, p.Right) {
			r.True++
		}
	}
	for i := range rows {
		rows[i].Probability = rows[i].Total / float64(rows[i].Pairs)
	}
	slices.SortFunc(rows, func(a, b patternRow) int {
		return cmp.Or(cmp.Compare(b.Pairs, a.Pairs), slices.Compare(a.Levels, b.Levels))
	})
	shown := min(len(rows), patternsShown)
	return rows[:shown], len(rows) - shown
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

func (l *Linked) expected() []expectedRow {
	all := 0.0
	for _, p := range l.Pairs {
		all += p.Probability
	}
	var out []expectedRow
	for _, t := range []float64{0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999} {
		row := expectedRow{Threshold: t}
		sum := 0.0
		for _, p := range l.Pairs {
			if p.Probability >= t {
				row.Pairs++
				sum += p.Probability
			}
		}
		if row.Pairs > 0 {
			row.Precision, row.Recall = sum/float64(row.Pairs), sum/all
		}
		out = append(out, row)
	}
	return out
}

// unlinkable is how many rows say too little to be linked: what a row weighs against itself is the most that any pair
// with it can weigh.
type unlinkable struct {
	Weights histogram
	Rows    []unlinkableRow
}

type unlinkableRow struct {
	Threshold, Share float64
	Rows             int
}

func (l *Linked) unlinkables() unlinkable {
	ids := l.index.IDs()
	self := make([]linkage.Pair, len(ids))
	inParallel(len(ids), func(i int) { self[i], _, _ = l.index.Weigh(l.Model, ids[i], ids[i]) })
	weights := make([]float64, len(self))
	for i, p := range self {
		weights[i] = p.Weight
	}
	out := unlinkable{Weights: chartHistogram(weights)}
	for _, t := range []float64{l.Options.Threshold, 0.9, 0.99, 0.999} {
		row := unlinkableRow{Threshold: t}
		for _, p := range self {
			if p.Probability < t {
				row.Rows++
			}
		}
		row.Share = float64(row.Rows) / max(1, float64(len(self)))
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (l *Linked) weights() histogram {
	weights := make([]float64, len(l.Pairs))
	for i, p := range l.Pairs {
		weights[i] = p.Weight
	}
	return chartHistogram(weights)
}
