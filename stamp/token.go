package stamp

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
	"github.com/homeward-registry/homeward"
)

// MaxAnswer is how large an answer may be: a token with a chain of certificates has some thousand bytes.
const MaxAnswer = 64 << 10

// Request asks for the time-stamp of a message.
type Request struct {
	digest [sha256.Size]byte
	nonce  *big.Int
}

// NewRequest returns a request with a nonce of its own, which makes an answer one to this request.
func NewRequest(message []byte) Request {
	var nonce [8]byte
	rand.Read(nonce[:])
	nonce[0] &= 0x7f
	return Request{sha256.Sum256(message), new(big.Int).SetBytes(nonce[:])}
}

// DER returns the bytes to send.
func (r Request) DER() ([]byte, error) {
	req := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: r.digest[:], Certificates: true, Nonce: r.nonce}
	der, err := req.Marshal()
	if err != nil {
		return nil, fmt.Errorf("make a time-stamp request: %w", err)
	}
	return der, nil
}

// Check verifies the answer to this very request.
func (r Request) Check(answer []byte, roots *x509.CertPool) (time.Time, error) {
	t, err := verify(answer, r.digest, roots)
	if err == nil && (t.Nonce == nil || t.Nonce.Cmp(r.nonce) != 0) {
		err = refused("it answers another request")
	}
	if err != nil {
		return time.Time{}, err
	}
	return t.Time.UTC(), nil
}

// Verify checks an answer that was kept, and returns when the authority saw the message. ErrTampered when anything is
// not as it should be.
func Verify(answer, message []byte, roots *x509.CertPool) (time.Time, error) {
	t, err := verify(answer, sha256.Sum256(message), roots)
	if err != nil {
		return time.Time{}, err
	}
	return t.Time.UTC(), nil
}

// VerifyBeside checks a token, or a whole answer, whose certificates may stand beside it instead of in it: chain is the signer's first. The
// last of them is taken for the root, which is for the reader to trust. What was signed is the message.
func VerifyBeside(token, message []byte, chain []*x509.Certificate) (time.Time, error) {
	if len(chain) == 0 {
		return time.Time{}, refused("no certificate stands beside it")
	}
	t, parsed, err := parseEither(token)
	if err != nil {
		return time.Time{}, err
	}
	parsed.Certificates = append(parsed.Certificates, chain...)
	roots := x509.NewCertPool()
	roots.AddCert(chain[len(chain)-1])
	if err := check(t, parsed, sha256.Sum256(message), roots); err != nil {
		return time.Time{}, err
	}
	return t.Time.UTC(), nil
}

// parseEither reads an answer, or the token of one alone.
func parseEither(der []byte) (t *timestamp.Timestamp, token *pkcs7.PKCS7, err error) {
	if t, token, err = parse(der); err == nil || len(der) > MaxAnswer {
		return t, token, err
	}
	defer func() {
		if recover() != nil {
			err = refused("malformed")
		}
	}()
	if t, err = timestamp.Parse(der); err != nil {
		return nil, nil, refused("malformed")
	}
	if token, err = pkcs7.Parse(der); err != nil {
		return nil, nil, refused("malformed")
	}
	return t, token, nil
}

func refused(why string) error {
	return fmt.Errorf("verify time-stamp: %s: %w", why, homeward.ErrTampered)
}

func verify(answer []byte, digest [sha256.Size]byte, roots *x509.CertPool) (*timestamp.Timestamp, error) {
	t, token, err := parse(answer)
	if err == nil {
		err = check(t, token, digest, roots)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// check checks everything that a token must be.
func check(t *timestamp.Timestamp, token *pkcs7.PKCS7, digest [sha256.Size]byte, roots *x509.CertPool) error {
	if t.HashAlgorithm != crypto.SHA256 || subtle.ConstantTimeCompare(t.HashedMessage, digest[:]) != 1 {
		return refused("it is of another message")
	}
	signer := token.GetOnlySigner()
	switch {
	case roots == nil:
		return refused("no root is trusted")
	case signer == nil:
		return refused("it carries no certificate of its one signer")
	case !onlyForStamps(signer) || !onlySigns(signer):
		return refused("the certificate is not for time-stamping alone")
	case !saysTSTInfo(token):
		return refused("what was signed is no time-stamp")
	case !namesItself(token, signer):
		return refused("the signer did not sign which certificate is its own")
	}
	return signed(token, t.Time, roots)
}

// parse reads an answer. The parsers below are not ours and meet bytes of strangers.
func parse(answer []byte) (t *timestamp.Timestamp, token *pkcs7.PKCS7, err error) {
	defer func() {
		if recover() != nil {
			err = refused("malformed")
		}
	}()
	if len(answer) > MaxAnswer {
		return nil, nil, refused("larger than any token")
	}
	if t, err = timestamp.ParseResponse(answer); err != nil {
		return nil, nil, refused("malformed, or not granted")
	}
	if token, err = pkcs7.Parse(t.RawToken); err != nil {
		return nil, nil, refused("malformed")
	}
	return t, token, nil
}

// signed checks signature and chain at the time of the token: a certificate that has run out since does no harm, as
// RFC 3161, section 4, says.
func signed(token *pkcs7.PKCS7, at time.Time, roots *x509.CertPool) error {
	between := x509.NewCertPool()
	for _, c := range token.Certificates {
		between.AddCert(c)
	}
	err := token.VerifyWithOpts(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return refused("its signature does not lead to a trusted root")
	}
	return nil
}

var (
	oidExtendedKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidContentType      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidTSTInfo          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
)

// onlyForStamps reports what RFC 3161, section 2.3, asks of the certificate: one extended key usage, critical.
func onlyForStamps(c *x509.Certificate) bool {
	critical := false
	for _, e := range c.Extensions {
		critical = critical || e.Id.Equal(oidExtendedKeyUsage) && e.Critical
	}
	return critical && len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(c.UnknownExtKeyUsage) == 0
}

// saysTSTInfo reports whether the signer signed that the content is a time-stamp.
func saysTSTInfo(token *pkcs7.PKCS7) bool {
	var of asn1.ObjectIdentifier
	err := token.UnmarshalSignedAttribute(oidContentType, &of)
	return err == nil && of.Equal(oidTSTInfo)
}
