package store_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

// tell writes a record of the request's source: a new child, or a correction of what is known of one.
func tell(tx *store.Tx, r homeward.Request, corrects homeward.RecordID) (homeward.RecordID, error) {
	first, err := tx.Record(r.Sought[0])
	if err != nil {
		return "", err
	}
	n := homeward.Record{
		ID: homeward.RecordID(homeward.NewID(tx.Now)), Source: r.Source, Edition: first.Edition, Claims: claims("name.full", "corrected"),
		State: homeward.RecordAccepted, Supersedes: corrects, Compartment: r.Compartment,
	}
	change := homeward.ChangeAdded
	if corrects != "" {
		change = homeward.ChangeChanged
	}
	key := tx.Fingerprint("row", string(n.ID))
	return n.ID, tx.PutRecords([]store.NewRecord{{Record: n, Key: key, Content: key, Change: change}})
}

// found leads a request to where a child was found.
func found(t *testing.T, db *store.DB, r homeward.Request, officer homeward.Actor) homeward.Request {
	t.Helper()
	err := does(db, officer, func(tx *store.Tx) error {
		m, err := tx.MoveRequest(r, homeward.RequestProposed, "")
		r.Moves = append(r.Moves, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// grow adds a child to a request and determines what is best for the first, as the system.
func grow(t *testing.T, db *store.DB, r homeward.Request) homeward.Request {
	t.Helper()
	worker := addUser(t, db, homeward.RoleSupervisor)
	err := does(db, worker, func(tx *store.Tx) error {
		child, err := tell(tx, r, "")
		if err != nil {
			return err
		}
		if err := tx.PutSought(r, child); err != nil {
			return err
		}
		r.Sought = append(r.Sought, child)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r = found(t, db, r, worker)
	err = does(db, worker, func(tx *store.Tx) error {
		d, err := tx.PutDetermination(r, homeward.Determination{Child: r.Sought[0], Outcome: homeward.InterestsFamily, Grounds: "both were visited", Wishes: "to go home"})
		r.Determined = append(r.Determined, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestARequestGrows adds a child, corrects another, and determines what is best for it: all of it is read as it was written,
// and what the request was opened with is proven still.
func TestARequestGrows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer := addUser(t, db, homeward.RoleTracingOfficer)
		want := grow(t, db, seek(t, db, homeward.Main, officer))
		var corrected homeward.RecordID
		err := does(db, officer, func(tx *store.Tx) (err error) {
			if corrected, err = tell(tx, want, want.Sought[1]); err == nil {
				corrected, err = tell(tx, want, corrected)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = asks(db, officer, func(tx *store.Tx) error {
			got, err := tx.Request(want.ID)
			if err != nil {
				return err
			}
			if len(got.Sought) != 3 || got.Sought[2] != want.Sought[2] || len(got.Determined) != 1 || got.Determined[0] != want.Determined[0] {
				t.Error("what was added is not read")
			}
			told, err := tx.Told(got)
			if err != nil || len(told) != 3 || told[0].ID != want.Sought[0] || told[1].ID != corrected {
				t.Errorf("what is told now is not what was told last: %v", err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %d findings", err, len(v.Findings))
		}
	})
}

// TestOnlyItsOwnChildIsAddedToARequest refuses a record of another source, a correction, an old page, another's compartment
// and a request whose child was found.
func TestOnlyItsOwnChildIsAddedToARequest(t *testing.T) {
	db := storetest.Open(t)
	officer, worker := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleCaseworker)
	r := seek(t, db, homeward.Main, officer)
	foreign := storetest.Put(t, db, "list", claims("name.full", "a"))[0]
	add := func(who homeward.Actor, child func(tx *store.Tx) (homeward.RecordID, error), to homeward.Request, want error) {
		t.Helper()
		err := does(db, who, func(tx *store.Tx) error {
			id, err := child(tx)
			if err != nil {
				return err
			}
			return tx.PutSought(to, id)
		})
		if !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	new := func(tx *store.Tx) (homeward.RecordID, error) { return tell(tx, r, "") }
	add(officer, func(*store.Tx) (homeward.RecordID, error) { return foreign, nil }, r, homeward.ErrInvalid)
	add(officer, func(tx *store.Tx) (homeward.RecordID, error) { return tell(tx, r, r.Sought[0]) }, r, homeward.ErrInvalid)
	add(worker, func(*store.Tx) (homeward.RecordID, error) { return foreign, nil }, r, homeward.ErrDenied)
	old := r
	old.Sought = r.Sought[:1]
	add(officer, new, old, homeward.ErrConflict)
	found := r
	found.Moves = append(found.Moves, homeward.Move{To: homeward.RequestProposed})
	add(officer, new, found, homeward.ErrConflict)
	add(officer, new, r, nil)
}

// TestReunifiedNeedsTheFamilyVerifiedAndABIDOrAWaiver draws what people of every role try on a request of two children. Whatever they
// do, it becomes reunified only from verified, by a supervisor, with a reason, when the last that was said of each child is
// that it is best for it to be with this family, or that a supervisor waived asking.
func TestReunifiedNeedsTheFamilyVerifiedAndABIDOrAWaiver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var team []homeward.Actor
		for _, role := range []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleCaseworker, homeward.RoleSupervisor, homeward.RoleSupervisor, homeward.RoleReviewer} {
			team = append(team, addUser(t, db, role))
		}
		reunified := 0
		rapid.Check(t, func(rt *rapid.T) {
			r := found(t, db, seek(t, db, homeward.Main, team[0]), team[0])
			for range rapid.IntRange(6, 16).Draw(rt, "acts") {
				who := rapid.SampledFrom(team).Draw(rt, "who")
				before := r
				err := does(db, who, func(tx *store.Tx) (err error) {
					if r, err = tx.Request(before.ID); err == nil {
						r, err = acts(rt, tx, r)
					}
					return err
				})
				if err != nil {
					r = before
					continue
				}
				if r.State() != homeward.RequestReunified || len(r.Moves) == len(before.Moves) {
					continue
				}
				reunified++
				if before.State() != homeward.RequestVerified || who.Role != homeward.RoleSupervisor || r.Last().Reason == "" {
					rt.Fatalf("reunified from %s by %s", before.State(), who.Role)
				}
				for _, child := range r.Sought {
					d, said := r.Interests(child)
					if !said || d.Outcome == homeward.InterestsElsewhere || d.Grounds == "" || d.Outcome == homeward.InterestsWaived && roleOf(team, d.By) != homeward.RoleSupervisor {
						rt.Fatal("reunified without knowing what is best for a child")
					}
				}
			}
		})
		if reunified == 0 {
			t.Error("nobody was ever reunified: nothing was tried")
		}
	})
}

// acts draws something to do with a request: whatever comes to mind, or what it needs next.
func acts(rt *rapid.T, tx *store.Tx, r homeward.Request) (homeward.Request, error) {
	words := rapid.SampledFrom([]string{"", "because"})
	d := homeward.Determination{Outcome: homeward.InterestsFamily, Grounds: "grounds", Wishes: "wishes"}
	to, reason := homeward.RequestReunified, "because"
	if r.State() == homeward.RequestProposed {
		to = homeward.RequestVerified
	}
	switch missing := r.Undetermined(); rapid.IntRange(0, 3).Draw(rt, "act") {
	case 0:
		d.Child, d.Outcome = rapid.SampledFrom(r.Sought).Draw(rt, "child"), rapid.SampledFrom(homeward.AllInterests).Draw(rt, "outcome")
		d.Grounds, d.Wishes = words.Draw(rt, "grounds"), words.Draw(rt, "wishes")
	case 1:
		to, reason = rapid.SampledFrom(append(r.State().Next(), homeward.RequestReunified)).Draw(rt, "to"), words.Draw(rt, "reason")
	default:
		if len(missing) > 0 {
			d.Child = missing[0]
		}
	}
	if d.Child != "" {
		d, err := tx.PutDetermination(r, d)
		r.Determined = append(r.Determined, d)
		return r, err
	}
	m, err := tx.MoveRequest(r, to, reason)
	r.Moves = append(r.Moves, m)
	return r, err
}

func roleOf(team []homeward.Actor, id homeward.UserID) homeward.Role {
	for _, a := range team {
		if a.ID == id {
			return a.Role
		}
	}
	return ""
}

// TestARestrictedChildIsHiddenWhateverIsAskedFirst reads a request as somebody who does not see what is restricted, in a transaction
// that has asked for nothing else before.
func TestARestrictedChildIsHiddenWhateverIsAskedFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, worker, supervisor := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleCaseworker), addUser(t, db, homeward.RoleSupervisor)
		r := seek(t, db, homeward.Main, officer)
		err := does(db, supervisor, func(tx *store.Tx) error {
			_, err := tx.Restrict(r.Sought[1:], homeward.GroundContested, "the mother contests it")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = asks(db, worker, func(tx *store.Tx) error {
			got, err := tx.Request(r.ID)
			if err != nil {
				return err
			}
			told, err := tx.Told(got)
			if len(got.Sought) != 1 || len(told) != 1 {
				t.Errorf("%d children are sought, %d are told of", len(got.Sought), len(told))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestWhatIsBestForARestrictedChildIsHidden reads what was determined for a restricted child, and adds to the request that seeks it, as
// somebody for whom it does not exist.
func TestWhatIsBestForARestrictedChildIsHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, supervisor := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleSupervisor)
		r := grow(t, db, seek(t, db, homeward.Main, officer))
		restrict := func(child homeward.RecordID) error {
			return does(db, supervisor, func(tx *store.Tx) error {
				_, err := tx.Restrict([]homeward.RecordID{child}, homeward.GroundContested, "the mother contests it")
				return err
			})
		}
		err := errors.Join(restrict(r.Sought[0]), restrict(r.Sought[2]))
		if err != nil {
			t.Fatal(err)
		}
		err = does(db, officer, func(tx *store.Tx) error {
			seen, err := tx.Request(r.ID)
			if err != nil {
				return err
			}
			if len(seen.Sought) != 1 || len(seen.Determined) != 0 {
				t.Errorf("%d children are sought, %d determinations are seen", len(seen.Sought), len(seen.Determined))
			}
			if _, err := tx.MoveRequest(seen, homeward.RequestInProgress, "it was another child"); err != nil {
				return err
			}
			if seen, err = tx.Request(r.ID); err != nil {
				return err
			}
			child, err := tell(tx, seen, "")
			if err != nil {
				return err
			}
			return tx.PutSought(seen, child)
		})
		if err != nil {
			t.Errorf("a child is added beside one that is not seen: %v", err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %d findings", err, len(v.Findings))
		}
	})
}
