package registry_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

var ctx = context.Background()

var officer = homeward.Actor{ID: "officer", Role: homeward.RoleTracingOfficer}

// claims reads path, value, path, value; dates are read.
func claims(pairs ...string) []homeward.Claim {
	var out []homeward.Claim
	for i := 0; i < len(pairs); i += 2 {
		c := homeward.Claim{Path: homeward.Path(pairs[i]), Value: pairs[i+1], Heading: pairs[i]}
		if c.Path.IsDate() {
			if dates := homeward.ParseDates(c.Value, homeward.Exact(homeward.YMD(2025, 3, 1))); len(dates) > 0 {
				c.When = dates[0]
			}
		}
		out = append(out, c)
	}
	return out
}

func update(t testing.TB, db *store.DB, actor homeward.Actor, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(ctx, actor, fn); err != nil {
		t.Fatal(err)
	}
}

// change brings a new edition of a source in which the row of a record says something else.
func change(t testing.TB, db *store.DB, of homeward.RecordID, state homeward.RecordState, says []homeward.Claim) homeward.RecordID {
	t.Helper()
	var id homeward.RecordID
	update(t, db, homeward.System, func(tx *store.Tx) error {
		old, err := tx.Record(of)
		if err != nil {
			return err
		}
		ed, err := tx.PutEdition(homeward.Edition{Source: old.Source, SHA256: homeward.NewID(tx.Now), Format: "csv", Encoding: "utf-8"})
		if err != nil {
			return err
		}
		id = homeward.RecordID(homeward.NewID(tx.Now))
		r := homeward.Record{ID: id, Source: old.Source, Edition: ed.ID, State: state, Supersedes: of, Claims: says}
		f := tx.Fingerprint("row", string(id))
		if err := tx.PutRecords([]store.NewRecord{{Record: r, Key: f, Content: f, Change: homeward.ChangeChanged}}); err != nil {
			return err
		}
		return tx.FinishEdition(ed.ID, homeward.Tally{Rows: 1, Changed: 1})
	})
	return id
}

func decide(t testing.TB, db *store.DB, a, b homeward.RecordID, j homeward.Judgement) homeward.DecisionID {
	t.Helper()
	var id homeward.DecisionID
	update(t, db, officer, func(tx *store.Tx) error {
		d, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(a, b), Judgement: j, Basis: homeward.BasisReview})
		id = d.ID
		return err
	})
	return id
}

func revoke(t testing.TB, db *store.DB, id homeward.DecisionID) {
	t.Helper()
	update(t, db, officer, func(tx *store.Tx) error { return tx.RevokeDecision(id, "") })
}

// derived is everything the registry writes.
type derived struct {
	Persons []homeward.Person
	Events  []store.EventFact
	Members map[homeward.RecordID]homeward.PersonID
}

func read(t testing.TB, db *store.DB) derived {
	t.Helper()
	var d derived
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		if d.Persons, err = tx.Persons("", 100_000); err != nil {
			return err
		}
		for i, p := range d.Persons {
			if d.Persons[i].Siblings, err = tx.SiblingsOf(p.ID); err != nil {
				return err
			}
		}
		if d.Members, err = tx.Memberships(); err != nil {
			return err
		}
		d.Events, err = tx.EventFacts()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// held returns the person that holds a record.
func held(d derived, record homeward.RecordID) homeward.Person {
	i := slices.IndexFunc(d.Persons, func(p homeward.Person) bool { return p.ID == d.Members[record] })
	return d.Persons[i]
}

func run(t testing.TB, r *registry.Registry) registry.Report {
	t.Helper()
	report, err := r.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestRebuildGivesTheSameRegister lets a register grow by random acts (imports, corrections, decisions, revocations),
// brings it up to date step by step, and compares it each time with one built from nothing.
func TestRebuildGivesTheSameRegister(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		keeper := registry.Open(db)
		var records []homeward.RecordID
		var decisions []homeward.DecisionID
		families := []string{"", "1", "2", "3"}
		row := func(rt *rapid.T) []homeward.Claim {
			return claims("name.full", "Приклад", "family.id", rapid.SampledFrom(families).Draw(rt, "family"),
				"event.taken.date", rapid.SampledFrom([]string{"", "03.2022", "2022"}).Draw(rt, "taken"), "event.deported.place", "x")
		}
		acts := map[string]func(*rapid.T){
			"import": func(rt *rapid.T) {
				source := rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "source")
				records = append(records, storetest.Put(t, db, source, row(rt), row(rt), row(rt))...)
			},
			"correct": func(rt *rapid.T) {
				if len(records) > 0 {
					state := rapid.SampledFrom([]homeward.RecordState{homeward.RecordAccepted, homeward.RecordAccepted, homeward.RecordQuarantined}).Draw(rt, "state")
					records = append(records, change(t, db, rapid.SampledFrom(records).Draw(rt, "record"), state, row(rt)))
				}
			},
			"decide": func(rt *rapid.T) {
				if len(records) > 0 {
					a, b := rapid.SampledFrom(records).Draw(rt, "a"), rapid.SampledFrom(records).Draw(rt, "b")
					j := rapid.SampledFrom([]homeward.Judgement{homeward.Same, homeward.Same, homeward.Different, homeward.Unsure}).Draw(rt, "judgement")
					if a != b {
						decisions = append(decisions, decide(t, db, a, b, j))
					}
				}
			},
			"revoke": func(rt *rapid.T) {
				if len(decisions) > 0 {
					i := rapid.IntRange(0, len(decisions)-1).Draw(rt, "decision")
					revoke(t, db, decisions[i])
					decisions = slices.Delete(decisions, i, i+1)
				}
			},
		}
		names := []string{"import", "correct", "decide", "decide", "revoke"}
		rapid.Check(t, func(rt *rapid.T) {
			if len(records) > 40 {
				return // grown enough: the rest of the checks would only be slower
			}
			for range rapid.IntRange(1, 4).Draw(rt, "acts") {
				acts[rapid.SampledFrom(names).Draw(rt, "act")](rt)
			}
			run(t, keeper)
			kept := read(t, db)
			if _, err := registry.Rebuild(ctx, db); err != nil {
				rt.Fatal(err)
			}
			if d := cmp.Diff(kept, read(t, db)); d != "" {
				rt.Fatalf("rebuild differs: %s", d)
			}
		})
		if len(records) < 10 {
			t.Fatalf("only %d records: nothing was tested", len(records))
		}
	})
}

func TestDecideAndRevokeRestoresTheSamePersons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := registry.Open(db)
		var rows [][]homeward.Claim
		for i := range 6 {
			rows = append(rows, claims("name.full", "Приклад", "family.id", fmt.Sprint(i/2)))
		}
		ids := storetest.Put(t, db, "list", rows...)
		decide(t, db, ids[0], ids[2], homeward.Same)
		run(t, r)
		before := read(t, db)
		taken := decide(t, db, ids[2], ids[4], homeward.Same)
		run(t, r)
		joined := read(t, db)
		if len(joined.Persons) != len(before.Persons)-1 {
			t.Errorf("%d persons after a join, %d before", len(joined.Persons), len(before.Persons))
		}
		if n := len(held(joined, ids[0]).Siblings); n != 3 {
			t.Errorf("the joined person has %d siblings, want those of all its families: 3", n)
		}
		revoke(t, db, taken)
		run(t, r)
		if d := cmp.Diff(before, read(t, db)); d != "" {
			t.Errorf("not as before: %s", d)
		}
	})
}

// TestMorePersonsLeaveThoseThereAreAsTheyWere runs again after another list has come: of the persons there were none is moved.
func TestMorePersonsLeaveThoseThereAreAsTheyWere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := registry.Open(db)
		rows := [][]homeward.Claim{claims("name.full", "a"), claims("name.full", "b"), claims("name.full", "c"), claims("name.full", "d")}
		ids := storetest.Put(t, db, "list", rows...)
		decide(t, db, ids[0], ids[1], homeward.Same)
		decide(t, db, ids[1], ids[2], homeward.Different)
		run(t, r)
		before := read(t, db)
		more := storetest.Put(t, db, "other", rows...)
		decide(t, db, more[0], more[2], homeward.Same)
		run(t, r)
		after := read(t, db)
		for _, p := range before.Persons {
			if d := cmp.Diff(p, held(after, p.Records[0])); d != "" {
				t.Errorf("a person is another now: %s", d)
			}
		}
		if len(after.Persons) != len(before.Persons)+3 {
			t.Errorf("%d persons, before %d", len(after.Persons), len(before.Persons))
		}
	})
}

func TestRunningAgainChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", claims("name.full", "a", "event.taken.date", "2022"), claims("name.full", "b"), claims("name.full", "c"))
		decide(t, db, ids[0], ids[1], homeward.Same)
		first, err := registry.Run(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if want := (registry.Report{Persons: 2, Changed: 2, Events: 1}); cmp.Diff(want, first) != "" {
			t.Errorf("first run: %+v", first)
		}
		before := read(t, db)
		second, err := registry.Run(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if want := (registry.Report{Persons: 2}); cmp.Diff(want, second) != "" {
			t.Errorf("second run: %+v", second)
		}
		if d := cmp.Diff(before, read(t, db)); d != "" {
			t.Error(d)
		}
	})
}

// TestARunThatEndsBetweenItsStepsIsMadeUpFor stops a run after the events and before the persons, as a kill would.
func TestARunThatEndsBetweenItsStepsIsMadeUpFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var rows [][]homeward.Claim
		for range 30 {
			rows = append(rows, claims("name.full", "a", "event.taken.date", "2022", "family.id", "7"))
		}
		storetest.Put(t, db, "list", rows[:15]...)
		storetest.Put(t, db, "other", rows[15:]...)
		for range 8 {
			cut, stop := context.WithCancel(ctx)
			time.AfterFunc(time.Duration(len(rows))*time.Millisecond/4, stop)
			_, _ = registry.Run(cut, db)
			stop()
		}
		if _, err := registry.Run(ctx, db); err != nil {
			t.Fatal(err)
		}
		resumed := read(t, db)
		if _, err := registry.Rebuild(ctx, db); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(resumed, read(t, db)); d != "" {
			t.Error(d)
		}
		if len(resumed.Events) != 30 || len(resumed.Persons) != 30 {
			t.Errorf("%d events, %d persons; want 30 of each", len(resumed.Events), len(resumed.Persons))
		}
	})
}

func TestTwoServersDeriveTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b := registry.Open(db), registry.Open(db)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"), claims("name.full", "c"))
		run(t, a)
		decide(t, db, ids[0], ids[1], homeward.Same)
		run(t, b)
		taken := decide(t, db, ids[1], ids[2], homeward.Same)
		run(t, a) // what a remembers of the tables is out of date
		revoke(t, db, taken)
		run(t, b)
		if n := len(read(t, db).Persons); n != 2 {
			t.Errorf("%d persons, want 2", n)
		}
	})
}

func TestAColumnThatSaysTheSameOfAllIsNoFamily(t *testing.T) {
	db := storetest.Open(t)
	var rows [][]homeward.Claim
	for i := range 30 {
		rows = append(rows, claims("name.full", "a", "family.id", []string{"0", "-", fmt.Sprint("f", i/3)}[i%3]))
	}
	storetest.Put(t, db, "list", rows...)
	for i := range rows {
		rows[i] = claims("name.full", "a", "family.id", "0")
	}
	storetest.Put(t, db, "list", rows...)
	run(t, registry.Open(db))
	for _, p := range read(t, db).Persons {
		if len(p.Siblings) > 0 {
			t.Fatalf("person %s has %d siblings", p.ID, len(p.Siblings))
		}
	}
}

func sortIDs(list []homeward.RecordID) { slices.Sort(list) }

func sortLists(list [][]homeward.RecordID) {
	slices.SortFunc(list, func(a, b []homeward.RecordID) int { return slices.Compare(a, b) })
}
