package ledger

import (
	"fmt"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/tlog"
)

// Finding is one thing that is not as it was written.
type Finding struct {
	Place string // the table or part: entries, leaves, hashes, checkpoints, records, …
	ID    string // of the row, where it has one
	Index int64  // of the leaf, hash or tree size; -1 where there is none
	What  string // in words
}

// String returns the finding in one line.
func (f Finding) String() string {
	switch {
	case f.ID != "" && f.Index >= 0:
		return fmt.Sprintf("%s %s (index %d): %s", f.Place, f.ID, f.Index, f.What)
	case f.ID != "":
		return fmt.Sprintf("%s %s: %s", f.Place, f.ID, f.What)
	}
	return fmt.Sprintf("%s %d: %s", f.Place, f.Index, f.What)
}

// Appender appends leaves to a log of which the stored hashes are read where they are kept. The hashes it makes are
// kept in memory, for the caller to store in order after those that were there.
type Appender struct {
	size   int64 // leaves, those appended included
	first  int64 // position of the first hash made here
	stored tlog.HashReader
	made   []tlog.Hash
}

// NewAppender continues a log of size leaves.
func NewAppender(size int64, stored tlog.HashReader) *Appender {
	return &Appender{size: size, first: tlog.StoredHashIndex(0, size), stored: stored}
}

// Append adds one leaf.
func (a *Appender) Append(leaf []byte) error {
	hashes, err := tlog.StoredHashes(a.size, leaf, a)
	if err != nil {
		return fmt.Errorf("append leaf %d: %w", a.size, err)
	}
	a.made = append(a.made, hashes...)
	a.size++
	return nil
}

// Size returns how many leaves the log has now.
func (a *Appender) Size() int64 { return a.size }

// Hashes returns the hashes made, in the order in which they are stored.
func (a *Appender) Hashes() []tlog.Hash { return a.made }

// Root returns the root of the log now.
func (a *Appender) Root() (tlog.Hash, error) { return tlog.TreeHash(a.size, a) }

// ReadHashes reads the hashes made here from memory and the others from where they are stored.
func (a *Appender) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	var old []int64
	var at []int
	for i, p := range positions {
		if p < a.first {
			old, at = append(old, p), append(at, i)
			continue
		}
		if p-a.first >= int64(len(a.made)) {
			return nil, fmt.Errorf("read hash %d: %w", p, homeward.ErrNotFound)
		}
		out[i] = a.made[p-a.first]
	}
	if len(old) == 0 {
		return out, nil
	}
	hashes, err := a.stored.ReadHashes(old)
	if err != nil {
		return nil, err
	}
	if len(hashes) != len(old) {
		return nil, fmt.Errorf("read %d hashes: %d came back: %w", len(old), len(hashes), homeward.ErrTampered)
	}
	for i, h := range hashes {
		out[at[i]] = h
	}
	return out, nil
}
