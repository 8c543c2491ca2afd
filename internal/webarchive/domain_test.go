package webarchive

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

// domain signs in the name of court.example, as a service does.
type domain struct {
	testing.TB
	key, rootKey *ecdsa.PrivateKey
	leaf, root   *x509.Certificate
	authority    *stamptest.Authority
}

func newDomain(t testing.TB) *domain {
	d := &domain{TB: t, authority: stamptest.New(t, "one", stamptest.ForStamps)}
	d.rootKey, d.root = d.certificate("a root", nil)
	d.key, d.leaf = d.certificate("court.example", d)
	return d
}

func (d *domain) certificate(name string, by *domain) (*ecdsa.PrivateKey, *x509.Certificate) {
	d.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true,
	}
	parent, parentKey := c, key
	if by == nil {
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
	} else {
		c.DNSNames, parent, parentKey = []string{name}, by.root, by.rootKey
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, parentKey)
	if err == nil {
		c, err = x509.ParseCertificate(der)
	}
	if err != nil {
		d.Fatal(err)
	}
	return key, c
}

func pemOf(list ...*x509.Certificate) (text string) {
	for _, c := range list {
		text += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return text
}

// sign signs an archive. bare leaves the token of the time-stamp alone, as some services do.
func (d *domain) sign(content []byte, bare bool, spoil func(*signed)) []byte {
	d.Helper()
	return changed(d, content, digestFile, func(text string) string {
		var c closing
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			d.Fatal(err)
		}
		sum := sha256.Sum256([]byte(c.Hash))
		sig, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
		if err != nil {
			d.Fatal(err)
		}
		c.Signed = &signed{
			Hash: c.Hash, Created: time.Now().UTC().Format(time.RFC3339), Software: "a service", Domain: "court.example", Cert: pemOf(d.leaf, d.root),
			Signature: base64.StdEncoding.EncodeToString(sig), StampCert: string(d.authority.Root),
		}
		c.Signed.Stamp = d.stamp(c.Signed.Signature, bare)
		spoil(c.Signed)
		out, err := json.Marshal(c)
		if err != nil {
			d.Fatal(err)
		}
		return string(out)
	})
}

func (d *domain) stamp(message string, bare bool) string {
	d.Helper()
	request, err := stamp.NewRequest([]byte(message)).DER()
	if err != nil {
		d.Fatal(err)
	}
	answer, err := d.authority.Answer(request)
	if err == nil && bare {
		var t *timestamp.Timestamp
		if t, err = timestamp.ParseResponse(answer); err == nil {
			answer = t.RawToken
		}
	}
	if err != nil {
		d.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(answer)
}

// TestASignatureOfADomainIsCheckedAsFarAsItGoes has archives signed in the name of a domain, with everything right and with one thing wrong. What
// is right is still untrusted: the last certificate is for the reader to know.
func TestASignatureOfADomainIsCheckedAsFarAsItGoes(t *testing.T) {
	d := newDomain(t)
	other := newDomain(t)
	for _, c := range []struct {
		name    string
		bare    bool
		spoil   func(*signed)
		verdict Verdict
		has     Code
		stamped bool
	}{
		{"an answer", false, func(*signed) {}, Whole, Untrusted, true},
		{"a bare token", true, func(*signed) {}, Whole, Untrusted, true},
		{"no time-stamp", false, func(s *signed) { s.Stamp, s.StampCert = "", "" }, Whole, Unstamped, false},
		{"a time-stamp of other words", false, func(s *signed) { s.Stamp = d.stamp("other words", false) }, Damaged, BadStamp, false},
		{"a time-stamp under another root", false, func(s *signed) { s.StampCert = string(other.authority.Root) }, Damaged, BadStamp, false},
		{"a time-stamp without its root", false, func(s *signed) { s.StampCert = "" }, Damaged, BadStamp, false},
		{"no time-stamp at all", false, func(s *signed) { s.Stamp = "AAAA" }, Damaged, BadStamp, false},
		{"another time than is said", false, func(s *signed) { s.Created = "2020-01-01T00:00:00Z" }, Damaged, BadStamp, true},
		{"certificates of others", false, func(s *signed) { s.Cert = pemOf(d.leaf, other.root) }, Damaged, BadChain, true},
		{"the certificate alone", false, func(s *signed) { s.Cert = pemOf(d.leaf) }, Whole, Untrusted, true},
		{"a certificate of before its time", false, func(s *signed) { s.Stamp, s.Created = "", "2020-01-01T00:00:00Z" }, Damaged, BadChain, false},
		{"another domain", false, func(s *signed) { s.Domain = "other.example" }, Damaged, BadSign, false},
	} {
		r := readAll(d.sign(written(t, made(listing)), c.bare, c.spoil), Usual)
		if r.Verdict != c.verdict || !has(r, c.has) || r.Signature == nil || !r.Signature.Stamped.IsZero() != c.stamped {
			t.Errorf("%s: %s: %+v", c.name, told(r), r.Signature)
		}
	}
}
