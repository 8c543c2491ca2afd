package webarchive

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/hex"
	"hash"
	"io"
	"strings"
)

// digest is a digest that an archive carries: algorithm, colon, and the sum in base 32 or in hex.
type digest struct {
	algorithm, sum string
	hash           hash.Hash
}

// newDigest reads what a field says; nil when it says nothing or names an algorithm that is not known here. Old archives carry
// SHA-1 and MD5: they agree or do not, and what that is worth is for who reads the report.
func newDigest(field string) *digest {
	algorithm, sum, ok := strings.Cut(strings.TrimSpace(field), ":")
	if !ok {
		return nil
	}
	d := &digest{algorithm: strings.ReplaceAll(strings.ToLower(algorithm), "-", ""), sum: strings.TrimRight(sum, "=")}
	switch d.algorithm {
	case "sha1":
		d.hash = sha1.New()
	case "sha256":
		d.hash = sha256.New()
	case "sha512":
		d.hash = sha512.New()
	case "md5":
		d.hash = md5.New()
	default:
		return nil
	}
	return d
}

// agrees reports whether a sum is the one that the archive carries.
func (d *digest) agrees(sum []byte) bool {
	return strings.EqualFold(d.sum, hex.EncodeToString(sum)) ||
		strings.EqualFold(d.sum, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum))
}

// another returns a hash of the same algorithm.
func (d *digest) another() hash.Hash { return newDigest(d.algorithm + ":x").hash }

// into returns where bytes go that the digest is of; d may be nil.
func (d *digest) into() io.Writer {
	if d == nil {
		return io.Discard
	}
	return d.hash
}

// atMost keeps the first bytes of what is written to it.
type atMost struct {
	content []byte
	left    int64
	cut     bool
}

func (a *atMost) Write(p []byte) (int, error) {
	n := min(int64(len(p)), a.left)
	a.content, a.left = append(a.content, p[:n]...), a.left-n
	a.cut = a.cut || n < int64(len(p))
	return len(p), nil
}
