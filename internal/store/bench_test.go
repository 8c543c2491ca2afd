package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// wideRow is a row like those of the lists: sixteen columns, thirteen of them claims.
func wideRow(i int) []homeward.Claim {
	d := homeward.Exact(homeward.YMD(2012, 1, 1+i%3000))
	c := claims("name.family", "Приклад", "name.given", "Олена", "name.patronymic", "Іванівна", "birth.place", "Маріуполь",
		"home.place", "Маріуполь, вул. Синтетична", "mother.name", "Приклад Марія Іванівна", "father.name", "Приклад Іван Петрович",
		"appearance.eyes", "карі", "appearance.hair", "русяве", "family.id", fmt.Sprint(i/2), "contact.phone", fmt.Sprint(380000000000+i))
	return append(c, homeward.Claim{Path: homeward.PathRowID, Value: fmt.Sprint(i)},
		homeward.Claim{Path: homeward.PathBirthDate, Value: d.Raw, When: d})
}

func BenchmarkPutRecords(b *testing.B) {
	db := storetest.Open(b)
	rows := make([][]homeward.Claim, 1000)
	for i := range rows {
		rows[i] = wideRow(i)
	}
	b.ResetTimer()
	start := time.Now()
	for range b.N {
		storetest.Put(b, db, "list", rows...)
	}
	b.ReportMetric(float64(b.N*len(rows))/time.Since(start).Seconds(), "records/s")
}

func BenchmarkEachRecord(b *testing.B) {
	db := storetest.Open(b)
	rows := make([][]homeward.Claim, 1000)
	for i := range rows {
		rows[i] = wideRow(i)
	}
	const batches = 20
	for range batches {
		storetest.Put(b, db, "list", rows...)
	}
	b.ResetTimer()
	start := time.Now()
	n := 0
	for range b.N {
		if err := db.EachRecord(ctx, homeward.System, "", func(homeward.Record) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	if n != b.N*batches*len(rows) {
		b.Fatal("records are missing")
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "records/s")
}
