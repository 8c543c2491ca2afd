package seal

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/crypto/argon2"
)

// Work is what deriving a key from a passphrase or a password costs, in the terms of Argon2id (RFC 9106): passes over
// memory in KiB, by threads.
type Work struct {
	Passes, Memory uint32
	Threads        uint8
}

// Effort is the work of what is derived anew. It is what RFC 9106, section 4, recommends where memory is not plentiful;
// what was derived keeps its own work beside it, so that this can be raised without locking anyone out. Only tests
// lower it: they open thousands of stores.
var Effort = Work{Passes: 3, Memory: 64 << 10, Threads: 2}

// header says how a passphrase becomes a key. It is kept beside the wrapped keys and holds no secret. The parameters
// are Argon2id's (RFC 9106): memory in KiB.
type header struct {
	KDF     string `json:"kdf"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
	Check   []byte `json:"check"` // a known text under the key, so that a wrong passphrase is told apart from tampering
}

// passphraseRoot is the root secret made of a passphrase file.
type passphraseRoot struct{ aead tink.AEAD }

func (r passphraseRoot) Wrap(_ context.Context, plain, aad []byte) ([]byte, error) {
	return r.aead.Encrypt(plain, aad)
}

func (r passphraseRoot) Unwrap(_ context.Context, wrapped, aad []byte) ([]byte, error) {
	plain, err := r.aead.Decrypt(wrapped, aad)
	if err != nil {
		return nil, homeward.ErrTampered
	}
	return plain, nil
}

// NewPassphrase makes a passphrase file with mode 0600 and returns its root secret and the header that opens it again.
// A file that is there already, left by an interrupted init or put there by the operator, is used as it is.
func NewPassphrase(path string) (Root, []byte, error) {
	if err := createPassphrase(path); err != nil {
		return nil, nil, err
	}
	h := header{KDF: "argon2id", Time: Effort.Passes, Memory: Effort.Memory, Threads: Effort.Threads, Salt: make([]byte, 16)}
	rand.Read(h.Salt)
	root, err := h.root(path)
	if err != nil {
		return nil, nil, err
	}
	if h.Check, err = root.aead.Encrypt([]byte(checkText), aad(checkText)); err != nil {
		return nil, nil, fmt.Errorf("make root secret: %w", err)
	}
	text, err := json.Marshal(h)
	return root, text, err
}

const checkText = "homeward/root/v1"

// createPassphrase writes 160 random bits in words a person can copy, and syncs them to disk: losing them after a
// power cut would lose everything sealed since.
func createPassphrase(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make passphrase file: %w", err)
	}
	var secret [20]byte
	rand.Read(secret[:])
	_, err = f.WriteString(grouped(base32.StdEncoding.EncodeToString(secret[:])) + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

func grouped(s string) string {
	var parts []string
	for ; len(s) > 4; s = s[4:] {
		parts = append(parts, s[:4])
	}
	return strings.Join(append(parts, s), "-")
}

// OpenPassphrase opens the root secret with the passphrase file and the header made with it.
func OpenPassphrase(path string, text []byte) (Root, error) {
	var h header
	if err := json.Unmarshal(text, &h); err != nil || h.KDF != "argon2id" || h.Memory > 4<<20 || h.Time > 64 || h.Time == 0 || h.Threads == 0 {
		return nil, fmt.Errorf("read root header: %w", homeward.ErrTampered)
	}
	root, err := h.root(path)
	if err != nil {
		return nil, err
	}
	if _, err := root.aead.Decrypt(h.Check, aad(checkText)); err != nil {
		return nil, fmt.Errorf("the passphrase in %s is not the one this store was made with: put the right file there: %w", path, homeward.ErrDenied)
	}
	return root, nil
}

func (h header) root(path string) (passphraseRoot, error) {
	secret, err := readPassphrase(path)
	if err != nil {
		return passphraseRoot{}, err
	}
	a, err := subtle.NewXChaCha20Poly1305(argon2.IDKey(secret, h.Salt, h.Time, h.Memory, h.Threads, keySize))
	return passphraseRoot{a}, err
}

func readPassphrase(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the passphrase file %s is not there: copy it back from where it is kept safe: %w", path, homeward.ErrUnavailable)
	}
	if err != nil {
		return nil, fmt.Errorf("read passphrase file: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read the passphrase file %s: run chmod 600 on it: %w", path, homeward.ErrDenied)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read passphrase file: %w", err)
	}
	secret := strings.TrimSpace(string(b))
	if len(secret) < 16 {
		return nil, fmt.Errorf("the passphrase in %s is shorter than 16 characters: %w", path, homeward.ErrDenied)
	}
	return []byte(secret), nil
}
