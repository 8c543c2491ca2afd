package bundle

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/homeward-registry/homeward"
)

// The archive is a ZIP of which every byte follows from the names and contents of its files: stored, never compressed;
// always with the 64-bit extra fields; one fixed date; files in the order of their names; nothing before, between or
// after them. So nothing can hide in it, it cannot expand, and a flipped bit anywhere is seen.
const (
	signLocal   = 0x04034b50
	signCentral = 0x02014b50
	signEnd64   = 0x06064b50
	signLocate  = 0x07064b50
	signEnd     = 0x06054b50

	needs    = 45             // version of the format that 64-bit sizes need
	madeBy   = 3<<8 | needs   // on Unix, so that the mode below is read
	fileMode = 0o100644 << 16 // a plain file
	day      = 1<<5 | 1       // 1980-01-01, the first there is
	wide     = 0xffffffff     // "see the 64-bit extra field"

	localSize = 30
)

// member is one file in an archive.
type member struct {
	name   string // with the base folder
	size   uint64
	crc    uint32
	offset uint64
}

// local returns what stands before the file's bytes.
func (m member) local() []byte {
	var b record
	b.put(uint32(signLocal), uint16(needs), uint16(0), uint16(0), uint16(0), uint16(day), m.crc, uint32(wide), uint32(wide),
		uint16(len(m.name)), uint16(20))
	b.WriteString(m.name)
	b.put(uint16(1), uint16(16), m.size, m.size)
	return b.Bytes()
}

// central returns the file's line in the directory at the end.
func (m member) central() []byte {
	var b record
	b.put(uint32(signCentral), uint16(madeBy), uint16(needs), uint16(0), uint16(0), uint16(0), uint16(day), m.crc, uint32(wide), uint32(wide),
		uint16(len(m.name)), uint16(28), uint16(0), uint16(0), uint16(0), uint32(fileMode), uint32(wide))
	b.WriteString(m.name)
	b.put(uint16(1), uint16(24), m.size, m.size, m.offset)
	return b.Bytes()
}

// directory returns everything that follows the last file.
func directory(members []member, at uint64) []byte {
	var b record
	for _, m := range members {
		b.Write(m.central())
	}
	size, n := uint64(b.Len()), uint64(len(members))
	b.put(uint32(signEnd64), uint64(44), uint16(needs), uint16(needs), uint32(0), uint32(0), n, n, size, at)
	b.put(uint32(signLocate), uint32(0), at+size, uint32(1))
	b.put(uint32(signEnd), uint16(0), uint16(0), uint16(0xffff), uint16(0xffff), uint32(wide), uint32(wide), uint16(0))
	return b.Bytes()
}

// record is a buffer of little-endian numbers.
type record struct{ bytes.Buffer }

func (r *record) put(values ...any) {
	for _, v := range values {
		binary.Write(r, binary.LittleEndian, v) // to memory: it cannot fail
	}
}

// file is one file to write.
type file struct {
	name string // without the base folder
	size int64
	crc  uint32
	open func() (io.ReadCloser, error)
}

// writeArchive writes files under a base folder, in the order of their names.
func writeArchive(w io.Writer, base string, files []file) error {
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	var members []member
	var at uint64
	for _, f := range files {
		m := member{name: base + "/" + f.name, size: uint64(f.size), crc: f.crc, offset: at}
		head := m.local()
		if _, err := w.Write(head); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
		if err := copyFile(w, f); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
		at += uint64(len(head)) + m.size
		members = append(members, m)
	}
	if _, err := w.Write(directory(members, at)); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// copyFile copies a file whose size and sum were taken before, and fails when it has changed since.
func copyFile(w io.Writer, f file) error {
	r, err := f.open()
	if err != nil {
		return err
	}
	defer r.Close()
	sum := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, sum), r)
	if err == nil && (n != f.size || sum.Sum32() != f.crc) {
		err = fmt.Errorf("a file changed while it was packed: %w", homeward.ErrConflict)
	}
	return err
}

// scan reads an archive from its first byte to its last and hands every file to take, which reads it to its end. What is not exactly what
// writeArchive writes is refused, but for a wrong checksum: that is for the digests to find, by name.
func scan(r io.Reader, take func(m member, content io.Reader) error) error {
	s := scanner{r: r}
	for {
		m, more, err := s.head()
		if err != nil {
			return err
		}
		if !more {
			return s.tail()
		}
		if err := take(m, io.LimitReader(r, int64(m.size))); err != nil {
			return err
		}
		s.members = append(s.members, m)
		s.at += uint64(len(m.local())) + m.size
	}
}

// scanner is how far an archive was read.
type scanner struct {
	r       io.Reader
	at      uint64
	members []member
	seen    []byte // of the directory: what was read to see that no file follows
}

func malformed(what string) error {
	return fmt.Errorf("archive: %s: %w", what, homeward.ErrInvalid)
}

// head reads what stands before a file's bytes; more is false where the directory begins.
func (s *scanner) head() (m member, more bool, err error) {
	fixed := make([]byte, localSize)
	if _, err := io.ReadFull(s.r, fixed); err != nil {
		return m, false, malformed("cut short")
	}
	le := binary.LittleEndian
	if le.Uint32(fixed) != signLocal {
		s.seen = fixed
		return m, false, nil
	}
	length := le.Uint16(fixed[26:])
	if length > maxName || len(s.members) == maxFiles {
		return m, false, malformed("a name too long, or too many files")
	}
	rest := make([]byte, int(length)+20)
	if _, err := io.ReadFull(s.r, rest); err != nil {
		return m, false, malformed("cut short")
	}
	m = member{name: string(rest[:length]), crc: le.Uint32(fixed[14:]), size: le.Uint64(rest[length+4:]), offset: s.at}
	if m.size > maxSize || !bytes.Equal(m.local(), append(fixed, rest...)) {
		return m, false, malformed("a file's header is not in its one form")
	}
	if n := len(s.members); n > 0 && s.members[n-1].name >= m.name {
		return m, false, malformed("files out of order, or twice")
	}
	return m, true, nil
}

// tail compares what follows the last file with what must follow it.
func (s *scanner) tail() error {
	want := directory(s.members, s.at)
	got := make([]byte, len(want)+1)
	n := copy(got, s.seen)
	more, err := io.ReadFull(s.r, got[n:])
	if err != io.ErrUnexpectedEOF && err != io.EOF || !bytes.Equal(got[:n+more], want) {
		return malformed("the directory is not in its one form")
	}
	return nil
}
