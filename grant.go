package homeward

import "time"

// GrantID names a role that was asked for.
type GrantID string

// Grant is a role that somebody asked for a user. It takes effect when a second person confirms it: a second account does not
// get round the separation of roles.
type Grant struct {
	ID         GrantID
	User       UserID
	Role       Role
	By         UserID // who asked
	At         time.Time
	State      GrantState
	AnsweredBy UserID
	AnsweredAt time.Time
}

// GrantState is the axis of a grant: waiting -> confirmed | refused.
type GrantState string

const (
	GrantWaiting   GrantState = "waiting"
	GrantConfirmed GrantState = "confirmed"
	GrantRefused   GrantState = "refused"
)

// NeedsSecond reports whether a role is given by two people: one that works on children's data, or gives roles itself.
func (r Role) NeedsSecond() bool { return r.WorksOnChildren() || r == RoleAdministrator }

// Confirms reports whether a role can confirm what another asked for.
func (r Role) Confirms() bool { return Actor{Role: r}.Can(ActionConfirmRole) }
