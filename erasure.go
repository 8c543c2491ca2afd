package homeward

import (
	"slices"
	"time"
)

// Erasure is a request to erase a child from the register, and what became of it. Erasing is also an attack: a false parent asks us
// to forget a child. So who asks is checked, two approve, neither of them who entered the request, fourteen days pass, and a
// legal hold stands in the way for as long as it stands.
type Erasure struct {
	ID      ErasureID
	Person  PersonID // as the child went by when it was asked for
	Records []RecordID
	Ground  ErasureGround
	By      UserID // who entered the request
	At      time.Time
	Asker   string // sealed with the first record: who asks, and what for
	Acts    []ErasureAct
}

// ErasureID is a UUIDv7.
type ErasureID string

// String returns the id alone.
func (e Erasure) String() string { return "erasure " + string(e.ID) }

// ErasureGround is why the law gives a right to it: GDPR art. 17(1).
type ErasureGround string

const (
	ErasureUnneeded  ErasureGround = "unneeded"  // no longer needed for what it was collected for: (a)
	ErasureConsent   ErasureGround = "consent"   // consent was withdrawn, and nothing else allows it: (b)
	ErasureObjection ErasureGround = "objection" // an objection outweighs: (c)
	ErasureUnlawful  ErasureGround = "unlawful"  // unlawfully processed: (d)
)

// ErasureGrounds are all grounds.
var ErasureGrounds = []ErasureGround{ErasureUnneeded, ErasureConsent, ErasureObjection, ErasureUnlawful}

// ErasureAct is one act of the procedure.
type ErasureAct struct {
	ID    string
	Turn  int
	Kind  ErasureActKind
	By    UserID
	At    time.Time
	Words string // sealed with the first record: how identity was checked, why it was approved or refused
}

// ErasureActKind is what was done.
type ErasureActKind string

const (
	IdentityChecked ErasureActKind = "checked"
	ErasureApproved ErasureActKind = "approved"
	ErasureRefused  ErasureActKind = "refused" // also: taken back by who asked
	ErasureBegun    ErasureActKind = "begun"   // from here on it is finished, whatever happens
	ErasureDone     ErasureActKind = "done"
)

// ErasureState is where an erasure stands.
type ErasureState string

const (
	ErasureAsked   ErasureState = "asked"    // identity is to be checked
	ErasureChecked ErasureState = "checked"  // two are to approve
	ErasureSecond  ErasureState = "second"   // another is to approve
	ErasureWaiting ErasureState = "waiting"  // the days of reflection pass
	ErasureRunning ErasureState = "running"  // it is being carried out
	ErasureGone    ErasureState = "gone"     // erased
	ErasureDenied  ErasureState = "declined" // refused or taken back
)

// ErasureDelay is how long an erasure waits after the second approval, so that whoever works with the child can object.
const ErasureDelay = 14 * 24 * time.Hour

// State follows from the acts.
func (e Erasure) State() ErasureState {
	switch {
	case e.has(ErasureDone):
		return ErasureGone
	case e.has(ErasureRefused):
		return ErasureDenied
	case e.has(ErasureBegun):
		return ErasureRunning
	}
	switch len(e.approvals()) {
	case 0:
		if e.has(IdentityChecked) {
			return ErasureChecked
		}
		return ErasureAsked
	case 1:
		return ErasureSecond
	}
	return ErasureWaiting
}

// Due returns when it may be carried out; zero before two have approved.
func (e Erasure) Due() time.Time {
	if a := e.approvals(); len(a) >= 2 {
		return a[1].At.Add(ErasureDelay)
	}
	return time.Time{}
}

// Open reports whether something is still to be done.
func (e Erasure) Open() bool { return e.State() != ErasureGone && e.State() != ErasureDenied }

// Approvable reports whether a user may approve now: another than who entered it, and than who approved before.
func (e Erasure) Approvable(by UserID) bool {
	waits := e.State() == ErasureChecked || e.State() == ErasureSecond
	return waits && by != e.By && !slices.ContainsFunc(e.approvals(), func(a ErasureAct) bool { return a.By == by })
}

func (e Erasure) has(kind ErasureActKind) bool {
	return slices.ContainsFunc(e.Acts, func(a ErasureAct) bool { return a.Kind == kind })
}

func (e Erasure) approvals() (out []ErasureAct) {
	for _, a := range e.Acts {
		if a.Kind == ErasureApproved {
			out = append(out, a)
		}
	}
	return out
}
