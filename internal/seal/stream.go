package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	streaming "github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

// Files are sealed by a streaming AEAD (Tink's AES-256-GCM-HKDF): a segment at a time, each authenticated with its place
// and with whether it is the last, so that a file that was cut, extended or put together anew does not open. Memory stays
// constant however large the file is.

// segment is how many bytes of ciphertext a segment has.
const segment = 1 << 20

// NewKey makes a random key of the compartment for an object whose id is not known yet; [Compartment.Wrap] gives it away.
func (c Compartment) NewKey() (ObjectKey, error) {
	raw := make([]byte, keySize)
	rand.Read(raw)
	return c.objectKey(raw)
}

// Wrap returns a key of [Compartment.NewKey], wrapped for the object that it belongs to.
func (c Compartment) Wrap(object string, key ObjectKey) ([]byte, error) {
	if key.compartment != c.name {
		return nil, fmt.Errorf("wrap key of %s: it is of another compartment: %w", object, homeward.ErrInvalid)
	}
	wrapped, err := c.wrap.Encrypt(key.raw, c.keyAAD(object))
	if err != nil {
		return nil, fmt.Errorf("wrap key of %s: %w", object, err)
	}
	return wrapped, nil
}

// stream returns the primitive for files, under a key derived from the object's.
func (k ObjectKey) stream() (*streaming.AESGCMHKDF, error) {
	if k.aead == nil {
		return nil, homeward.ErrNotFound
	}
	derived, err := hkdf.Key(sha256.New, k.raw, nil, "homeward/stream/v1", keySize)
	if err != nil {
		return nil, err
	}
	return streaming.NewAESGCMHKDF(derived, "SHA256", keySize, segment, 0)
}

// SealStream returns a writer that encrypts what it is given into w, bound to its place. The file is complete once the
// writer is closed.
func (k ObjectKey) SealStream(table, column, id string, w io.Writer) (io.WriteCloser, error) {
	s, err := k.stream()
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s of %s: %w", table, column, id, err)
	}
	return s.NewEncryptingWriter(w, k.placeAAD(table, column, id))
}

// OpenStream returns a reader of what SealStream wrote. A file that was changed or moved fails with homeward.ErrTampered
// at the segment where it was, and no byte of that segment is returned.
func (k ObjectKey) OpenStream(table, column, id string, r io.Reader) (io.Reader, error) {
	s, err := k.stream()
	if err != nil {
		return nil, fmt.Errorf("open %s.%s of %s: %w", table, column, id, err)
	}
	o := &opened{below: &remembering{r: r}, place: table + "." + column + " of " + id}
	if o.plain, err = s.NewDecryptingReader(o.below, k.placeAAD(table, column, id)); err != nil {
		return nil, o.fault()
	}
	return o, nil
}

// remembering keeps the fault of what it reads from, so that a disk that fails is not taken for tampering.
type remembering struct {
	r   io.Reader
	err error
}

func (m *remembering) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

// opened reads a sealed file. After a fault every further read fails as the first did: the primitive would say that the
// file ended.
type opened struct {
	plain io.Reader
	below *remembering
	place string
	err   error
}

func (o *opened) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.plain.Read(p)
	if err != nil && err != io.EOF {
		err = o.fault()
	}
	o.err = err
	return n, err
}

func (o *opened) fault() error {
	if o.below.err != nil {
		return fmt.Errorf("open %s: %w", o.place, o.below.err)
	}
	return fmt.Errorf("open %s: %w", o.place, homeward.ErrTampered)
}
