package stamp

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"strconv"
	"strings"
	"time"
)

// Held is what a token says that was found to hold.
type Held struct {
	At time.Time
	By string // the name in the certificate that signed it: a stranger's word, escaped and cut to a line
}

// maxName is how many letters of an authority's name are shown.
const maxName = 200

// VerifyEnclosed checks an answer under roots that lie beside it as PEM, for a reader who has nothing else: whether these
// roots are those of an authority to trust is for the reader to say. ErrTampered when anything is not as it should be.
//
// It takes what "openssl ts -verify -attime TIME" takes, so that two verifiers agree: the PEM has the one form in which
// [ParseAuthorities] writes it, every root is signed by itself, the answer is in the form of form.go, and no token is from
// before 1970.
func VerifyEnclosed(answer, message, roots []byte) (Held, error) {
	pool, err := enclosedRoots(roots)
	if err != nil {
		return Held{}, err
	}
	t, token, err := parse(answer)
	if err == nil {
		err = check(t, token, sha256.Sum256(message), pool)
	}
	if err == nil && !(inForm(answer) && t.Time.Unix() > 0 && t.Time.Location() == time.UTC) {
		err = refused("it is not in the form of an enclosed one")
	}
	if err != nil {
		return Held{}, err
	}
	return Held{t.Time.UTC(), shown(token.GetOnlySigner().Subject.String())}, nil
}

// enclosedRoots reads certificates in PEM that has one form: nothing before, between or after them.
func enclosedRoots(text []byte) (*x509.CertPool, error) {
	pool, again := x509.NewCertPool(), []byte{}
	for rest := text; len(rest) > 0 && len(text) <= MaxAnswer; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !bytes.Equal(c.RawSubject, c.RawIssuer) || c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
			break
		}
		pool.AddCert(c)
		again = append(again, pem.EncodeToMemory(block)...)
	}
	if len(text) == 0 || !bytes.Equal(again, text) {
		return nil, refused("its roots are not certificates in their one form")
	}
	return pool, nil
}

// shown makes a stranger's name one line of printable letters.
func shown(name string) string {
	quoted := strconv.QuoteToGraphic(strings.ToValidUTF8(name, "?"))
	if letters := []rune(quoted[1 : len(quoted)-1]); len(letters) > maxName {
		return string(letters[:maxName]) + "…"
	}
	return quoted[1 : len(quoted)-1]
}
