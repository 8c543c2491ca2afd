package review_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// rank ranks what waits, with the registry's cursor at the end of the log.
func rank(t testing.TB, db *store.DB, r *review.Review) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		size, err := tx.TreeSize()
		if err != nil {
			return err
		}
		return tx.MoveCursor("registry", size-1)
	})
	if err := r.Rank(ctx, "registry"); err != nil {
		t.Fatal(err)
	}
}

// TestWhatHangsOnAPairBringsItForward ranks one pair while more and more hangs on it.
func TestWhatHangsOnAPairBringsItForward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "one", olena, petro)
		b := storetest.Put(t, db, "two", elena)[0]
		r := review.Open(db)
		propose(t, r)
		rank(t, db, r)
		pair := homeward.PairOf(a[0], b)
		p := pairs(t, db)[pair]
		doubt := p.Probability * (1 - p.Probability)
		is := func(what string, factor float64) {
			t.Helper()
			rank(t, db, r)
			if got := pairs(t, db)[pair].Urgency; math.Abs(got-doubt*factor) > 1e-12 {
				t.Errorf("%s: urgency %g, want %g", what, got, doubt*factor)
			}
		}
		is("nobody decided", 2)
		update(t, db, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(a[0]), Records: a, Since: tx.Now}, {ID: homeward.PersonID(b), Records: []homeward.RecordID{b}, Since: tx.Now}}, nil)
		})
		is("nothing in the log says that persons changed", 2)
		decide(t, r, a[0], a[1], homeward.Same)
		is("three records would join", 3)
		update(t, db, func(tx *store.Tx) error {
			return tx.ReplaceEvents([]homeward.RecordID{a[1]}, []homeward.Event{{ID: "e", Record: a[1], Type: homeward.EventReturned}})
		})
		decide(t, r, a[1], b, homeward.Unsure)
		is("a return hangs on it", 6)
	})
}

// TestAPairThatIsPutOffComesBackOnItsDay puts a pair off, and lets its day come.
func TestAPairThatIsPutOffComesBackOnItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "one", olena)[0]
		b := storetest.Put(t, db, "two", elena)[0]
		r := review.Open(db)
		propose(t, r)
		pair, today := homeward.PairOf(a, b), homeward.DayOf(time.Now())
		for _, day := range []homeward.Day{-1, today, today + review.LongestDefer + 2} {
			var m *homeward.Message
			if _, err := r.Defer(ctx, officer, pair, day, "later"); !errors.As(err, &m) || !errors.Is(err, homeward.ErrInvalid) {
				t.Errorf("put off until %s: %v", day, err)
			}
		}
		d, err := r.Defer(ctx, officer, pair, today+2, "later")
		if err != nil || d.Judgement != homeward.Unsure || d.Again != today+2 {
			t.Fatalf("put off: %v", err)
		}
		due := func() int {
			rows := queue(t, r, review.Filter{})
			if len(rows) > 0 && (!rows[0].Due || rows[0].Pair.ID != pair || len(rows[0].Left.Claims) == 0) {
				t.Error("what is in the queue is not the pair that is due")
			}
			return len(rows)
		}
		if n := due(); n != 0 {
			t.Errorf("%d pairs wait before the day", n)
		}
		later := func(day homeward.Day) { // as somebody would have said on an earlier day
			err := db.Update(ctx, officer, func(tx *store.Tx) error {
				_, err := tx.PutDecision(homeward.Decision{Pair: pair, Judgement: homeward.Unsure, Basis: homeward.BasisReview, Again: day})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		later(today)
		if n := due(); n != 1 {
			t.Errorf("%d pairs wait on the day", n)
		}
		later(0)
		if n := due(); n != 0 {
			t.Errorf("%d pairs wait after somebody was unsure again, with no day", n)
		}
		later(today - 1)
		decide(t, r, a, b, homeward.Different)
		if n := due(); n != 0 {
			t.Errorf("%d pairs wait after the decision", n)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v %v", v.Findings, err)
		}
	})
}
