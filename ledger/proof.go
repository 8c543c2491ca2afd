package ledger

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/tlog"
)

// proofHeader opens a proof of c2sp.org/tlog-proof@v1.
const proofHeader = "c2sp.org/tlog-proof@v1"

// Proof says that a leaf is in the log of a checkpoint.
type Proof struct {
	Index      int64
	Hashes     tlog.RecordProof
	Checkpoint []byte // signed note
}

// FormatProof writes a proof as c2sp.org/tlog-proof@v1: header, index, one hash a line, an empty line, the checkpoint.
func FormatProof(index int64, hashes tlog.RecordProof, checkpoint []byte) []byte {
	return formatProof(fmt.Sprintf("%s\nindex %d\n", proofHeader, index), hashes, checkpoint)
}

// formatProof writes what every proof of C2SP is written as: a head, one hash a line, an empty line, the checkpoint.
func formatProof(head string, hashes []tlog.Hash, checkpoint []byte) []byte {
	b := []byte(head)
	for _, h := range hashes {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(append(b, '\n'), checkpoint...)
}

// parseHashes reads one hash a line. That they are in their one form is for the caller to see, who writes them again.
func parseHashes(lines []string) (hashes []tlog.Hash, ok bool) {
	for _, line := range lines {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, false
		}
		hashes = append(hashes, tlog.Hash(raw))
	}
	return hashes, true
}

// ParseProof reads a proof in exactly the form FormatProof writes.
func ParseProof(text []byte) (Proof, error) {
	malformed := fmt.Errorf("parse proof: malformed: %w", homeward.ErrInvalid)
	head, checkpoint, ok := strings.Cut(string(text), "\n\n")
	if !ok {
		return Proof{}, malformed
	}
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != proofHeader {
		return Proof{}, malformed
	}
	number, ok := strings.CutPrefix(lines[1], "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	hashes, read := parseHashes(lines[2:])
	if !ok || err != nil || index < 0 || !read {
		return Proof{}, malformed
	}
	p := Proof{Index: index, Hashes: hashes, Checkpoint: []byte(checkpoint)}
	if string(FormatProof(p.Index, p.Hashes, p.Checkpoint)) != string(text) {
		return Proof{}, malformed
	}
	return p, nil
}

// Verify checks that the leaf is in the log whose checkpoint the verifier key confirms, and returns that checkpoint.
func (p Proof) Verify(leaf []byte, verifier string) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, verifier)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, p.In(c, leaf)
}

// In checks that the leaf is in the log of a checkpoint that the caller opened: the one the proof carries.
func (p Proof) In(c Checkpoint, leaf []byte) error {
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, LeafHash(leaf)); err != nil {
		return fmt.Errorf("verify proof of leaf %d: %w", p.Index, homeward.ErrTampered)
	}
	return nil
}
