package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func operate(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(ctx, homeward.Operator, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// asks runs fn as someone and returns how it failed.
func asks(db *store.DB, who homeward.Actor, fn func(tx *store.Tx) error) error {
	return db.View(ctx, who, fn)
}

func does(db *store.DB, who homeward.Actor, fn func(tx *store.Tx) error) error {
	return db.Update(ctx, who, fn)
}

func addUser(t *testing.T, db *store.DB, role homeward.Role) homeward.Actor {
	t.Helper()
	var u store.User
	operate(t, db, func(tx *store.Tx) (err error) {
		u, err = tx.PutUser(string(role)+homeward.NewID(time.Now()), role, "")
		return err
	})
	return u.Actor()
}

func addRoom(t *testing.T, db *store.DB, members ...homeward.Actor) homeward.CompartmentID {
	t.Helper()
	var c homeward.Compartment
	operate(t, db, func(tx *store.Tx) (err error) {
		c, err = tx.PutCompartment("room " + homeward.NewID(time.Now()))
		for _, m := range members {
			err = errors.Join(err, tx.SetMember(c.ID, m.ID, true))
		}
		return err
	})
	return c.ID
}

// entrust makes one of everything that says who may reach what, over records that are in main.
func entrust(t *testing.T, db *store.DB, ids []homeward.RecordID) {
	t.Helper()
	supervisor, worker, third := addUser(t, db, homeward.RoleSupervisor), addUser(t, db, homeward.RoleCaseworker), addUser(t, db, homeward.RoleSupervisor)
	addRoom(t, db, worker)
	person := homeward.PersonID(ids[0])
	update(t, db, func(tx *store.Tx) error {
		return tx.ReplacePersons([]homeward.Person{{ID: person, Records: ids, Since: tx.Now}}, nil)
	})
	var r homeward.Referral
	var g homeward.Glass
	steps := []struct {
		who homeward.Actor
		do  func(tx *store.Tx) error
	}{
		{supervisor, func(tx *store.Tx) error { _, err := tx.Assign(person, worker.ID); return err }},
		{supervisor, func(tx *store.Tx) error { _, err := tx.Assign(person, third.ID); return err }},
		{supervisor, func(tx *store.Tx) (err error) {
			r, err = tx.Refer(person, worker.ID, homeward.AllClasses, tx.Now.Add(time.Hour), "for the visit")
			return err
		}},
		{worker, func(tx *store.Tx) error { return tx.AnswerReferral(r.ID, homeward.ReferralAccepted) }},
		{worker, func(tx *store.Tx) (err error) { g, err = tx.BreakGlass(ids[1], "the child is ill"); return err }},
		{supervisor, func(tx *store.Tx) error { return tx.ReviewGlass(g.ID, homeward.GlassJustified, "so it was") }},
	}
	for i, s := range steps {
		if err := does(db, s.who, s.do); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

// rooms is a register of two compartments beside main, with a person who has records in all three.
type rooms struct {
	db      *store.DB
	a, b    homeward.CompartmentID
	in      map[homeward.RecordID]homeward.CompartmentID
	oldest  homeward.RecordID // in b
	insider homeward.Actor    // a supervisor of main and a
	records []homeward.RecordID
}

func openRooms(t *testing.T, db *store.DB) *rooms {
	t.Helper()
	r := &rooms{db: db, insider: addUser(t, db, homeward.RoleSupervisor), in: map[homeward.RecordID]homeward.CompartmentID{}}
	r.a, r.b = addRoom(t, db, r.insider), addRoom(t, db)
	for _, room := range []homeward.CompartmentID{r.b, r.a, homeward.Main} {
		for _, id := range storetest.PutIn(t, db, room, "the same name", claims("name.full", "x", "health.group", "2"), claims("name.full", "y")) {
			r.in[id] = room
			r.records = append(r.records, id)
		}
	}
	r.oldest = r.records[0]
	update(t, db, func(tx *store.Tx) error {
		var pairs []homeward.Pair
		var events []homeward.Event
		for i, left := range r.records {
			events = append(events, homeward.Event{ID: homeward.EventID(homeward.NewID(tx.Now)), Record: left, Type: homeward.EventTaken, KnownAt: tx.Now})
			for _, right := range r.records[i+1:] {
				p := homeward.PairOf(left, right)
				l, rt, _ := p.Records()
				pairs = append(pairs, homeward.Pair{ID: p, Left: l, Right: rt, Probability: 0.5, Model: "m"})
			}
		}
		if _, err := tx.PutPairs(pairs); err != nil {
			return err
		}
		for _, p := range pairs {
			if _, err := tx.PutDecision(homeward.Decision{Pair: p.ID, Judgement: homeward.Unsure, Basis: homeward.BasisReview}); err != nil {
				return err
			}
		}
		one := homeward.Person{ID: homeward.PersonID(r.oldest), Since: tx.Now}
		two := homeward.Person{ID: homeward.PersonID(r.records[1]), Since: tx.Now}
		for i := range r.records {
			if i%2 == 0 {
				one.Records = append(one.Records, r.records[i])
			} else {
				two.Records = append(two.Records, r.records[i])
			}
		}
		if err := tx.ReplaceEvents(r.records, events); err != nil {
			return err
		}
		if err := tx.ReplacePersons([]homeward.Person{one, two}, nil); err != nil {
			return err
		}
		return tx.ReplaceSiblings(map[homeward.PersonID][]homeward.PersonID{one.ID: {two.ID}, two.ID: {one.ID}})
	})
	return r
}

// TestTheFenceAndTheTableAgree asks for everything as a limited reader: what comes back is what the table admits, row by
// row, and no less.
func TestTheFenceAndTheTableAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := openRooms(t, db)
		opened := r.records[1] // of b
		if err := does(db, r.insider, func(tx *store.Tx) error { _, err := tx.BreakGlass(opened, "urgent"); return err }); err != nil {
			t.Fatal(err)
		}
		err := asks(db, r.insider, func(tx *store.Tx) error {
			who, err := tx.Access()
			if err != nil {
				return err
			}
			admits := func(ids ...homeward.RecordID) bool {
				return !slices.ContainsFunc(ids, func(id homeward.RecordID) bool {
					return !homeward.Can(who, homeward.ActionSeePerson, homeward.Resource{Compartment: r.in[id], Record: id})
				})
			}
			want := 0
			for id := range r.in {
				_, err := tx.RecordsByID([]homeward.RecordID{id})
				if there := err == nil; there != admits(id) || err != nil && !errors.Is(err, homeward.ErrNotFound) {
					t.Errorf("a record of %s: %v", r.in[id], err)
				}
				if admits(id) {
					want++
				}
			}
			facts, err := tx.RecordFacts()
			if len(facts) != want || err != nil {
				t.Errorf("%d record facts, want %d: %v", len(facts), want, err)
			}
			events, err := tx.EventFacts()
			if len(events) != want || err != nil {
				t.Errorf("%d events, want %d: %v", len(events), want, err)
			}
			pairs, err := tx.PairFacts()
			for _, p := range pairs {
				if !admits(p.Left, p.Right) {
					t.Error("a pair reaches behind the fence")
				}
			}
			if n := want * (want - 1) / 2; len(pairs) != n || err != nil {
				t.Errorf("%d pairs, want %d: %v", len(pairs), n, err)
			}
			decisions, err := tx.DecisionFacts()
			if len(decisions) != len(pairs) || err != nil {
				t.Errorf("%d decisions, want %d: %v", len(decisions), len(pairs), err)
			}
			counts, err := tx.CountPairs()
			if counts[homeward.PairUnsure] != len(pairs) || err != nil {
				t.Errorf("counted %v pairs: %v", counts, err)
			}
			states, err := tx.CountRecords()
			if states[homeward.RecordAccepted] != want || err != nil {
				t.Errorf("counted %v records: %v", states, err)
			}
			sources, err := tx.Sources()
			if len(sources) != 2 || err != nil {
				t.Errorf("%d sources, want 2: %v", len(sources), err)
			}
			each := 0
			err = db.EachRecord(ctx, r.insider, "", func(x homeward.Record) error {
				each++
				if !admits(x.ID) {
					t.Error("a record behind the fence is handed out")
				}
				return nil
			})
			if each != want || err != nil {
				t.Errorf("%d records are handed out, want %d: %v", each, want, err)
			}
			rows, err := tx.CountRows()
			if len(rows) != 3 || err != nil { // main, a, and the one opened record of b
				t.Errorf("rows of %d sources: %v", len(rows), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAnEditionIsSeenByWhoSeesARowOfIt asks for editions before and after a record behind the fence is opened.
func TestAnEditionIsSeenByWhoSeesARowOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := openRooms(t, db)
		seen := func(want int) {
			t.Helper()
			err := asks(db, r.insider, func(tx *store.Tx) error {
				list, err := tx.Editions("")
				if len(list) != want {
					t.Errorf("%d editions are seen, want %d", len(list), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		seen(2) // of main and a
		if err := does(db, r.insider, func(tx *store.Tx) error { _, err := tx.BreakGlass(r.records[1], "urgent"); return err }); err != nil {
			t.Fatal(err)
		}
		seen(3)
	})
}

// TestAPersonGoesByWhatTheReaderReaches opens a person whose oldest record lies behind the fence.
func TestAPersonGoesByWhatTheReaderReaches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := openRooms(t, db)
		err := asks(db, r.insider, func(tx *store.Tx) error {
			p, err := tx.Person(homeward.PersonID(r.records[4])) // in main
			if err != nil {
				return err
			}
			if want := []homeward.RecordID{r.records[2], r.records[4]}; !slices.Equal(p.Records, want) || p.ID != homeward.PersonID(want[0]) {
				t.Errorf("person %s with %d records", p.ID, len(p.Records))
			}
			if len(p.Siblings) != 1 || p.Siblings[0] != homeward.PersonID(r.records[3]) {
				t.Errorf("siblings %v", p.Siblings)
			}
			if _, err := tx.Person(homeward.PersonID(r.oldest)); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("a record behind the fence leads to a person: %v", err)
			}
			of, err := tx.PersonsOf(r.records)
			if len(of) != 4 || of[r.records[4]] != p.ID || err != nil {
				t.Errorf("persons of records: %v, %v", of, err)
			}
			all, err := tx.Persons("", 10)
			for _, p := range all {
				if p.ID == homeward.PersonID(r.oldest) || len(p.Records) != 2 {
					t.Errorf("person %s with %d records", p.ID, len(p.Records))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestNobodyWritesBehindTheFence tries to decide, to bring in and to assign where the actor is no member.
func TestNobodyWritesBehindTheFence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := openRooms(t, db)
		hidden, mine := r.records[0], r.records[4]
		for name, do := range map[string]func(tx *store.Tx) error{
			"decide": func(tx *store.Tx) error {
				_, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(hidden, mine), Judgement: homeward.Same, Basis: homeward.BasisReview})
				return err
			},
			"bring in": func(tx *store.Tx) error {
				_, err := tx.PutSource(homeward.Source{Name: "mine", Compartment: r.b})
				return err
			},
			"assign": func(tx *store.Tx) error { _, err := tx.Assign(homeward.PersonID(hidden), r.insider.ID); return err },
			"refer": func(tx *store.Tx) error {
				_, err := tx.Refer(homeward.PersonID(hidden), "someone", homeward.AllClasses, tx.Now.Add(time.Hour), "why")
				return err
			},
		} {
			if err := does(db, r.insider, do); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestReferralOpensWhatWasGivenFromAcceptanceToItsEnd walks a referral through its states, on a clock of the test's own.
func TestReferralOpensWhatWasGivenFromAcceptanceToItsEnd(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		now := time.Now()
		s.Clock = func() time.Time { return now }
		db := storetest.OpenAt(t, s)
		r := openRooms(t, db)
		outsider := addUser(t, db, homeward.RoleCaseworker)
		operate(t, db, func(tx *store.Tx) error { return tx.SetMember(homeward.Main, outsider.ID, false) })
		child := homeward.PersonID(r.records[2])
		sees := func() string {
			var withheld string
			err := asks(db, outsider, func(tx *store.Tx) error {
				x, err := tx.Record(r.records[2])
				for _, c := range x.Withheld.List() {
					withheld += string(c)
				}
				return err
			})
			if errors.Is(err, homeward.ErrNotFound) {
				return "nothing"
			}
			if err != nil {
				t.Fatal(err)
			}
			return "all but " + withheld
		}
		var ref homeward.Referral
		err := does(db, r.insider, func(tx *store.Tx) (err error) {
			ref, err = tx.Refer(child, outsider.ID, homeward.ClassesOf(homeward.ClassIdentity), now.Add(24*time.Hour), "the aunt lives there")
			return err
		})
		if err != nil || sees() != "nothing" {
			t.Fatalf("offered: %v, sees %s", err, sees())
		}
		answer := func(who homeward.Actor, a homeward.ReferralState) error {
			return does(db, who, func(tx *store.Tx) error { return tx.AnswerReferral(ref.ID, a) })
		}
		if err := answer(r.insider, homeward.ReferralAccepted); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("the one who refers accepts: %v", err)
		}
		if err := answer(addUser(t, db, homeward.RoleSupervisor), homeward.ReferralAccepted); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("a third accepts: %v", err)
		}
		if err := answer(outsider, homeward.ReferralAccepted); err != nil || sees() != "all but health" {
			t.Errorf("accepted: %v, sees %s", err, sees())
		}
		now = now.Add(25 * time.Hour)
		if sees() != "nothing" {
			t.Errorf("over: sees %s", sees())
		}
	})
}

// TestBrokenGlassOpensOneRecordForAnHour and is reviewed by another.
func TestBrokenGlassOpensOneRecordForAnHour(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		now := time.Now()
		s.Clock = func() time.Time { return now }
		db := storetest.OpenAt(t, s)
		r := openRooms(t, db)
		chief := addUser(t, db, homeward.RoleSupervisor)
		operate(t, db, func(tx *store.Tx) error { return tx.SetMember(r.b, chief.ID, true) })
		reads := func(id homeward.RecordID) error {
			return asks(db, r.insider, func(tx *store.Tx) error { _, err := tx.Record(id); return err })
		}
		breaks := func(who homeward.Actor, id homeward.RecordID, why string) (g homeward.Glass, err error) {
			return g, does(db, who, func(tx *store.Tx) (err error) { g, err = tx.BreakGlass(id, why); return err })
		}
		if _, err := breaks(r.insider, r.oldest, " "); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := breaks(addUser(t, db, homeward.RoleAuditor), r.oldest, "curious"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("by an auditor: %v", err)
		}
		if _, err := breaks(r.insider, "no-such-record", "urgent"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("over nothing: %v", err)
		}
		g, err := breaks(r.insider, r.oldest, "urgent")
		if err != nil || reads(r.oldest) != nil || !errors.Is(reads(r.records[1]), homeward.ErrNotFound) {
			t.Errorf("broken: %v, then %v and %v", err, reads(r.oldest), reads(r.records[1]))
		}
		review := func(who homeward.Actor) error {
			return does(db, who, func(tx *store.Tx) error { return tx.ReviewGlass(g.ID, homeward.GlassUnjustified, "no need") })
		}
		if err := review(r.insider); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("one's own is reviewed: %v", err)
		}
		if err := review(addUser(t, db, homeward.RoleSupervisor)); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("a supervisor of another compartment reviews: %v", err)
		}
		if err := review(chief); err != nil {
			t.Errorf("reviewed: %v", err)
		}
		if err := review(chief); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("reviewed again: %v", err)
		}
		now = now.Add(homeward.GlassOpen)
		if !errors.Is(reads(r.oldest), homeward.ErrNotFound) {
			t.Error("the glass stays open")
		}
	})
}

// TestOnlyRolesOfTheWorkAreMembers and nobody changes themselves.
func TestOnlyRolesOfTheWorkAreMembers(t *testing.T) {
	db := storetest.Open(t)
	admin := addUser(t, db, homeward.RoleAdministrator)
	room := addRoom(t, db)
	for _, role := range []homeward.Role{homeward.RoleAdministrator, homeward.RoleAuditor} {
		u := addUser(t, db, role)
		if err := does(db, admin, func(tx *store.Tx) error { return tx.SetMember(room, u.ID, true) }); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("%s is a member: %v", role, err)
		}
	}
	if err := does(db, admin, func(tx *store.Tx) error { _, err := tx.SetRole(admin.ID, homeward.RoleSupervisor); return err }); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("an administrator makes themselves a supervisor: %v", err)
	}
	clerk := addUser(t, db, homeward.RoleIntakeClerk)
	for name, do := range map[string]func(tx *store.Tx) error{
		"room":   func(tx *store.Tx) error { _, err := tx.PutCompartment("mine"); return err },
		"member": func(tx *store.Tx) error { return tx.SetMember(room, clerk.ID, true) },
		"role":   func(tx *store.Tx) error { _, err := tx.SetRole(admin.ID, homeward.RoleAuditor); return err },
		"audit":  func(tx *store.Tx) error { _, err := tx.Audit(store.AuditFilter{Limit: 1}); return err },
	} {
		if err := does(db, clerk, do); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("%s by a clerk: %v", name, err)
		}
	}
}

// TestARecordMovedByHandDoesNotOpen changes a record's compartment behind the program's back.
func TestARecordMovedByHandDoesNotOpen(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		r := openRooms(t, db)
		if _, err := vandalOf(t, s).db.Exec("update records set compartment = 'main' where compartment = '" + string(r.b) + "'"); err != nil {
			t.Fatal(err)
		}
		err := asks(db, r.insider, func(tx *store.Tx) error { _, err := tx.Record(r.oldest); return err })
		if !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("read: %v", err)
		}
		if places := verifyPlaces(t, db); !strings.Contains(strings.Join(places, " "), "records") {
			t.Errorf("found in %v", places)
		}
	})
}
