package homeward

import "time"

type (
	ReferralID   string
	GlassID      string
	AssignmentID string
)

// Referral opens a child's records to a colleague, from the moment it is accepted until a date.
type Referral struct {
	ID       ReferralID
	Person   PersonID // as it went by when it was offered
	Records  []RecordID
	Classes  Classes // what of them
	From, To UserID
	State    ReferralState
	Reason   string // sealed; in the words of the one who refers
	At       time.Time
	Until    time.Time
}

// String returns the id alone.
func (r Referral) String() string { return "referral " + string(r.ID) }

// ReferralState is the axis of a referral: offered -> accepted | declined; offered or accepted -> ended. One whose time
// has passed is over whatever its state.
type ReferralState string

const (
	ReferralOffered  ReferralState = "offered"
	ReferralAccepted ReferralState = "accepted"
	ReferralDeclined ReferralState = "declined"
	ReferralEnded    ReferralState = "ended"
)

// Glass is one breaking of the glass: a user opened one record that was closed to them, or closed in part.
type Glass struct {
	ID         GlassID
	Record     RecordID
	By         UserID
	At, Until  time.Time
	Reason     string // sealed; in the words of the one who broke it
	State      GlassState
	ReviewedBy UserID
	ReviewedAt time.Time
	Finding    string // sealed; in the words of the one who reviewed it
}

// String returns the id alone.
func (g Glass) String() string { return "glass " + string(g.ID) }

// GlassState is the axis of broken glass: unreviewed -> justified | unjustified.
type GlassState string

const (
	GlassUnreviewed  GlassState = "unreviewed"
	GlassJustified   GlassState = "justified"
	GlassUnjustified GlassState = "unjustified"
)

// GlassOpen is how long broken glass stays open.
const GlassOpen = 60 * time.Minute

// GlassMost is how often one user can break the glass within GlassDay: it is for emergencies, not a way to read the register.
const (
	GlassMost = 5
	GlassDay  = 24 * time.Hour
)

// Assignment says whose work a child is. It opens nothing: it is shown to who may see the child.
type Assignment struct {
	ID      AssignmentID
	Person  PersonID // the id of one of the child's records, which leads to the child wherever decisions move it
	To, By  UserID
	At      time.Time
	EndedAt time.Time // zero while it stands
}
