package ledger_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/gowebpki/jcs"
	"github.com/homeward-registry/homeward/ledger"
	"pgregory.net/rapid"
)

// TestFieldDigestIsHMACUnderHKDF compares the digest written out here with the standard library's HKDF and HMAC.
func TestFieldDigestIsHMACUnderHKDF(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var salt ledger.Salt
		copy(salt[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "salt"))
		path, value := rapid.String().Draw(t, "path"), rapid.String().Draw(t, "value")
		key, err := hkdf.Key(sha256.New, salt[:], nil, "field:"+path, sha256.Size)
		if err != nil {
			t.Fatal(err)
		}
		if ledger.FieldKey(salt, path) != [32]byte(key) {
			t.Fatal("the key differs")
		}
		canonical, err := jcs.Transform([]byte(jsonString(value)))
		if err != nil {
			t.Fatal(err)
		}
		h := hmac.New(sha256.New, key)
		h.Write(canonical)
		if ledger.FieldDigest(salt, path, value) != [32]byte(h.Sum(nil)) {
			t.Fatal("the digest differs")
		}
	})
}

// TestCommitmentIsThatOfItsDigests compares the commitment with the one a verifier makes of digests alone.
func TestCommitmentIsThatOfItsDigests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, salt := anyPayload(t), ledger.NewSalt()
		have, err := ledger.Commit(p, salt)
		if err != nil {
			t.Fatal(err)
		}
		text, bound, err := ledger.Bind(p, salt)
		if err != nil || bound != have {
			t.Fatal("bound otherwise than committed to")
		}
		if alone, err := p.Canonical(); err != nil || !bytes.Equal(text, alone) {
			t.Fatal("bound to another canonical form")
		}
		digests := map[string]string{}
		add := func(path, value string) {
			d := ledger.FieldDigest(salt, path, value)
			digests[path] = hex.EncodeToString(d[:])
		}
		add("v", "1")
		add("id", p.ID)
		add("type", p.Type)
		add("actor", p.Actor)
		add("role", p.Role)
		add("at", p.At.Format("2006-01-02T15:04:05.000000Z"))
		for i, id := range p.Prev {
			add(fmt.Sprintf("prev/%d", i), id)
		}
		for k, v := range p.Source {
			add("source/"+k, v)
		}
		for k, v := range p.Body {
			add("body/"+k, v)
		}
		if ledger.CommitDigests(digests) != have {
			t.Fatal("the commitment is not that of its digests")
		}
	})
}
