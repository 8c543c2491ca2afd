package stamp

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"

	"github.com/digitorus/pkcs7"
)

// What a signer signs of itself: which certificate is its own. RFC 2634, section 5.4, with SHA-1; RFC 5035 with any hash.
var (
	oidSigningCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// hashes by which a signer may name its certificate.
var hashes = map[string]crypto.Hash{
	"": crypto.SHA256, "2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// signingCertificate is the attribute of either form; the signer's own certificate is the first.
type signingCertificate struct {
	Certs    []certID
	Policies asn1.RawValue `asn1:"optional"`
}

type certID struct {
	Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash      []byte
	Issuer    asn1.RawValue `asn1:"optional"`
}

// namesItself reports whether the signer signed which certificate is its own, as RFC 3161, section 2.4.2, asks: another
// certificate with the same key cannot be put in its place.
func namesItself(token *pkcs7.PKCS7, signer *x509.Certificate) bool {
	var v1, v2 signingCertificate
	old := sha1.Sum(signer.Raw)
	hasOld := token.UnmarshalSignedAttribute(oidSigningCertificate, &v1) == nil
	if hasOld && (len(v1.Certs) == 0 || !bytes.Equal(v1.Certs[0].Hash, old[:])) {
		return false
	}
	if token.UnmarshalSignedAttribute(oidSigningCertificateV2, &v2) != nil {
		return hasOld
	}
	if len(v2.Certs) == 0 {
		return false
	}
	hash, known := hashes[v2.Certs[0].Algorithm.Algorithm.String()]
	if !known || !hash.Available() {
		return false
	}
	h := hash.New()
	h.Write(signer.Raw)
	return bytes.Equal(v2.Certs[0].Hash, h.Sum(nil))
}

// onlySigns reports whether the key of a certificate is for signing and nothing else, where the certificate says.
func onlySigns(c *x509.Certificate) bool {
	return c.KeyUsage&^(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0
}
