package homeward

import "time"

// Opinion is what one person judged of a grave pair: one whose joining would give a child whereabouts, a return or a death that
// another record tells of. It is kept, and moves nothing, until a second person, who was not shown it, has judged the pair
// too: alike, and a decision stands on both; otherwise a supervisor decides. It is never changed.
type Opinion struct {
	ID          OpinionID
	Pair        PairID
	Left, Right RecordID
	Judgement   Judgement
	By          Actor
	At          time.Time
	Reason      string // sealed; in the words of the one who judged
	Weight      float64
	Model       ModelID

	EndedAt  time.Time  // zero while it waits
	Decision DecisionID // that it led to; empty while it waits, and when its author took it back
}

// Waits reports whether nothing has come of the opinion yet.
func (o Opinion) Waits() bool { return o.EndedAt.IsZero() }

// Awaits is what a grave pair on which opinions wait needs.
type Awaits string

const (
	AwaitsNobody     Awaits = ""
	AwaitsSecond     Awaits = "second"     // another person, who is not shown the opinion that waits
	AwaitsSupervisor Awaits = "supervisor" // one who sees the opinions, because they differ
)

// AwaitedBy tells what a pair needs on which these opinions wait. Two that are alike make a decision at once, so that of two
// that wait each says something else.
func AwaitedBy(opinions []Opinion) Awaits {
	switch len(opinions) {
	case 0:
		return AwaitsNobody
	case 1:
		return AwaitsSecond
	}
	return AwaitsSupervisor
}
