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
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nindex %d\n", proofHeader, index)
	for _, h := range hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n")
	b.Write(checkpoint)
	return []byte(b.String())
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
	if !ok || err != nil || index < 0 {
		return Proof{}, malformed
	}
	p := Proof{Index: index, Checkpoint: []byte(checkpoint)}
	for _, line := range lines[2:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return Proof{}, malformed
		}
		p.Hashes = append(p.Hashes, tlog.Hash(raw))
	}
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
