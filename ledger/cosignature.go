package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/note"
)

// A cosignature says that a witness saw a checkpoint at a time, and that it continues everything the witness saw of the
// log before (c2sp.org/tlog-cosignature, Ed25519). What is signed is
//
//	cosignature/v1
//	time 1679315147
//	homeward.local/019a…
//	5331
//	RootHashInBase64=
//
// and the signature in the note is the time as eight bytes, big-endian, and the 64 bytes of Ed25519.

// algCosignature is the first byte of the public key of a cosignature/v1.
const algCosignature = 4

// privateKeyPrefix opens every private key of a note.
const privateKeyPrefix = "PRIVATE+KEY+"

// Cosigner is a witness's key.
type Cosigner struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
}

// NewCosignerKey makes the key of a witness and returns it with the verifier key that policies name it by.
func NewCosignerKey(name string) (private, verifier string, err error) {
	if !keyName(name) {
		return "", "", fmt.Errorf("make the key of a witness: a name has no spaces and no plus sign: %w", homeward.ErrInvalid)
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make the key of a witness: %w", err)
	}
	verifier = encodeKey(name, public, public)
	return privateKeyPrefix + encodeKey(name, public, key.Seed()), verifier, nil
}

// encodeKey writes name+hash+key, the hash being that of the public key.
func encodeKey(name string, public, key []byte) string {
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(name, public), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, key...)))
}

func keyHash(name string, public []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), append([]byte{algCosignature}, public...)...))
	return binary.BigEndian.Uint32(sum[:])
}

// decodeKey reads what encodeKey wrote.
func decodeKey(text string) (name string, hash uint32, key []byte, ok bool) {
	name, rest, _ := strings.Cut(text, "+")
	hash16, key64, _ := strings.Cut(rest, "+")
	h, err := strconv.ParseUint(hash16, 16, 32)
	raw, err2 := base64.StdEncoding.DecodeString(key64)
	if err != nil || err2 != nil || len(hash16) != 8 || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algCosignature || !keyName(name) {
		return "", 0, nil, false
	}
	return name, uint32(h), raw[1:], true
}

func keyName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '+' })
}

// NewCosigner reads the private key of a witness.
func NewCosigner(private string) (Cosigner, error) {
	text, prefixed := strings.CutPrefix(strings.TrimSpace(private), privateKeyPrefix)
	name, hash, seed, ok := decodeKey(text)
	if !prefixed || !ok {
		return Cosigner{}, fmt.Errorf("read the key of a witness: %w", homeward.ErrInvalid)
	}
	key := ed25519.NewKeyFromSeed(seed)
	if keyHash(name, key.Public().(ed25519.PublicKey)) != hash {
		return Cosigner{}, fmt.Errorf("read the key of a witness: %w", homeward.ErrInvalid)
	}
	return Cosigner{name, hash, key}, nil
}

// Verifier returns the verifier key.
func (c Cosigner) Verifier() string {
	public := c.key.Public().(ed25519.PublicKey)
	return encodeKey(c.name, public, public)
}

// Cosign returns the signature line of the witness for a checkpoint.
func (c Cosigner) Cosign(checkpoint Checkpoint, at time.Time) string {
	seconds := uint64(at.Unix())
	b := binary.BigEndian.AppendUint32(nil, c.hash)
	b = binary.BigEndian.AppendUint64(b, seconds)
	b = append(b, ed25519.Sign(c.key, cosigned(seconds, checkpoint.text()))...)
	return fmt.Sprintf("— %s %s\n", c.name, base64.StdEncoding.EncodeToString(b))
}

func cosigned(seconds uint64, text string) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, text)
}

// cosignatureVerifier is a note.Verifier of cosignature/v1.
type cosignatureVerifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// NewCosignatureVerifier reads the verifier key of a witness.
func NewCosignatureVerifier(verifier string) (note.Verifier, error) {
	name, hash, key, ok := decodeKey(verifier)
	if !ok || keyHash(name, key) != hash {
		return nil, fmt.Errorf("read the verifier key of a witness: %w", homeward.ErrInvalid)
	}
	return cosignatureVerifier{name, hash, key}, nil
}

func (v cosignatureVerifier) Name() string    { return v.name }
func (v cosignatureVerifier) KeyHash() uint32 { return v.hash }

func (v cosignatureVerifier) Verify(msg, sig []byte) bool {
	if _, err := parseCheckpoint(string(msg)); err != nil || len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(v.key, cosigned(binary.BigEndian.Uint64(sig), string(msg)), sig[8:])
}

// VerifyCosignature checks that a line is the signature of a witness under a checkpoint, to the last bit.
func VerifyCosignature(checkpoint, line []byte, verifier string) error {
	v, err := NewCosignatureVerifier(verifier)
	if err != nil {
		return err
	}
	text, _, _ := bytes.Cut(checkpoint, []byte("\n\n"))
	if _, ok := openNote(slices.Concat(text, []byte("\n\n"), line), v); !ok {
		return fmt.Errorf("verify cosignature: it is not the witness's: %w", homeward.ErrTampered)
	}
	return nil
}

// CosignedAt returns when a witness signed, of a signature that was verified.
func CosignedAt(s note.Signature) time.Time {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return time.Time{}
	}
	return time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC()
}
