package stamp_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

// TestAnEnclosedStampHasOneForm: the roots beside it are as they were written, and the answer says one thing.
func TestAnEnclosedStampHasOneForm(t *testing.T) {
	a, b := stamptest.New(t, "one", stamptest.ForStamps), stamptest.New(t, "two", stamptest.ForStamps)
	got, roots := answer(t, a, stamp.NewRequest(message)), a.Root
	held, err := stamp.VerifyEnclosed(got, message, append(bytes.Clone(b.Root), roots...))
	if err != nil || held.By != "CN=one" || time.Since(held.At) > time.Minute || held.At.Location() != time.UTC {
		t.Fatalf("%v %v", held, err)
	}
	status := []byte("\x30\x03\x02\x01\x00")
	for name, c := range map[string][3][]byte{
		"another message":      {got, message[1:], roots},
		"another root":         {got, message, b.Root},
		"no root":              {got, message, nil},
		"a root and rubbish":   {got, message, append(bytes.Clone(roots), "x\n"...)},
		"rubbish and a root":   {got, message, append([]byte("x\n"), roots...)},
		"lines of another end": {got, message, bytes.ReplaceAll(roots, []byte("\n"), []byte("\r\n"))},
		"roots too long":       {got, message, bytes.Repeat(roots, stamp.MaxAnswer/len(roots)+1)},
		"granted with changes": {bytes.Replace(got, status, []byte("\x30\x03\x02\x01\x01"), 1), message, roots},
		"granted below zero":   {bytes.Replace(got, status, []byte("\x30\x03\x02\x01\x80"), 1), message, roots},
		"another content":      {bytes.Replace(got, []byte("\x09\x10\x01\x04\xa0"), []byte("\x09\x10\x01\x05\xa0"), 1), message, roots},
		"nothing":              {nil, message, roots},
		"bytes after":          {append(bytes.Clone(got), 0), message, roots},
	} {
		if bytes.Equal(c[0], got) && bytes.Equal(c[1], message) && bytes.Equal(c[2], roots) {
			t.Errorf("%s: nothing is changed", name)
		}
		if held, err := stamp.VerifyEnclosed(c[0], c[1], c[2]); !errors.Is(err, homeward.ErrTampered) || held != (stamp.Held{}) {
			t.Errorf("%s: %v %v", name, held, err)
		}
	}
}

// TestARootThatIsNotSignedByItselfIsNone flips bits of a root's certificate: none is seen by the token, each by the root itself.
func TestARootThatIsNotSignedByItselfIsNone(t *testing.T) {
	a := stamptest.New(t, "one", stamptest.ForStamps)
	got := answer(t, a, stamp.NewRequest(message))
	for bit := range len(a.Root) * 8 {
		if bit%7 != 0 {
			continue
		}
		a.Root[bit/8] ^= 1 << (bit % 8)
		if _, err := stamp.VerifyEnclosed(got, message, a.Root); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("bit %d: %v", bit, err)
		}
		a.Root[bit/8] ^= 1 << (bit % 8)
	}
}

// TestANameIsOneLine: an authority calls itself what it likes, and moves no terminal and no reader.
func TestANameIsOneLine(t *testing.T) {
	for name, shown := range map[string]string{
		"Установа часу": "CN=Установа часу", "x\nverified\x1b[2J": `verified\x1b[2J`, "\u202egnp": `\u202egnp`, strings.Repeat("я", 300): "яя…",
	} {
		a := stamptest.New(t, name, stamptest.ForStamps)
		held, err := stamp.VerifyEnclosed(answer(t, a, stamp.NewRequest(message)), message, a.Root)
		if err != nil || !strings.Contains(held.By, shown) || strings.ContainsFunc(held.By, unicode.IsControl) || len([]rune(held.By)) > 201 {
			t.Errorf("%q: %v", held.By, err)
		}
	}
}

func FuzzVerifyEnclosed(f *testing.F) {
	f.Add([]byte("0\x03\x02\x01\x00"), []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, answer, roots []byte) {
		if _, err := stamp.VerifyEnclosed(answer, message, roots); !errors.Is(err, homeward.ErrTampered) {
			t.Fatal("rubbish is verified")
		}
	})
}
