package linkage

// Outcome is a pair of which a probability was told and the truth is known.
type Outcome struct {
	Probability float64
	Same        bool
	For         float64 // how many pairs it stands for, as in [Judged]; 0 is 1
}

// Tenth is the pairs whose probability lies in one tenth: a point of a reliability diagram.
type Tenth struct {
	From      float64 `json:"from"`
	Pairs     float64 `json:"pairs"`
	Predicted float64 `json:"predicted"` // mean probability
	Observed  float64 `json:"observed"`  // share that is one child
}

// Reliability tells how often pairs of a probability are one child, by tenths, and the expected calibration error: how far the
// two lie apart on average, over all pairs.
func Reliability(outcomes []Outcome) (tenths [10]Tenth, off float64) {
	all := 0.0
	for _, o := range outcomes {
		stands := o.For
		if stands == 0 {
			stands = 1
		}
		t := &tenths[max(0, min(int(o.Probability*10), 9))]
		t.Pairs += stands
		t.Predicted += stands * o.Probability
		if o.Same {
			t.Observed += stands
		}
		all += stands
	}
	for i := range tenths {
		t := &tenths[i]
		t.From = float64(i) / 10
		if t.Pairs > 0 {
			t.Predicted, t.Observed = t.Predicted/t.Pairs, t.Observed/t.Pairs
			off += t.Pairs / all * max(t.Predicted-t.Observed, t.Observed-t.Predicted)
		}
	}
	return tenths, off
}
