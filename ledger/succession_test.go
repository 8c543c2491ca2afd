package ledger_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
)

// TestOldCheckpointsVerifyAfterTheKeyWasHandedOver, and neither key speaks for the other's time.
func TestOldCheckpointsVerifyAfterTheKeyWasHandedOver(t *testing.T) {
	l := &testLog{}
	l.add(t, 30)
	first, firstKey := keys(t)
	second, secondKey := keys(t)
	third, thirdKey := keys(t)
	identity, identityKey, err := ledger.NewKey("identity.example")
	if err != nil {
		t.Fatal(err)
	}
	stranger, _, err := ledger.NewKey("identity.example")
	if err != nil {
		t.Fatal(err)
	}
	step := func(by string, old, next note.Signer, oldKey, nextKey string, size int64) ledger.Succession {
		statement, err := ledger.SignSuccession(ledger.FormatSuccession(first.Name(), oldKey, nextKey), by)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := l.at(t, first, size)
		handover, err := ledger.SignHandover(old, next, c)
		if err != nil {
			t.Fatal(err)
		}
		return ledger.Succession{Statement: statement, Handover: handover}
	}
	good := []ledger.Succession{step(identity, first, second, firstKey, secondKey, 10), step(identity, second, third, secondKey, thirdKey, 20)}
	chain, err := ledger.FollowKeys(firstKey, identityKey, good)
	if err != nil || chain.Newest() != thirdKey {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by   note.Signer
		size int64
		ok   bool
	}{
		{first, 1, true}, {first, 10, true}, {second, 10, true}, {second, 20, true}, {third, 20, true}, {third, 30, true},
		{first, 11, false}, {second, 9, false}, {second, 21, false}, {third, 19, false},
	} {
		_, signed := l.at(t, c.by, c.size)
		if read, err := chain.Open(signed); (err == nil) != c.ok || c.ok && read.Size != c.size {
			t.Errorf("size %d: %v, want it opened: %v", c.size, err, c.ok)
		}
	}
	for name, steps := range map[string][]ledger.Succession{
		"a stranger's statement": {step(stranger, first, second, firstKey, secondKey, 10)},
		"another old key":        {step(identity, first, second, thirdKey, secondKey, 10)},
		"one signature twice":    {step(identity, first, first, firstKey, secondKey, 10)},
		"the new key alone":      {step(identity, third, second, firstKey, secondKey, 10)},
		"itself":                 {step(identity, first, first, firstKey, firstKey, 10)},
		"a handover before":      {good[0], step(identity, second, third, secondKey, thirdKey, 5)},
		"in another order":       {good[1], good[0]},
		"one left out":           {good[1]},
		"an altered statement":   {{Statement: flip(good[0].Statement, 300), Handover: good[0].Handover}},
		"an altered handover":    {{Statement: good[0].Statement, Handover: flip(good[0].Handover, 200)}},
		"statements exchanged":   {{Statement: good[1].Statement, Handover: good[0].Handover}},
		"nothing":                {{}},
	} {
		if _, err := ledger.FollowKeys(firstKey, identityKey, steps); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ledger.SignSuccession([]byte("pay me\n"), identity); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("the identity signs anything: %v", err)
	}
}
