package lists

import (
	"math"
	"slices"
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
	BlockingRecall float64 `json:"blocking_recall"` // share of true pairs that were proposed and kept
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

// score compares the result with the truth, where it is known.
func (l *Linked) score() {
	if l.truth == nil {
		return
	}
	s := &Scores{TruePairs: l.pairsIn(l.truth)}
	l.scorePairs(s)
	l.scoreClusters(s)
	s.Calibration, s.CalibrationError = l.calibrate()
	l.Scores = s
}

// scorePairs scores pairs at every probability, the greatest first.
func (l *Linked) scorePairs(s *Scores) {
	wanted := float64(s.TruePairs)
	both, judged := 0.0, l.judged()
	s.AtThreshold = counted(0, 0, wanted)
	for i := range judged {
		j := judged[len(judged)-1-i]
		both += float64(j & 1)
		if i+1 < len(judged) && judged[len(judged)-2-i]>>1 == j>>1 {
			continue // of one probability all or none
		}
		now, probability := counted(both, float64(i+1), wanted), math.Float64frombits(j>>1)
		if now.F1 > s.Best.F1 {
			s.Best, s.BestThreshold = now, probability
		}
		if probability >= l.Options.Threshold {
			s.AtThreshold = now
		}
	}
	s.BlockingRecall = counted(both, both, wanted).Recall
}

// judged returns the probabilities of all pairs, sorted, each with a last bit that says whether the pair is true. The bits of
// numbers from 0 to 1 sort as the numbers do, and the highest is not needed.
func (l *Linked) judged() []uint64 {
	out := make([]uint64, len(l.Pairs))
	inParallel(len(out), func(i int) {
		out[i] = math.Float64bits(l.Pairs[i].Probability) << 1
		if l.truth.same(l.Pairs[i]) {
			out[i]++
		}
	})
	slices.Sort(out)
	return out
}

// scoreClusters scores the clusters, by pairs and by B-cubed.
func (l *Linked) scoreClusters(s *Scores) {
	shared := l.Clusters.and(l.truth)
	found, wanted := l.Clusters.sizes(), l.truth.sizes()
	precision, recall := 0.0, 0.0
	for row, n := range shared.sizes() {
		if n := float64(n); n > 0 {
			precision += n * n / float64(found[l.Clusters[row]])
			recall += n * n / float64(wanted[l.truth[row]])
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
		if l.truth.same(p) {
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
