package ledger

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	return digestWith(FieldKey(salt, path), value)
}

// FieldKey returns the key of one path's digest.
func FieldKey(salt Salt, path string) []byte { return expand(extract(salt), path) }

// extract is the half of HKDF that is the same for every path of a payload.
func extract(salt Salt) []byte {
	prk, err := hkdf.Extract(sha256.New, salt[:], nil)
	if err != nil {
		panic("hkdf extract: " + err.Error()) // fails only where SHA-256 is forbidden
	}
	return prk
}

func expand(prk []byte, path string) []byte {
	key, err := hkdf.Expand(sha256.New, prk, "field:"+path, sha256.Size)
	if err != nil {
		panic("hkdf of 32 bytes: " + err.Error()) // fails only for a too long output
	}
	return key
}

func digestWith(key []byte, value string) (d [32]byte) {
	h := hmac.New(sha256.New, key)
	h.Write(appendString(nil, value))
	h.Sum(d[:0])
	return d
}

// Commit returns the commitment to every path of a payload.
func Commit(p Payload, salt Salt) ([32]byte, error) {
	if _, err := p.Canonical(); err != nil {
		return [32]byte{}, err
	}
	prk := extract(salt)
	fields := p.fields()
	digests := make(map[string]string, len(fields))
	for path, value := range fields {
		d := digestWith(expand(prk, path), value)
		digests[path] = hex.EncodeToString(d[:])
	}
	return CommitDigests(digests), nil
}

// CommitDigests returns the commitment to digests already made: path -> lower-case hex. It is how a verifier checks a
// payload of which some paths are withheld.
func CommitDigests(digests map[string]string) [32]byte {
	return sha256.Sum256(appendObject([]byte("homeward/commit/v1\x00"), digests))
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
