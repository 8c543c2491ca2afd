package webarchive

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
)

func newKey(t testing.TB) Key {
	t.Helper()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func signedWith(t testing.TB, c Capture, key Key) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, c, &key); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// partOf returns a file of a WACZ.
func partOf(t testing.TB, content []byte, name string) []byte {
	t.Helper()
	for _, f := range unpacked(t, content) {
		if f.name == name {
			return []byte(f.content)
		}
	}
	t.Fatalf("no %s", name)
	return nil
}

// TestWhatIsSignedHereVerifies names the key, and the same capture and key give the same bytes.
func TestWhatIsSignedHereVerifies(t *testing.T) {
	key := newKey(t)
	content := signedWith(t, made(listing), key)
	r := readAll(content, Usual)
	if r.Verdict != Whole || r.Signature == nil || !r.Signature.Valid || r.Signature.Key != NameOf(key.Public()) || r.Signature.Domain != "" || has(r, Unsigned) {
		t.Fatalf("%s: %+v", told(r), r.Signature)
	}
	if !bytes.Equal(content, signedWith(t, made(listing), key)) {
		t.Error("the same capture and key gave other bytes")
	}
	if other := readAll(signedWith(t, made(listing), newKey(t)), Usual); other.Signature.Key == r.Signature.Key {
		t.Error("another key has the same name")
	}
}

// TestASignatureIsWrittenAsOthersReadIt: the members of wacz-auth 0.1.0 and no others, the time that the package tells (py-wacz), a key on
// P-384 and two numbers of 48 bytes (wabac.js).
func TestASignatureIsWrittenAsOthersReadIt(t *testing.T) {
	content := signedWith(t, made(listing), newKey(t))
	var closed struct {
		Path, Hash string
		SignedData map[string]string
	}
	var list struct{ Created, Software string }
	if err := errors.Join(json.Unmarshal(partOf(t, content, digestFile), &closed), json.Unmarshal(partOf(t, content, packageFile), &list)); err != nil {
		t.Fatal(err)
	}
	s := closed.SignedData
	var members []string
	for name := range s {
		members = append(members, name)
	}
	slices.Sort(members)
	if got := strings.Join(members, " "); got != "created hash publicKey signature software version" {
		t.Errorf("members: %s", got)
	}
	if s["hash"] != closed.Hash || s["created"] != list.Created || s["created"] != "2026-03-01T09:30:03Z" || s["software"] != list.Software || s["version"] != "0.1.0" {
		t.Errorf("signed: %v; package: %+v", s, list)
	}
	raw, err := base64.StdEncoding.DecodeString(s["signature"])
	if err != nil || len(raw) != 96 {
		t.Errorf("a signature of %d bytes: %v", len(raw), err)
	}
	der, err := base64.StdEncoding.DecodeString(s["publicKey"])
	if err != nil {
		t.Fatal(err)
	}
	if key, err := x509.ParsePKIXPublicKey(der); err != nil || key.(*ecdsa.PublicKey).Curve != elliptic.P384() {
		t.Errorf("the key is none on P-384: %v", err)
	}
}

// TestAnyFlippedByteOfASignatureIsFound flips bytes all over the signature and the public key, and alters the list that is signed.
func TestAnyFlippedByteOfASignatureIsFound(t *testing.T) {
	content := signedWith(t, made(listing), newKey(t))
	for _, member := range []string{"signature", "publicKey"} {
		var size int
		for i := 0; i == 0 || i < size; i += 7 {
			altered := changed(t, content, digestFile, func(text string) string {
				var c map[string]any
				if err := json.Unmarshal([]byte(text), &c); err != nil {
					t.Fatal(err)
				}
				s := c["signedData"].(map[string]any)
				raw, err := base64.StdEncoding.DecodeString(s[member].(string))
				if err != nil {
					t.Fatal(err)
				}
				size = len(raw)
				raw[i] ^= 1
				s[member] = base64.StdEncoding.EncodeToString(raw)
				out, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				return string(out)
			})
			r := readAll(altered, Usual)
			if r.Verdict != Damaged || !has(r, BadSign) || r.Signature.Valid {
				t.Errorf("byte %d of %s flipped: %s", i, member, told(r))
			}
		}
	}
	for _, from := range []string{`"Homeward test"`, "09:30:03"} {
		r := readAll(changed(t, content, packageFile, func(text string) string { return strings.Replace(text, from, strings.ToUpper(from)+" ", 1) }), Usual)
		if r.Verdict != Damaged || !has(r, BadDigest) {
			t.Errorf("another list than the signed one: %s", told(r))
		}
	}
}

// TestACaptureKeyIsOpenedAsItWasMade, and nothing else is opened as one.
func TestACaptureKeyIsOpenedAsItWasMade(t *testing.T) {
	key := newKey(t)
	der, err := key.Private()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := OpenKey(der); err != nil || !bytes.Equal(again.Public(), key.Public()) {
		t.Errorf("another key: %v", err)
	}
	small, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(small)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string][]byte{"nothing": nil, "half a key": der[:len(der)/2], "a key on another curve": other} {
		if _, err := OpenKey(x); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
