package review_test

import (
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// child is a row of an invented list.
func child(name, sex, born, home string) []homeward.Claim {
	out := []homeward.Claim{{Path: homeward.PathNameFull, Value: name}, {Path: homeward.PathSex, Value: sex}, {Path: homeward.PathHome, Value: home}}
	if d := homeward.ParseDates(born, homeward.Date{}); len(d) == 1 {
		out = append(out, homeward.Claim{Path: homeward.PathBirthDate, Value: born, When: d[0]})
	}
	return out
}

// TestAChildIsFoundWithoutAName reads a sentence, finds the boy of that age from that town first, leaves out on request whom it
// contradicts, and counts what has come since.
func TestAChildIsFoundWithoutAName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		year := time.Now().Year()
		born := func(age int) string { return homeward.YMD(year-age, 6, 15).Time().Format("2.1.2006") }
		ids := storetest.Put(t, db, "list",
			child("Вигаданенко Марія", "ж", born(9), "Маріуполь"), child("Приміренко Іван", "ч", born(9), "Маріуполь"),
			child("Зразченко Петро", "ч", born(16), "Маріуполь"), child("Хтосенко Олег", "ч", born(9), "Львів"))
		r := review.Open(db)
		if _, err := r.Propose(ctx, nil); err != nil {
			t.Fatal(err)
		}
		q := review.Read("boy about 9 from Маріуполь")
		found, err := r.Find(ctx, officer, q, 10)
		if err != nil || len(found) < 2 || found[0].Record != ids[1] {
			t.Fatalf("%d found, %v; the boy is not first", len(found), err)
		}
		q.Strict = true
		found, err = r.Find(ctx, officer, q, 10)
		for _, f := range found {
			if f.Record == ids[0] || f.Record == ids[2] {
				t.Error("a contradicted record is left in")
			}
		}
		if err != nil || len(found) == 0 || found[0].Record != ids[1] {
			t.Errorf("%d found, %v", len(found), err)
		}
		since := time.Now().Add(time.Microsecond)
		storetest.Put(t, db, "list", child("Новенко Захар", "ч", born(9), "Мариуполь"), child("Далекенко Зоя", "ж", born(3), "Рівне"))
		if err := r.Refresh(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Fresh(ctx, officer, q, 10, since); err != nil || n != 1 {
			t.Errorf("%d new, %v; want the boy alone", n, err)
		}
		if n, err := r.Fresh(ctx, officer, q, 10, time.Now().Add(time.Hour)); err != nil || n != 0 {
			t.Errorf("%d are newer than tomorrow, %v", n, err)
		}
	})
}
