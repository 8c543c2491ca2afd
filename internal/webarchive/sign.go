package webarchive

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/homeward-registry/homeward"
)

// authVersion is of WACZ Signing and Verification, which the form of a signature follows.
const authVersion = "0.1.0"

// Key signs captures: an ECDSA key on P-384, the curve that players of captures read (https://github.com/webrecorder/wabac.js). The
// standard names none.
type Key struct {
	private *ecdsa.PrivateKey
	public  []byte // SubjectPublicKeyInfo, DER
}

// NewKey makes a key.
func NewKey() (Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("make capture key: %w", err)
	}
	return keyOf(private)
}

// OpenKey reads what [Key.Private] returned. ErrTampered when it is no such key.
func OpenKey(der []byte) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	private, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok || private.Curve != elliptic.P384() {
		return Key{}, fmt.Errorf("open capture key: %w", homeward.ErrTampered)
	}
	return keyOf(private)
}

func keyOf(private *ecdsa.PrivateKey) (Key, error) {
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return Key{}, fmt.Errorf("encode capture key: %w", err)
	}
	return Key{private, public}, nil
}

// Private returns the secret half, PKCS #8 in DER.
func (k Key) Private() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

// Public returns the public half, SubjectPublicKeyInfo in DER.
func (k Key) Public() []byte { return k.public }

// NameOf returns what reports call a public key: its SHA-256, in hex.
func NameOf(public []byte) string {
	s := sha256.Sum256(public)
	return hex.EncodeToString(s[:])
}

// sign signs the words of a package's hash, as an anonymous signature of https://specs.webrecorder.net/wacz-auth/0.1.0/. The time is the
// one that the package tells: py-wacz takes no other. The same words give the same signature (RFC 6979).
func (k Key) sign(list dataPackage, hash string) (*signed, error) {
	sum := sha256.Sum256([]byte(hash))
	der, err := k.private.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign the capture: %w", err)
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return nil, fmt.Errorf("sign the capture: %w", err)
	}
	half := sizeOf(&k.private.PublicKey)
	raw := make([]byte, 2*half) // one number after the other, as browsers write and read them
	pair.R.FillBytes(raw[:half])
	pair.S.FillBytes(raw[half:])
	return &signed{
		Hash: hash, Created: list.Created, Software: list.Software, Version: authVersion,
		PublicKey: base64.StdEncoding.EncodeToString(k.public), Signature: base64.StdEncoding.EncodeToString(raw),
	}, nil
}
