package review_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var ctx = context.Background()

var officer = homeward.Actor{ID: "officer", Role: homeward.RoleTracingOfficer}

// claims reads path, value, path, value; dates are read; a path that ends in "!" is verified.
func claims(pairs ...string) []homeward.Claim {
	var out []homeward.Claim
	for i := 0; i < len(pairs); i += 2 {
		c := homeward.Claim{Path: homeward.Path(pairs[i]), Value: pairs[i+1], Heading: pairs[i]}
		if last := len(c.Path) - 1; c.Path[last] == '!' {
			c.Path, c.Verified = c.Path[:last], true
		}
		if c.Path.IsDate() {
			if dates := homeward.ParseDates(c.Value, homeward.Exact(homeward.YMD(2025, 3, 1))); len(dates) > 0 {
				c.When = dates[0]
			}
		}
		out = append(out, c)
	}
	return out
}

func update(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(ctx, homeward.System, fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.View(ctx, homeward.System, fn); err != nil {
		t.Fatal(err)
	}
}

// change brings a new edition of a source in which the row of a record says something else.
func change(t testing.TB, db *store.DB, of homeward.RecordID, state homeward.RecordState, says []homeward.Claim) homeward.RecordID {
	t.Helper()
	var id homeward.RecordID
	update(t, db, func(tx *store.Tx) error {
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
		return tx.PutRecords([]store.NewRecord{{Record: r, Key: f, Content: f, Change: homeward.ChangeChanged}})
	})
	return id
}

func propose(t testing.TB, r *review.Review) review.Report {
	t.Helper()
	report, err := r.Propose(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func pairs(t testing.TB, db *store.DB) map[homeward.PairID]homeward.Pair {
	t.Helper()
	out := map[homeward.PairID]homeward.Pair{}
	view(t, db, func(tx *store.Tx) error {
		list, err := tx.PairFacts()
		for _, p := range list {
			out[p.ID] = p
		}
		return err
	})
	return out
}

func decisions(t testing.TB, db *store.DB) []homeward.Decision {
	t.Helper()
	var out []homeward.Decision
	view(t, db, func(tx *store.Tx) (err error) {
		out, err = tx.DecisionFacts()
		return err
	})
	return out
}

func decide(t testing.TB, r *review.Review, a, b homeward.RecordID, j homeward.Judgement) homeward.Decision {
	t.Helper()
	out, err := r.Decide(ctx, officer, homeward.PairOf(a, b), j, "because")
	if err != nil {
		t.Fatal(err)
	}
	return out.Decision
}

func size(t testing.TB, db *store.DB) (n int64) {
	t.Helper()
	view(t, db, func(tx *store.Tx) (err error) {
		n, err = tx.TreeSize()
		return err
	})
	return n
}

var (
	olena  = claims("name.full", "Вигадана Олена Іванівна", "birth.date", "13.4.2014", "mother.name", "Вигадана Марія Петрівна")
	elena  = claims("name.full", "Vyhadana Olena", "birth.date", "2014-04-13", "mother.name", "Vyhadana Mariia")
	petro  = claims("name.full", "Приклад Петро Іванович", "birth.date", "1.2.2010")
	olenka = claims("name.full", "Вигадана Олена", "birth.date", "14.4.2014")
)

func TestTheSameChildInTwoScriptsIsProposedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "one", olena, petro)
		b := storetest.Put(t, db, "two", elena)
		r := review.Open(db)
		first := propose(t, r)
		there := pairs(t, db)
		p, ok := there[homeward.PairOf(a[0], b[0])]
		if !ok || p.State != homeward.PairProposed || p.Probability < 0.5 || p.Model != first.Model || p.Model == "" {
			t.Fatalf("%d pairs; proposed %v, probability %.3f", len(there), ok, p.Probability)
		}
		if first.New != len(there) || first.Pairs != len(there) || !first.Trained || first.Rule != 0 {
			t.Errorf("report %+v", first)
		}
		before := size(t, db)
		for _, again := range []*review.Review{r, review.Open(db)} {
			if got := propose(t, again); got != (review.Report{Pairs: len(there), Model: first.Model}) {
				t.Errorf("again: %+v", got)
			}
		}
		if after := size(t, db); after != before {
			t.Errorf("running again wrote %d entries", after-before)
		}
		if len(decisions(t, db)) != 0 {
			t.Error("something was decided without a person")
		}
	})
}

func TestRowsOfAListWithoutDuplicatesAreNotPaired(t *testing.T) {
	db := storetest.Open(t)
	update(t, db, func(tx *store.Tx) error {
		_, err := tx.PutSource(homeward.Source{Name: "free", DuplicateFree: true})
		return err
	})
	storetest.Put(t, db, "free", olena, olena)
	doubled := storetest.Put(t, db, "not free", petro, petro)
	propose(t, review.Open(db))
	there := pairs(t, db)
	if _, ok := there[homeward.PairOf(doubled[0], doubled[1])]; !ok || len(there) != 1 {
		t.Errorf("%d pairs; want the double of the list that may hold some", len(there))
	}
}

func TestRecordsInQuarantineAreNotCompared(t *testing.T) {
	db := storetest.Open(t)
	a := storetest.Put(t, db, "one", olena)
	b := storetest.Put(t, db, "two", petro)
	bad := change(t, db, b[0], homeward.RecordQuarantined, elena)
	r := review.Open(db)
	propose(t, r)
	if n := len(pairs(t, db)); n != 0 || r.Len() != 2 {
		t.Errorf("%d pairs among %d rows", n, r.Len())
	}
	if _, err := r.Decide(ctx, officer, homeward.PairOf(a[0], bad), homeward.Same, ""); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("a decision on a record in quarantine: %v", err)
	}
}

// TestAPairStaysThroughEditions corrects one of its records: the pair keeps its id and its state, its weight is new,
// and what was decided different comes back when more speaks for it, not before.
func TestAPairStaysThroughEditions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "one", claims("name.full", "Вигадана Олена", "birth.date", "13.4.2012"))
		b := storetest.Put(t, db, "two", elena)
		r := review.Open(db)
		propose(t, r)
		id := homeward.PairOf(a[0], b[0])
		weight := pairs(t, db)[id].Weight
		decide(t, r, a[0], b[0], homeward.Different)
		newer := change(t, db, a[0], homeward.RecordAccepted, claims("name.full", "Вигадана Олена", "birth.date", "13.4.2012", "note", "x"))
		propose(t, r)
		rows := queue(t, r, review.Filter{})
		if p := pairs(t, db)[id]; p.State != homeward.PairDifferent || math.Abs(p.Weight-weight) > review.Reopen || len(rows) != 0 {
			t.Fatalf("state %s, weight moved by %.2f, %d rows in the queue", p.State, p.Weight-weight, len(rows))
		}
		newest := change(t, db, newer, homeward.RecordAccepted, olena)
		for _, keeper := range []*review.Review{r, review.Open(db)} {
			propose(t, keeper)
			there := pairs(t, db)
			if p := there[id]; len(there) != 1 || p.State != homeward.PairDifferent || p.Weight < weight+review.Reopen {
				t.Fatalf("%d pairs, state %s, weight moved by %.2f", len(there), p.State, p.Weight-weight)
			}
			rows := queue(t, keeper, review.Filter{})
			if len(rows) != 1 || !rows[0].Reopened || rows[0].Left.ID != newest && rows[0].Right.ID != newest {
				t.Fatalf("%d rows in the queue; the newest version is to be shown", len(rows))
			}
			v, err := keeper.Pair(ctx, officer, homeward.PairOf(newest, b[0]))
			if err != nil || v.Pair.ID != id || len(v.Decisions) != 1 {
				t.Fatalf("the pair by its newest version: %v", err)
			}
		}
	})
}

func queue(t testing.TB, r *review.Review, f review.Filter) []review.Row {
	t.Helper()
	rows, err := r.Queue(ctx, officer, f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestQueueIsInOrderAndPaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var one, two [][]homeward.Claim
		for i := range 12 {
			day := fmt.Sprintf("%d.4.2014", 1+i)
			one = append(one, claims("name.full", "Вигадана Олена Іванівна", "birth.date", day))
			two = append(two, claims("name.full", "Vyhadana Olena", "birth.date", day))
		}
		storetest.Put(t, db, "one", one...)
		storetest.Put(t, db, "two", two...)
		r := review.Open(db)
		propose(t, r)
		rank(t, db, r)
		all := queue(t, r, review.Filter{Limit: 1000})
		var paged []homeward.PairID
		f := review.Filter{Limit: 7}
		for {
			rows := queue(t, r, f)
			if len(rows) == 0 {
				break
			}
			for _, row := range rows {
				paged = append(paged, row.Pair.ID)
				if row.Left.ID != row.Pair.Left || row.Right.ID != row.Pair.Right || len(row.Left.Claims) == 0 {
					t.Fatalf("row %s shows other records", row.Pair.ID)
				}
			}
			f.After = f.Key(rows[len(rows)-1])
		}
		var want []homeward.PairID
		for i, row := range all {
			want = append(want, row.Pair.ID)
			if p := row.Pair; p.Urgency < 0 || i > 0 && p.Urgency > all[i-1].Pair.Urgency {
				t.Fatal("not what most needs a person first")
			}
		}
		if d := cmp.Diff(want, paged); d != "" || len(want) < 12 {
			t.Errorf("%d pairs: %s", len(want), d)
		}
	})
}

func TestQueueLeavesOutWhatIsOnePersonAlready(t *testing.T) {
	db := storetest.Open(t)
	a := storetest.Put(t, db, "one", olena)
	b := storetest.Put(t, db, "two", elena)
	c := storetest.Put(t, db, "three", olenka)
	r := review.Open(db)
	propose(t, r)
	update(t, db, func(tx *store.Tx) error { // as the registry would, after two joins
		return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(a[0]), Records: []homeward.RecordID{a[0], b[0], c[0]}, Since: time.Now()}}, nil)
	})
	if rows := queue(t, r, review.Filter{}); len(rows) != 0 {
		t.Errorf("%d rows wait for nobody", len(rows))
	}
	if n := len(pairs(t, db)); n != 3 {
		t.Errorf("%d pairs", n)
	}
}

func TestSignalsAddUpToTheWeightOfThePair(t *testing.T) {
	db := storetest.Open(t)
	a := storetest.Put(t, db, "one", olena)
	b := storetest.Put(t, db, "two", elena)
	propose(t, review.Open(db))
	r := review.Open(db) // another process draws them again
	v, err := r.Pair(ctx, officer, homeward.PairOf(a[0], b[0]))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, s := range v.Signals {
		sum += s.Weight
	}
	if math.Abs(sum-v.Pair.Weight) > 0.01 || len(v.Signals) < 3 {
		t.Errorf("%d signals add up to %.3f, the weight is %.3f", len(v.Signals), sum, v.Pair.Weight)
	}
	if _, err := r.Pair(ctx, officer, homeward.PairOf(a[0], "zz")); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("an unknown pair: %v", err)
	}
}

func TestSearchFindsAcrossScriptsAndIsAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "one", olena, petro)
		b := storetest.Put(t, db, "two", elena, claims("name.full", "Сторонній Іван", "contact.phone", "+380 00 111 22 33"))
		r := review.Open(db)
		for _, c := range []struct {
			query string
			want  []homeward.RecordID
		}{
			{"vyhadana", []homeward.RecordID{a[0], b[0]}},
			{"Вигад", []homeward.RecordID{a[0], b[0]}},
			{"приклад 1.2.2010", []homeward.RecordID{a[1]}},
			{"+380001112233", []homeward.RecordID{b[1]}},
		} {
			hits, err := r.Search(ctx, officer, c.query, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []homeward.RecordID
			for _, h := range hits {
				got = append(got, h.Record)
				if h.Summary.Name == "" || h.Summary.Source == "" {
					t.Errorf("hit %s says nothing", h.Record)
				}
			}
			if d := cmp.Diff(c.want, got, cmpopts.SortSlices(func(a, b homeward.RecordID) bool { return a < b })); d != "" {
				t.Errorf("query of %d letters: %s", len(c.query), d)
			}
		}
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.AuditOf(string(a[0]), 10)
			if len(rows) != 2 || rows[0].Actor != officer {
				t.Errorf("%d audit rows for a record shown twice", len(rows))
			}
			return err
		})
		clerk := homeward.Actor{ID: "clerk", Role: homeward.RoleIntakeClerk}
		if _, err := r.Search(ctx, clerk, "x", 1); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("clerk: %v", err)
		}
		if _, err := r.Queue(ctx, clerk, review.Filter{}); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("clerk: %v", err)
		}
	})
}

func TestTheModelIsTrainedAnewWhenTheRegisterHasDoubled(t *testing.T) {
	db := storetest.Open(t)
	r := review.Open(db)
	var models []homeward.ModelID
	for i := range 6 {
		storetest.Put(t, db, fmt.Sprint("source ", i), olena, elena)
		report := propose(t, r)
		if report.Trained {
			models = append(models, report.Model)
		}
	}
	if len(models) != 3 { // at 2, 4 and 8 rows
		t.Errorf("trained %d times", len(models))
	}
	for id, p := range pairs(t, db) {
		if p.Model != models[len(models)-1] {
			t.Fatalf("pair %s is weighed by an older model", id)
		}
	}
}

// TestAStageThatIsKilledGoesOn cancels runs at random moments and compares what comes out with one clean run.
func TestAStageThatIsKilledGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var one, two [][]homeward.Claim
		for i := range 60 {
			day := fmt.Sprintf("%d.%d.2014", 1+i%28, 1+i%12)
			one = append(one, claims("name.full", "Вигадана Олена Іванівна", "birth.date", day))
			two = append(two, claims("name.full", "Vyhadana Olena", "birth.date", day, "document.number!", fmt.Sprint("AB 1000", i)))
		}
		storetest.Put(t, db, "one", one...)
		storetest.Put(t, db, "two", two...)
		storetest.Put(t, db, "three", two...)
		for i := range 12 {
			cut, stop := context.WithCancel(ctx)
			time.AfterFunc(time.Duration(i*i)*time.Millisecond, stop)
			_, _ = review.Open(db).Propose(cut, nil)
			stop()
		}
		r := review.Open(db)
		propose(t, r)
		there := pairs(t, db)
		if rows := r.Len(); rows != 180 || len(there) < 60 {
			t.Fatalf("%d rows, %d pairs", rows, len(there))
		}
		before := size(t, db)
		propose(t, review.Open(db))
		if d := cmp.Diff(there, pairs(t, db)); d != "" || size(t, db) != before {
			t.Errorf("a run after the last one changes something: %s", d)
		}
		if n := len(decisions(t, db)); n != 60 {
			t.Errorf("%d decisions by rule, want one a number", n)
		}
	})
}
