package webarchive

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/homeward-registry/homeward/stamp"
)

// closing is datapackage-digest.json.
type closing struct {
	Path   string  `json:"path"`
	Hash   string  `json:"hash"`
	Signed *signed `json:"signedData,omitempty"`
}

// signed is what WACZ Signing and Verification 0.1.0 adds: a key with its signature, or a domain with its certificate.
type signed struct {
	Hash      string `json:"hash"`
	Created   string `json:"created"`
	Software  string `json:"software"`
	Version   string `json:"version"`
	Signature string `json:"signature"`
	PublicKey string `json:"publicKey,omitempty"`
	Domain    string `json:"domain,omitempty"`
	Cert      string `json:"domainCert,omitempty"`
	Stamp     string `json:"timeSignature,omitempty"` // RFC 3161, over the signature
	StampCert string `json:"timestampCert,omitempty"`
}

// closed compares the digest of the package with the package, and verifies the signature where there is one.
func (a *archive) closed(text []byte, sum string) {
	var c closing
	if err := json.Unmarshal(text, &c); err != nil || c.Path != packageFile || !strings.EqualFold(c.Hash, sum) {
		a.report.find(BadDigest, digestFile)
		return
	}
	a.report.Agreed++
	s := c.Signed
	if s == nil {
		a.report.find(Unsigned, digestFile)
		return
	}
	key, spki := s.key()
	out := &Signature{Created: oneLine(s.Created, 60), Software: oneLine(s.Software, 200)}
	if key != nil {
		out.Key = NameOf(spki)
		out.Valid = s.Hash == c.Hash && verified(key, s.Hash, s.Signature)
	}
	if s.PublicKey == "" {
		out.Domain = oneLine(s.Domain, 200) // a bare key speaks for nobody
	}
	a.report.Signature = out
	switch {
	case !out.Valid:
		a.report.find(BadSign, digestFile)
	case s.PublicKey == "":
		a.inADomain(s, out)
	}
}

// closely is how near a time-stamp is to the time that the archive says. wacz-auth, step 7.
const closely = 10 * time.Minute

// inADomain checks the rest of a signature in the name of a domain: the time-stamp over it, under the certificates that stand beside it, and
// that those of the domain lead to one another. Whether the last of either is one to be trusted is not looked up.
func (a *archive) inADomain(s *signed, out *Signature) {
	a.report.find(Untrusted, digestFile)
	at, err := time.Parse(time.RFC3339, s.Created)
	said := err == nil
	if s.Stamp == "" {
		a.report.find(Unstamped, digestFile)
	} else {
		token, err := base64.StdEncoding.DecodeString(s.Stamp)
		if err == nil {
			out.Stamped, err = stamp.VerifyBeside(token, []byte(s.Signature), certificates(s.StampCert))
		}
		if err != nil || said && out.Stamped.Sub(at).Abs() > closely {
			a.report.find(BadStamp, digestFile)
			return
		}
		at, said = out.Stamped, true
	}
	chain := certificates(s.Cert)
	if !said {
		at = chain[0].NotBefore
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(chain[len(chain)-1])
	for _, c := range chain {
		between.AddCert(c)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: s.Domain, Roots: roots, Intermediates: between, CurrentTime: at}); err != nil {
		a.report.find(BadChain, digestFile)
	}
}

// certificates reads certificates in PEM, up to what is none.
func certificates(text string) (list []*x509.Certificate) {
	for rest := []byte(text); len(list) < 20; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			break
		}
		list = append(list, c)
	}
	return list
}

// key returns the key that is to have signed, and its encoding; nil when it is none that is known here.
func (s *signed) key() (*ecdsa.PublicKey, []byte) {
	if s.PublicKey != "" {
		der, err := base64.StdEncoding.DecodeString(s.PublicKey)
		if err != nil {
			return nil, nil
		}
		key, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, nil
		}
		known, _ := key.(*ecdsa.PublicKey)
		return known, der
	}
	block, _ := pem.Decode([]byte(s.Cert))
	if block == nil {
		return nil, nil
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || cert.VerifyHostname(s.Domain) != nil {
		return nil, nil
	}
	known, _ := cert.PublicKey.(*ecdsa.PublicKey)
	return known, cert.RawSubjectPublicKeyInfo
}

// verified reports whether the key signed the words of the hash. Browsers write the two numbers of a signature one after the
// other, others as ASN.1.
func verified(key *ecdsa.PublicKey, hash, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(hash))
	if half := sizeOf(key); len(raw) == 2*half {
		return ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:]))
	}
	return ecdsa.VerifyASN1(key, sum[:], raw)
}

// sizeOf returns how many bytes each of the two numbers of a signature takes.
func sizeOf(key *ecdsa.PublicKey) int { return (key.Curve.Params().BitSize + 7) / 8 }
