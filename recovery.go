package homeward

import "time"

// RecoveryID names a recovery.
type RecoveryID string

// Recovery is the way back for somebody who lost everything they sign in with: two people who are neither the one who lost it
// nor the one who asked check who stands before them, and then there is a link that works once.
type Recovery struct {
	ID      RecoveryID
	User    UserID // who lost access
	By      UserID // who asked: an administrator, or the machine for somebody at the door
	At      time.Time
	State   RecoveryState
	MovedAt time.Time // into that state; zero while it is asked for
	EndsAt  time.Time // when it lapses, or its link does
	Checks  []RecoveryCheck
}

// RecoveryCheck is what one person found about the identity of another.
type RecoveryCheck struct {
	By      UserID
	Verdict RecoveryVerdict
	At      time.Time
	Words   string // how it was checked
}

// RecoveryState is the axis of a recovery: asked -> granted -> used; asked or granted -> refused | lapsed.
type RecoveryState string

const (
	RecoveryAsked   RecoveryState = "asked"
	RecoveryGranted RecoveryState = "granted"
	RecoveryUsed    RecoveryState = "used"
	RecoveryRefused RecoveryState = "refused"
	RecoveryLapsed  RecoveryState = "lapsed"
)

// RecoveryVerdict is what a check came to.
type RecoveryVerdict string

const (
	IdentityConfirmed RecoveryVerdict = "confirmed"
	IdentityRefused   RecoveryVerdict = "refused"
)

// RecoveryChecks is how many people have to confirm an identity.
const RecoveryChecks = 2

// String returns the id alone.
func (r Recovery) String() string { return "recovery " + string(r.ID) }

// Stands reports whether a recovery is still under way.
func (r Recovery) Stands(now time.Time) bool {
	return (r.State == RecoveryAsked || r.State == RecoveryGranted) && now.Before(r.EndsAt)
}
