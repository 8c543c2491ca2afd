package review_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// altered is one girl as her family tells of her, and under the identity that was given to her: no name, date or birthplace is
// left, but her mother's name, where she was taken from and how she looks.
var (
	taken = claims("name.full", "Вигадана Олена Іванівна", "birth.date", "13.4.2014", "birth.place", "Маріуполь", "sex", "ж",
		"event.taken.place", "Інтернат № 2", "transfer.group", "ВИГ-17", "mother.name", "Вигадана Марія Петрівна", "appearance.eyes", "сірі", "appearance.hair", "руде")
	renamed = claims("name.full", "Придуманная Любовь Петровна", "birth.date", "9.11.2017", "birth.place", "Тверь", "sex", "ж",
		"event.taken.place", "Інтернат № 2", "mother.name", "Выгаданная Мария Петровна", "appearance.eyes", "серые", "appearance.hair", "рыжие")
)

// strangers are other children of whom as much is told.
func strangers(n int) (out [][]homeward.Claim) {
	colours := []string{"карі", "сірі", "блакитні", "зелені"}
	for i := range n {
		out = append(out, claims("name.full", fmt.Sprintf("Небувалко%c Тарас%c Петрович", 'а'+i%30, 'а'+i%7), "birth.date", fmt.Sprintf("%d.%d.%d", 1+i%28, 1+i%12, 2008+i%9),
			"birth.place", fmt.Sprint("Село ", i%17), "sex", []string{"ж", "ч"}[i%2], "event.taken.place", fmt.Sprint("Інтернат № ", 10+i%23), "transfer.group", fmt.Sprint("ПЕР-", i%19),
			"mother.name", fmt.Sprintf("Небувалко%c Оксан%c", 'а'+i%30, 'а'+i%11), "appearance.eyes", colours[i%4], "appearance.hair", []string{"чорне", "русе", "біляве"}[i%3]))
	}
	return out
}

func nearest(t *testing.T, r *review.Review, of ...homeward.RecordID) []review.Near {
	t.Helper()
	found, err := r.Nearest(ctx, officer, of, 10)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAChildUnderAnAlteredIdentityIsNearest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Put(t, db, "others", strangers(80)...)
		family := storetest.Put(t, db, "family", taken)[0]
		other := storetest.Put(t, db, "listing", renamed)[0]
		r := review.Open(db)
		propose(t, r)
		pair := homeward.PairOf(family, other)
		if _, ok := pairs(t, db)[pair]; ok {
			t.Fatal("blocking proposes the pair: the test shows nothing")
		}
		found := nearest(t, r, family)
		if len(found) == 0 || found[0].Record != other || found[0].Pair != pair || found[0].State != homeward.PairProposed || len(found[0].Signals) == 0 {
			t.Fatalf("the altered record is not the nearest of %d", len(found))
		}
		seen, err := r.Pair(ctx, officer, pair)
		if err != nil || seen.Pair.Weight != found[0].Weight || len(seen.Signals) == 0 {
			t.Fatalf("a pair that was never proposed is not weighed when asked for: %v", err)
		}
		if _, _, err := r.Neighbours(ctx, officer, pair); err != nil {
			t.Errorf("it has no place in the queue: %v", err)
		}
		if _, ok := pairs(t, db)[pair]; ok {
			t.Error("looking at a pair stored it")
		}
		decide(t, r, family, other, homeward.Different)
		if again := nearest(t, r, family); again[0].State != homeward.PairDifferent {
			t.Errorf("what people said of the pair is not told: %s", again[0].State)
		}
	})
}

func TestTheNearestAreOthersThatOneMayRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var room homeward.Compartment
		err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			room, err = tx.PutCompartment("room")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		mine := storetest.Put(t, db, "one", taken, renamed, olena)
		hidden := storetest.PutIn(t, db, room.ID, "two", taken)[0]
		r := review.Open(db)
		propose(t, r)
		update(t, db, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(mine[0]), Records: mine[:2], Since: tx.Now}}, nil)
		})
		found := nearest(t, r, mine[0], mine[1])
		if len(found) != 1 || found[0].Record != mine[2] {
			t.Errorf("%d records are near, want the one of another child", len(found))
		}
		for _, of := range [][]homeward.RecordID{{hidden}, {"never was"}} {
			if _, err := r.Nearest(ctx, officer, of, 10); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("near a record that is not there: %v", err)
			}
		}
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.AuditOf(string(mine[2]), 10)
			if !slices.ContainsFunc(rows, func(a store.AuditRow) bool { return a.Actor.ID == officer.ID }) {
				t.Error("reading the nearest is not in the audit")
			}
			return err
		})
		if _, err := r.Nearest(ctx, homeward.Actor{ID: "a", Role: homeward.RoleAdministrator}, mine, 10); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("an administrator: %v", err)
		}
	})
}
