package homeward

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// Identifiers are UUIDs of version 7 (RFC 9562): 36 lower-case characters, ordered by the time they were made, and
// never derived from anything about a child.
type (
	SourceID   string
	EditionID  string
	RecordID   string
	PairID     string
	DecisionID string
	PersonID   string
	EventID    string
	FigureID   string
	UserID     string
	EntryID    string
	ModelID    string
	SearchID   string
	OpinionID  string
)

// NewID returns a new UUIDv7 for the instant now, with 74 random bits.
func NewID(now time.Time) string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(b[:6], ms[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// PairOf returns the id of the pair of two records: the same for both orders, and free of anything personal. It is
// "smaller.larger", so that a pair proposed again is the same pair.
func PairOf(a, b RecordID) PairID {
	if b < a {
		a, b = b, a
	}
	return PairID(string(a) + "." + string(b))
}

// Records returns the two records of a pair, smaller id first. ok is false when the id is not one made by PairOf.
func (p PairID) Records() (left, right RecordID, ok bool) {
	for i := range len(p) {
		if p[i] == '.' {
			left, right = RecordID(p[:i]), RecordID(p[i+1:])
			return left, right, left != "" && left < right
		}
	}
	return "", "", false
}
