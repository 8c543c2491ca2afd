package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// logLeaves and logProofs are how many are appended, and proved of them.
const (
	logLeaves = 100_000
	logProofs = 10_000
)

// memoryLog is the tree of x/mod/sumdb/tlog in memory, and nothing else.
type memoryLog []tlog.Hash

func (m memoryLog) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, p := range at {
		out[i] = m[p]
	}
	return out, nil
}

// BenchmarkLogAlone appends leaves of the size of ours to x/mod/sumdb/tlog in memory, proves and verifies: what a tree costs
// without commitments, a database, or anything that survives the process.
func BenchmarkLogAlone(b *testing.B) {
	for range b.N {
		var log memoryLog
		began := time.Now()
		for i := range int64(logLeaves) {
			hashes, err := tlog.StoredHashes(i, ledger.Leaf([32]byte{byte(i), byte(i >> 8), byte(i >> 16)}, began), log)
			if err != nil {
				b.Fatal(err)
			}
			log = append(log, hashes...)
		}
		rate(b, logLeaves, began, "appended/s")
		root, err := tlog.TreeHash(logLeaves, log)
		if err != nil {
			b.Fatal(err)
		}
		proofs := make([]tlog.RecordProof, logProofs)
		began = time.Now()
		for i := range proofs {
			if proofs[i], err = tlog.ProveRecord(logLeaves, int64(i*(logLeaves/logProofs)), log); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, logProofs, began, "proved/s")
		began = time.Now()
		for i, p := range proofs {
			index := int64(i * (logLeaves / logProofs))
			if err := tlog.CheckRecord(p, logLeaves, root, index, log[tlog.StoredHashIndex(0, index)]); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, logProofs, began, "verified/s")
	}
}

// BenchmarkLogInTheRegister appends as many acts to a register on SQLite: each sealed with a key of its own, committed to
// disk with its leaf, and moved into the tree. A proof is made from the stored hashes, checked against the signed root and
// written as text; verifying it includes the signature of its checkpoint.
func BenchmarkLogInTheRegister(b *testing.B) {
	for range b.N {
		db := storetest.Open(b)
		began := time.Now()
		for done := 0; done < logLeaves; done += 1000 {
			storetest.Put(b, db, fmt.Sprint("list ", done), make([][]homeward.Claim, 1000)...)
		}
		rate(b, logLeaves, began, "appended/s")
		signed, err := db.Checkpoint(ctx)
		if err != nil {
			b.Fatal(err)
		}
		c, err := ledger.ReadCheckpoint(signed)
		if err != nil {
			b.Fatal(err)
		}
		texts, leaves := make([][]byte, logProofs), make([][]byte, logProofs)
		began = time.Now()
		err = db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
			for i := range texts {
				index := rand.Int64N(c.Size)
				if leaves[i], err = tx.Leaf(index); err != nil {
					return err
				}
				if texts[i], err = tx.Prove(index, signed); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		rate(b, logProofs, began, "proved/s")
		began = time.Now()
		for i, text := range texts {
			p, err := ledger.ParseProof(text)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := p.Verify(leaves[i], db.Verifier()); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, logProofs, began, "verified/s")
		b.ReportMetric(float64(len(texts[0])), "bytes/proof")
	}
}

func rate(b *testing.B, n int, began time.Time, unit string) {
	b.Helper()
	b.ReportMetric(float64(n)/time.Since(began).Seconds(), unit)
}
