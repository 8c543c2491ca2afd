package seal_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"pgregory.net/rapid"
)

func sealed(t interface{ Fatal(...any) }, key seal.ObjectKey, plain []byte) []byte {
	var out bytes.Buffer
	w, err := key.SealStream("blobs", "bytes", "name", &out)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unsealed(key seal.ObjectKey, r io.Reader) ([]byte, error) {
	plain, err := key.OpenStream("blobs", "bytes", "name", r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}

// TestAFileThatWasChangedInAnyWayDoesNotOpen flips bits, cuts, extends and swaps whole segments: every one is tampering,
// and what is read before the fault is the start of what was sealed.
func TestAFileThatWasChangedInAnyWayDoesNotOpen(t *testing.T) {
	key, err := compartment(t).NewKey()
	if err != nil {
		t.Fatal(err)
	}
	const segment = 1 << 20
	long := bytes.Repeat([]byte("0123456789abcde\n"), 3*segment/16)
	whole := sealed(t, key, long)
	if plain, err := unsealed(key, bytes.NewReader(whole)); err != nil || !bytes.Equal(plain, long) {
		t.Fatalf("what was sealed does not open: %v", err)
	}
	swapped := bytes.Clone(whole)
	copy(swapped[segment:2*segment], whole[2*segment:3*segment])
	copy(swapped[2*segment:3*segment], whole[segment:2*segment])
	for name, changed := range map[string][]byte{
		"swapped": swapped, "cut at a segment": whole[:2*segment], "cut": whole[:len(whole)-1], "extended": append(bytes.Clone(whole), 0),
		"emptied": {}, "cut in the header": whole[:20], "a segment left out": append(bytes.Clone(whole[:segment]), whole[2*segment:]...),
	} {
		plain, err := unsealed(key, bytes.NewReader(changed))
		if !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(long, plain) {
			t.Errorf("%s: other bytes were returned", name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "bytes")
		one := sealed(t, key, short)
		if plain, err := unsealed(key, bytes.NewReader(one)); err != nil || !bytes.Equal(plain, short) {
			t.Fatal("what was sealed does not open")
		}
		bit := rapid.IntRange(0, len(one)*8-1).Draw(t, "bit")
		one[bit/8] ^= 1 << (bit % 8)
		if _, err := unsealed(key, bytes.NewReader(one)); !errors.Is(err, homeward.ErrTampered) {
			t.Fatalf("an altered file opens: %v", err)
		}
	})
}

func TestADiskThatFailsIsNotTampering(t *testing.T) {
	key, err := compartment(t).NewKey()
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk failed")
	whole := sealed(t, key, make([]byte, 3<<20))
	_, err = unsealed(key, io.MultiReader(bytes.NewReader(whole[:2<<20]), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || errors.Is(err, homeward.ErrTampered) {
		t.Errorf("error: %v", err)
	}
}

func TestAKeyIsWrappedForOneObject(t *testing.T) {
	c := compartment(t)
	key, err := c.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := c.Wrap("one", key)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.OpenObjectKey("one", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := unsealed(again, bytes.NewReader(sealed(t, key, []byte("words")))); err != nil || string(plain) != "words" {
		t.Errorf("the key that was wrapped does not open: %v", err)
	}
	if _, err := c.OpenObjectKey("two", wrapped); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("it opens for another object: %v", err)
	}
	if _, err := compartment(t).NewKey(); err != nil {
		t.Fatal(err)
	}
}
