package review_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/linkage"
)

// twoLists brings lists of invented children in which some agree in all, some in little, and namesakes are other children. It
// returns which child each record is.
func twoLists(t testing.TB, db *store.DB, children int) map[homeward.RecordID]int {
	t.Helper()
	given := []string{"Олена", "Марія", "Ганна", "Петро", "Іван", "Микола", "Софія", "Дмитро", "Тарас", "Оксана", "Юрій"}
	family := []string{"Вигаданка", "Прикладенко", "Умовчук", "Зразківська", "Пробенко", "Вправчук", "Небувалко", "Гаданець", "Мисленко", "Снилик", "Казченко", "Байкар", "Притчук"}
	var one, two [][]homeward.Claim
	for i := range children {
		name := given[i%len(given)] + " " + family[i%len(family)]
		born := func(off int) string { return fmt.Sprintf("%d-%02d-%02d", 2008+i%7+off, 1+i%12, 1+i%27) }
		one = append(one, claims("name.full", name, "birth.date", born(0), "home.place", fmt.Sprint("Село ", i%9)))
		switch i % 7 {
		case 4:
			two = append(two, claims("name.full", name+"а", "birth.date", born(0)))
		case 5:
			two = append(two, claims("name.full", name, "birth.date", born(0), "home.place", fmt.Sprint("Село ", (i+1)%9)))
		case 6:
			two = append(two, claims("name.full", name))
		case 0:
			two = append(two, claims("name.full", name, "birth.date", born(0), "home.place", fmt.Sprint("Село ", i%9)))
		case 1:
			two = append(two, claims("name.full", name, "birth.date", born(0)))
		case 2:
			two = append(two, claims("name.full", name, "birth.date", fmt.Sprint(2008+i%7)))
		default:
			two = append(two, claims("name.full", name, "birth.date", born(1)))
		}
	}
	child := map[homeward.RecordID]int{}
	for _, ids := range [][]homeward.RecordID{storetest.Put(t, db, "one", one...), storetest.Put(t, db, "two", two...)} {
		for i, id := range ids {
			child[id] = i
		}
	}
	return child
}

// judge decides on so many pairs that wait, as the truth has it.
func judge(t testing.TB, db *store.DB, child map[homeward.RecordID]int, most int) (taken int) {
	t.Helper()
	var list []homeward.Decision
	for id, p := range pairs(t, db) {
		if p.State == homeward.PairProposed && len(list) < most {
			d := homeward.Decision{Pair: id, Judgement: homeward.Different, Basis: homeward.BasisReview, Weight: p.Weight, Model: p.Model}
			if child[p.Left] == child[p.Right] {
				d.Judgement = homeward.Same
			}
			list = append(list, d)
		}
	}
	err := db.Update(ctx, officer, func(tx *store.Tx) error {
		for _, d := range list {
			if _, err := tx.PutDecision(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// off is the calibration error of the pairs there are.
func off(t testing.TB, db *store.DB, child map[homeward.RecordID]int) float64 {
	var outcomes []linkage.Outcome
	for _, p := range pairs(t, db) {
		outcomes = append(outcomes, linkage.Outcome{Probability: p.Probability, Same: child[p.Left] == child[p.Right]})
	}
	_, off := linkage.Reliability(outcomes)
	return off
}

func TestProbabilitiesAreCalibratedOnWhatPeopleDecided(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		child := twoLists(t, db, 240)
		r := review.Open(db)
		propose(t, r)
		before, was := pairs(t, db), off(t, db, child)
		few := judge(t, db, child, 150)
		if report := propose(t, r); report.Judged != 0 || cmp.Diff(weights(before), weights(pairs(t, db))) != "" {
			t.Fatalf("%d decisions are too few, and %d were calibrated on", few, report.Judged)
		}
		all := few + judge(t, db, child, 1_000_000)
		report := propose(t, r)
		if report.Judged != all || report.Trained {
			t.Fatalf("calibrated on %d of %d decisions", report.Judged, all)
		}
		after := pairs(t, db)
		for id, p := range after {
			if old, ok := before[id]; ok && old.Weight != p.Weight || p.Model != report.Model || p.Probability <= 0 || p.Probability >= 1 {
				t.Fatalf("weight %v, probability %v, model %s", p.Weight, p.Probability, p.Model)
			}
			for _, q := range after {
				if p.Weight < q.Weight && p.Probability > q.Probability {
					t.Fatal("a pair of less weight is more probable")
				}
			}
		}
		if now := off(t, db, child); now > was/2 {
			t.Errorf("calibration error %.3f before and %.3f after", was, now)
		}
		there := size(t, db)
		if again := propose(t, review.Open(db)); again.Judged != 0 || size(t, db) != there {
			t.Errorf("run again it calibrates on %d decisions and writes", again.Judged)
		}
	})
}

// weights are what runs may not change without a reason.
func weights(pairs map[homeward.PairID]homeward.Pair) map[homeward.PairID][2]float64 {
	out := map[homeward.PairID][2]float64{}
	for id, p := range pairs {
		out[id] = [2]float64{p.Weight, p.Probability}
	}
	return out
}

func TestACalibrationThatIsKilledGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		child := twoLists(t, db, 240)
		propose(t, review.Open(db))
		judge(t, db, child, 1_000_000)
		for i := range 8 {
			cut, stop := context.WithCancel(ctx)
			time.AfterFunc(time.Duration(i*i)*6*time.Millisecond, stop)
			_, _ = review.Open(db).Propose(cut, nil)
			stop()
		}
		if _, err := db.Checkpoint(ctx); err != nil { // the model of a killed run may not stand in the log yet: the pipeline sees to it
			t.Fatal(err)
		}
		report := propose(t, review.Open(db))
		there := pairs(t, db)
		for _, p := range there {
			if p.Model != report.Model {
				t.Fatalf("a pair is weighed by model %s, the newest is %s", p.Model, report.Model)
			}
		}
		propose(t, review.Open(db))
		if d := cmp.Diff(there, pairs(t, db)); d != "" {
			t.Errorf("a run after the last one changes something: %s", d)
		}
	})
}

// TestANewModelIsCalibratedAtOnce doubles the register after people have decided.
func TestANewModelIsCalibratedAtOnce(t *testing.T) {
	db := storetest.Open(t)
	child := twoLists(t, db, 240)
	r := review.Open(db)
	propose(t, r)
	all := judge(t, db, child, 1_000_000)
	propose(t, r)
	for i := range 2 {
		var rows [][]homeward.Claim
		for n := range 240 {
			rows = append(rows, claims("name.full", fmt.Sprint("Інша Особа", n), "birth.date", fmt.Sprint(1990+n%9)))
		}
		storetest.Put(t, db, fmt.Sprint("three ", i), rows...)
	}
	if report := propose(t, r); !report.Trained || report.Judged < all*3/4 || report.Judged > all {
		t.Errorf("%+v, want it calibrated on %d decisions", report, all)
	}
}
