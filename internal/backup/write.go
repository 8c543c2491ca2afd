package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
)

// partial ends the name of a file that is still being written.
const partial = ".partial"

// trailerSize is the size of the line behind the archive.
const trailerSize = len(form) + 1 + 2*sha256.Size + 1

func trailer(sum hash.Hash) string { return form + " " + hex.EncodeToString(sum.Sum(nil)) + "\n" }

// Writer writes one file.
type Writer struct {
	path   string
	at     time.Time
	file   *os.File
	sealed io.WriteCloser // nil where nobody's key seals it
	out    io.Writer      // the file, or sealed
	sum    hash.Hash
	parts  *tar.Writer
}

// Create begins a file. ErrConflict when there is one of its name.
func Create(path string, to Recipients, about About) (*Writer, error) {
	if err := Free(path); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+partial) // readable by its owner alone
	if err != nil {
		return nil, err
	}
	w := &Writer{path: path, at: about.At, file: file, out: file, sum: sha256.New()}
	if len(to) > 0 {
		if w.sealed, err = age.Encrypt(file, to...); err != nil {
			return nil, errors.Join(fmt.Errorf("seal to the recipients: %w", homeward.ErrInvalid), w.Abandon())
		}
		w.out = w.sealed
	}
	w.parts = tar.NewWriter(io.MultiWriter(w.out, w.sum))
	about.Form = form
	text, err := json.Marshal(about)
	if err == nil {
		err = w.Add(aboutPart, int64(len(text)), bytes.NewReader(text))
	}
	if err != nil {
		return nil, errors.Join(err, w.Abandon())
	}
	return w, nil
}

// Free fails with ErrConflict when there is a file of this name.
func Free(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("the file exists already, choose another name: %w", homeward.ErrConflict)
	}
	return nil
}

// Add writes a part of a size that is known.
func (w *Writer) Add(name string, size int64, r io.Reader) error {
	head := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.at, Format: tar.FormatPAX}
	if err := w.parts.WriteHeader(head); err != nil {
		return err
	}
	n, err := io.Copy(w.parts, r)
	if err == nil && n < size {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// Finish completes the file under its passing name, durably.
func (w *Writer) Finish() error {
	err := w.parts.Close()
	if err == nil {
		_, err = io.WriteString(w.out, trailer(w.sum))
	}
	if err == nil && w.sealed != nil {
		err = w.sealed.Close()
	}
	if err == nil {
		err = w.file.Sync()
	}
	return errors.Join(err, w.file.Close())
}

// Publish gives a finished file its name, and returns its size.
func (w *Writer) Publish() (int64, error) {
	info, err := os.Stat(w.file.Name())
	if err != nil {
		return 0, err
	}
	if err := Free(w.path); err != nil {
		return 0, err
	}
	if err := os.Rename(w.file.Name(), w.path); err != nil {
		return 0, err
	}
	dir, err := os.Open(filepath.Dir(w.path))
	if err != nil {
		return 0, err
	}
	return info.Size(), errors.Join(dir.Sync(), dir.Close())
}

// Abandon removes what was written, unless it was published.
func (w *Writer) Abandon() error {
	w.file.Close() // closed already where it was finished
	if err := os.Remove(w.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
