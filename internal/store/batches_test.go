package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var (
	stater  = homeward.Actor{ID: "stater", Role: homeward.RoleSupervisor}
	applier = homeward.Actor{ID: "applier", Role: homeward.RoleSupervisor}
)

// twins is a rule that the store takes as it stands: whether it fits is for review to say.
var twins = homeward.BatchRule{Compartment: homeward.Main, Judgement: homeward.Same, Bound: 0.999, Told: []homeward.Telling{"name.all", "birth.day"}, Bears: 50}

// batched states a batch over the pairs of some records, applies it and takes it back.
func batched(t testing.TB, db *store.DB, ids []homeward.RecordID) homeward.Batch {
	t.Helper()
	pairs := []homeward.PairID{homeward.PairOf(ids[1], ids[2]), homeward.PairOf(ids[0], ids[1])}
	var b homeward.Batch
	for _, step := range []struct {
		who homeward.Actor
		do  func(*store.Tx) error
	}{
		{stater, func(tx *store.Tx) (err error) {
			b, err = tx.PutBatch(homeward.Batch{Rule: twins, Reason: "the same children twice", Sample: 1}, pairs)
			return err
		}},
		{applier, func(tx *store.Tx) error { return tx.ActOnBatch(b.ID, homeward.BatchApply, "the sample is clean") }},
		{applier, func(tx *store.Tx) error {
			list, err := tx.BatchPairs(b.ID, homeward.BatchWaits, "", 10)
			for i, p := range list {
				if list[i].Outcome = homeward.BatchJudged; p.Drawn < 0 && err == nil {
					var d homeward.Decision
					d, err = tx.PutDecision(homeward.Decision{Pair: p.Pair, Judgement: homeward.Same, Basis: homeward.BasisBatch, Batch: b.ID})
					list[i].Outcome, list[i].Decision = homeward.BatchDecided, d.ID
				}
			}
			return errors.Join(err, tx.SetOutcomes(b.ID, list))
		}},
		{homeward.System, func(tx *store.Tx) error { return tx.ActOnBatch(b.ID, homeward.BatchDone, "") }},
	} {
		if err := db.Update(ctx, step.who, step.do); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestABatchIsAppliedByAnotherThanStatedItAndInItsOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", named("a"), named("b"), named("c"))
		var b homeward.Batch
		pairs := []homeward.PairID{homeward.PairOf(ids[1], ids[2]), homeward.PairOf(ids[0], ids[1])}
		state := func(tx *store.Tx) (err error) {
			b, err = tx.PutBatch(homeward.Batch{Rule: twins, Reason: "r", Sample: 1}, pairs)
			return err
		}
		for _, who := range []homeward.Actor{tracer, homeward.System, homeward.Operator, {ID: "r", Role: homeward.RoleReviewer}} {
			if err := does(db, who, state); !errors.Is(err, homeward.ErrDenied) {
				t.Errorf("%s states a batch: %v", who.Role, err)
			}
		}
		if err := does(db, stater, state); err != nil {
			t.Fatal(err)
		}
		act := func(k homeward.BatchActKind) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.ActOnBatch(b.ID, k, "because") }
		}
		decides := func(d homeward.Decision) func(*store.Tx) error {
			d.Basis, d.Batch = homeward.BasisBatch, b.ID
			return func(tx *store.Tx) error { _, err := tx.PutDecision(d); return err }
		}
		var sample []homeward.BatchPair
		view(t, db, func(tx *store.Tx) (err error) {
			sample, err = tx.BatchSample(b.ID)
			return err
		})
		if len(sample) != 1 {
			t.Fatalf("a sample of %d", len(sample))
		}
		rest := slices.DeleteFunc(slices.Clone(pairs), func(p homeward.PairID) bool { return p == sample[0].Pair })[0]
		for _, x := range []struct {
			what string
			who  homeward.Actor
			do   func(*store.Tx) error
			want error
		}{
			{"decided before it is applied", applier, decides(homeward.Decision{Pair: rest, Judgement: homeward.Same}), homeward.ErrConflict},
			{"applied by who stated it", stater, act(homeward.BatchApply), homeward.ErrDenied},
			{"applied by a reviewer", homeward.Actor{ID: "r", Role: homeward.RoleReviewer}, act(homeward.BatchApply), homeward.ErrDenied},
			{"revoked before it was applied", stater, act(homeward.BatchRevoke), homeward.ErrConflict},
			{"applied without a reason", applier, func(tx *store.Tx) error { return tx.ActOnBatch(b.ID, homeward.BatchApply, " ") }, homeward.ErrInvalid},
			{"applied", applier, act(homeward.BatchApply), nil},
			{"done by a person", applier, act(homeward.BatchDone), homeward.ErrDenied},
			{"discarded while it is applied", stater, act(homeward.BatchDiscard), homeward.ErrConflict},
			{"decided by another than applies it", stater, decides(homeward.Decision{Pair: rest, Judgement: homeward.Same}), homeward.ErrConflict},
			{"decided otherwise than the rule", applier, decides(homeward.Decision{Pair: rest, Judgement: homeward.Different}), homeward.ErrConflict},
			{"decided of the sample", applier, decides(homeward.Decision{Pair: sample[0].Pair, Judgement: homeward.Same}), homeward.ErrConflict},
			{"decided of a pair that is not its own", applier, decides(homeward.Decision{Pair: homeward.PairOf(ids[0], ids[2]), Judgement: homeward.Same}), homeward.ErrConflict},
			{"decided", applier, decides(homeward.Decision{Pair: rest, Judgement: homeward.Same}), nil},
		} {
			if err := does(db, x.who, x.do); !errors.Is(err, x.want) || (err == nil) != (x.want == nil) {
				t.Errorf("%s: %v", x.what, err)
			}
		}
		nameless := func(tx *store.Tx) error {
			_, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(ids[0], ids[2]), Judgement: homeward.Same, Basis: homeward.BasisBatch})
			return err
		}
		if err := does(db, applier, nameless); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("a decision of no batch: %v", err)
		}
		if places := verifyPlaces(t, db); len(places) > 0 {
			t.Errorf("findings: %v", places)
		}
	})
}

// TestABatchOfAnotherCompartmentIsNotThere asks for a batch as somebody who is not in its compartment.
func TestABatchOfAnotherCompartmentIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", named("a"), named("b"), named("c"))
		b := batched(t, db, ids)
		outside := addUser(t, db, homeward.RoleSupervisor)
		operate(t, db, func(tx *store.Tx) error { return tx.SetMember(homeward.Main, outside.ID, false) })
		err := db.View(ctx, outside, func(tx *store.Tx) error {
			if _, err := tx.Batch(b.ID); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("the batch is there: %v", err)
			}
			list, err := tx.Batches(store.BatchPage{Limit: 10})
			tally, terr := tx.BatchTally(b.ID)
			if len(list)+len(tally) > 0 {
				t.Error("it is listed or counted")
			}
			return errors.Join(err, terr)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestABatchThatDoesNotOpenLeavesTheOthersCompared takes the key of one batch away, alters the words of another, and the sum of a third.
func TestABatchThatDoesNotOpenLeavesTheOthersCompared(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		var of []homeward.BatchID
		for _, name := range []string{"one", "two", "three"} {
			of = append(of, batched(t, db, storetest.Put(t, db, name, named("a"), named("b"), named("c"))).ID)
		}
		execs(t, keysOf(t, s), "delete from keys where id = $1", string(of[0]))
		v := vandalOf(t, s)
		v.exec(t, "update batches set sealed = (select sealed from batches where id = '"+string(of[2])+"') where id = '"+string(of[1])+"'")
		v.exec(t, "update batches set bears = bears + 1 where id = '"+string(of[2])+"'")
		found, err := db.Verify(ctx, homeward.Operator, nil)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]int{}
		for _, f := range found.Findings {
			said[f.Place+" "+f.ID]++
		}
		for _, want := range []string{"keys " + string(of[0]), "batches " + string(of[1]), "batches " + string(of[2])} {
			if said[want] == 0 {
				t.Errorf("%s is not found among %d findings", want, len(found.Findings))
			}
		}
		if said["batches "+string(of[1])] != 1 || said["batch_acts "+string(of[1])] > 0 {
			t.Error("of a batch that does not open more is said than that")
		}
	})
}
