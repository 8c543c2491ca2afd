package homeward

import (
	"slices"
	"strings"
	"time"
)

type (
	RequestID       string
	ConsentID       string
	MoveID          string
	DeterminationID string
)

// Code is what a family is given to ask by: random, and telling nothing.
func (id RequestID) Code() string {
	_, random, ok := strings.Cut(string(id[min(len(id), 19):]), "-")
	if !ok || len(random) != 12 {
		return ""
	}
	return "TR-" + random[:4] + "-" + random[4:8] + "-" + random[8:]
}

// Request is a tracing request: a family's search for one or several children. It is a source of its own; each sought
// child is a record of it. What is known of it grows by moves, answers about consent, determinations, children added and records
// that correct records; nothing in it is changed.
type Request struct {
	ID            RequestID
	Compartment   CompartmentID
	Source        SourceID // the request as the source of its records
	Inquirer      Inquirer
	Circumstances string     // sealed; how the family and the children were parted, in the inquirer's words
	Sought        []RecordID // in the order in which they were told; of each child the first record
	By            UserID     // who recorded it
	At            time.Time
	Moves         []Move          // oldest first; the first opens it
	Consents      []Consent       // oldest first
	Determined    []Determination // oldest first
}

// String returns the id alone.
func (r Request) String() string { return "request " + string(r.ID) }

// GoString does the same for %#v.
func (r Request) GoString() string { return r.String() }

// Last returns the move that led where the request stands.
func (r Request) Last() Move {
	if len(r.Moves) == 0 {
		return Move{}
	}
	return r.Moves[len(r.Moves)-1]
}

// State returns where the request stands.
func (r Request) State() RequestState { return r.Last().To }

// Standing returns the last answer about a purpose; ok is false when nobody was asked.
func (r Request) Standing(p Purpose) (c Consent, ok bool) {
	for _, x := range slices.Backward(r.Consents) {
		if x.Purpose == p {
			return x, true
		}
	}
	return c, false
}

// ConsentsTo reports whether consent to the purpose stands.
func (r Request) ConsentsTo(p Purpose) bool {
	c, ok := r.Standing(p)
	return ok && c.Answer == ConsentGiven
}

// MayLeadTo reports whether the request may be led to a state now, whoever leads it: the axis leads there, and nobody is
// called reunified whose best interests were not determined.
func (r Request) MayLeadTo(to RequestState) bool {
	return r.State().LeadsTo(to) && (to != RequestReunified || len(r.Undetermined()) == 0)
}

// Interests returns the determination that stands of a sought child: the last; ok is false when there is none.
func (r Request) Interests(child RecordID) (d Determination, ok bool) {
	for _, x := range slices.Backward(r.Determined) {
		if x.Child == child {
			return x, true
		}
	}
	return d, false
}

// Undetermined returns the sought children who may not be called reunified: no determination stands that it is best for
// them to be with this family, and no supervisor's waiver of one.
func (r Request) Undetermined() (out []RecordID) {
	for _, child := range r.Sought {
		if d, _ := r.Interests(child); d.Outcome != InterestsFamily && d.Outcome != InterestsWaived {
			out = append(out, child)
		}
	}
	return out
}

// Inquirer is the person who opens a tracing request. All of it is sealed.
type Inquirer struct {
	Name         string
	Relationship Relationship
	Contact      string // how they are reached: a telephone number, an address
}

// Relationship is who the inquirer says to be to the children.
type Relationship string

const (
	RelationMother      Relationship = "mother"
	RelationFather      Relationship = "father"
	RelationGrandparent Relationship = "grandparent"
	RelationSibling     Relationship = "sibling"
	RelationRelative    Relationship = "relative"
	RelationGuardian    Relationship = "guardian"
	RelationOther       Relationship = "other"
)

// Relationships lists them in the order in which forms offer them.
var Relationships = []Relationship{
	RelationMother, RelationFather, RelationGrandparent, RelationSibling, RelationRelative, RelationGuardian, RelationOther,
}

// Consent is one answer of the inquirer about one purpose. The last answer about a purpose stands.
type Consent struct {
	ID      ConsentID
	Purpose Purpose
	Answer  ConsentAnswer
	Scope   string // sealed; to what, to whom, how it was said
	By      UserID // who recorded it
	At      time.Time
}

// Purpose is what consent is asked for.
type Purpose string

const (
	PurposeTracing    Purpose = "tracing"    // that the children are looked for
	PurposeSharing    Purpose = "sharing"    // that what is known is shared with other organisations
	PurposePublishing Purpose = "publishing" // that something is made public
)

// Purposes lists them in the order in which they are asked.
var Purposes = []Purpose{PurposeTracing, PurposeSharing, PurposePublishing}

// ConsentAnswer is given, refused or withdrawn.
type ConsentAnswer string

const (
	ConsentGiven     ConsentAnswer = "given"
	ConsentRefused   ConsentAnswer = "refused"
	ConsentWithdrawn ConsentAnswer = "withdrawn"
)

// Follows reports whether the answer can follow the one that stands, which is empty when nobody was asked: only what was
// given is withdrawn, and what was given is not refused.
func (a ConsentAnswer) Follows(stands ConsentAnswer) bool {
	switch a {
	case ConsentGiven:
		return true
	case ConsentRefused:
		return stands != ConsentGiven
	case ConsentWithdrawn:
		return stands == ConsentGiven
	}
	return false
}

// Move leads a request from one state to another.
type Move struct {
	ID     MoveID
	Turn   int // from 0, of its request
	To     RequestState
	Reason string // sealed
	By     UserID
	At     time.Time
}

// RequestState is the axis of a tracing request.
type RequestState string

const (
	RequestOpen       RequestState = "open"
	RequestInProgress RequestState = "in-progress"
	RequestProposed   RequestState = "proposed"  // people decided that a record of another source is a sought child
	RequestVerified   RequestState = "verified"  // of the relationship: it is real, and both sides are willing
	RequestReunified  RequestState = "reunified" // the children are with their family
	RequestClosed     RequestState = "closed"
	RequestSuspended  RequestState = "suspended"
	RequestWithdrawn  RequestState = "withdrawn" // the family no longer asks, or no longer consents to tracing
)

// RequestStates lists the states in the order of the axis.
var RequestStates = []RequestState{
	RequestOpen, RequestInProgress, RequestProposed, RequestVerified, RequestReunified, RequestClosed, RequestSuspended, RequestWithdrawn,
}

// next says where each state may lead. Every step can be taken back: from anywhere a request goes back to work.
var next = map[RequestState][]RequestState{
	"":                {RequestOpen},
	RequestOpen:       {RequestInProgress, RequestSuspended, RequestWithdrawn, RequestClosed},
	RequestInProgress: {RequestProposed, RequestSuspended, RequestWithdrawn, RequestClosed},
	RequestProposed:   {RequestVerified, RequestInProgress, RequestSuspended, RequestWithdrawn},
	RequestVerified:   {RequestReunified, RequestInProgress, RequestSuspended, RequestWithdrawn},
	RequestReunified:  {RequestClosed, RequestInProgress},
	RequestClosed:     {RequestInProgress},
	RequestSuspended:  {RequestInProgress, RequestWithdrawn, RequestClosed},
	RequestWithdrawn:  {RequestInProgress},
}

// Next returns the states that the state may lead to.
func (s RequestState) Next() []RequestState { return next[s] }

// LeadsTo reports whether the state may lead to the other.
func (s RequestState) LeadsTo(to RequestState) bool { return slices.Contains(next[s], to) }

// NeedsReason reports whether a move from the state to the other must say why: all but opening, beginning and proposing
// must, and so must taking anything up again.
func (s RequestState) NeedsReason(to RequestState) bool {
	switch to {
	case RequestOpen, RequestProposed:
		return false
	case RequestInProgress:
		return s != RequestOpen
	}
	return true
}

// TakesChildren reports whether a child may be added to those that are sought: while nobody has said that they were found.
func (s RequestState) TakesChildren() bool { return s == RequestOpen || s == RequestInProgress }

// Works reports whether the children are looked for in the state, which needs consent.
func (s RequestState) Works() bool {
	return s == RequestInProgress || s == RequestProposed || s == RequestVerified || s == RequestReunified
}

// SaysFound reports whether the state says that a sought child was found, which needs a decision of people.
func (s RequestState) SaysFound() bool {
	return s == RequestProposed || s == RequestVerified || s == RequestReunified
}

// Action returns what one must be allowed to do in order to move a request to the state.
func (s RequestState) Action() Action {
	switch s {
	case RequestVerified:
		return ActionVerifyFamily
	case RequestReunified:
		return ActionReunify
	}
	return ActionTrace
}

// Determination is what was determined to be in the best interests of a sought child (a best-interests determination, BID), or a
// supervisor's waiver of one. The last about a child stands.
type Determination struct {
	ID      DeterminationID
	Child   RecordID // of [Request.Sought]
	Outcome Interests
	Grounds string // sealed; on what it rests, or why none is needed
	Wishes  string // sealed; what the child wishes, or why it was not asked
	By      UserID
	At      time.Time
}

// Interests is the outcome of a determination.
type Interests string

const (
	InterestsFamily    Interests = "family"    // it is best for the child to be with this family
	InterestsElsewhere Interests = "elsewhere" // it is not, or not yet: alternative care
	InterestsWaived    Interests = "waived"    // a supervisor says why none is needed
)

// AllInterests lists the outcomes in the order in which forms offer them.
var AllInterests = []Interests{InterestsFamily, InterestsElsewhere, InterestsWaived}

// Action returns what one must be allowed to do in order to record the outcome.
func (i Interests) Action() Action {
	if i == InterestsWaived {
		return ActionWaive
	}
	return ActionDetermine
}
