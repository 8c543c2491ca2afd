package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/tlog"
)

// Salt hides a payload behind its commitment. It is kept only beside the payload, sealed, and destroyed with it.
type Salt [32]byte

// NewSalt returns a random salt.
func NewSalt() (s Salt) {
	rand.Read(s[:])
	return s
}

// FieldDigest returns the digest of one path: HMAC-SHA-256 of the value's canonical form under a key of its own, derived
// from the salt (HKDF, RFC 5869). Disclosing that key and value proves the path and nothing else.
func FieldDigest(salt Salt, path, value string) [32]byte {
	return newDigester(salt).digest("", path, value)
}

// FieldKey returns the key of one path's digest.
func FieldKey(salt Salt, path string) [32]byte { return newDigester(salt).key("", path) }

// digester makes the digests of one payload. HKDF with SHA-256 and one block of output is
//
//	PRK = HMAC(zeros, salt)          the same for every path
//	key = HMAC(PRK, info || 0x01)    RFC 5869, section 2.3
//
// and the pads of PRK are hashed once for all paths: a register commits to millions of them.
type digester struct {
	prk hash.Hash
	buf []byte
}

func newDigester(salt Salt) *digester {
	var zeros [sha256.Size]byte
	extract := hmac.New(sha256.New, zeros[:])
	extract.Write(salt[:])
	return &digester{prk: hmac.New(sha256.New, extract.Sum(nil))}
}

// key makes the key of a path, which comes in two parts.
func (d *digester) key(prefix, name string) (key [32]byte) {
	d.prk.Reset()
	d.buf = append(append(append(append(d.buf[:0], "field:"...), prefix...), name...), 1)
	d.prk.Write(d.buf)
	d.prk.Sum(key[:0])
	return key
}

// digest is HMAC(key, JCS(value)), written out so that nothing is allocated for it (RFC 2104).
func (d *digester) digest(prefix, name, value string) [32]byte {
	const block = 64
	key := d.key(prefix, name)
	var pad [block]byte
	for i := range pad {
		pad[i] = 0x36
	}
	for i, k := range key {
		pad[i] ^= k
	}
	d.buf = appendString(append(d.buf[:0], pad[:]...), value)
	inner := sha256.Sum256(d.buf)
	for i := range pad {
		pad[i] ^= 0x36 ^ 0x5c
	}
	d.buf = append(append(d.buf[:0], pad[:]...), inner[:]...)
	return sha256.Sum256(d.buf)
}

// Commit returns the commitment to every path of a payload.
func Commit(p Payload, salt Salt) ([32]byte, error) {
	if err := p.check(); err != nil {
		return [32]byte{}, err
	}
	return commit(p, salt, sortedKeys(p.Body)), nil
}

// Bind returns a payload's canonical form together with the commitment to it: [Payload.Canonical] and [Commit] in less
// time than both.
func Bind(p Payload, salt Salt) (canonical []byte, commitment [32]byte, err error) {
	if err := p.check(); err != nil {
		return nil, commitment, err
	}
	body := sortedKeys(p.Body)
	return p.canonical(body), commit(p, salt, body), nil
}

func commit(p Payload, salt Salt, body []string) [32]byte {
	d := newDigester(salt)
	b := append(make([]byte, 0, 128*(len(p.Body)+8)), commitDomain+"{"...)
	p.eachField(body, func(prefix, name, value string) {
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		sum := d.digest(prefix, name, value)
		b = appendText(append(append(b, '"'), prefix...), name)
		b = append(hex.AppendEncode(append(b, `":"`...), sum[:]), '"')
	})
	return sha256.Sum256(append(b, '}'))
}

// commitDomain keeps a commitment from being taken for any other hash.
const commitDomain = "homeward/commit/v1\x00"

// CommitDigests returns the commitment to digests already made: path -> lower-case hex. It is how a verifier checks a
// payload of which some paths are withheld.
func CommitDigests(digests map[string]string) [32]byte {
	return sha256.Sum256(appendObject([]byte(commitDomain), digests, sortedKeys(digests)))
}

// leafLayout is the time of a leaf: to the minute, so that it does not tell who worked when.
const leafLayout = "2006-01-02T15:04Z"

// Leaf returns the leaf of a commitment made at a time.
func Leaf(commit [32]byte, at time.Time) []byte {
	return fmt.Appendf(nil, `{"c":"%x","t":"%s","v":"1"}`, commit, at.UTC().Format(leafLayout))
}

// ParseLeaf reads what Leaf wrote and refuses everything else.
func ParseLeaf(leaf []byte) (commit [32]byte, at time.Time, err error) {
	s := &scanner{s: string(leaf)}
	s.want(`{"c":`)
	c := s.string()
	s.want(`,"t":`)
	t := s.string()
	s.want(`,"v":"1"}`)
	raw, hexErr := hex.DecodeString(c)
	at, timeErr := time.Parse(leafLayout, t)
	if s.bad || s.s != "" || hexErr != nil || timeErr != nil || len(raw) != len(commit) {
		return commit, at, fmt.Errorf("parse leaf: malformed: %w", homeward.ErrInvalid)
	}
	copy(commit[:], raw)
	if !bytes.Equal(Leaf(commit, at), leaf) {
		return commit, at, fmt.Errorf("parse leaf: not in canonical form: %w", homeward.ErrInvalid)
	}
	return commit, at, nil
}

// LeafHash returns the hash of a leaf in the tree: SHA-256(0x00 || leaf), RFC 6962, section 2.1.
func LeafHash(leaf []byte) tlog.Hash { return tlog.RecordHash(leaf) }
