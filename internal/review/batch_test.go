package review_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// born is a rule of the one sort that everybody would state: the name in all its parts, and the day of birth.
func born(bears int) homeward.BatchRule {
	return homeward.BatchRule{
		Compartment: homeward.Main, Judgement: homeward.Same, Bound: 0.9, Told: []homeward.Telling{"name.family_given", "birth.day"}, Bears: bears,
	}
}

// colleagues adds supervisors who sign in: who carries out a batch has to be somebody.
func colleagues(t testing.TB, db *store.DB, n int) (out []homeward.Actor) {
	t.Helper()
	err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		for i := range n {
			u, err := tx.PutUser(fmt.Sprint("supervisor ", i), homeward.RoleSupervisor, "")
			if err != nil {
				return err
			}
			out = append(out, u.Actor())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judgeSample judges the whole sample of a batch as the truth has it, but for the first so many, which are judged the other way.
func judgeSample(t testing.TB, r *review.Review, who homeward.Actor, b homeward.Batch, wrong int) {
	t.Helper()
	for i := 0; ; i++ {
		pair, _, err := r.SampleNext(ctx, who, b.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if pair == "" {
			return
		}
		j := b.Rule.Judgement
		if i < wrong {
			j = homeward.Different
		}
		if _, err := r.Decide(ctx, officer, pair, j, "judged for itself"); err != nil {
			t.Fatal(err)
		}
	}
}

func shown(t testing.TB, r *review.Review, who homeward.Actor, id homeward.BatchID) review.Shown {
	t.Helper()
	s, err := r.Batch(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// applied states a batch, judges its sample as the rule says, and applies it; nothing is carried out yet.
func applied(t testing.TB, r *review.Review, team []homeward.Actor) homeward.Batch {
	t.Helper()
	b, err := r.StateBatch(ctx, team[0], born(50), "r")
	if err != nil {
		t.Fatal(err)
	}
	judgeSample(t, r, team[0], b, 0)
	if err := r.ApplyBatch(ctx, team[1], b.ID, "r"); err != nil {
		t.Fatal(err)
	}
	return b
}

func carryOut(t testing.TB, r *review.Review) {
	t.Helper()
	for {
		n, err := r.CarryOutBatches(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func TestABatchIsJudgedMeasuredAppliedAndTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		twoLists(t, db, 300)
		r, team := review.Open(db), colleagues(t, db, 2)
		propose(t, r)
		taken, err := r.Takes(ctx, team[0], born(50))
		if err != nil || len(taken.Pairs) < 40 || taken.Sample == 0 || taken.Sample >= len(taken.Pairs) {
			t.Fatalf("the rule takes %d pairs with a sample of %d: %v", len(taken.Pairs), taken.Sample, err)
		}
		b, err := r.StateBatch(ctx, team[0], born(50), "the same children in both lists")
		if err != nil || b.Pairs != len(taken.Pairs) || b.Sample != taken.Sample {
			t.Fatalf("stated over %d with %d: %v", b.Pairs, b.Sample, err)
		}
		if err := r.ApplyBatch(ctx, team[1], b.ID, "it is clean"); !refusedWith(err, "batch.not_judged") {
			t.Errorf("applied before the sample is judged: %v", err)
		}
		if m := shown(t, r, team[0], b.ID).Measured; len(m.Waiting) != b.Sample || m.Bound != 1 {
			t.Errorf("of the unjudged sample it is said that %d wait and the bound is %g", len(m.Waiting), m.Bound)
		}
		judgeSample(t, r, team[0], b, 0)
		if m := shown(t, r, team[0], b.ID).Measured; m.Judged != b.Sample || m.Wrong != 0 || m.Bound > 0.05 {
			t.Errorf("measured %+v", m)
		}
		if err := r.ApplyBatch(ctx, team[0], b.ID, "it is clean"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("applied by who stated it: %v", err)
		}
		standing(t, db, b.Sample)
		if err := r.ApplyBatch(ctx, team[1], b.ID, "it is clean"); err != nil {
			t.Fatal(err)
		}
		carryOut(t, r)
		s := shown(t, r, team[0], b.ID)
		if s.Batch.State() != homeward.BatchApplied || s.Tally[homeward.BatchDecided] != b.Pairs-b.Sample || s.Tally[homeward.BatchJudged] != b.Sample || s.Stands != b.Pairs-b.Sample {
			t.Fatalf("%s: %v, %d stand", s.Batch.State(), s.Tally, s.Stands)
		}
		standing(t, db, b.Pairs)
		one := homeward.DecisionID("")
		for _, d := range decisions(t, db) {
			if d.Batch != "" {
				one = d.ID
				if d.By != team[1] || d.Basis != homeward.BasisBatch || d.Basis.Judged() || d.Batch != b.ID {
					t.Fatalf("a decision of the batch by %s, on %s", d.By.ID, d.Basis)
				}
			}
		}
		if err := r.Revoke(ctx, officer, one, "that one is another child"); err != nil {
			t.Fatal(err)
		}
		if s := shown(t, r, team[0], b.ID); s.Stands != b.Pairs-b.Sample-1 {
			t.Errorf("%d stand after one was taken back", s.Stands)
		}
		if again, err := r.Takes(ctx, team[0], born(50)); err != nil || len(again.Pairs) > 0 {
			t.Errorf("another batch would take %d, of which one was taken back: %v", len(again.Pairs), err)
		}
		if err := r.RevokeBatch(ctx, team[0], b.ID, "the second list was a copy"); err != nil {
			t.Fatal(err)
		}
		carryOut(t, r)
		if s := shown(t, r, team[0], b.ID); s.Batch.State() != homeward.BatchRevoked || s.Stands != 0 || s.Tally[homeward.BatchTaken] != b.Pairs-b.Sample {
			t.Errorf("%s: %v, %d stand", s.Batch.State(), s.Tally, s.Stands)
		}
		if left := len(decisions(t, db)); left != b.Pairs || !stand(decisions(t, db), b.Sample) {
			t.Errorf("what people judged of the sample was taken back too")
		}
		verified(t, db)
	})
}

func stand(list []homeward.Decision, want int) bool {
	n := 0
	for _, d := range list {
		if d.RevokedAt.IsZero() {
			n++
		}
	}
	return n == want
}

func verified(t testing.TB, db *store.DB) {
	t.Helper()
	v, err := db.Verify(ctx, homeward.System, nil)
	if err != nil || len(v.Findings) > 0 {
		t.Errorf("%d findings: %v", len(v.Findings), err)
	}
}

func TestARuleThatErrsIsNotApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		twoLists(t, db, 140)
		r, team := review.Open(db), colleagues(t, db, 2)
		propose(t, r)
		b, err := r.StateBatch(ctx, team[0], born(50), "r")
		if err != nil {
			t.Fatal(err)
		}
		judgeSample(t, r, team[0], b, 1)
		if m := shown(t, r, team[0], b.ID).Measured; m.Wrong != 1 || m.Bound <= 0.05 {
			t.Errorf("measured %+v", m)
		}
		if err := r.ApplyBatch(ctx, team[1], b.ID, "r"); !refusedWith(err, "batch.errs_too_much") {
			t.Errorf("applied: %v", err)
		}
		if err := r.DiscardBatch(ctx, team[1], b.ID, "too wide"); err != nil {
			t.Fatal(err)
		}
		if err := r.ApplyBatch(ctx, team[1], b.ID, "r"); err == nil {
			t.Error("applied after it was given up")
		}
	})
}

// TestWhatIsGraveOrRestsIsInNoBatch takes children of whom something grave is told, by themselves or through a decision, and such as are
// restricted, taken back, or in review, into account before a batch is stated, and again when it is applied.
func TestWhatIsGraveOrRestsIsInNoBatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		child := func(i int, more ...string) []homeward.Claim {
			return claims(append([]string{"name.full", fmt.Sprintf("Зразківська Дитина%c", 'а'+i%32), "birth.date", fmt.Sprintf("%d-03-%02d", 2010+i/10, i%28+1)}, more...)...)
		}
		var one, two [][]homeward.Claim
		for i := range 40 {
			one, two = append(one, child(i)), append(two, child(i))
		}
		two[0] = child(0, "event.returned.date", "2024-05-01")
		a, b := storetest.Put(t, db, "one", one...), storetest.Put(t, db, "two", two...)
		told := storetest.Put(t, db, "three", claims("name.full", "Інша Оповідь", "event.located.place", "Тверь"), claims("name.full", "Друга Оповідь", "event.deceased.date", "2023-01-01"), claims("name.full", "Третя Розповідь"))
		r, team := review.Open(db), colleagues(t, db, 2)
		propose(t, r)
		pair := func(i int) homeward.PairID { return homeward.PairOf(a[i], b[i]) }
		tie := func(record, to homeward.RecordID) { // as if two people had said so
			p := homeward.PairOf(record, to)
			for _, who := range []homeward.Actor{reviewer, chief} {
				if _, err := opine(r, who, p, homeward.Same); err != nil {
					t.Fatal(err)
				}
			}
		}
		say := func(p homeward.PairID, j homeward.Judgement) {
			if _, err := opine(r, officer, p, j); err != nil {
				t.Fatal(err)
			}
		}
		mark := func(id homeward.RecordID) {
			err := db.Update(ctx, supervisor, func(tx *store.Tx) error {
				_, err := tx.Restrict([]homeward.RecordID{id}, homeward.GroundContested, "r")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		takes := func() []homeward.PairID {
			taken, err := r.Takes(ctx, team[0], born(50))
			if err != nil {
				t.Fatal(err)
			}
			return taken.Pairs
		}
		tie(a[1], told[0])
		mark(a[2])
		if list := takes(); slices.Contains(list, pair(0)) || slices.Contains(list, pair(1)) || slices.Contains(list, pair(2)) || !slices.Contains(list, pair(3)) {
			t.Fatalf("takes the grave or the restricted among %d", len(list))
		}
		batch, err := r.StateBatch(ctx, team[0], born(50), "r")
		if err != nil {
			t.Fatal(err)
		}
		judgeSample(t, r, team[0], batch, 0)
		var rest []int
		for i := range 40 {
			if s := shown(t, r, team[0], batch.ID); !slices.ContainsFunc(s.Sample, func(x review.SampleRow) bool { return x.Of.Pair == pair(i) }) && i > 2 {
				rest = append(rest, i)
			}
		}
		if err := r.ApplyBatch(ctx, team[1], batch.ID, "r"); err != nil {
			t.Fatal(err)
		}
		want := map[homeward.BatchOutcome]int{homeward.BatchJudged: batch.Sample}
		for n, i := range rest { // between the two, one becomes grave, one is restricted, one can be joined no more
			switch n {
			case 0:
				tie(b[i], told[1])
				want[homeward.BatchGrave]++
			case 1:
				mark(b[i])
				want[homeward.BatchAway]++
			case 2: // a third record is one child with the left, and is not with the right
				say(homeward.PairOf(a[i], told[2]), homeward.Same)
				say(homeward.PairOf(b[i], told[2]), homeward.Different)
				want[homeward.BatchApart]++
			default:
				want[homeward.BatchDecided]++
			}
		}
		carryOut(t, r)
		s := shown(t, r, team[0], batch.ID)
		for _, o := range homeward.BatchOutcomes {
			if s.Tally[o] != want[o] {
				t.Errorf("%q: %d, want %d", o, s.Tally[o], want[o])
			}
		}
		verified(t, db)
	})
}

// TestABatchGoesOnWhereItWasKilled ends the work at every place it can end, with the process gone between steps, and counts what was decided.
func TestABatchGoesOnWhereItWasKilled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		twoLists(t, db, 400)
		r, team := review.Open(db), colleagues(t, db, 2)
		propose(t, r)
		b := applied(t, r, team)
		for turn := 0; ; turn++ {
			again := review.Open(db) // a new process: nothing is left in memory
			cut, stop := context.WithCancel(ctx)
			go stop() // at some moment, in a transaction or between two
			_, _ = again.CarryOutBatches(cut)
			stop()
			if turn > 20 {
				carryOut(t, again)
			}
			if s := shown(t, again, team[0], b.ID); s.Batch.State() == homeward.BatchApplied {
				break
			}
		}
		s := shown(t, r, team[0], b.ID)
		if s.Tally[homeward.BatchDecided] != b.Pairs-b.Sample || s.Stands != b.Pairs-b.Sample {
			t.Errorf("%v, %d stand", s.Tally, s.Stands)
		}
		seen := map[homeward.PairID]bool{}
		for _, d := range decisions(t, db) {
			if seen[d.Pair] {
				t.Fatal("a pair was decided twice")
			}
			seen[d.Pair] = true
		}
		if n, err := r.CarryOutBatches(ctx); n != 0 || err != nil {
			t.Errorf("done, it goes on: %d, %v", n, err)
		}
		verified(t, db)
	})
}

// TestWhoMayDecideNoLongerIsNotGoneOnFor shuts out the one who applied a batch: it waits for another.
func TestWhoMayDecideNoLongerIsNotGoneOnFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		twoLists(t, db, 140)
		r, team := review.Open(db), colleagues(t, db, 3)
		propose(t, r)
		b := applied(t, r, team)
		if err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error { return tx.Disable(team[1].ID) }); err != nil {
			t.Fatal(err)
		}
		carryOut(t, r)
		if s := shown(t, r, team[0], b.ID); !s.Halted || s.Stands != 0 {
			t.Fatalf("halted %t, %d stand", s.Halted, s.Stands)
		}
		if err := r.ApplyBatch(ctx, team[2], b.ID, "I go on"); err != nil {
			t.Fatal(err)
		}
		carryOut(t, r)
		if s := shown(t, r, team[0], b.ID); s.Halted || s.Stands != b.Pairs-b.Sample {
			t.Errorf("halted %t, %d stand", s.Halted, s.Stands)
		}
	})
}

func TestARuleOfNamesAloneIsRefused(t *testing.T) {
	r, team := review.Open(storetest.Open(t)), supervisor
	for key, rule := range map[string]func(*homeward.BatchRule){
		"batch.too_little": func(r *homeward.BatchRule) { r.Told = []homeward.Telling{"name.all", "sex.same"} },
		"batch.wrong_told": func(r *homeward.BatchRule) { r.Told = []homeward.Telling{"birth.different"} },
	} {
		x := born(50)
		rule(&x)
		if _, err := r.Takes(ctx, team, x); !refusedWith(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, change := range []func(*homeward.BatchRule){
		func(r *homeward.BatchRule) { r.Bound = 0.2 }, func(r *homeward.BatchRule) { r.Judgement = homeward.Unsure },
		func(r *homeward.BatchRule) { r.Bears = 500 }, func(r *homeward.BatchRule) { r.Compartment = "" },
	} {
		x := born(50)
		change(&x)
		if _, err := r.Takes(ctx, team, x); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%+v: %v", x, err)
		}
	}
	for _, who := range []homeward.Actor{officer, reviewer} {
		if _, err := r.Takes(ctx, who, born(50)); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
}

// TestOneRuleOfAJudgementIsUnderWayAtATime states a second rule beside the first, which would be to choose among samples.
func TestOneRuleOfAJudgementIsUnderWayAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		twoLists(t, db, 140)
		r, team := review.Open(db), colleagues(t, db, 2)
		propose(t, r)
		b, err := r.StateBatch(ctx, team[0], born(50), "r")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.StateBatch(ctx, team[1], born(10), "r"); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("another rule beside the first: %v", err)
		}
		if err := r.DiscardBatch(ctx, team[0], b.ID, "r"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.StateBatch(ctx, team[1], born(50), "r"); err != nil {
			t.Errorf("after the first was given up: %v", err)
		}
	})
}
