package lists

import (
	"cmp"
	"slices"

	"github.com/homeward-registry/homeward/linkage"
)

// Score is how well something agrees with the truth.
type Score struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Scores compare the result with the truth.
type Scores struct {
	TruePairs      int     `json:"true_pairs"`
	BlockingRecall float64 `json:"blocking_recall"` // share of true pairs that were proposed
	AtThreshold    Score   `json:"pairs_at_threshold"`
	Best           Score   `json:"pairs_best"` // at the threshold that gives the best F1
	BestThreshold  float64 `json:"best_threshold"`
	Clustered      Score   `json:"pairs_in_clusters"` // every two rows of a cluster are a pair
	BCubed         Score   `json:"b_cubed"`
	// Calibration tells how often pairs of a probability are true, by tenths; Error is how far the two lie apart on average,
	// over the pairs that are written.
	Calibration      []Tenth `json:"calibration"`
	CalibrationError float64 `json:"calibration_error"`
}

// Tenth is the pairs whose probability lies in one tenth.
type Tenth struct {
	From      float64 `json:"from"`
	Pairs     int     `json:"pairs"`
	Predicted float64 `json:"predicted"` // mean probability
	Observed  float64 `json:"observed"`  // share that is true
}

// counted makes a score of counts: pairs found that are true, pairs found, pairs that are true.
func counted(both, found, wanted float64) Score {
	s := Score{Precision: 1, Recall: 1} // nothing found is never wrong; nothing wanted is found
	if found > 0 {
		s.Precision = both / found
	}
	if wanted > 0 {
		s.Recall = both / wanted
	}
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

func (l *Linked) score() *Scores {
	s := &Scores{TruePairs: l.pairsIn(l.truth.clusters(l.index.IDs()))}
	wanted := float64(s.TruePairs)
	pairs := slices.Clone(l.Pairs)
	slices.SortStableFunc(pairs, func(a, b linkage.Pair) int { return cmp.Compare(b.Probability, a.Probability) })
	both := 0.0
	for i, p := range pairs {
		if l.truth.same(p.Left, p.Right) {
			both++
		}
		if i+1 < len(pairs) && pairs[i+1].Probability == p.Probability {
			continue // of one probability all or none
		}
		now := counted(both, float64(i+1), wanted)
		if now.F1 > s.Best.F1 {
			s.Best, s.BestThreshold = now, p.Probability
		}
		if p.Probability >= l.Options.Threshold {
			s.AtThreshold = now
		}
	}
	if len(pairs) == 0 || pairs[0].Probability < l.Options.Threshold {
		s.AtThreshold = counted(0, 0, wanted)
	}
	s.BlockingRecall = counted(both, both, wanted).Recall
	l.scoreClusters(s)
	s.Calibration, s.CalibrationError = l.calibrate()
	return s
}

// pairsIn counts the pairs of rows within clusters; of one list's rows only where a list may hold a child twice.
func (l *Linked) pairsIn(clusters [][]string) (n int) {
	for _, c := range clusters {
		n += len(c) * (len(c) - 1) / 2
		if !l.Options.OneToOne {
			continue
		}
		of := map[string]int{}
		for _, k := range c {
			n -= of[k[:keyList]]
			of[k[:keyList]]++
		}
	}
	return n
}

// scoreClusters scores the clusters, by pairs and by B-cubed.
func (l *Linked) scoreClusters(s *Scores) {
	sizes := map[string]int{} // true clusters
	for _, k := range l.index.IDs() {
		sizes[l.truth.of(k)]++
	}
	var shared [][]string // where clusters and truth overlap
	precision, recall := 0.0, 0.0
	for _, c := range l.Clusters {
		parts := l.truth.clusters(c)
		shared = append(shared, parts...)
		for _, part := range parts {
			n := float64(len(part))
			precision += n * n / float64(len(c))
			recall += n * n / float64(sizes[l.truth.of(part[0])])
		}
	}
	s.Clustered = counted(float64(l.pairsIn(shared)), float64(l.pairsIn(l.Clusters)), float64(s.TruePairs))
	rows := float64(l.Rows)
	s.BCubed = counted(1, rows/precision, rows/recall)
}

// calibrate compares probabilities with how often they hold.
func (l *Linked) calibrate() (tenths []Tenth, off float64) {
	tenths = make([]Tenth, 10)
	all := 0.0
	for _, p := range l.Pairs {
		if p.Probability < Floor {
			continue
		}
		t := &tenths[min(int(p.Probability*10), 9)]
		t.Pairs++
		t.Predicted += p.Probability
		if l.truth.same(p.Left, p.Right) {
			t.Observed++
		}
		all++
	}
	for i := range tenths {
		t := &tenths[i]
		t.From = float64(i) / 10
		if n := float64(t.Pairs); n > 0 {
			t.Predicted, t.Observed = t.Predicted/n, t.Observed/n
			off += n / all * max(t.Predicted-t.Observed, t.Observed-t.Predicted)
		}
	}
	return tenths, off
}
