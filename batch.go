package homeward

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// BatchID names a batch.
type BatchID string

// Batch is one person's judgement for many pairs: a rule, the pairs it took when it was stated, and a random sample of them that
// people judge one by one before the rest may be decided. Another supervisor than stated it applies it. What it decides are
// decisions that name it; they are revoked one by one, or all at once.
type Batch struct {
	ID     BatchID
	Rule   BatchRule
	By     Actor
	At     time.Time
	Reason string // sealed; in the words of the one who stated it
	Seed   string // 64 hex digits, drawn by the machine when the batch was stated: the sample follows from it
	Pairs  int    // how many the rule took then
	Sample int    // how many of them are the sample
	Acts   []BatchAct
}

// BatchRule says which pairs that nobody judged yet a batch takes, and what it decides on each. Both records lie in one
// compartment; none is taken back, restricted or of a child whom nobody may look for; the pair is not grave.
type BatchRule struct {
	Compartment CompartmentID
	Judgement   Judgement // same or different
	Bound       float64   // the probability is at least this, of same; at most this, of different
	Told        []Telling // what the records have to tell of the two, each of it
	Bears       int       // of a thousand pairs that the batch would decide, how many may be wrong at the most
}

// Telling is what two records say of one another in one respect: a comparison of linkage and its level, "birth.day".
type Telling string

// tellings are what a rule may ask for; of each, the levels that satisfy it.
var tellings = map[Judgement][]Telling{
	Same: {"name.all", "name.family_given", "birth.day", "sex.same", "birth_place.same", "home.same", "taken_from.same",
		"mother.same", "father.same", "siblings.same", "document.same"},
	Different: {"name.different", "birth.different", "sex.differ", "birth_place.differ", "home.differ", "mother.differ", "father.differ"},
}

// Tellings lists what a rule of the judgement may ask for, in the order of pages.
func Tellings(j Judgement) []Telling { return tellings[j] }

// Parts are the comparison and the level.
func (t Telling) Parts() (comparison, level string) {
	comparison, level, _ = strings.Cut(string(t), ".")
	return comparison, level
}

// Met reports whether a comparison at a level tells it. Where a patronymic is not asked for, one that agrees does no harm.
func (t Telling) Met(comparison, level string) bool {
	return string(t) == comparison+"."+level || t == "name.family_given" && comparison == "name" && level == "all"
}

// Bounds lists the probabilities a rule of the judgement may be bound to.
func Bounds(j Judgement) []float64 {
	if j == Same {
		return []float64{0.999, 0.99, 0.95, 0.9}
	}
	return []float64{0.02, 0.05, 0.1}
}

// BatchBears lists how many wrong decisions of a thousand a rule may bear.
var BatchBears = []int{5, 10, 20, 50}

// Valid says what is wrong with a rule: that it decides "same" by probability and names alone is refused.
func (r BatchRule) Valid() error {
	wrong := func(key, text string) error {
		return &Message{Key: key, Kind: ErrInvalid, Text: "state batch: " + text}
	}
	switch {
	case r.Judgement != Same && r.Judgement != Different, !slices.Contains(Bounds(r.Judgement), r.Bound), !slices.Contains(BatchBears, r.Bears), r.Compartment == "":
		return fmt.Errorf("state batch: no such rule: %w", ErrInvalid)
	case slices.ContainsFunc(r.Told, func(t Telling) bool { return !slices.Contains(tellings[r.Judgement], t) }):
		return wrong("batch.wrong_told", "the records cannot be asked that for this judgement")
	case !slices.ContainsFunc(r.Told, func(t Telling) bool { return !strings.HasPrefix(string(t), "name.") && t != "sex.same" }):
		return wrong("batch.too_little", "a rule has to ask for more than the name and the sex")
	}
	return nil
}

// Takes reports whether the rule takes a probability.
func (r BatchRule) Takes(probability float64) bool {
	if r.Judgement == Same {
		return probability >= r.Bound
	}
	return probability <= r.Bound
}

// BatchActKind is a step in the life of a batch.
type BatchActKind string

const (
	BatchApply   BatchActKind = "apply"   // the sample was judged, and another supervisor applies it; or goes on where it stopped
	BatchDone    BatchActKind = "done"    // the machine: every pair was decided or left out
	BatchRevoke  BatchActKind = "revoke"  // what it decided is taken back
	BatchUndone  BatchActKind = "undone"  // the machine: everything was taken back, or could not be
	BatchDiscard BatchActKind = "discard" // it is given up before it was applied
)

// BatchAct is a step that somebody took.
type BatchAct struct {
	Turn   int
	Kind   BatchActKind
	By     Actor
	At     time.Time
	Reason string // sealed; of the machine's own acts empty
}

// BatchState is the axis of a batch.
type BatchState string

const (
	BatchSampling  BatchState = "sampling" // people judge the sample
	BatchApplying  BatchState = "applying"
	BatchApplied   BatchState = "applied"
	BatchRevoking  BatchState = "revoking"
	BatchRevoked   BatchState = "revoked"
	BatchDiscarded BatchState = "discarded"
)

var batchStates = map[BatchActKind]BatchState{
	BatchApply: BatchApplying, BatchDone: BatchApplied, BatchRevoke: BatchRevoking, BatchUndone: BatchRevoked, BatchDiscard: BatchDiscarded,
}

// State is where the last act left the batch.
func (b Batch) State() BatchState {
	if len(b.Acts) == 0 {
		return BatchSampling
	}
	return batchStates[b.Acts[len(b.Acts)-1].Kind]
}

// Follows reports whether an act may come next. Who applies may be followed by another, where the first may decide no longer.
func (b Batch) Follows(k BatchActKind) bool {
	at := b.State()
	switch k {
	case BatchApply:
		return at == BatchSampling || at == BatchApplying
	case BatchDone:
		return at == BatchApplying
	case BatchRevoke:
		return at == BatchApplying || at == BatchApplied || at == BatchRevoking
	case BatchUndone:
		return at == BatchRevoking
	}
	return k == BatchDiscard && at == BatchSampling
}

// Hand is who carries out what is under way: who took the last act.
func (b Batch) Hand() Actor {
	if len(b.Acts) == 0 {
		return b.By
	}
	return b.Acts[len(b.Acts)-1].By
}

// BatchOutcome is what became of one pair of a batch.
type BatchOutcome string

const (
	BatchWaits   BatchOutcome = ""        // nothing yet
	BatchDecided BatchOutcome = "decided" // by the batch
	BatchJudged  BatchOutcome = "judged"  // by people, for itself: the sample, and what was decided meanwhile
	BatchGrave   BatchOutcome = "grave"   // it has become grave, and takes two people
	BatchAway    BatchOutcome = "away"    // a record is taken back, restricted, erased, or of a child whom nobody may look for
	BatchChanged BatchOutcome = "changed" // the rule does not take it any more
	BatchApart   BatchOutcome = "apart"   // it would contradict what stands: join what is different, or part what is joined
	BatchTaken   BatchOutcome = "taken"   // the decision was taken back
	BatchKept    BatchOutcome = "kept"    // the decision could not be taken back: something grave would move by that
)

// BatchOutcomes lists what may become of a pair, in the order of pages.
var BatchOutcomes = []BatchOutcome{BatchWaits, BatchDecided, BatchJudged, BatchGrave, BatchAway, BatchChanged, BatchApart, BatchTaken, BatchKept}

// BatchPair is one pair of a batch.
type BatchPair struct {
	Pair     PairID
	Drawn    int // its place in the sample, from 0; -1 when it is not in it
	Outcome  BatchOutcome
	Decision DecisionID // by the batch; empty when there is none
}
