package homeward

import "time"

// Pair is two records proposed by blocking. Left's id is the smaller one.
type Pair struct {
	ID          PairID
	Left, Right RecordID
	Weight      float64 // log2 Bayes factor
	Probability float64 // its posterior under the model
	Model       ModelID // the model that weighed it, so that each weight can be redrawn years later
	State       PairState
	Urgency     float64 // its place in the queue: the greatest first; negative until it is worked out
	ProposedAt  time.Time
}

// PairState is the axis of a pair.
type PairState string

const (
	PairProposed  PairState = "proposed"
	PairInReview  PairState = "in-review" // somebody gave an opinion on a grave pair; a second reviewer, or a supervisor, is awaited
	PairSame      PairState = "same"
	PairDifferent PairState = "different"
	PairUnsure    PairState = "unsure"
)

// Judgement is what a person says of a pair.
type Judgement string

const (
	Same      Judgement = "same"
	Different Judgement = "different"
	Unsure    Judgement = "unsure"
)

// Valid reports whether j is one of the three judgements.
func (j Judgement) Valid() bool { return j == Same || j == Different || j == Unsure }

// Decision is the judgement on a pair: who, when, on what, why. A decision is never changed: it is revoked, and
// another may follow.
type Decision struct {
	ID          DecisionID
	Pair        PairID
	Left, Right RecordID
	Judgement   Judgement
	Basis       Basis
	By          Actor
	At          time.Time
	Reason      string // sealed; in the words of the one who decided
	Weight      float64
	Model       ModelID // what the machine said at that time; empty for a decision by rule
	Again       Day     // of unsure: when the pair is to be looked at again; 0 when no day was named

	Opinions []OpinionID // of a grave pair: the opinions it rests on, or settles
	Batch    BatchID     // that decided it; empty when people judged the pair for itself

	RevokedAt    time.Time // zero while it stands
	RevokedBy    Actor
	RevokeReason string
}

// Standing reports whether the decision stands at the instant t: taken by then and not revoked by then.
func (d Decision) Standing(t time.Time) bool {
	return !d.At.After(t) && (d.RevokedAt.IsZero() || d.RevokedAt.After(t))
}

// Basis tells what a decision rests on.
type Basis string

// Judged reports whether people judged the pair for itself.
func (b Basis) Judged() bool {
	return b == BasisReview || b == BasisTwoReviewers || b == BasisSupervisor
}

const (
	BasisReview           Basis = "review"            // a person looked at the pair
	BasisVerifiedDocument Basis = "verified-document" // both records carry the same verified document number
	BasisTwoReviewers     Basis = "two-reviewers"     // two people judged a grave pair alike, neither having seen the other's opinion
	BasisSupervisor       Basis = "supervisor"        // two people judged a grave pair differently, and a supervisor decided
	BasisBatch            Basis = "batch"             // a supervisor applied a rule to many pairs, of which people had judged a sample
)
