package homeward_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
)

// frozen is the table as it was agreed: whoever changes a permission changes it here as well, and says so. Each action
// stands with how it is bound and the roles that may do it.
const frozen = `
import:
  intake-clerk inside own addressed
  tracing-officer inside own addressed
  supervisor inside own addressed
  system inside own addressed
  operator inside own addressed
see-sources:
  intake-clerk inside own addressed
  tracing-officer inside own addressed
  reviewer inside own addressed
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  release-officer inside own addressed
  system inside own addressed
  operator inside own addressed
read-record:
  intake-clerk inside=quarantined opened=quarantined own=quarantined addressed=quarantined
  tracing-officer inside opened own addressed
  reviewer inside opened own addressed
  caseworker inside opened own addressed
  supervisor inside opened own addressed
  evidence-custodian inside opened own addressed
  legal-officer inside opened own addressed
  system inside opened own addressed
  operator inside opened own addressed
search:
  tracing-officer inside opened own addressed
  reviewer inside opened own addressed
  caseworker inside opened own addressed
  supervisor inside opened own addressed
  evidence-custodian inside opened own addressed
  legal-officer inside opened own addressed
  system inside opened own addressed
  operator inside opened own addressed
see-person:
  tracing-officer inside opened own addressed
  reviewer inside opened own addressed
  caseworker inside opened own addressed
  supervisor inside opened own addressed
  evidence-custodian inside opened own addressed
  legal-officer inside opened own addressed
  system inside opened own addressed
  operator inside opened own addressed
see-looks:
  supervisor inside own addressed
  operator inside own addressed
see-restricted:
  supervisor inside own addressed
  legal-officer inside own addressed
  system inside own addressed
  operator inside own addressed
retract:
  tracing-officer inside own addressed
  supervisor inside own addressed
restrict:
  supervisor inside own addressed
  legal-officer inside own addressed
hold:
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
lift:
  supervisor inside addressed
  legal-officer inside addressed
ask-erasure:
  supervisor inside own addressed
  legal-officer inside own addressed
  operator inside own addressed
approve-erasure:
  supervisor inside addressed
  legal-officer inside addressed
learn:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
review:
  tracing-officer inside opened own addressed
  reviewer inside opened own addressed
  supervisor inside opened own addressed
  system inside opened own addressed
  operator inside opened own addressed
decide:
  tracing-officer inside own addressed
  reviewer inside own addressed
  supervisor inside own addressed
  system inside own addressed
  operator inside own addressed
confirm:
  tracing-officer inside=in-review addressed=in-review
  reviewer inside=in-review addressed=in-review
  supervisor inside=in-review addressed=in-review
  operator inside=in-review addressed=in-review
settle:
  supervisor inside=in-review addressed=in-review
batch:
  supervisor inside own addressed
apply-batch:
  supervisor inside=sampling/applying addressed=sampling/applying
assign:
  supervisor inside own addressed
refer:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
accept-referral:
  tracing-officer addressed=offered
  reviewer addressed=offered
  caseworker addressed=offered
  supervisor addressed=offered
  evidence-custodian addressed=offered
  legal-officer addressed=offered
end-referral:
  tracing-officer own=accepted/offered addressed=accepted/offered
  reviewer own=accepted/offered addressed=accepted/offered
  caseworker own=accepted/offered addressed=accepted/offered
  supervisor own=accepted/offered addressed=accepted/offered
  evidence-custodian own=accepted/offered addressed=accepted/offered
  legal-officer own=accepted/offered addressed=accepted/offered
break-glass:
  tracing-officer inside outside opened own addressed
  reviewer inside outside opened own addressed
  caseworker inside outside opened own addressed
  supervisor inside outside opened own addressed
  evidence-custodian inside outside opened own addressed
  legal-officer inside outside opened own addressed
review-glass:
  supervisor inside=unreviewed addressed=unreviewed
see-team:
  supervisor inside own addressed
see-requests:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
  system inside own addressed
  operator inside own addressed
trace:
  tracing-officer inside own addressed
  supervisor inside own addressed
  system inside own addressed
  operator inside own addressed
verify-family:
  tracing-officer inside=proposed addressed=proposed
  caseworker inside=proposed addressed=proposed
  supervisor inside=proposed addressed=proposed
determine:
  caseworker inside=proposed/verified own=proposed/verified addressed=proposed/verified
  supervisor inside=proposed/verified own=proposed/verified addressed=proposed/verified
waive:
  supervisor inside=proposed/verified own=proposed/verified addressed=proposed/verified
reunify:
  supervisor inside=verified own=verified addressed=verified
read-exhibit:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  system inside own addressed
  operator inside own addressed
add-exhibit:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  system inside own addressed
  operator inside own addressed
keep-exhibit:
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  operator inside own addressed
capture:
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  operator inside own addressed
lift-hold:
  evidence-custodian inside addressed
  legal-officer inside addressed
cite:
  tracing-officer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
  legal-officer inside own addressed
assess:
  legal-officer inside own addressed
  operator inside own addressed
count:
  intake-clerk inside own addressed
  tracing-officer inside own addressed
  reviewer inside own addressed
  caseworker inside own addressed
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  release-officer inside own addressed
  system inside own addressed
  operator inside own addressed
add-figure:
  supervisor inside outside opened own addressed
  release-officer inside outside opened own addressed
  operator inside outside opened own addressed
export:
  supervisor inside own addressed
  evidence-custodian inside own addressed
  legal-officer inside own addressed
  operator inside own addressed
verify:
  supervisor inside outside opened own addressed
  evidence-custodian inside outside opened own addressed
  legal-officer inside outside opened own addressed
  auditor inside outside opened own addressed
  administrator inside outside opened own addressed
  system inside outside opened own addressed
  operator inside outside opened own addressed
read-audit:
  auditor inside outside opened own addressed
  operator inside outside opened own addressed
manage-users:
  administrator inside outside opened addressed
  operator inside outside opened addressed
confirm-role:
  supervisor inside=waiting outside=waiting opened=waiting
  administrator inside=waiting outside=waiting opened=waiting
  operator inside=waiting outside=waiting opened=waiting
move-source:
  supervisor inside own addressed
  operator inside own addressed
relate-sources:
  supervisor inside own addressed
  operator inside own addressed
check-identity:
  supervisor inside=asked outside=asked opened=asked
manage-rooms:
  administrator inside outside opened own addressed
  operator inside outside opened own addressed
intake-clerk sees: identity location contact source health evidence
tracing-officer sees: identity location contact source
reviewer sees: identity location source
caseworker sees: identity location contact health evidence
supervisor sees: identity location contact source health evidence
evidence-custodian sees: identity source evidence
legal-officer sees: identity location source health evidence
release-officer sees:
auditor sees:
administrator sees:
`

// TestThePermissionsAreThoseAgreed asks for every action as every role, in and out of a compartment, on opened records, on
// one's own acts and on others', in every state, and for every class of claims.
func TestThePermissionsAreThoseAgreed(t *testing.T) {
	var out strings.Builder
	for _, action := range homeward.Actions {
		fmt.Fprintf(&out, "\n%s:", action)
		for _, role := range append(append([]homeward.Role{}, homeward.Roles...), homeward.RoleSystem, homeward.RoleOperator) {
			if where := circumstances(role, action); where != "" {
				fmt.Fprintf(&out, "\n  %s%s", role, where)
			}
		}
	}
	for _, role := range homeward.Roles {
		fmt.Fprintf(&out, "\n%s sees:", role)
		for _, class := range homeward.FieldClasses {
			on := homeward.Resource{Compartment: homeward.Main, Class: class, State: "quarantined"}
			if homeward.Can(member(role), homeward.ActionReadRecord, on) {
				fmt.Fprintf(&out, " %s", class)
			}
		}
	}
	if diff := cmp.Diff(strings.TrimSpace(frozen), strings.TrimSpace(out.String())); diff != "" {
		t.Error(diff)
	}
}

func member(role homeward.Role) homeward.Access {
	return homeward.Access{
		Actor: homeward.Actor{ID: "me", Role: role}, Compartments: []homeward.CompartmentID{homeward.Main},
		Opened: map[homeward.RecordID]homeward.Classes{"opened": homeward.AllClasses},
	}
}

// circumstances tells under which circumstances a role may do an action: in its compartment, elsewhere, on an opened
// record elsewhere; on its own act, on what is addressed to it; in which states.
func circumstances(role homeward.Role, action homeward.Action) (said string) {
	states := []string{"", "accepted", "quarantined", "offered", "declined", "ended", "unreviewed", "justified", "open", "proposed", "verified", "waiting", "asked", "in-review", "sampling", "applying"}
	for _, at := range []struct {
		name string
		on   homeward.Resource
	}{
		{"inside", homeward.Resource{Compartment: homeward.Main, By: "you"}},
		{"outside", homeward.Resource{Compartment: "elsewhere", By: "you"}},
		{"opened", homeward.Resource{Compartment: "elsewhere", Record: "opened", By: "you"}},
		{"own", homeward.Resource{Compartment: homeward.Main, By: "me"}},
		{"addressed", homeward.Resource{Compartment: homeward.Main, By: "you", For: "me"}},
	} {
		var in []string
		for _, state := range states {
			at.on.State = state
			if homeward.Can(member(role), action, at.on) {
				in = append(in, state)
			}
		}
		switch {
		case len(in) == len(states):
			said += " " + at.name
		case len(in) > 0:
			said += " " + at.name + "=" + strings.Join(in, "/")
		}
	}
	return said
}
