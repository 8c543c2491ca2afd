// Package seal keeps words unreadable without their key: envelope encryption in three layers.
//
//	root secret -> compartment key -> object key -> payload
//
// The root secret comes from a passphrase file, or from anything else that implements [Root], a key management service
// for example. It wraps the compartment's key. A compartment's key wraps one random key per object: a record, an
// edition, a decision. Deleting a wrapped object key makes the object unreadable everywhere it was ever copied to.
//
// An object can move to another compartment, which then wraps its key; its payloads stay bound to the one it was made in.
//
// Payloads are AES-256-GCM, wrapped keys XChaCha20-Poly1305, both through Tink. Every ciphertext is bound, as
// associated data, to the table, column, row and compartment it belongs to: moved anywhere else it does not open.
//
// Failures: a ciphertext that does not authenticate is homeward.ErrTampered; a passphrase that does not fit is
// homeward.ErrDenied; a missing or readable-by-others passphrase file says what to do about it.
package seal

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Root wraps and unwraps the keys of compartments. A key management service can implement it.
type Root interface {
	Wrap(ctx context.Context, plain, aad []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped, aad []byte) ([]byte, error)
}

// keySize is the size of every symmetric key, in bytes.
const keySize = 32

// Compartment is an open compartment: what wraps object keys and makes fingerprints.
type Compartment struct {
	name string
	wrap tink.AEAD
	mac  []byte
}

// NewCompartment makes a compartment with a random key, and returns that key wrapped by the root secret.
func NewCompartment(ctx context.Context, root Root, name string) (wrapped []byte, c Compartment, err error) {
	key := make([]byte, keySize)
	rand.Read(key)
	if wrapped, err = root.Wrap(ctx, key, compartmentAAD(name)); err != nil {
		return nil, c, fmt.Errorf("wrap compartment %s: %w", name, err)
	}
	c, err = compartmentOf(name, key)
	return wrapped, c, err
}

// OpenCompartment opens a compartment with its wrapped key.
func OpenCompartment(ctx context.Context, root Root, name string, wrapped []byte) (Compartment, error) {
	key, err := root.Unwrap(ctx, wrapped, compartmentAAD(name))
	if err != nil {
		return Compartment{}, fmt.Errorf("open compartment %s: %w", name, err)
	}
	return compartmentOf(name, key)
}

func compartmentAAD(name string) []byte { return aad("homeward/compartment/v1", name) }

// compartmentOf derives the two keys of a compartment: one that wraps, one that fingerprints.
func compartmentOf(name string, key []byte) (Compartment, error) {
	wrapKey, err := hkdf.Key(sha256.New, key, nil, "homeward/wrap/v1", keySize)
	if err != nil {
		return Compartment{}, fmt.Errorf("derive keys of compartment %s: %w", name, err)
	}
	mac, err := hkdf.Key(sha256.New, key, nil, "homeward/fingerprint/v1", keySize)
	if err != nil {
		return Compartment{}, fmt.Errorf("derive keys of compartment %s: %w", name, err)
	}
	wrap, err := subtle.NewXChaCha20Poly1305(wrapKey)
	if err != nil {
		return Compartment{}, fmt.Errorf("open compartment %s: %w", name, err)
	}
	return Compartment{name: name, wrap: wrap, mac: mac}, nil
}

// Fingerprint returns an HMAC-SHA-256 of the parts within a domain, under a key of the compartment: equal words have
// equal fingerprints, and nobody without the key can test a guess. Parts are length-prefixed.
func (c Compartment) Fingerprint(domain string, parts ...[]byte) (sum [32]byte) {
	h := hmac.New(sha256.New, c.mac)
	writePart(h.Write, []byte(domain))
	for _, p := range parts {
		writePart(h.Write, p)
	}
	h.Sum(sum[:0])
	return sum
}

func writePart(write func([]byte) (int, error), p []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(p)))
	write(n[:]) // a hash never fails to be written to
	write(p)
}

// ObjectKey seals the payloads of one object.
type ObjectKey struct {
	compartment string // that the object lies in
	bound       string // whose name its payloads are bound to: the one it was made in
	next        string // that it is on its way to; empty when it is not
	aead        *subtle.AESGCM
	raw         []byte
}

// NewObjectKey makes a random key for an object and returns it open and wrapped.
func (c Compartment) NewObjectKey(object string) (key ObjectKey, wrapped []byte, err error) {
	raw := make([]byte, keySize)
	rand.Read(raw)
	if wrapped, err = c.wrap.Encrypt(raw, c.keyAAD(object)); err != nil {
		return key, nil, fmt.Errorf("wrap key of %s: %w", object, err)
	}
	key, err = c.objectKey(raw)
	return key, wrapped, err
}

// OpenObjectKey opens the wrapped key of an object; one that was changed, or belongs to another object, is
// homeward.ErrTampered.
func (c Compartment) OpenObjectKey(object string, wrapped []byte) (ObjectKey, error) {
	raw, err := c.wrap.Decrypt(wrapped, c.keyAAD(object))
	if err != nil {
		return ObjectKey{}, fmt.Errorf("open key of %s: %w", object, homeward.ErrTampered)
	}
	return c.objectKey(raw)
}

func (c Compartment) objectKey(raw []byte) (ObjectKey, error) {
	a, err := subtle.NewAESGCM(raw)
	return ObjectKey{compartment: c.name, bound: c.name, aead: a, raw: raw}, err
}

// Rewrap wraps the open key of an object of another compartment by this one. Payloads stay as they are: they are bound to the
// compartment that the object was made in, which [ObjectKey.BoundTo] tells a key that is opened later.
func (c Compartment) Rewrap(object string, key ObjectKey) ([]byte, error) {
	wrapped, err := c.wrap.Encrypt(key.raw, c.keyAAD(object))
	if err != nil {
		return nil, fmt.Errorf("wrap key of %s: %w", object, err)
	}
	return wrapped, nil
}

// BoundTo returns the key of an object that was made in another compartment.
func (k ObjectKey) BoundTo(made string) ObjectKey {
	k.bound = made
	return k
}

// Moving returns the key as that of an object on its way to another compartment, which has wrapped the same key; ErrTampered when
// it has not.
func (k ObjectKey) Moving(to Compartment, object string, wrapped []byte) (ObjectKey, error) {
	same, err := to.OpenObjectKey(object, wrapped)
	if err == nil && !bytes.Equal(same.raw, k.raw) {
		err = fmt.Errorf("open key of %s: %w", object, homeward.ErrTampered)
	}
	k.next = to.name
	return k, err
}

func (c Compartment) keyAAD(object string) []byte { return aad("homeward/key/v1", object, c.name) }

// Compartment returns the name of the compartment that the object lies in.
func (k ObjectKey) Compartment() string { return k.compartment }

// LiesIn reports whether the object is where its row says: in the compartment its key is wrapped by, or on its way there.
func (k ObjectKey) LiesIn(compartment string) bool {
	return compartment == k.compartment || k.next != "" && compartment == k.next
}

// Seal encrypts a payload and binds it to the place it is kept at.
func (k ObjectKey) Seal(table, column, id string, plain []byte) ([]byte, error) {
	sealed, err := k.aead.Encrypt(plain, k.placeAAD(table, column, id))
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s of %s: %w", table, column, id, err)
	}
	return sealed, nil
}

// Open decrypts a payload; one that was changed or moved is homeward.ErrTampered.
func (k ObjectKey) Open(table, column, id string, sealed []byte) ([]byte, error) {
	if k.aead == nil {
		return nil, fmt.Errorf("open %s.%s of %s: no key: %w", table, column, id, homeward.ErrNotFound)
	}
	plain, err := k.aead.Decrypt(sealed, k.placeAAD(table, column, id))
	if err != nil {
		return nil, fmt.Errorf("open %s.%s of %s: %w", table, column, id, homeward.ErrTampered)
	}
	return plain, nil
}

func (k ObjectKey) placeAAD(table, column, id string) []byte {
	return aad("homeward/v1", table, column, id, k.bound)
}

// aad joins parts so that no two lists of parts give the same bytes.
func aad(parts ...string) []byte {
	n := 0
	for _, p := range parts {
		n += 4 + len(p)
	}
	b := make([]byte, 0, n)
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}
