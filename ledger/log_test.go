package ledger_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

var epoch = time.Unix(0, 0)

// testLog is a log in memory, built by several appenders one after the other.
type testLog struct {
	hashes []tlog.Hash
	leaves [][]byte
}

func (l *testLog) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, p := range at {
		out[i] = l.hashes[p]
	}
	return out, nil
}

func (l *testLog) add(t interface{ Fatal(...any) }, n int) {
	a := ledger.NewAppender(int64(len(l.leaves)), l)
	for range n {
		leaf := ledger.Leaf([32]byte{byte(len(l.leaves)), byte(len(l.leaves) >> 8)}, epoch)
		if err := a.Append(leaf); err != nil {
			t.Fatal(err)
		}
		l.leaves = append(l.leaves, leaf)
	}
	l.hashes = append(l.hashes, a.Hashes()...)
}

// TestAppendersBuildTheTreeOfTlog compares with x/mod/sumdb/tlog fed leaf by leaf, whatever the batches.
func TestAppendersBuildTheTreeOfTlog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &testLog{}
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 40), 1, 6).Draw(t, "batches") {
			l.add(t, n)
		}
		want := &testLog{}
		for i, leaf := range l.leaves {
			hashes, err := tlog.StoredHashes(int64(i), leaf, want)
			if err != nil {
				t.Fatal(err)
			}
			want.hashes = append(want.hashes, hashes...)
		}
		if fmt.Sprint(l.hashes) != fmt.Sprint(want.hashes) {
			t.Fatalf("%d leaves: the hashes differ", len(l.leaves))
		}
	})
}

func keys(t interface{ Fatal(...any) }) (note.Signer, string) {
	skey, vkey, err := ledger.NewKey("test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return signer, vkey
}

// TestEveryProofVerifiesAndNoAlteredOneDoes flips one bit of leaf, or proof, of every kind of log.
func TestEveryProofVerifiesAndNoAlteredOneDoes(t *testing.T) {
	signer, verifier := keys(t)
	rapid.Check(t, func(t *rapid.T) {
		l := &testLog{}
		l.add(t, rapid.IntRange(1, 70).Draw(t, "size"))
		size := int64(len(l.leaves))
		root, err := tlog.TreeHash(size, l)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := ledger.SignCheckpoint(signer, signer.Name(), size, root)
		if err != nil {
			t.Fatal(err)
		}
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		hashes, err := tlog.ProveRecord(size, index, l)
		if err != nil {
			t.Fatal(err)
		}
		text, leaf := ledger.FormatProof(index, hashes, signed), l.leaves[index]
		if !verifies(text, leaf, verifier) {
			t.Fatal("a good proof does not verify")
		}
		bit := rapid.IntRange(0, len(text)*8-1).Draw(t, "bit")
		if altered := flip(text, bit); verifies(altered, leaf, verifier) {
			t.Fatalf("a proof with bit %d flipped verifies", bit)
		}
		bit = rapid.IntRange(0, len(leaf)*8-1).Draw(t, "leaf bit")
		if verifies(text, flip(leaf, bit), verifier) {
			t.Fatalf("a leaf with bit %d flipped verifies", bit)
		}
	})
}

func verifies(text, leaf []byte, verifier string) bool {
	p, err := ledger.ParseProof(text)
	if err != nil {
		return false
	}
	_, err = p.Verify(leaf, verifier)
	return err == nil
}

func flip(b []byte, bit int) []byte {
	out := bytes.Clone(b)
	out[bit/8] ^= 1 << (bit % 8)
	return out
}

func TestCheckpointOfAnotherKeyIsRefused(t *testing.T) {
	signer, _ := keys(t)
	_, other := keys(t)
	signed, err := ledger.SignCheckpoint(signer, signer.Name(), 1, tlog.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.OpenCheckpoint(signed, other); err == nil {
		t.Error("a checkpoint signed with another key was opened")
	}
}

// TestASecondLineOfTheSameSignerIsRefused: a signature twice, or anything in the place of the second.
func TestASecondLineOfTheSameSignerIsRefused(t *testing.T) {
	signer, verifier := keys(t)
	signed, err := ledger.SignCheckpoint(signer, signer.Name(), 1, tlog.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	line := signed[bytes.LastIndex(signed, []byte("\n\n"))+2:]
	forged := bytes.Clone(line)
	forged[len(forged)-10] ^= 1
	for _, second := range [][]byte{line, forged} {
		if _, err := ledger.OpenCheckpoint(append(bytes.Clone(signed), second...), verifier); err == nil {
			t.Error("a checkpoint with a second line was opened")
		}
	}
}

func TestLeafComesBackAndNothingElseIsRead(t *testing.T) {
	commit, at := [32]byte{1, 2, 3}, time.Date(2026, 11, 23, 12, 0, 42, 0, time.UTC)
	leaf := ledger.Leaf(commit, at)
	have, when, err := ledger.ParseLeaf(leaf)
	if err != nil || have != commit || !when.Equal(at.Truncate(time.Minute)) {
		t.Errorf("%v %v", when, err)
	}
	for bit := range len(leaf) * 8 {
		altered := flip(leaf, bit)
		if c, w, err := ledger.ParseLeaf(altered); err == nil && c == commit && w.Equal(when) {
			t.Errorf("bit %d flipped reads as the same leaf", bit)
		}
	}
}

func FuzzParseProof(f *testing.F) {
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ledger.ParseProof(b); err == nil && !bytes.Equal(ledger.FormatProof(p.Index, p.Hashes, p.Checkpoint), b) {
			t.Fatal("accepted a form it would not write")
		}
	})
}
