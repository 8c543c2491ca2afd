package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var (
	keeper  = homeward.Actor{ID: "keeper", Role: homeward.RoleSupervisor}
	counsel = homeward.Actor{ID: "counsel", Role: homeward.RoleLegalOfficer}
	tracer  = homeward.Actor{ID: "tracer", Role: homeward.RoleTracingOfficer}
)

func named(name string) []homeward.Claim {
	return []homeward.Claim{{Path: homeward.PathNameFull, Value: name}, {Path: homeward.PathHome, Value: "home of " + name}}
}

// lay lays a mark and returns what was laid.
func lay(t *testing.T, db *store.DB, who homeward.Actor, fn func(*store.Tx) ([]homeward.Mark, error)) []homeward.Mark {
	t.Helper()
	var out []homeward.Mark
	err := db.Update(ctx, who, func(tx *store.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func lift(db *store.DB, who homeward.Actor, id homeward.MarkID) error {
	return db.Update(ctx, who, func(tx *store.Tx) error {
		_, err := tx.LiftMark(id, "it was settled")
		return err
	})
}

func restricts(records ...homeward.RecordID) func(*store.Tx) ([]homeward.Mark, error) {
	return func(tx *store.Tx) ([]homeward.Mark, error) {
		return tx.Restrict(records, homeward.GroundContested, "the mother says it is not her")
	}
}

func readAs(db *store.DB, who homeward.Actor, id homeward.RecordID) (r homeward.Record, err error) {
	return r, db.View(ctx, who, func(tx *store.Tx) (err error) {
		r, err = tx.Record(id)
		return err
	})
}

func TestARestrictedRecordExistsForNamedRolesAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", named("a"), named("b"))
		laid := lay(t, db, counsel, restricts(ids[0]))
		for _, who := range []homeward.Actor{keeper, counsel} {
			if r, err := readAs(db, who, ids[0]); err != nil || r.State != homeward.RecordRestricted {
				t.Errorf("%s: %s, %v", who.Role, r.State, err)
			}
		}
		for _, role := range []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleReviewer, homeward.RoleCaseworker, homeward.RoleEvidenceCustodian} {
			who := homeward.Actor{ID: "somebody", Role: role}
			_, hidden := readAs(db, who, ids[0])
			_, never := readAs(db, who, homeward.RecordID(homeward.NewID(time.Now())))
			if !errors.Is(hidden, homeward.ErrNotFound) || !errors.Is(never, homeward.ErrNotFound) {
				t.Errorf("%s: %v", role, hidden)
			}
			if _, err := readAs(db, who, ids[1]); err != nil {
				t.Errorf("%s does not see what is not restricted: %v", role, err)
			}
			err := db.View(ctx, who, func(tx *store.Tx) error {
				marks, err := tx.StandingMarks(store.MarkPage{Limit: 10})
				facts, more := tx.RecordFacts()
				if len(marks) != 0 || len(facts) != 1 {
					t.Errorf("%s sees %d marks and %d records", role, len(marks), len(facts))
				}
				return errors.Join(err, more)
			})
			if err != nil {
				t.Error(err)
			}
			if err := db.Update(ctx, who, func(tx *store.Tx) error { _, err := tx.BreakGlass(ids[0], "because"); return err }); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("%s breaks the glass over what is restricted: %v", role, err)
			}
		}
		each := 0
		if err := db.EachRecord(ctx, homeward.System, "", func(homeward.Record) error { each++; return nil }); err != nil || each != 1 {
			t.Errorf("the machine processes %d records: %v", each, err)
		}
		if err := lift(db, keeper, laid[0].ID); err != nil {
			t.Fatal(err)
		}
		if r, err := readAs(db, tracer, ids[0]); err != nil || r.State != homeward.RecordAccepted {
			t.Errorf("lifted: %s, %v", r.State, err)
		}
		intact(t, db)
	})
}

// intact fails unless the ledger verifies and an altered mark is named.
func intact(t *testing.T, db *store.DB) {
	t.Helper()
	v, err := db.Verify(ctx, homeward.Operator, nil)
	if err != nil || !v.OK() {
		t.Fatalf("verify: %v, %v", v.Findings, err)
	}
}

func TestWhatASourceTookBackStaysAsHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", named("a"), named("b"))
		lay(t, db, tracer, func(tx *store.Tx) ([]homeward.Mark, error) {
			return tx.Retract(ids[0], homeward.WholeRecord, "the list says so")
		})
		lay(t, db, tracer, func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Retract(ids[1], 1, "another street") })
		if r, err := readAs(db, tracer, ids[0]); err != nil || r.State != homeward.RecordRetracted || len(r.Row) != 2 {
			t.Errorf("a record taken back: %s with %d cells, %v", r.State, len(r.Row), err)
		}
		r, err := readAs(db, tracer, ids[1])
		if _, said := r.First(homeward.PathHome); err != nil || said || len(r.TakenBack) != 1 || r.State != homeward.RecordAccepted || len(r.Row) != 2 {
			t.Errorf("a claim taken back: %d claims, %d taken back, %d cells, %v", len(r.Claims), len(r.TakenBack), len(r.Row), err)
		}
		for name, fn := range map[string]func(*store.Tx) ([]homeward.Mark, error){
			"again":     func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Retract(ids[0], homeward.WholeRecord, "again") },
			"no claim":  func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Retract(ids[1], 2, "no such claim") },
			"no reason": func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Retract(ids[1], homeward.WholeRecord, " ") },
			"no ground": func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Restrict(ids, homeward.GroundSource, "because") },
			"no record": func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Hold([]homeward.RecordID{"none"}, "because") },
		} {
			if err := db.Update(ctx, keeper, func(tx *store.Tx) error { _, err := fn(tx); return err }); err == nil {
				t.Errorf("%s: it is done", name)
			}
		}
		intact(t, db)
	})
}

func TestNobodyLiftsTheirOwnMark(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", named("a"))
		held := lay(t, db, counsel, func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Hold(ids, "a court asked for it") })
		for _, who := range []homeward.Actor{counsel, tracer} {
			if err := lift(db, who, held[0].ID); !errors.Is(err, homeward.ErrDenied) {
				t.Errorf("%s lifts it: %v", who.ID, err)
			}
		}
		if err := lift(db, keeper, held[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := lift(db, keeper, held[0].ID); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("it is lifted twice: %v", err)
		}
		if r, err := readAs(db, tracer, ids[0]); err != nil || r.State != homeward.RecordAccepted {
			t.Errorf("a hold changes what is seen: %s, %v", r.State, err)
		}
		intact(t, db)
	})
}

// TestMarksFollowTheRow marks one version of a row: the earlier ones are marked with it, and a restriction and a hold come upon the
// next one by themselves, where a retraction does not.
func TestMarksFollowTheRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first := storetest.Put(t, db, "list", named("a"))[0]
		second := nextVersion(t, db, first, "b")
		if laid := lay(t, db, counsel, restricts(second)); len(laid) != 2 {
			t.Fatalf("%d versions are restricted", len(laid))
		}
		lay(t, db, counsel, func(tx *store.Tx) ([]homeward.Mark, error) {
			return tx.Hold([]homeward.RecordID{first}, "a court asked")
		})
		lay(t, db, keeper, func(tx *store.Tx) ([]homeward.Mark, error) {
			return tx.Retract(first, homeward.WholeRecord, "the list says so")
		})
		third := nextVersion(t, db, second, "c")
		if _, err := readAs(db, tracer, third); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("a new version of a restricted row is open: %v", err)
		}
		kinds := map[homeward.MarkKind]int{}
		err := db.View(ctx, counsel, func(tx *store.Tx) error {
			list, err := tx.MarksOf(third)
			for _, m := range list {
				kinds[m.Kind]++
			}
			return err
		})
		if err != nil || kinds[homeward.Restriction] != 1 || kinds[homeward.LegalHold] != 1 || kinds[homeward.Retraction] != 0 {
			t.Errorf("marks on the new version: %v, %v", kinds, err)
		}
		intact(t, db)
	})
}

// nextVersion writes a record that supersedes another, as an intake clerk, who sees no mark.
func nextVersion(t *testing.T, db *store.DB, before homeward.RecordID, name string) (id homeward.RecordID) {
	t.Helper()
	was, err := readAs(db, homeward.System, before)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, homeward.Actor{ID: "clerk", Role: homeward.RoleIntakeClerk}, func(tx *store.Tx) error {
		ed, err := tx.PutEdition(homeward.Edition{Source: was.Source, SHA256: homeward.NewID(time.Now()), Format: "csv", Encoding: "utf-8"})
		if err != nil {
			return err
		}
		id = homeward.RecordID(homeward.NewID(tx.Now))
		r := was
		r.ID, r.Edition, r.Supersedes, r.State, r.Claims = id, ed.ID, before, homeward.RecordAccepted, named(name)
		return tx.PutRecords([]store.NewRecord{{Record: r, Key: tx.Fingerprint("row", string(before)), Content: tx.Fingerprint("content", string(id)), Change: homeward.ChangeChanged}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
