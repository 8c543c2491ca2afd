package homeward

import (
	"slices"
	"strings"
	"time"
)

// AssessmentID names a legal assessment.
type AssessmentID string

// Assessment is what a named human concludes in law of an act that a record tells of. It is no part of the act: what happened stays
// what its source said. It is never changed; another replaces it.
type Assessment struct {
	ID       AssessmentID
	Record   RecordID  // that tells of the act
	Event    EventType // the act
	Law      Law
	Standard Standard
	// What follows is sealed with the record.
	Elements   []Element
	Parties    []Applicability
	Conclusion string
	Author     string // who concludes: a human's name, with the office
	Replaces   AssessmentID
	By         UserID // who entered it
	At         time.Time
	ReplacedBy AssessmentID // the one that replaces this; empty while it stands
}

// String returns the id alone.
func (a Assessment) String() string { return "assessment " + string(a.ID) }

// GoString does the same for %#v.
func (a Assessment) GoString() string { return a.String() }

// Complete reports whether a conclusion says all that it must: of which act, under which law, to which standard, on which elements,
// for which party, in which words, and whose they are.
func (a Assessment) Complete() bool {
	words := []string{a.Conclusion, a.Author}
	for _, e := range a.Elements {
		words = append(words, e.Name, e.Grounds)
		if !slices.Contains(Findings, e.Finding) {
			return false
		}
	}
	for _, p := range a.Parties {
		words = append(words, p.Party, p.Grounds)
		if !slices.Contains(Applications, p.Applies) {
			return false
		}
	}
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	return a.Event.Valid() && slices.Contains(Laws, a.Law) && slices.Contains(Standards, a.Standard) &&
		len(a.Elements) > 0 && len(a.Parties) > 0 && !slices.ContainsFunc(words, blank)
}

// Element is one element of a provision: whether it is met, and on what that rests.
type Element struct {
	Name    string
	Finding Finding
	Grounds string
}

// Finding says of an element whether it is met.
type Finding string

// Findings lists them, the firmest first.
var Findings = []Finding{"met", "open", "not-met"}

// Applicability says whether a provision binds a party, and why: a treaty binds who ratified it, and when.
type Applicability struct {
	Party   string
	Applies Application
	Grounds string
}

// Application says whether a provision binds a party.
type Application string

// Applications lists them.
var Applications = []Application{"applies", "contested", "does-not-apply"}

// Law is a provision by which an act is assessed.
type Law string

// Laws lists the provisions, each by its treaty and article: Geneva Convention IV, the Rome Statute, the Genocide Convention.
var Laws = []Law{"gc4-49", "gc4-50", "rome-7-1-d", "rome-8-2-a-vii", "rome-8-2-b-viii", "genocide-2-e"}

// Standard is a standard of proof.
type Standard string

// Standards lists them, the lowest first. The last is for a court, whose finding may be recorded.
var Standards = []Standard{"indication", "reasonable-grounds", "clear-and-convincing", "beyond-reasonable-doubt"}
