package store_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/ledger"
	"pgregory.net/rapid"
)

// TestNoBitOfAPayloadOrASaltCanBeFlipped flips bits of a payload's text and of its salt: what opens at all is another
// commitment.
func TestNoBitOfAPayloadOrASaltCanBeFlipped(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	p := ledger.Payload{
		ID: "019abc", Type: "record", Actor: "clerk", Role: "intake-clerk", At: time.Unix(1_700_000_000, 0).UTC(), Prev: []string{"1", "2"},
		Source: map[string]string{"clock": "right"}, Body: map[string]string{},
	}
	for range 12 {
		p.Body[rapid.StringN(1, 8, -1).Example(rng.IntN(1<<30))] = rapid.String().Example(rng.IntN(1 << 30))
	}
	salt := ledger.NewSalt()
	text, want, err := ledger.Bind(p, salt)
	if err != nil {
		t.Fatal(err)
	}
	commits := func(text []byte, salt ledger.Salt) bool {
		p, err := ledger.ParsePayload(text)
		if err != nil {
			return false
		}
		have, err := ledger.Commit(p, salt)
		return err == nil && have == want
	}
	if !commits(text, salt) {
		t.Fatal("the payload does not come back")
	}
	for range storetest.Flips(t, 4000) {
		altered, bit := flippedBytes(text, rng)
		if commits(altered, salt) {
			t.Fatalf("bit %d of the payload flipped passes", bit)
		}
		other, bit := flippedBytes(salt[:], rng)
		if commits(text, ledger.Salt(other)) {
			t.Fatalf("bit %d of the salt flipped passes", bit)
		}
	}
}
