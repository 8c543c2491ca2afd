package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// seek makes a request for two children in a compartment, with a move and consents, as an officer.
func seek(t *testing.T, db *store.DB, in homeward.CompartmentID, officer homeward.Actor) homeward.Request {
	t.Helper()
	name := "request " + homeward.NewID(db.Now())
	ids := storetest.PutIn(t, db, in, name, claims("name.full", "a"), claims("name.full", "b"))
	var r homeward.Request
	err := does(db, officer, func(tx *store.Tx) error {
		source, err := tx.SourceNamedIn(name, in)
		if err != nil {
			return err
		}
		r, err = tx.PutRequest(homeward.Request{
			ID: homeward.RequestID(homeward.NewID(tx.Now)), Compartment: in, Source: source.ID, Sought: ids, Circumstances: "parted at a checkpoint",
			Inquirer: homeward.Inquirer{Name: "who asks", Relationship: homeward.RelationMother, Contact: "a telephone"},
		})
		if err != nil {
			return err
		}
		c, err := tx.PutConsent(r, homeward.Consent{Purpose: homeward.PurposeTracing, Answer: homeward.ConsentGiven, Scope: "all of it"})
		if err != nil {
			return err
		}
		r.Consents = append(r.Consents, c)
		m, err := tx.MoveRequest(r, homeward.RequestInProgress, "begun")
		r.Moves = append(r.Moves, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARequestIsReadAsItWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer := addUser(t, db, homeward.RoleTracingOfficer)
		want := seek(t, db, homeward.Main, officer)
		err := asks(db, officer, func(tx *store.Tx) error {
			got, err := tx.Request(want.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error("a request is not read as it was written")
			}
			facts, err := tx.RequestFacts(homeward.RequestInProgress, nil, 10)
			if err != nil || len(facts) != 1 || facts[0].ID != want.ID || len(facts[0].Sought) != 2 {
				t.Errorf("facts: %v %v", facts, err)
			}
			none, err := tx.RequestFacts("", &facts[0], 10)
			if err != nil || len(none) != 0 {
				t.Errorf("a page begins with the request it comes after: %v", err)
			}
			of, err := tx.RequestsOf(want.Sought)
			if err != nil || len(of) != 2 || of[want.Sought[1]] != want.ID {
				t.Error("the request of a record is not found")
			}
			counts, err := tx.CountRequests()
			if counts[homeward.RequestInProgress] != 1 {
				t.Errorf("counted %v", counts)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestARequestOfAnotherCompartmentIsNotThere asks for it in every way, as a supervisor of another compartment, as one of
// its own, and as a role that sees no requests.
func TestARequestOfAnotherCompartmentIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, outsider, reviewer := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleSupervisor), addUser(t, db, homeward.RoleReviewer)
		r := seek(t, db, addRoom(t, db, officer, reviewer), officer)
		for who, sees := range map[homeward.Actor]bool{officer: true, outsider: false, reviewer: false} {
			err := asks(db, who, func(tx *store.Tx) error {
				_, err := tx.Request(r.ID)
				if (err == nil) != sees || err != nil && !errors.Is(err, homeward.ErrNotFound) {
					t.Errorf("%s reads it: %v", who.Role, err)
				}
				facts, err := tx.RequestFacts("", nil, 10)
				of, err2 := tx.RequestsOf(r.Sought)
				counts, err3 := tx.CountRequests()
				if (len(facts) == 1) != sees || (len(of) == 2) != sees || (len(counts) == 1) != sees {
					t.Errorf("%s is told of %d, %d and %d", who.Role, len(facts), len(of), len(counts))
				}
				return errors.Join(err, err2, err3)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := does(db, outsider, func(tx *store.Tx) error {
			_, err := tx.MoveRequest(r, homeward.RequestProposed, "")
			return err
		})
		if !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("moved from elsewhere: %v", err)
		}
	})
}

// waive stands among moves for saying that no child needs a determination.
const waive homeward.RequestState = "waive"

func waiveAll(tx *store.Tx, r homeward.Request, grounds string) error {
	for _, child := range r.Sought {
		d, err := tx.PutDetermination(r, homeward.Determination{Child: child, Outcome: homeward.InterestsWaived, Grounds: grounds})
		if err != nil {
			return err
		}
		r.Determined = append(r.Determined, d)
	}
	return nil
}

// TestMovesAreBoundToRolesStatesAndPeople tries what must not be done.
func TestMovesAreBoundToRolesStatesAndPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, supervisor, worker := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleSupervisor), addUser(t, db, homeward.RoleCaseworker)
		r := seek(t, db, homeward.Main, officer)
		for _, step := range []struct {
			who    homeward.Actor
			to     homeward.RequestState
			reason string
			want   error
		}{
			{worker, homeward.RequestProposed, "", homeward.ErrDenied},
			{officer, homeward.RequestReunified, "x", homeward.ErrConflict},
			{officer, homeward.RequestSuspended, " ", homeward.ErrInvalid},
			{officer, homeward.RequestProposed, "", nil},
			{officer, homeward.RequestVerified, "my own", homeward.ErrDenied},
			{worker, homeward.RequestVerified, "visited both", nil},
			{supervisor, waive, "", homeward.ErrInvalid},
			{worker, waive, "x", homeward.ErrDenied},
			{worker, homeward.RequestReunified, "x", homeward.ErrConflict},
			{officer, homeward.RequestInProgress, "", homeward.ErrInvalid},
			{officer, homeward.RequestInProgress, "once more", nil},
			{officer, homeward.RequestProposed, "", nil},
			{supervisor, homeward.RequestVerified, "visited both", nil},
			{supervisor, homeward.RequestReunified, "home", homeward.ErrConflict}, // nobody knows what is best for the children
			{supervisor, waive, "grown up since", nil},
			{supervisor, homeward.RequestReunified, "", homeward.ErrInvalid},
			{supervisor, homeward.RequestReunified, "home", nil},
			{officer, homeward.RequestClosed, "done", nil},
		} {
			err := does(db, step.who, func(tx *store.Tx) error {
				now, err := tx.Request(r.ID)
				switch {
				case err != nil:
				case step.to == waive:
					err = waiveAll(tx, now, step.reason)
				default:
					_, err = tx.MoveRequest(now, step.to, step.reason)
				}
				return err
			})
			if !errors.Is(err, step.want) {
				t.Errorf("%s to %s: %v, want %v", step.who.Role, step.to, err, step.want)
			}
		}
		err := does(db, officer, func(tx *store.Tx) error {
			_, err := tx.MoveRequest(r, homeward.RequestSuspended, "from a page that is out of date")
			return err
		})
		if !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("an old page moved it: %v", err)
		}
	})
}

func TestOnlyConsentThatWasGivenIsWithdrawn(t *testing.T) {
	db := storetest.Open(t)
	officer := addUser(t, db, homeward.RoleTracingOfficer)
	r := seek(t, db, homeward.Main, officer)
	for _, step := range []struct {
		purpose homeward.Purpose
		answer  homeward.ConsentAnswer
		want    error
	}{
		{homeward.PurposeSharing, homeward.ConsentWithdrawn, homeward.ErrConflict},
		{homeward.PurposeSharing, homeward.ConsentRefused, nil},
		{homeward.PurposeSharing, homeward.ConsentGiven, nil},
		{homeward.PurposeSharing, homeward.ConsentGiven, homeward.ErrConflict},
		{homeward.PurposeSharing, homeward.ConsentRefused, homeward.ErrConflict},
		{homeward.PurposeSharing, homeward.ConsentWithdrawn, nil},
		{homeward.PurposeSharing, "whatever", homeward.ErrConflict},
		{homeward.PurposeTracing, homeward.ConsentGiven, nil}, // the scope is another
	} {
		err := does(db, officer, func(tx *store.Tx) error {
			now, err := tx.Request(r.ID)
			if err == nil {
				_, err = tx.PutConsent(now, homeward.Consent{Purpose: step.purpose, Answer: step.answer})
			}
			return err
		})
		if !errors.Is(err, step.want) {
			t.Errorf("%s %s: %v, want %v", step.purpose, step.answer, err, step.want)
		}
	}
}

// TestARequestSeeksOnlyItsOwn refuses records of another source, and nobody.
func TestARequestSeeksOnlyItsOwn(t *testing.T) {
	db := storetest.Open(t)
	officer := addUser(t, db, homeward.RoleTracingOfficer)
	r := seek(t, db, homeward.Main, officer)
	for name, sought := range map[string][]homeward.RecordID{"another's": storetest.Put(t, db, "list", claims("name.full", "a")), "nobody": nil} {
		err := does(db, officer, func(tx *store.Tx) error {
			_, err := tx.PutRequest(homeward.Request{ID: "new", Source: r.Source, Sought: sought, Inquirer: r.Inquirer})
			return err
		})
		if !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
