package ledger_test

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
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
