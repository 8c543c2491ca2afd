package statistics

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestComputeCountsWhatTheStoreHolds: two lists speak of two children, one of them deported; a pair is decided.
func TestComputeCountsWhatTheStoreHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		row := []homeward.Claim{{Path: homeward.PathNameFull, Value: "x"}}
		first := storetest.Put(t, db, "one", row, row)
		second := storetest.Put(t, db, "two", row)
		deported := func(id homeward.RecordID) homeward.Event {
			return homeward.Event{ID: homeward.EventID(id + "/deported/0"), Record: id, Type: homeward.EventDeported,
				When: homeward.Exact(homeward.YMD(2022, time.May, 1)), KnownAt: time.Now()}
		}
		err := db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			e1, e2 := deported(first[0]), deported(second[0])
			e1.KnownAt, e2.KnownAt = tx.Now, tx.Now
			if err := tx.ReplaceEvents([]homeward.RecordID{first[0], second[0]}, []homeward.Event{e1, e2}); err != nil {
				return err
			}
			p := homeward.PairOf(first[0], second[0])
			left, right, _ := p.Records()
			_, err := tx.PutPairs([]homeward.Pair{{ID: p, Left: left, Right: right, Probability: 0.3, State: homeward.PairProposed, ProposedAt: tx.Now}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		undecided := time.Now()
		expect(t, db, "children", time.Time{}, [5]int{3, 3, 2, 3, 1})
		expect(t, db, "deported", time.Time{}, [5]int{2, 2, 1, 2, 1})

		err = db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			p := homeward.PairOf(first[0], second[0])
			left, right, _ := p.Records()
			_, err := tx.PutDecision(homeward.Decision{Pair: p, Left: left, Right: right, Judgement: homeward.Same, Basis: homeward.BasisReview, Reason: "x"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, db, "deported", time.Time{}, [5]int{2, 1, 1, 1, 0})
		expect(t, db, "deported", undecided, [5]int{2, 2, 1, 2, 1})
		expect(t, db, "deported", time.Unix(0, 0), [5]int{})

		before, err := Compute(ctx, db, homeward.Operator, "deported", homeward.YMD(2022, time.April, 30).Time(), time.Time{})
		if err != nil || before.Children != 0 {
			t.Errorf("before it happened: %v, %v", numbers(before), err)
		}
	})
}

func expect(t *testing.T, db *store.DB, name string, known time.Time, want [5]int) {
	t.Helper()
	c, err := Compute(context.Background(), db, homeward.Operator, name, time.Time{}, known)
	if err != nil {
		t.Fatal(err)
	}
	if numbers(c) != want {
		t.Errorf("%s: got %v, want %v", name, numbers(c), want)
	}
	if c.Definition.Name != name || c.ValidAsOf.IsZero() || c.KnownAsOf.IsZero() {
		t.Errorf("%s: the count came without its definition or times", name)
	}
}

func TestOnlyThoseWhoMayCountCount(t *testing.T) {
	db := storetest.Open(t)
	_, err := Compute(context.Background(), db, homeward.Actor{ID: "u", Role: homeward.RoleAdministrator}, "children", time.Time{}, time.Time{})
	if !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("an administrator may count: %v", err)
	}
	_, err = Compute(context.Background(), db, homeward.Operator, "deported minus returned", time.Time{}, time.Time{})
	if m := message(t, err); m.Key != "count.refused.subtraction" {
		t.Errorf("%s", m.Key)
	}
}
