package homeward_test

import (
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

// TestEveryActionHasItsLineInTheTable fails when an action is added and nobody said who may do it.
func TestEveryActionHasItsLineInTheTable(t *testing.T) {
	for _, action := range homeward.Actions {
		someone := slices.ContainsFunc(homeward.Roles, func(r homeward.Role) bool { return homeward.Actor{Role: r}.Can(action) })
		if !someone {
			t.Errorf("nobody may do %s", action)
		}
	}
	if (homeward.Actor{ID: "x", Role: "no such role"}).Can(homeward.ActionSearch) || homeward.System.Can("no such action") {
		t.Error("what the table does not know is allowed")
	}
}

// TestRolesExcludeEachOther holds the table against the promises that it must keep whatever else changes in it.
func TestRolesExcludeEachOther(t *testing.T) {
	can := func(role homeward.Role, a homeward.Action) bool { return homeward.Actor{Role: role}.Can(a) }
	for _, a := range homeward.Actions {
		if a.Placed() && (can(homeward.RoleAdministrator, a) || can(homeward.RoleAuditor, a)) {
			t.Errorf("%s is done on children's data by an administrator or an auditor", a)
		}
		if can(homeward.RoleAuditor, a) && a != homeward.ActionReadAudit && a != homeward.ActionVerify {
			t.Errorf("an auditor may %s", a)
		}
		if can(homeward.RoleReleaseOfficer, a) && slices.Contains([]homeward.Action{homeward.ActionReadRecord, homeward.ActionSearch, homeward.ActionSeePerson, homeward.ActionReview}, a) {
			t.Errorf("a release officer sees children: %s", a)
		}
	}
	for _, role := range homeward.Roles {
		both := can(role, homeward.ActionManageUsers) && role.WorksOnChildren()
		if both {
			t.Errorf("%s lets people in and sees children", role)
		}
	}
}

// TestNobodyApprovesTheirOwnAct asks, for every action that is about another's act, whether it can be done on one's own.
func TestNobodyApprovesTheirOwnAct(t *testing.T) {
	for _, role := range homeward.Roles {
		who := homeward.Access{Actor: homeward.Actor{ID: "me", Role: role}, Compartments: []homeward.CompartmentID{homeward.Main}}
		own := []struct {
			action homeward.Action
			on     homeward.Resource
		}{
			{homeward.ActionReviewGlass, homeward.Resource{Compartment: homeward.Main, State: string(homeward.GlassUnreviewed), By: "me"}},
			{homeward.ActionAcceptReferral, homeward.Resource{State: string(homeward.ReferralOffered), By: "me", For: "you"}},
			{homeward.ActionManageUsers, homeward.Resource{By: "me"}},
			{homeward.ActionLiftHold, homeward.Resource{Compartment: homeward.Main, By: "me"}},
			{homeward.ActionConfirmRole, homeward.Resource{State: string(homeward.GrantWaiting), By: "me", For: "you"}},
			{homeward.ActionConfirmRole, homeward.Resource{State: string(homeward.GrantWaiting), By: "you", For: "me"}},
			{homeward.ActionCheckIdentity, homeward.Resource{State: string(homeward.RecoveryAsked), By: "me", For: "you"}},
			{homeward.ActionCheckIdentity, homeward.Resource{State: string(homeward.RecoveryAsked), By: "you", For: "me"}},
			{homeward.ActionConfirm, homeward.Resource{Compartment: homeward.Main, State: string(homeward.PairInReview), By: "me"}},
			{homeward.ActionSettle, homeward.Resource{Compartment: homeward.Main, State: string(homeward.PairInReview), By: "me"}},
			{homeward.ActionVerifyFamily, homeward.Resource{Compartment: homeward.Main, State: string(homeward.RequestProposed), By: "me"}},
		}
		for _, x := range own {
			if homeward.Can(who, x.action, x.on) {
				t.Errorf("%s may %s on their own", role, x.action)
			}
		}
	}
}

// TestWhatIsNotInACompartmentOfOnesOwnIsNotThere draws actors and things: nothing placed is admitted elsewhere, unless
// the record was opened and the action extends to it.
func TestWhatIsNotInACompartmentOfOnesOwnIsNotThere(t *testing.T) {
	rooms := []homeward.CompartmentID{homeward.Main, "a", "b"}
	rapid.Check(t, func(t *rapid.T) {
		action := rapid.SampledFrom(homeward.Actions).Draw(t, "action")
		who := homeward.Access{
			Actor:        homeward.Actor{ID: "me", Role: rapid.SampledFrom(homeward.Roles).Draw(t, "role")},
			Compartments: rapid.SliceOfDistinct(rapid.SampledFrom(rooms), rapid.ID[homeward.CompartmentID]).Draw(t, "member of"),
			Opened:       map[homeward.RecordID]homeward.Classes{"opened": homeward.ClassesOf(homeward.ClassHealth)},
		}
		x := homeward.Resource{
			Compartment: rapid.SampledFrom(rooms).Draw(t, "compartment"),
			Record:      rapid.SampledFrom([]homeward.RecordID{"", "opened", "closed"}).Draw(t, "record"),
			Class:       rapid.SampledFrom(append([]homeward.FieldClass{""}, homeward.FieldClasses...)).Draw(t, "class"),
			State:       string(homeward.RecordQuarantined),
		}
		if !homeward.Can(who, action, x) || !action.Placed() {
			return
		}
		switch {
		case !who.Can(action):
			t.Fatal("the thing is admitted, the action is not the role's")
		case !slices.Contains(who.Compartments, x.Compartment) && x.Record != "opened":
			t.Fatal("a thing of another compartment is admitted")
		case !slices.Contains(who.Compartments, x.Compartment) && x.Class != "" && x.Class != homeward.ClassHealth:
			t.Fatal("more was opened than was given")
		}
	})
}

func TestEveryPathHasOneOfTheClasses(t *testing.T) {
	want := map[homeward.Path]homeward.FieldClass{
		homeward.PathNameFull: homeward.ClassIdentity, homeward.PathInstitution: homeward.ClassLocation,
		homeward.PathPhone: homeward.ClassContact, homeward.PathRowID: homeward.ClassSource,
		homeward.PathHealthGroup: homeward.ClassHealth, homeward.TextPath("anything"): homeward.ClassContact,
		homeward.EventPath(homeward.EventPlaced, "place"):     homeward.ClassLocation,
		homeward.EventPath(homeward.EventPlaced, "date"):      homeward.ClassIdentity,
		homeward.EventPath(homeward.EventMistreated, "date"):  homeward.ClassEvidence,
		homeward.EventPath(homeward.EventDeported, "place"):   homeward.ClassIdentity,
		homeward.EventPath(homeward.EventMistreated, "actor"): homeward.ClassEvidence,
	}
	for path, class := range want {
		if got := path.Class(); got != class {
			t.Errorf("%s is %s, want %s", path, got, class)
		}
	}
}

// TestARecordWithinClassesHoldsNothingElse draws records and sets of classes: what is left is of the set, whether read as
// claims or as cells, and what was left out is named.
func TestARecordWithinClassesHoldsNothingElse(t *testing.T) {
	paths := []homeward.Path{
		homeward.PathNameFull, homeward.PathPhone, homeward.PathHealthGroup, homeward.PathInstitution, homeward.PathRowID,
		homeward.EventPath(homeward.EventMistreated, "note"), homeward.TextPath("x"),
	}
	rapid.Check(t, func(t *rapid.T) {
		see := homeward.Classes(rapid.IntRange(0, int(homeward.AllClasses)).Draw(t, "classes"))
		var r homeward.Record
		for i, p := range rapid.SliceOf(rapid.SampledFrom(paths)).Draw(t, "paths") {
			heading := string(rune('a' + i%5)) // several claims may come from one cell
			r.Claims = append(r.Claims, homeward.Claim{Path: p, Heading: heading, Value: "word of " + string(p.Class())})
			r.Row = append(r.Row, homeward.Cell{Heading: heading, Text: "word of " + string(p.Class())})
		}
		r.Row = append(r.Row, homeward.Cell{Heading: "free", Text: "word of contact"})
		got := r.Within(see)
		for _, c := range got.Claims {
			if !see.Has(c.Path.Class()) {
				t.Fatal("a claim was left in")
			}
		}
		for _, c := range got.Row {
			if class := homeward.FieldClass(c.Text[len("word of "):]); !see.Has(class) {
				t.Fatal("a cell was left in")
			}
		}
		if len(got.Claims) < len(r.Claims) && got.Withheld == 0 || got.Withheld&see != 0 {
			t.Fatalf("withheld: %v of %v", got.Withheld.List(), see.List())
		}
	})
}
