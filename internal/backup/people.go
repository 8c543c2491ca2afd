package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
)

// Recipients are the public keys of those who may open a file. None means that the file is not encrypted.
type Recipients []age.Recipient

// Identities are the secret keys that open files.
type Identities []age.Identity

// keysMost bounds a file of public or secret keys, in bytes.
const keysMost = 1 << 20

// ParseRecipients reads public keys, age1…, one from each text.
func ParseRecipients(texts []string) (Recipients, error) {
	var out Recipients
	for i, text := range texts {
		r, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil || len(r) != 1 {
			return nil, fmt.Errorf("recipient %d is no public key of age: %w", i+1, homeward.ErrInvalid)
		}
		out = append(out, r...)
	}
	return out, nil
}

// ReadRecipients reads public keys, one a line; lines that begin with # are passed over.
func ReadRecipients(r io.Reader) (Recipients, error) {
	out, err := age.ParseRecipients(io.LimitReader(r, keysMost))
	if err != nil {
		return nil, fmt.Errorf("a line of the recipients is no public key of age: %w", homeward.ErrInvalid)
	}
	return out, nil
}

// ReadIdentities reads secret keys as age-keygen writes them.
func ReadIdentities(r io.Reader) (Identities, error) {
	text, err := io.ReadAll(io.LimitReader(r, keysMost))
	if err != nil {
		return nil, err
	}
	out, err := age.ParseIdentities(bytes.NewReader(text))
	switch {
	case bytes.HasPrefix(text, []byte(sealedHead)), bytes.HasPrefix(text, []byte("-----BEGIN AGE")):
		return nil, fmt.Errorf("the file of the identity is encrypted itself: open it with age -d first: %w", homeward.ErrInvalid)
	case err != nil:
		return nil, fmt.Errorf("the file holds no secret key of age: %w", homeward.ErrInvalid)
	}
	return out, nil
}

// Throwaway makes a key pair that lives as long as the process.
func Throwaway() (Recipients, Identities, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, nil, err
	}
	return Recipients{id.Recipient()}, Identities{id}, nil
}

// sealedHead begins an age file.
const sealedHead = "age-encryption.org/v1\n"

// refused turns what age says into a kind of ours. What it says in words stays out.
func refused(err error) error {
	var nobody *age.NoIdentityMatchError
	if errors.As(err, &nobody) {
		return fmt.Errorf("none of these identities opens it: %w", homeward.ErrDenied)
	}
	return fmt.Errorf("it is cut off or altered: %w", homeward.ErrTampered)
}
