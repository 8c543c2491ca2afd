package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
)

// sqliteHead begins an SQLite file.
const sqliteHead = "SQLite format 3\x00"

// Reader reads one file, part after part. Nothing that it gave is to be trusted before [Reader.Next] said io.EOF.
type Reader struct {
	About About
	// Bare says that the file is an SQLite database and nothing else, as a backup was before it had a form. Its one part
	// has the name of no kind; About is empty.
	Bare  bool
	file  *os.File
	body  *body
	parts *tar.Reader
	left  bool // of a bare file: its part was not given yet
}

// Open opens a file with the identities that may be needed, and reads what it is.
func Open(path string, with Identities) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{file: file}
	if err := r.begin(with); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

func (r *Reader) begin(with Identities) error {
	in := bufio.NewReaderSize(r.file, 1<<16)
	head, err := in.Peek(len(sealedHead))
	switch {
	case len(head) == 0 && err == io.EOF:
		return fmt.Errorf("it is empty: %w", homeward.ErrTampered)
	case string(head) == sealedHead && len(with) == 0:
		return fmt.Errorf("it is encrypted: name the file of an identity that opens it: %w", homeward.ErrDenied)
	case string(head) == sealedHead:
		plain, err := age.Decrypt(in, with...)
		if err != nil {
			return refused(err)
		}
		in = bufio.NewReaderSize(plain, 1<<16)
	case len(head) >= len(sqliteHead) && string(head[:len(sqliteHead)]) == sqliteHead:
		r.Bare, r.left, r.body = true, true, &body{in: in, sum: sha256.New(), bare: true}
		return nil
	}
	r.body = &body{in: in, sum: sha256.New()}
	r.parts = tar.NewReader(r.body)
	return r.about()
}

func (r *Reader) about() error {
	name, size, err := r.Next()
	if err == io.EOF || err == nil && (name != aboutPart || size > aboutMost) {
		err = fmt.Errorf("it is no backup: %w", homeward.ErrInvalid)
	}
	if err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if r.About, err = readAbout(text); err == nil {
		return nil
	}
	if altered := r.rest(); altered != nil {
		return altered
	}
	return err
}

// rest reads what is left and fails unless it is what was written.
func (r *Reader) rest() error {
	for {
		if _, _, err := r.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Next goes to the next part. io.EOF says that there is none, and that all that was read is what was written.
func (r *Reader) Next() (name string, size int64, err error) {
	if r.Bare {
		return r.nextBare()
	}
	head, err := r.parts.Next()
	if err == io.EOF {
		return "", 0, r.end()
	}
	if err != nil {
		return "", 0, r.fault(err)
	}
	sparse := slices.ContainsFunc(slices.Collect(maps.Keys(head.PAXRecords)), func(name string) bool { return strings.HasPrefix(name, "GNU.sparse") })
	if head.Typeflag != tar.TypeReg || sparse { // a few bytes of a sparse file can be more than a disk holds
		return "", 0, fmt.Errorf("it holds what no backup holds: %w", homeward.ErrInvalid)
	}
	return head.Name, head.Size, nil
}

func (r *Reader) nextBare() (string, int64, error) {
	info, err := r.file.Stat()
	if err == nil && !r.left {
		err = io.EOF
	}
	if err != nil {
		return "", 0, err
	}
	r.left = false
	return "", info.Size(), nil
}

// end fails unless the trailer is there, is true, and ends the file. What stands between the archive's end and the
// trailer is counted in, as by stock tools it is passed over.
func (r *Reader) end() error {
	if _, err := io.Copy(io.Discard, r.body); err != nil {
		return r.fault(err)
	}
	last, err := io.ReadAll(r.body.in)
	if err != nil {
		return r.fault(err)
	}
	if string(last) != trailer(r.body.sum) {
		return fmt.Errorf("it is cut off or altered: %w", homeward.ErrTampered)
	}
	return io.EOF
}

// Read reads the part.
func (r *Reader) Read(p []byte) (n int, err error) {
	if r.Bare {
		return r.body.Read(p)
	}
	if n, err = r.parts.Read(p); err != nil && err != io.EOF {
		err = r.fault(err)
	}
	return n, err
}

// fault tells a disk that fails from bytes that are not those that were written.
func (r *Reader) fault(err error) error {
	var disk *os.PathError
	if errors.As(err, &disk) {
		return disk.Err
	}
	return refused(err)
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Check reads a file to its end.
func Check(path string, with Identities) (About, error) {
	r, err := Open(path, with)
	if err != nil {
		return About{}, err
	}
	defer r.Close()
	return r.About, r.rest()
}

// body is a file without its trailer, hashed as it is read.
type body struct {
	in   *bufio.Reader
	sum  hash.Hash
	bare bool // there is no trailer
}

func (b *body) Read(p []byte) (int, error) {
	if b.bare {
		return b.in.Read(p)
	}
	if _, err := b.in.Peek(trailerSize + 1); err != nil {
		return 0, err
	}
	n, err := b.in.Read(p[:min(len(p), b.in.Buffered()-trailerSize)])
	b.sum.Write(p[:n]) // a hash never fails to be written to
	return n, err
}
