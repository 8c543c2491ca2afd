package homeward

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

type CitationID string

// Citation says what a place in an exhibit says of a claim. What contradicts a claim, and what speaks for somebody accused,
// is cited as what supports it is, and always shown.
type Citation struct {
	ID      CitationID
	Exhibit ExhibitID
	Record  RecordID // whose claim it is
	Path    Path     // sealed, as is all that follows but By and At; the claim, within its record
	Value   string   // as the record has it
	Stance  Stance
	Locator Locator
	Quote   string // the words at the place, verbatim
	// Grade is the reliability of the exhibit's source (A to F) apart from the credibility of what it says (1 to 6), on the
	// Admiralty scale (NATO AJP-2.1).
	Grade     Grade
	Withdraws CitationID // of stance withdrawn: which one
	Reason    string     // of stance withdrawn: why
	By        UserID
	At        time.Time
	Withdrawn *Citation // the citation that withdraws this one; nil while it stands
}

// String returns the id alone.
func (c Citation) String() string { return "citation " + string(c.ID) }

// GoString does the same for %#v.
func (c Citation) GoString() string { return c.String() }

// Stance is what a place in an exhibit does to a claim.
type Stance string

const (
	StanceSupports    Stance = "supports"
	StanceContradicts Stance = "contradicts"
	StanceExculpates  Stance = "exculpates" // speaks for somebody whom the claim accuses
	StanceWithdrawn   Stance = "withdrawn"  // takes an earlier citation back
)

// Stances lists those that a citation can be made with, in the order in which they are shown: what speaks against a claim
// stands before what speaks for it.
var Stances = []Stance{StanceContradicts, StanceExculpates, StanceSupports}

// SortCitations puts what speaks against claims first, and what was withdrawn last; otherwise the oldest first.
func SortCitations(list []Citation) {
	rank := func(c Citation) int {
		if c.Withdrawn != nil {
			return len(Stances)
		}
		return slices.Index(Stances, c.Stance)
	}
	slices.SortStableFunc(list, func(a, b Citation) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// Reliabilities and Credibilities are the two scales of a [Grade], the best first. F and 6 say that it cannot be judged.
var (
	Reliabilities = []string{"A", "B", "C", "D", "E", "F"}
	Credibilities = []string{"1", "2", "3", "4", "5", "6"}
)

// Valid reports whether both halves are on their scales or empty.
func (g Grade) Valid() bool {
	return (g.Reliability == "" || slices.Contains(Reliabilities, g.Reliability)) &&
		(g.Credibility == "" || slices.Contains(Credibilities, g.Credibility))
}

// ParseGrade reads a grade written as "B2". ErrInvalid when it is none.
func ParseGrade(text string) (Grade, error) {
	if len(text) == 2 {
		if g := (Grade{Reliability: text[:1], Credibility: text[1:]}); g.Valid() {
			return g, nil
		}
	}
	return Grade{}, fmt.Errorf("a grade is a letter from A to F and a number from 1 to 6: %w", ErrInvalid)
}

// AtLeast reports whether both halves are as good as a floor's or better. What is not graded never is.
func (g Grade) AtLeast(floor Grade) bool {
	return g.Reliability != "" && g.Credibility != "" && g.Reliability <= floor.Reliability && g.Credibility <= floor.Credibility
}

// String writes a grade as "B2", what is missing as a dash.
func (g Grade) String() string { return cmp.Or(g.Reliability, "–") + cmp.Or(g.Credibility, "–") }
