package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/tlog"
)

// Consistency says that the log of a checkpoint begins with the log of an older size: nothing was taken out, changed or
// put in between. Its text is what c2sp.org/tlog-witness calls an add-checkpoint request, so that what a bundle holds
// and what a witness is sent are one thing:
//
//	old 20852014
//	HashInBase64=
//
//	homeward.local/019a…
//	20852163
//	…
type Consistency struct {
	Old        int64 // leaves of the older log; 0 asks for no hashes
	Hashes     tlog.TreeProof
	Checkpoint []byte // signed note over the newer log
}

// maxConsistencyHashes is how many hashes a witness accepts.
const maxConsistencyHashes = 63

// FormatConsistency writes a consistency proof.
func FormatConsistency(old int64, hashes tlog.TreeProof, checkpoint []byte) []byte {
	return formatProof(fmt.Sprintf("old %d\n", old), hashes, checkpoint)
}

// ParseConsistency reads a consistency proof in exactly the form FormatConsistency writes.
func ParseConsistency(text []byte) (Consistency, error) {
	malformed := fmt.Errorf("parse consistency proof: malformed: %w", homeward.ErrInvalid)
	head, checkpoint, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	number, old := strings.CutPrefix(lines[0], "old ")
	size, err := strconv.ParseInt(number, 10, 64)
	hashes, read := parseHashes(lines[1:])
	if !ok || !old || err != nil || size < 0 || !read || len(hashes) > maxConsistencyHashes {
		return Consistency{}, malformed
	}
	c := Consistency{Old: size, Hashes: hashes, Checkpoint: []byte(checkpoint)}
	if string(FormatConsistency(c.Old, c.Hashes, c.Checkpoint)) != string(text) {
		return Consistency{}, malformed
	}
	return c, nil
}

// Between checks that the log of the newer checkpoint begins with the log of the older one. Both are opened by the
// caller, who knows whose signatures to ask for. The same checkpoint twice needs no hashes.
func (c Consistency) Between(older, newer Checkpoint) error {
	broken := fmt.Errorf("verify consistency of %d leaves with %d: %w", newer.Size, older.Size, homeward.ErrTampered)
	switch {
	case older.Origin != newer.Origin || older.Size != c.Old || older.Size > newer.Size:
		return broken
	case older.Size == 0:
		return when(len(c.Hashes) != 0, broken)
	case older.Size == newer.Size:
		return when(older.Root != newer.Root || len(c.Hashes) != 0, broken)
	}
	return when(tlog.CheckTree(c.Hashes, newer.Size, newer.Root, older.Size, older.Root) != nil, broken)
}

func when(bad bool, err error) error {
	if bad {
		return err
	}
	return nil
}
