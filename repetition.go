package homeward

import (
	"slices"
	"time"
)

// RepetitionID names a repetition.
type RepetitionID string

// Repetition is what a supervisor found out of two sources: one repeats the other, wholly or from one of its editions on. What
// it says then is of the other's origin, and corroborates nothing that the other says. It can be taken back.
type Repetition struct {
	ID       RepetitionID
	Source   SourceID  // that repeats
	Original SourceID  // that is repeated
	Since    EditionID // of the source, the first that repeats; empty: wholly
	From     time.Time // when that edition was received; zero: wholly
	By       UserID
	At       time.Time
	Reason   string // how it is known
	EndedBy  UserID
	EndedAt  time.Time
	Ending   string // why it was taken back
}

// StandsAt reports whether it was said by then, and not taken back by then.
func (r Repetition) StandsAt(t time.Time) bool {
	return !r.At.After(t) && (r.EndedAt.IsZero() || r.EndedAt.After(t))
}

// Repetitions are those that stand. A source repeats one other at a time.
type Repetitions []Repetition

// StandingAt returns those that stood at a time.
func (l Repetitions) StandingAt(t time.Time) Repetitions {
	return slices.DeleteFunc(slices.Clone(l), func(r Repetition) bool { return !r.StandsAt(t) })
}

// Origin returns the source from which comes what a source said in a record that was received at a time: itself, or the last in the
// chain of those that are repeated.
func (l Repetitions) Origin(of SourceID, received time.Time) SourceID {
	for range l { // no chain is longer; one that closes ends all the same
		i := slices.IndexFunc(l, func(r Repetition) bool { return r.Source == of && !received.Before(r.From) })
		if i < 0 {
			break
		}
		of = l[i].Original
	}
	return of
}
