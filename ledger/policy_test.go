package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

// witnesses makes keys of witnesses a, b, c, … and the policy lines that name them.
func witnesses(t interface{ Fatal(...any) }, n int) (keys []ledger.Cosigner, lines string) {
	for i := range n {
		private, verifier, err := ledger.NewCosignerKey(fmt.Sprintf("w%d.example/witness", i))
		if err != nil {
			t.Fatal(err)
		}
		key, err := ledger.NewCosigner(private)
		if err != nil || key.Verifier() != verifier {
			t.Fatal("a key does not come back", err)
		}
		keys, lines = append(keys, key), lines+fmt.Sprintf("witness %c %s\n", 'a'+i, verifier)
	}
	return keys, lines
}

// TestTheQuorumIsCountedAsTorchwoodCountsIt draws groups and signers, and compares the verdicts.
func TestTheQuorumIsCountedAsTorchwoodCountsIt(t *testing.T) {
	signer, verifier := keys(t)
	cosigners, lines := witnesses(t, 5)
	l := &testLog{}
	l.add(t, 5)
	checkpoint, signed := l.at(t, signer, 5)
	rapid.Check(t, func(t *rapid.T) {
		threshold := rapid.SampledFrom([]string{"any", "all", "1", "2", "3"}).Draw(t, "k")
		text := fmt.Sprintf("# a policy\nlog %s\n%sgroup inner %s a b c\n\tgroup outer 2 inner d e \nquorum %s\n", verifier, lines, threshold,
			rapid.SampledFrom([]string{"none", "a", "inner", "outer"}).Draw(t, "quorum"))
		ours, err := ledger.ParsePolicy([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := torchwood.ParsePolicy([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		cosigned, n := append([]byte(nil), signed...), 0
		for _, c := range cosigners {
			if rapid.Bool().Draw(t, "signs") {
				cosigned, n = append(cosigned, c.Cosign(checkpoint, epoch.Add(time.Hour))...), n+1
			}
		}
		_, by, err := ours.Open(cosigned)
		_, _, theirErr := torchwood.VerifyCheckpoint(cosigned, theirs)
		if (err == nil) != (theirErr == nil) {
			t.Fatalf("we say %v, torchwood says %v", err, theirErr)
		}
		if len(by) != n || n > 0 && !by[0].At.Equal(epoch.Add(time.Hour)) {
			t.Fatalf("%d cosignatures are counted as %v", n, by)
		}
		if err != nil && !errors.Is(err, homeward.ErrUnavailable) {
			t.Fatalf("a missing quorum is %v", err)
		}
	})
}

// TestCosignaturesAreThoseOfTorchwood signs with each and verifies with the other.
func TestCosignaturesAreThoseOfTorchwood(t *testing.T) {
	signer, verifier := keys(t)
	cosigners, _ := witnesses(t, 1)
	l := &testLog{}
	l.add(t, 3)
	checkpoint, signed := l.at(t, signer, 3)
	logKey, err := note.NewVerifier(verifier)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := torchwood.NewCosignatureVerifier(cosigners[0].Verifier())
	if err != nil {
		t.Fatal(err)
	}
	signed = append(signed, cosigners[0].Cosign(checkpoint, epoch)...)
	n, err := note.Open(signed, note.VerifierList(theirs, logKey))
	if err != nil || len(n.Sigs) != 2 {
		t.Fatalf("torchwood refuses a cosignature: %v", err)
	}
	line := []byte(cosigners[0].Cosign(checkpoint, epoch))
	for bit := range len(line) * 8 {
		if ledger.VerifyCosignature(signed, flip(line, bit), cosigners[0].Verifier()) == nil {
			t.Fatalf("a cosignature with bit %d flipped verifies", bit)
		}
	}
}

// TestNoBitOfACheckpointCanBeFlipped tries every one.
func TestNoBitOfACheckpointCanBeFlipped(t *testing.T) {
	signer, verifier := keys(t)
	l := &testLog{}
	l.add(t, 3)
	_, signed := l.at(t, signer, 3)
	for bit := range len(signed) * 8 {
		if _, err := ledger.OpenCheckpoint(flip(signed, bit), verifier); err == nil {
			t.Fatalf("a checkpoint with bit %d flipped is opened", bit)
		}
	}
}

// TestAPolicyThatCountsAWitnessTwiceIsRefused, and everything else that the norm forbids.
func TestAPolicyThatCountsAWitnessTwiceIsRefused(t *testing.T) {
	_, verifier := keys(t)
	_, lines := witnesses(t, 3)
	a := strings.SplitAfter(lines, "\n")[0]
	_, again, _ := strings.Cut(a, "witness a ")
	good := "log " + verifier + "\n" + lines
	for name, text := range map[string]string{
		"no quorum":             good,
		"two quorums":           good + "quorum a\nquorum b\n",
		"a key twice":           good + "witness z " + again + "quorum z\n",
		"a log twice":           good + "log " + verifier + "\nquorum a\n",
		"a name twice":          good + "group a 1 b\nquorum a\n",
		"a member twice":        good + "group g 2 a a\nquorum g\n",
		"a member of two":       good + "group g 1 a\ngroup h 1 a\nquorum h\n",
		"a member not yet":      good + "group g 1 h\ngroup h 1 a\nquorum g\n",
		"itself":                good + "group g 1 g\nquorum g\n",
		"more than there are":   good + "group g 3 a b\nquorum g\n",
		"none of them":          good + "group g 0 a b\nquorum g\n",
		"an empty group":        good + "group g 1\nquorum g\n",
		"none as a member":      good + "group g 1 none\nquorum g\n",
		"an unknown quorum":     good + "quorum x\n",
		"an unknown word":       good + "watch a\nquorum a\n",
		"a return":              strings.ReplaceAll(good, "\n", "\r\n") + "quorum a\n",
		"a log key as witness":  good + "witness z " + verifier + "\nquorum z\n",
		"a witness key as log":  "log " + again + "quorum none\n",
		"a key that was cut":    "log " + verifier[:len(verifier)-4] + "\nquorum none\n",
		"a comment at the side": good + "quorum a # comment\n",
	} {
		if _, err := ledger.ParsePolicy([]byte(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAPolicyOpensNoCheckpointOfAnotherLog: another key, another origin under the right key, a signature that is none.
func TestAPolicyOpensNoCheckpointOfAnotherLog(t *testing.T) {
	signer, verifier := keys(t)
	other, _ := keys(t)
	policy, err := ledger.ParsePolicy([]byte("log " + verifier + "\nquorum none\n"))
	if err != nil {
		t.Fatal(err)
	}
	l := &testLog{}
	l.add(t, 3)
	_, foreign := l.at(t, other, 3)
	elsewhere, err := ledger.SignCheckpoint(signer, "another.example/log", 3, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	_, good := l.at(t, signer, 3)
	for name, text := range map[string][]byte{"another key": foreign, "another origin": elsewhere, "altered": flip(good, 8*20), "empty": nil} {
		if _, _, err := policy.Open(text); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := policy.Open(good); err != nil {
		t.Error(err)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte("quorum none\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ledger.ParsePolicy(b); err == nil {
			p.Open([]byte("x\n1\n"))
		}
	})
}
