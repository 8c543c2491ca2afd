package homeward

import (
	"slices"
	"time"
)

type CustodyID string

// Custody is one line of the chain of custody of an exhibit: who did what with it, for what purpose, on whose authority.
// The chain is appended to and never changed.
type Custody struct {
	ID        CustodyID
	Exhibit   ExhibitID
	Turn      int // from 0, of its exhibit
	Act       CustodyAct
	Actor     Actor
	At        time.Time
	Person    string // sealed; who else had a part: the collector, or to whom it was handed
	Purpose   string // sealed; what for
	Authority string // sealed; a warrant, a mandate, an order, the standing duty of a role
	// Before is the SHA-256 on record when the act began, After the one computed from the bytes as read when it ended;
	// empty when nothing was read to the end before the line was written. Both sealed.
	Before, After string
}

// String returns the ids alone.
func (c Custody) String() string { return "custody " + string(c.ID) + " of " + string(c.Exhibit) }

// GoString does the same for %#v.
func (c Custody) GoString() string { return c.String() }

// Whole reports whether the bytes that were read are those that were received.
func (c Custody) Whole() bool { return c.After != "" && c.After == c.Before }

// CustodyAct is what was done with an exhibit.
type CustodyAct string

const (
	CustodyCollected   CustodyAct = "collected" // before it came here; recorded with its receipt
	CustodyReceived    CustodyAct = "received"
	CustodyTransferred CustodyAct = "transferred" // to whom is in Person
	CustodyAccessed    CustodyAct = "accessed"    // its bytes were read; the line stands before the first of them is
	CustodyCopied      CustodyAct = "copied"      // a derivative was made of it
	CustodyExported    CustodyAct = "exported"    // a copy left the register
	CustodyVerified    CustodyAct = "verified"    // its bytes were read to the end and hashed again
	CustodySealed      CustodyAct = "sealed"      // the physical item, or a medium, was put under seal
	CustodyHeld        CustodyAct = "held"        // legal hold: it may not be erased
	CustodyReleased    CustodyAct = "released"    // the legal hold was lifted
)

// CustodyActs lists them in the order in which a chain usually has them.
var CustodyActs = []CustodyAct{
	CustodyCollected, CustodyReceived, CustodyTransferred, CustodyAccessed, CustodyCopied, CustodyExported, CustodyVerified,
	CustodySealed, CustodyHeld, CustodyReleased,
}

// Reads reports whether the act reads the exhibit's bytes, so that its line must stand before them.
func (a CustodyAct) Reads() bool {
	return a == CustodyAccessed || a == CustodyCopied || a == CustodyExported
}

// Action returns what one must be allowed to do in order to write a line of the act.
func (a CustodyAct) Action() Action {
	switch a {
	case CustodyCollected, CustodyReceived:
		return ActionAddExhibit
	case CustodyAccessed, CustodyCopied, CustodyVerified:
		return ActionReadExhibit
	case CustodyReleased:
		return ActionLiftHold
	}
	return ActionKeepExhibit
}

// Hold returns the line that put an exhibit under legal hold, while it is; ok is false when it is under none.
func Hold(chain []Custody) (line Custody, ok bool) {
	for _, c := range slices.Backward(chain) {
		if c.Act == CustodyHeld || c.Act == CustodyReleased {
			return c, c.Act == CustodyHeld
		}
	}
	return Custody{}, false
}
