package review

import (
	"maps"
	"math"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Probabilities are calibrated on what people decided: on pairs, one by one, same or different. Unsure says neither, and what
// the rule of the verified document joined was judged by nobody. It takes this many decisions in force:
const (
	leastJudged = 200 // in all
	leastOfEach = 30  // same, and different
	leastInBand = 10  // in each of leastBands bands
	leastBands  = 4
)

// bandBits is how wide a band of weights is. Within a band a decided pair stands for as many as there are for each decided: people
// decide where they are asked, and of nearly certain pairs they are asked less.
const bandBits = 2

// calibrate sets a new calibration on the agenda when there are decisions enough, and a quarter more or fewer than the one in force
// was learned from. Pairs are read only when the number of decided ones has moved as much.
func (r *Review) calibrate(tx *store.Tx, w *agenda, counts map[homeward.PairState]int) error {
	decided := counts[homeward.PairSame] + counts[homeward.PairDifferent]
	if w.all || w.model == nil || decided < leastJudged || !moved(decided, r.looked) {
		return nil
	}
	judged, err := r.judged(tx)
	if err != nil {
		return err
	}
	w.looked = decided
	if spread(judged) && moved(len(judged), w.model.judged()) {
		w.calibration, w.all = linkage.Calibrate(w.model.model, judged), true
	}
	return nil
}

// moved reports whether a number is a quarter away from what it was.
func moved(now, was int) bool { return 4*now >= 5*was || 4*now <= 3*was }

// judged returns the pairs on which a decision of a person is in force, by their present weight.
func (r *Review) judged(tx *store.Tx) ([]linkage.Judged, error) {
	pairs, err := tx.PairFacts()
	if err != nil {
		return nil, err
	}
	decisions, err := tx.DecisionFacts()
	if err != nil {
		return nil, err
	}
	same := map[homeward.PairID]bool{}
	for _, d := range newestStanding(decisions) {
		id, _, _, ok := r.lines.pair(d.Pair)
		if delete(same, id); ok && d.Basis.Judged() && d.Judgement != homeward.Unsure {
			same[id] = d.Judgement == homeward.Same
		}
	}
	there, decided := map[int]float64{}, map[int]float64{}
	weight := make(map[homeward.PairID]float64, len(same))
	for _, p := range pairs {
		there[band(p.Weight)]++
		if _, ok := same[p.ID]; ok {
			weight[p.ID] = p.Weight
			decided[band(p.Weight)]++
		}
	}
	out := make([]linkage.Judged, 0, len(weight))
	for _, id := range slices.Sorted(maps.Keys(weight)) {
		b := band(weight[id])
		out = append(out, linkage.Judged{Weight: weight[id], Same: same[id], For: there[b] / decided[b]})
	}
	return out, nil
}

func band(weight float64) int { return int(math.Floor(weight / bandBits)) }

// spread reports whether decisions are enough, of both kinds, and not all of pairs alike.
func spread(judged []linkage.Judged) bool {
	same, in := 0, map[int]int{}
	for _, j := range judged {
		in[band(j.Weight)]++
		if j.Same {
			same++
		}
	}
	bands := 0
	for _, n := range in {
		if n >= leastInBand {
			bands++
		}
	}
	return len(judged) >= leastJudged && min(same, len(judged)-same) >= leastOfEach && bands >= leastBands
}

// judged is how many decisions a model is calibrated on.
func (t *trained) judged() int {
	if t.calibration == nil {
		return 0
	}
	return t.calibration.Judged
}

// pair is a pair as this model has it.
func (t *trained) pair(p linkage.Pair) homeward.Pair {
	left, right := homeward.RecordID(p.Left), homeward.RecordID(p.Right)
	if t.calibration != nil {
		p.Probability = t.calibration.Probability(p.Weight)
	}
	return homeward.Pair{
		ID: homeward.PairOf(left, right), Left: left, Right: right, Weight: p.Weight, Probability: p.Probability, Model: t.id,
	}
}

// floor is the probability before calibration below which a pair is not stored.
func (t *trained) floor() float64 {
	if t.calibration == nil {
		return Floor
	}
	lambda := t.model.Lambda
	return 1 / (1 + math.Exp2(-t.calibration.WeightAt(Floor))*(1-lambda)/lambda)
}
