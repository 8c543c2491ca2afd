package seal_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"pgregory.net/rapid"
)

var ctx = context.Background()

// plainRoot is a root secret that only checks its associated data: what is above it is under test.
type plainRoot struct{}

func (plainRoot) Wrap(_ context.Context, plain, aad []byte) ([]byte, error) {
	return append(bytes.Clone(aad), plain...), nil
}

func (plainRoot) Unwrap(_ context.Context, wrapped, aad []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(wrapped, aad)
	if !ok {
		return nil, homeward.ErrTampered
	}
	return plain, nil
}

func compartment(t interface{ Fatal(...any) }) seal.Compartment {
	_, c, err := seal.NewCompartment(ctx, plainRoot{}, "main")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNoSwappedOrAlteredCiphertextOpens(t *testing.T) {
	c := compartment(t)
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom([]string{"a", "b", "ab", ""})
		p := [4]string{place.Draw(t, "table"), place.Draw(t, "column"), place.Draw(t, "id"), place.Draw(t, "object")}
		q := [4]string{place.Draw(t, "table"), place.Draw(t, "column"), place.Draw(t, "id"), p[3]}
		key, wrapped, err := c.NewObjectKey(p[3])
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := key.Seal(p[0], p[1], p[2], []byte("words"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.OpenObjectKey(p[3], wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := again.Open(p[0], p[1], p[2], sealed); err != nil || string(plain) != "words" {
			t.Fatal("what was sealed does not open")
		}
		if _, err := again.Open(q[0], q[1], q[2], sealed); (err == nil) != (p == q) {
			t.Fatal("a ciphertext opens at another place")
		}
		bit := rapid.IntRange(0, len(sealed)*8-1).Draw(t, "bit")
		sealed[bit/8] ^= 1 << (bit % 8)
		if _, err := again.Open(p[0], p[1], p[2], sealed); !errors.Is(err, homeward.ErrTampered) {
			t.Fatal("an altered ciphertext opens")
		}
		bit = rapid.IntRange(0, len(wrapped)*8-1).Draw(t, "key bit")
		wrapped[bit/8] ^= 1 << (bit % 8)
		if _, err := c.OpenObjectKey(p[3], wrapped); !errors.Is(err, homeward.ErrTampered) {
			t.Fatal("an altered key opens")
		}
	})
}

func TestWrappedKeyOpensForItsObjectOnly(t *testing.T) {
	c := compartment(t)
	_, wrapped, err := c.NewObjectKey("one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.OpenObjectKey("two", wrapped); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("error: %v", err)
	}
	if _, err := compartment(t).OpenObjectKey("one", wrapped); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("another compartment: %v", err)
	}
}

func TestFingerprintsOfDifferentPartsDiffer(t *testing.T) {
	c := compartment(t)
	f := c.Fingerprint("d", []byte("ab"), []byte("c"))
	if f != c.Fingerprint("d", []byte("ab"), []byte("c")) {
		t.Error("not stable")
	}
	for _, g := range [][32]byte{c.Fingerprint("d", []byte("a"), []byte("bc")), c.Fingerprint("e", []byte("ab"), []byte("c")),
		c.Fingerprint("d", []byte("abc")), compartment(t).Fingerprint("d", []byte("ab"), []byte("c"))} {
		if f == g {
			t.Error("two different lists of parts have one fingerprint")
		}
	}
}

func TestPassphraseFileOpensItsOwnRootOnly(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	root, header, err := seal.NewPassphrase(path)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := root.Wrap(ctx, []byte("key"), []byte("aad"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.OpenPassphrase(path, header)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Unwrap(ctx, wrapped, []byte("aad")); err != nil || string(plain) != "key" {
		t.Errorf("unwrap: %v", err)
	}
	if _, err := again.Unwrap(ctx, wrapped, []byte("other")); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("other associated data: %v", err)
	}
	if _, _, err := seal.NewPassphrase(other); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenPassphrase(other, header); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("wrong passphrase: %v", err)
	}
}

func TestPassphraseFileMustBePrivateAndThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p")
	_, header, err := seal.NewPassphrase(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", st.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenPassphrase(path, header); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("readable by others: %v", err)
	}
	if _, err := seal.OpenPassphrase(path+"x", header); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("missing: %v", err)
	}
	if _, err := seal.OpenPassphrase(path, []byte("{")); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("bad header: %v", err)
	}
}
