package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// Blobs keeps sealed files under random names. A file is there whole or not at all, and durable when Create returns.
type Blobs interface {
	Create(ctx context.Context, name string, r io.Reader) error
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	Size(ctx context.Context, name string) (int64, error)
	Remove(ctx context.Context, name string) error
	// Each calls fn with every file, when it was last written to, and whether it is whole.
	Each(ctx context.Context, fn func(name string, at time.Time, whole bool) error) error
}

// Received is a file that was hashed, sealed and kept, and belongs to no exhibit yet: [Tx.PutExhibit] gives it to one. Until
// then nobody can open it, and should nobody come, it is swept.
type Received struct {
	blob           string
	sha256, sha512 string
	size           int64
	mediaType      string
	key            seal.ObjectKey
}

// SHA256 returns the hash of the bytes as received, in hex.
func (r Received) SHA256() string { return r.sha256 }

// Size returns how many bytes were received.
func (r Received) Size() int64 { return r.size }

// Receive hashes what r gives before anything else touches it, seals it for a compartment and keeps it. Memory is constant.
func (db *DB) Receive(ctx context.Context, in homeward.CompartmentID, r io.Reader) (Received, error) {
	room, err := db.room(ctx, in)
	if err != nil {
		return Received{}, err
	}
	key, err := room.NewKey()
	if err != nil {
		return Received{}, err
	}
	got := Received{blob: blobName(), key: key}
	seen := newWitness()
	pipe, into := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		into.CloseWithError(got.sealInto(into, io.TeeReader(r, seen)))
	}()
	err = db.blobs.Create(ctx, got.blob, pipe)
	pipe.CloseWithError(errors.Join(err, io.ErrClosedPipe))
	<-done
	if err != nil {
		return Received{}, fmt.Errorf("receive a file: %w", err)
	}
	got.size, got.mediaType = seen.size, http.DetectContentType(seen.head)
	got.sha256, got.sha512 = seen.sums()
	return got, nil
}

func (r Received) sealInto(w io.Writer, plain io.Reader) error {
	sealed, err := r.key.SealStream("blobs", "bytes", r.blob, w)
	if err != nil {
		return err
	}
	if _, err := io.Copy(sealed, plain); err != nil {
		return err
	}
	return sealed.Close()
}

// blobName is random: a name made of the bytes would tell whoever holds a file that we hold it too.
func blobName() string {
	var b [20]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// witness hashes what passes by, and keeps the first bytes.
type witness struct {
	size       int64
	head       []byte
	first, two hash.Hash
}

func newWitness() *witness { return &witness{first: sha256.New(), two: sha512.New()} }

func (w *witness) Write(p []byte) (int, error) {
	const enough = 512
	if n := enough - len(w.head); n > 0 {
		w.head = append(w.head, p[:min(n, len(p))]...)
	}
	w.size += int64(len(p))
	w.first.Write(p) // a hash never fails to be written to
	w.two.Write(p)
	return len(p), nil
}

func (w *witness) sums() (string, string) {
	return hex.EncodeToString(w.first.Sum(nil)), hex.EncodeToString(w.two.Sum(nil))
}

// openBlob returns the bytes of an exhibit. They are hashed as they are read: at the end, bytes that are not those that were
// received fail with ErrTampered in place of the end.
func (db *DB) openBlob(ctx context.Context, e homeward.Exhibit) (io.ReadCloser, error) {
	key, err := db.objectKey(ctx, string(e.ID))
	if err != nil {
		return nil, err
	}
	file, err := db.blobs.Open(ctx, e.Blob)
	if err != nil {
		return nil, fmt.Errorf("open bytes of exhibit %s: %w", e.ID, err)
	}
	plain, err := key.OpenStream("blobs", "bytes", e.Blob, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &checked{plain: plain, file: file, exhibit: e, seen: newWitness()}, nil
}

// checked hashes what is read and compares at the end.
type checked struct {
	plain   io.Reader
	file    io.Closer
	exhibit homeward.Exhibit
	seen    *witness
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.plain.Read(p)
	c.seen.Write(p[:n])
	if err != io.EOF {
		return n, err
	}
	first, two := c.seen.sums()
	if first != c.exhibit.SHA256 || two != c.exhibit.SHA512 || c.seen.size != c.exhibit.Size {
		err = fmt.Errorf("read exhibit %s: %w", c.exhibit.ID, homeward.ErrTampered)
	}
	return n, err
}

func (c *checked) Close() error { return c.file.Close() }
