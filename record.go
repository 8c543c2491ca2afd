package homeward

import (
	"slices"
	"time"
)

// Record is what one source said about one child, exactly as received. It is never updated.
type Record struct {
	ID         RecordID
	Source     SourceID
	Edition    EditionID
	SourceRow  string // the id that the source's own row carries; empty when it carries none
	Line       int    // line or row number in the file, from 1, headings included
	Row        []Cell // the row as received
	Claims     []Claim
	State      RecordState
	Reason     string   // of quarantine: a catalog key, for example "quarantine.no_name"
	Supersedes RecordID // the record of the same row in an earlier edition, when this one changes it
	ReceivedAt time.Time
	AsOf       Date // the edition's date

	Compartment CompartmentID // of its source
	Withheld    Classes       // what the reader's role does not see of it, and was left out
	TakenBack   []Claim       // what its source took back of it
}

// String returns the id alone, so that a record in a log line or an error leaks nothing.
func (r Record) String() string { return "record " + string(r.ID) }

// GoString does the same for %#v.
func (r Record) GoString() string { return r.String() }

// RecordState is the axis of a record: received -> quarantined | accepted. An accepted one may be marked (see [Mark]), and is
// retracted or restricted for as long as the mark stands: neither counts nor links.
type RecordState string

const (
	RecordAccepted    RecordState = "accepted"
	RecordQuarantined RecordState = "quarantined"
	RecordRetracted   RecordState = "retracted"
	RecordRestricted  RecordState = "restricted"
)

// Cell is one cell of a row as received: its heading and its text.
type Cell struct {
	Heading, Text string
}

// First returns the first claim at the path, and whether there is one.
func (r Record) First(p Path) (Claim, bool) {
	for _, c := range r.Claims {
		if c.Path == p {
			return c, true
		}
	}
	return Claim{}, false
}

// All returns the claims at the path, in the order of the row.
func (r Record) All(p Path) []Claim {
	var out []Claim
	for _, c := range r.Claims {
		if c.Path == p {
			out = append(out, c)
		}
	}
	return out
}

// TellsGrave reports whether the record tells of a grave event.
func (r Record) TellsGrave() bool {
	return slices.ContainsFunc(r.Claims, func(c Claim) bool {
		t, _, ok := c.Path.Event()
		return ok && t.Grave()
	})
}
