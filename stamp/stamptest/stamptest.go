// Package stamptest is an authority of time-stamps for tests: a root, a certificate below it, and a handler that answers
// requests of RFC 3161.
//
// What an authority can get wrong a test asks for: another message, another nonce, no certificates, a certificate for
// other things, a time outside its life. Keys are made anew each time and written nowhere; nobody should trust them.
//
// It is imported by tests only, of package stamp and of whoever asks authorities.
package stamptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Said is what an authority is about to sign.
type Said = timestamp.Timestamp

// Authority is one that answers.
type Authority struct {
	Name string
	URL  string
	Root []byte // PEM
	// Wrong changes an answer before it is signed; nil answers rightly.
	Wrong func(*Said)
	// Down answers with 503.
	Down bool
	// Clock is the time that it says.
	Clock func() time.Time

	key  crypto.Signer
	cert *x509.Certificate
}

// Purpose is what the authority's certificate is for.
type Purpose int

// The purposes: what RFC 3161 asks, and what it forbids.
const (
	ForStamps Purpose = iota
	ForStampsNotCritical
	ForServersAsWell
	ForServers
)

// New starts an authority; it ends with the test.
func New(t testing.TB, name string, purpose Purpose) *Authority {
	t.Helper()
	rootKey, root := certificate(t, name+" root", nil, nil, nil)
	key, cert := certificate(t, name, root, rootKey, purpose.extension(t))
	a := &Authority{Name: name, key: key, cert: cert, Clock: time.Now}
	a.Root = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

// Text names the authority as package stamp reads it.
func (a *Authority) Text() string { return fmt.Sprintf("authority %s %s\n%s", a.Name, a.URL, a.Root) }

func (p Purpose) extension(t testing.TB) *pkix.Extension {
	t.Helper()
	stamps, servers := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	uses := map[Purpose][]asn1.ObjectIdentifier{ForStamps: {stamps}, ForStampsNotCritical: {stamps}, ForServersAsWell: {stamps, servers}, ForServers: {servers}}[p]
	der, err := asn1.Marshal(uses)
	if err != nil {
		t.Fatal(err)
	}
	return &pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: p != ForStampsNotCritical, Value: der}
}

func certificate(t testing.TB, name string, parent *x509.Certificate, parentKey crypto.Signer, use *pkix.Extension) (crypto.Signer, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if use == nil {
		template.IsCA, template.KeyUsage, parent, parentKey = true, x509.KeyUsageCertSign, template, key
	} else {
		template.ExtraExtensions = []pkix.Extension{*use}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, c
}

// Answer answers a request.
func (a *Authority) Answer(request []byte) ([]byte, error) {
	asked, err := timestamp.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	said := &Said{
		HashAlgorithm: asked.HashAlgorithm, HashedMessage: asked.HashedMessage, Nonce: asked.Nonce, Time: a.Clock().UTC(),
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4}, AddTSACertificate: asked.Certificates,
	}
	if a.Wrong != nil {
		a.Wrong(said)
	}
	return said.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
}

// ServeHTTP answers as RFC 3161, section 3.4, says.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request, err := io.ReadAll(r.Body)
	if err != nil || a.Down || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	answer, err := a.Answer(request)
	if err != nil {
		http.Error(w, "not that", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(answer)
}
