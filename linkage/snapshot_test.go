package linkage_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

func restored(t interface{ Fatal(...any) }, ix *linkage.Index) *linkage.Index {
	again, err := linkage.Restore(ix.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// TestARestoredIndexIsTheSameIndex compares an index with the one its snapshot gives: pairs, weights, model, hits, and
// what becomes of newcomers and of records taken out.
func TestARestoredIndexIsTheSameIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t)
		cut := rapid.IntRange(0, len(records)).Draw(t, "cut")
		ix := indexOf(records[:cut]...)
		for i := range cut {
			if rapid.IntRange(0, 5).Draw(t, "out") == 0 {
				ix.Remove(records[i].ID)
			}
		}
		again := restored(t, ix)
		for _, r := range records[cut:] {
			ix.Add(r)
			again.Add(r)
		}
		same(t, ix, again, records)
		same(t, ix, restored(t, again), records)
	})
}

func same(t *rapid.T, ix, again *linkage.Index, records []linkage.Record) {
	if ix.Len() != again.Len() {
		t.Fatalf("%d records became %d", ix.Len(), again.Len())
	}
	m, o := linkage.Train(ix, linkage.Options{}), linkage.Options{}
	if d := cmp.Diff(m, linkage.Train(again, o)); d != "" {
		t.Fatalf("another model: %s", d)
	}
	want, _ := ix.Pairs(m, o)
	got, _ := again.Pairs(m, o)
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("other pairs: %s", d)
	}
	for _, r := range records {
		if len(r.Names) == 0 {
			continue
		}
		q := linkage.Query{Name: r.Names[0].Full + " " + r.Names[0].Given + " " + r.Names[0].Family, Births: r.Births}
		if d := cmp.Diff(ix.Search(m, q, 20), again.Search(m, q, 20)); d != "" {
			t.Fatalf("other hits: %s", d)
		}
	}
	for _, p := range want {
		_, a, _ := ix.Weigh(m, p.Left, p.Right)
		_, b, _ := again.Weigh(m, p.Left, p.Right)
		if d := cmp.Diff(a, b); d != "" {
			t.Fatalf("other signals: %s", d)
		}
	}
}

// TestAnAlteredSnapshotIsRefusedOrHarmless flips bits and cuts parts: restoring fails or gives an index, and never
// panics.
func TestAnAlteredSnapshotIsRefusedOrHarmless(t *testing.T) {
	whole := invent(30, 1).index()
	rapid.Check(t, func(t *rapid.T) {
		parts := whole.Snapshot()
		i := rapid.IntRange(0, len(parts)-1).Draw(t, "part")
		if rapid.Bool().Draw(t, "cut") {
			parts[i] = parts[i][:rapid.IntRange(0, len(parts[i])).Draw(t, "length")]
		} else {
			bit := rapid.IntRange(0, 8*len(parts[i])-1).Draw(t, "bit")
			parts[i][bit/8] ^= 1 << (bit % 8)
		}
		if _, err := linkage.Restore(parts); err != nil && !errors.Is(err, homeward.ErrInvalid) {
			t.Fatal(err)
		}
	})
	for _, parts := range [][][]byte{nil, {{}}, {{}, {}, {}}, whole.Snapshot()[:1]} {
		if _, err := linkage.Restore(parts); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%d parts: %v", len(parts), err)
		}
	}
}

// snapshotSum is the SHA-256 of the snapshot of an invented world. When it changes, the encoding or the analysis of names
// and texts has changed, and snapshots kept by earlier versions must not be restored: give snapshotForm another number
// in the same commit.
const snapshotSum = "1aab845e48417e620cb5f1a930c790aac2846c69628b90d598fa99833452cb24"

func TestASnapshotOfAnotherAnalysisIsNotRestored(t *testing.T) {
	h := sha256.New()
	for _, part := range invent(40, 7).index().Snapshot() {
		h.Write(part)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != snapshotSum {
		t.Errorf("the snapshot has the sum %s: give snapshotForm another number, then write the new sum here", got)
	}
}

func BenchmarkRestore(b *testing.B) {
	parts := invent(4000, 1).index().Snapshot()
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	records := 0
	for b.Loop() {
		ix, err := linkage.Restore(parts)
		if err != nil {
			b.Fatal(err)
		}
		records = ix.Len()
	}
	b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(size)/float64(records), "B/record")
}
