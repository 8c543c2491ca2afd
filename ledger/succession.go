package ledger

import (
	"fmt"
	"math"
	"strings"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/note"
)

// A log outlives its key. An identity key, which is kept offline and signs nothing else, names each successor in a
// statement, a signed note:
//
//	homeward/log-key/v1
//	homeward.local/019a…
//	old verifier key
//	new verifier key
//
//	— identity Signature=
//
// and at the handover both keys sign one checkpoint: up to its size the old key speaks for the log, from it on the new
// one. A stolen old key can add nothing after the handover; a new key without the statement is a stranger's.

// successionHeader opens a statement.
const successionHeader = "homeward/log-key/v1"

// Succession is how one key followed another.
type Succession struct {
	Statement []byte // note, signed by the identity
	Handover  []byte // checkpoint, signed by both keys
}

// FormatSuccession returns the statement that the identity has to sign.
func FormatSuccession(origin, old, next string) []byte {
	return fmt.Appendf(nil, "%s\n%s\n%s\n%s\n", successionHeader, origin, old, next)
}

// SignSuccession signs a statement with the identity's private key. What is not a statement is not signed.
func SignSuccession(statement []byte, identity string) ([]byte, error) {
	if _, _, _, err := readSuccession(string(statement)); err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(strings.TrimSpace(identity))
	if err != nil {
		return nil, fmt.Errorf("read the identity key: %w", homeward.ErrInvalid)
	}
	signed, err := note.Sign(&note.Note{Text: string(statement)}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign the statement: %w", err)
	}
	return signed, nil
}

func readSuccession(text string) (origin, old, next string, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] != successionHeader || lines[4] != "" {
		return "", "", "", fmt.Errorf("read the statement of a successor: malformed: %w", homeward.ErrInvalid)
	}
	return lines[1], lines[2], lines[3], nil
}

// OpenSuccession reads a statement that the identity signed.
func OpenSuccession(signed []byte, identity string) (origin, old, next string, err error) {
	v, err := note.NewVerifier(identity)
	if err != nil {
		return "", "", "", fmt.Errorf("read the verifier key of the identity: %w", homeward.ErrInvalid)
	}
	text, ok := openNote(signed, v)
	if !ok {
		return "", "", "", fmt.Errorf("open the statement of a successor: the identity did not sign it: %w", homeward.ErrTampered)
	}
	return readSuccession(text)
}

// SignHandover returns a checkpoint signed by both keys.
func SignHandover(old, next note.Signer, c Checkpoint) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.text()}, old, next)
	if err != nil {
		return nil, fmt.Errorf("sign the handover: %w", err)
	}
	return signed, nil
}

// Keys are the keys that spoke for a log, each between two sizes.
type Keys struct {
	origin string
	keys   []reign
}

// reign is a key with the sizes at which it spoke.
type reign struct {
	verifier string
	from, to int64
}

// FollowKeys follows a log's keys from the first one over statements of the identity. Without successions the identity
// may be empty.
func FollowKeys(first, identity string, steps []Succession) (Keys, error) {
	name, _, _ := strings.Cut(first, "+")
	k := Keys{origin: name, keys: []reign{{first, 0, math.MaxInt64}}}
	for i, s := range steps {
		if err := k.follow(s, identity); err != nil {
			return Keys{}, fmt.Errorf("follow the log's keys, step %d: %w", i+1, err)
		}
	}
	return k, nil
}

func (k *Keys) follow(s Succession, identity string) error {
	last := &k.keys[len(k.keys)-1]
	origin, old, next, err := OpenSuccession(s.Statement, identity)
	if err != nil {
		return err
	}
	if origin != k.origin || old != last.verifier || next == old {
		return fmt.Errorf("the statement is of another key or log: %w", homeward.ErrTampered)
	}
	oldKey, err1 := note.NewVerifier(old)
	newKey, err2 := note.NewVerifier(next)
	if err1 != nil || err2 != nil || newKey.Name() != origin {
		return fmt.Errorf("the statement names no key of this log: %w", homeward.ErrTampered)
	}
	text, ok := openNote(s.Handover, oldKey, newKey)
	if !ok {
		return fmt.Errorf("not both keys signed the handover: %w", homeward.ErrTampered)
	}
	c, err := parseCheckpoint(text)
	if err != nil || c.Origin != origin || c.Size < last.from {
		return fmt.Errorf("the handover is no checkpoint of this log: %w", homeward.ErrTampered)
	}
	last.to = c.Size
	k.keys = append(k.keys, reign{next, c.Size, math.MaxInt64})
	return nil
}

// Newest returns the verifier key that speaks for the log now.
func (k Keys) Newest() string { return k.keys[len(k.keys)-1].verifier }

// Open reads a checkpoint signed by the one key that spoke for the log at its size; at a handover either does.
func (k Keys) Open(signed []byte) (Checkpoint, error) {
	err := fmt.Errorf("open checkpoint: no key of the log signed it: %w", homeward.ErrTampered)
	for _, r := range k.keys {
		c, opened := OpenCheckpoint(signed, r.verifier)
		switch {
		case opened != nil:
			continue
		case c.Size >= r.from && c.Size <= r.to:
			return c, nil
		}
		err = fmt.Errorf("open checkpoint of size %d: it was signed by a key that did not speak for the log then: %w", c.Size, homeward.ErrTampered)
	}
	return Checkpoint{}, err
}
