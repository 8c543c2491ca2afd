package homeward

import (
	"slices"
	"time"
)

// Mark is what was laid upon a record after it came: its source took it back, its processing is restricted, or the law
// holds it. The record itself is never changed, and a mark is never removed: it is lifted, by another than laid it.
type Mark struct {
	ID     MarkID
	Record RecordID
	Kind   MarkKind
	Claim  int // of a retraction: which claim of the record, from 0; [WholeRecord] for all of it
	Ground MarkGround
	By     UserID
	At     time.Time
	Reason string // sealed with the record

	LiftedBy UserID
	LiftedAt time.Time // zero while it stands
	Lifting  string    // sealed; why it was lifted
}

// WholeRecord stands for every claim of a record.
const WholeRecord = -1

// String returns the id alone.
func (m Mark) String() string { return "mark " + string(m.ID) }

// Stands reports whether the mark is not lifted.
func (m Mark) Stands() bool { return m.LiftedAt.IsZero() }

// MarkID is a UUIDv7.
type MarkID string

// MarkKind says what a mark does.
type MarkKind string

const (
	// Retraction: the source took it back. It stays as history; it counts and links no longer.
	Retraction MarkKind = "retraction"
	// Restriction of processing (GDPR art. 18): kept, seen by few, and otherwise not used.
	Restriction MarkKind = "restriction"
	// LegalHold: needed for a legal claim (GDPR art. 17(3)(e)); it must not be erased. It changes nothing else.
	LegalHold MarkKind = "hold"
)

// MarkKinds are all kinds, in the order in which pages list them.
var MarkKinds = []MarkKind{Retraction, Restriction, LegalHold}

// MarkGround says why in law or in fact, beside the words of whoever laid the mark.
type MarkGround string

const (
	GroundSource    MarkGround = "source"    // its source withdrew it
	GroundContested MarkGround = "contested" // its accuracy is contested: art. 18(1)(a)
	GroundUnlawful  MarkGround = "unlawful"  // unlawfully processed, and whom it concerns wants it kept: 18(1)(b)
	GroundClaim     MarkGround = "claim"     // needed for a legal claim: 18(1)(c), 17(3)(e)
	GroundObjection MarkGround = "objection" // an objection is being weighed: 18(1)(d), 21(1)
	GroundConsent   MarkGround = "consent"   // consent was withdrawn
)

// Grounds lists the grounds that a kind of mark may have.
func (k MarkKind) Grounds() []MarkGround {
	switch k {
	case Retraction:
		return []MarkGround{GroundSource}
	case Restriction:
		return []MarkGround{GroundContested, GroundUnlawful, GroundClaim, GroundObjection, GroundConsent}
	case LegalHold:
		return []MarkGround{GroundClaim}
	}
	return nil
}

// Action is what laying a mark of the kind needs.
func (k MarkKind) Action() Action {
	return map[MarkKind]Action{Retraction: ActionRetract, Restriction: ActionRestrict, LegalHold: ActionHold}[k]
}

// Marked returns the record as its standing marks leave it: its state, and the claims that its source took back apart
// from those it stands by.
func (r Record) Marked(marks []Mark) Record {
	var gone []int
	for _, m := range marks {
		switch {
		case !m.Stands() || m.Record != r.ID || m.Kind == LegalHold:
		case m.Claim != WholeRecord:
			gone = append(gone, m.Claim)
		case m.Kind == Restriction:
			r.State = RecordRestricted
		case r.State == RecordAccepted:
			r.State = RecordRetracted
		}
	}
	if len(gone) == 0 {
		return r
	}
	claims := r.Claims
	r.Claims, r.TakenBack = nil, nil
	for i, c := range claims {
		if slices.Contains(gone, i) {
			r.TakenBack = append(r.TakenBack, c)
		} else {
			r.Claims = append(r.Claims, c)
		}
	}
	return r
}
