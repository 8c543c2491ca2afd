package ledger_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/ledger"
)

var guesses = flag.Int("guesses", 20_000, "how many salts are guessed for the right words of a leaf")

// TestTheRightWordsDoNotConfirmALeafWithoutItsSalt has every word of a payload right, and guesses its salt: what is left of an erased
// child, a leaf, confirms nothing. With -guesses 10000000 it takes some minutes.
func TestTheRightWordsDoNotConfirmALeafWithoutItsSalt(t *testing.T) {
	p := ledger.Payload{ID: "1", Type: "record", Actor: "a", Role: "r", At: time.Unix(1_700_000_000, 0).UTC(), Body: map[string]string{"claim/0000/name.full": "x"}}
	_, commit, err := ledger.Bind(p, ledger.NewSalt())
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.Leaf(commit, p.At)
	var g sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		g.Go(func() {
			rng := rand.NewChaCha8([32]byte{byte(w)})
			for range *guesses / workers {
				var salt ledger.Salt
				_, _ = rng.Read(salt[:])
				guess, err := ledger.Commit(p, salt)
				if err != nil || bytes.Equal(ledger.Leaf(guess, p.At), leaf) {
					t.Errorf("a guess confirms the leaf, or fails: %v", err)
				}
			}
		})
	}
	g.Wait()
}
