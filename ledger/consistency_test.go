package ledger_test

import (
	"bytes"
	"testing"

	"filippo.io/torchwood"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// at returns the checkpoint of a log at a size, and its signed note.
func (l *testLog) at(t interface{ Fatal(...any) }, signer note.Signer, size int64) (ledger.Checkpoint, []byte) {
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.SignCheckpoint(signer, signer.Name(), size, root)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Checkpoint{Origin: signer.Name(), Size: size, Root: root}, signed
}

// TestConsistencyHoldsBetweenPrefixesOnly proves every kind of prefix, and refuses an altered proof, another old root
// and another history.
func TestConsistencyHoldsBetweenPrefixesOnly(t *testing.T) {
	signer, verifier := keys(t)
	rapid.Check(t, func(t *rapid.T) {
		l := &testLog{}
		l.add(t, rapid.IntRange(1, 90).Draw(t, "size"))
		size := int64(len(l.leaves))
		old := rapid.Int64Range(0, size).Draw(t, "old")
		older, _ := l.at(t, signer, old)
		_, signed := l.at(t, signer, size)
		var hashes tlog.TreeProof
		if old > 0 && old < size {
			var err error
			if hashes, err = tlog.ProveTree(size, old, l); err != nil {
				t.Fatal(err)
			}
		}
		text := ledger.FormatConsistency(old, hashes, signed)
		if !consistent(text, older, verifier) {
			t.Fatal("a good proof does not verify")
		}
		if bit := rapid.IntRange(0, len(text)*8-1).Draw(t, "bit"); consistent(flip(text, bit), older, verifier) {
			t.Fatalf("a proof with bit %d flipped verifies", bit)
		}
		if old > 0 {
			older.Root[0] ^= 1
			if consistent(text, older, verifier) {
				t.Fatal("it is consistent with another history")
			}
		}
	})
}

func consistent(text []byte, older ledger.Checkpoint, verifier string) bool {
	c, err := ledger.ParseConsistency(text)
	if err != nil {
		return false
	}
	newer, err := ledger.OpenCheckpoint(c.Checkpoint, verifier)
	return err == nil && c.Between(older, newer) == nil
}

// TestTorchwoodAcceptsOurProofs asks another implementation, which shares no code of ours.
func TestTorchwoodAcceptsOurProofs(t *testing.T) {
	signer, verifier := keys(t)
	v, err := note.NewVerifier(verifier)
	if err != nil {
		t.Fatal(err)
	}
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(v.Name()), torchwood.SingleVerifierPolicy(v))
	rapid.Check(t, func(t *rapid.T) {
		l := &testLog{}
		l.add(t, rapid.IntRange(1, 600).Draw(t, "size"))
		size := int64(len(l.leaves))
		_, signed := l.at(t, signer, size)
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		hashes, err := tlog.ProveRecord(size, index, l)
		if err != nil {
			t.Fatal(err)
		}
		text, hash := ledger.FormatProof(index, hashes, signed), ledger.LeafHash(l.leaves[index])
		if err := torchwood.VerifyProof(policy, hash, text); err != nil {
			t.Fatalf("torchwood refuses a proof: %v", err)
		}
		hash[0] ^= 1
		if torchwood.VerifyProof(policy, hash, text) == nil {
			t.Fatal("torchwood accepts another leaf")
		}
	})
}

// TestTilesLieWhereTorchwoodLooksForThem compares paths and bundles.
func TestTilesLieWhereTorchwoodLooksForThem(t *testing.T) {
	for _, size := range []int64{1, 255, 256, 257, 70_000, 300_000_000} {
		for _, tile := range ledger.Tiles(max(size-700, 0), size) {
			if have, want := ledger.TilePath(tile), torchwood.TilePath(tile); have != want {
				t.Errorf("%s, torchwood says %s", have, want)
			}
			if tile.L > 0 {
				continue
			}
			entries := tile
			entries.L = -1
			if have, want := ledger.BundlePath(tile), torchwood.TilePath(entries); have != want {
				t.Errorf("%s, torchwood says %s", have, want)
			}
		}
	}
	leaf := ledger.Leaf([32]byte{7}, epoch)
	bundle, err := ledger.AppendToBundle(nil, leaf)
	if err != nil {
		t.Fatal(err)
	}
	entry, rest, err := torchwood.ReadTileEntry(bundle)
	if err != nil || !bytes.Equal(entry, leaf) || len(rest) > 0 {
		t.Errorf("torchwood reads another entry: %v", err)
	}
	if _, err := ledger.BundleLeaves(bundle[:len(bundle)-1]); err == nil {
		t.Error("a bundle that was cut off is read")
	}
	if _, err := ledger.AppendToBundle(nil, make([]byte, 1<<16)); err == nil {
		t.Error("a leaf that no bundle holds is accepted")
	}
}

func FuzzParseConsistency(f *testing.F) {
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := ledger.ParseConsistency(b); err == nil && !bytes.Equal(ledger.FormatConsistency(c.Old, c.Hashes, c.Checkpoint), b) {
			t.Fatal("accepted a form it would not write")
		}
	})
}
