package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/synth"
)

// BenchmarkImport brings 100,000 rows of synthetic family reports in: read, sealed and in the ledger.
func BenchmarkImport(b *testing.B) {
	dir := b.TempDir()
	if err := synth.Generate(synth.Options{Children: 120_000, Seed: 1}).Write(dir); err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(dir, "family-reports.csv")
	for n := range b.N {
		db := storetest.Open(b)
		f, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		start := time.Now()
		r, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: f, Source: fmt.Sprint("list", n), Edition: homeward.Exact(homeward.YMD(2025, 2, 22))})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(r.Tally.Rows)/time.Since(start).Seconds(), "rows/s")
		b.ReportMetric(float64(r.Tally.Rows), "rows")
		f.Close()
	}
}
