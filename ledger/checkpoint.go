package ledger

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is what a log says of itself: c2sp.org/tlog-checkpoint, without extension lines.
type Checkpoint struct {
	Origin string
	Size   int64 // leaves
	Root   tlog.Hash
}

// NewKey makes the Ed25519 key of a log, as signer and verifier keys of x/mod/sumdb/note. The key's name is the origin.
func NewKey(origin string) (signer, verifier string, err error) {
	if !keyName(origin) {
		return "", "", fmt.Errorf("make log key: a name has no spaces and no plus sign: %w", homeward.ErrInvalid)
	}
	signer, verifier, err = note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return "", "", fmt.Errorf("make log key: %w", err)
	}
	return signer, verifier, nil
}

// SignCheckpoint returns the signed note of a checkpoint.
func SignCheckpoint(signer note.Signer, origin string, size int64, root tlog.Hash) ([]byte, error) {
	text := Checkpoint{origin, size, root}.text()
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint of size %d: %w", size, err)
	}
	return signed, nil
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// OpenCheckpoint reads a signed note whose signature the verifier key confirms. Every byte counts: a note that is not
// exactly what SignCheckpoint writes is refused, extra signatures included.
func OpenCheckpoint(signed []byte, verifier string) (Checkpoint, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read verifier key: %w", homeward.ErrInvalid)
	}
	text, ok := openNote(signed, v)
	if !ok {
		return Checkpoint{}, fmt.Errorf("open checkpoint: the signature does not verify: %w", homeward.ErrTampered)
	}
	c, err := parseCheckpoint(text)
	if err != nil || c.Origin != v.Name() {
		return Checkpoint{}, fmt.Errorf("open checkpoint: malformed: %w", homeward.ErrTampered)
	}
	return c, nil
}

// ReadCheckpoint reads what a signed note says and looks at no signature: for what was opened before, or is opened by
// somebody else.
func ReadCheckpoint(signed []byte) (Checkpoint, error) {
	text, _, ok := strings.Cut(string(signed), "\n\n")
	c, err := parseCheckpoint(text + "\n")
	if !ok || err != nil {
		return Checkpoint{}, fmt.Errorf("read checkpoint: malformed: %w", homeward.ErrInvalid)
	}
	return c, nil
}

// openNote returns the text of a note that each of the signers signed once and nobody else did. Every byte counts:
// [note.Open] reads no second line of one signer, so that a line of anything could stand there.
func openNote(signed []byte, signers ...note.Verifier) (text string, ok bool) {
	n, err := note.Open(signed, note.VerifierList(signers...))
	if err != nil || len(n.Sigs) != len(signers) || !exact(n.Sigs) {
		return "", false
	}
	_, lines, _ := bytes.Cut(signed[len(n.Text):], []byte("\n"))
	return n.Text, bytes.Count(lines, []byte("\n")) == len(signers)
}

// exact reports whether the signatures are written in the one way of their bytes: the last character of base64 has bits
// that no decoder looks at.
func exact(sigs []note.Signature) bool {
	return !slices.ContainsFunc(sigs, func(s note.Signature) bool {
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		return err != nil || base64.StdEncoding.EncodeToString(raw) != s.Base64
	})
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return Checkpoint{}, homeward.ErrInvalid
	}
	c := Checkpoint{Origin: lines[0]}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, homeward.ErrInvalid
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(c.Root) {
		return Checkpoint{}, homeward.ErrInvalid
	}
	c.Size = size
	copy(c.Root[:], root)
	if c.text() != text {
		return Checkpoint{}, homeward.ErrInvalid
	}
	return c, nil
}
