package webarchive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	lineBytes = 64 << 10
	headLines = 200
)

// record is a record of a WARC: its named fields, and its block as a stream that ends where Content-Length says.
type record struct {
	nth     int
	version string
	fields  map[string]string // the names in lower case
	length  int64
	block   *io.LimitedReader
}

func (r *record) field(name string) string { return r.fields[name] }

// target is what the record is of. Some writers put it between angle brackets.
func (r *record) target() string {
	return strings.TrimSuffix(strings.TrimPrefix(r.field("warc-target-uri"), "<"), ">")
}

func (r *record) at() time.Time {
	at, err := time.Parse(time.RFC3339Nano, r.field("warc-date"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// reader reads the records of a WARC one after another.
type reader struct {
	in   *bufio.Reader
	file string
	nth  int
	last *record
}

// metered counts down what may still be unpacked of an archive.
type metered struct {
	r    io.Reader
	left *int64
}

var errTooLarge = errors.New("more than is read here")

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// newReader reads a WARC, whose records may be gzip members.
func newReader(r io.Reader, file string, left *int64) (*reader, error) {
	raw := bufio.NewReaderSize(r, lineBytes)
	head, err := raw.Peek(2)
	if err == nil && head[0] == 0x1f && head[1] == 0x8b {
		unpacked, err := gzip.NewReader(raw) // member after member: a WARC may be cut between any two
		if err != nil {
			return nil, &fault{Truncated, file}
		}
		return &reader{in: bufio.NewReaderSize(&metered{unpacked, left}, lineBytes), file: file}, nil
	}
	if err != nil && err != io.EOF {
		return nil, &fault{Truncated, file}
	}
	return &reader{in: bufio.NewReaderSize(&metered{raw, left}, lineBytes), file: file}, nil
}

// next returns the next record, io.EOF after the last, or a *fault, after which nothing more can be read: where the next record
// begins is only known from this one.
func (r *reader) next() (*record, error) {
	if err := r.finish(); err != nil {
		return nil, err
	}
	if _, err := r.in.Peek(1); err == io.EOF && r.nth > 0 {
		return nil, io.EOF
	}
	r.nth++
	version, err := r.line()
	if err != nil {
		return nil, err
	}
	rec := &record{nth: r.nth, version: version, fields: map[string]string{}}
	if version != "WARC/1.0" && version != "WARC/1.1" {
		return nil, r.fault(BadRecord)
	}
	if err := r.fields(rec); err != nil {
		return nil, err
	}
	length := rec.field("content-length")
	rec.length, err = strconv.ParseInt(length, 10, 63)
	if err != nil || rec.length < 0 || length[0] == '+' {
		return nil, r.fault(BadLength)
	}
	for _, name := range []string{"warc-type", "warc-record-id", "warc-date"} {
		if rec.field(name) == "" {
			return nil, r.fault(BadRecord)
		}
	}
	if rec.at().IsZero() {
		return nil, r.fault(BadRecord)
	}
	rec.block = &io.LimitedReader{R: r.in, N: rec.length}
	r.last = rec
	return rec, nil
}

// fields reads the named fields up to the empty line.
func (r *reader) fields(rec *record) error {
	name := ""
	for range headLines {
		line, err := r.line()
		if err != nil {
			return err
		}
		if line == "" {
			return nil
		}
		if line[0] == ' ' || line[0] == '\t' { // the field above goes on
			if name == "" {
				return r.fault(BadRecord)
			}
			rec.fields[name] += " " + strings.TrimSpace(line)
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(key)
		if _, twice := rec.fields[name]; !ok || key == "" || strings.ContainsAny(key, " \t") || twice && name != "warc-concurrent-to" {
			return r.fault(BadRecord)
		}
		rec.fields[name] = strings.TrimSpace(value)
	}
	return r.fault(BadRecord)
}

// line reads a line, which ends with CR and LF.
func (r *reader) line() (string, error) {
	line, err := r.in.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return "", r.fault(BadRecord)
	case err != nil:
		return "", r.broken(err)
	}
	text, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || bytes.ContainsAny(text, "\r\x00") {
		return "", r.fault(BadRecord)
	}
	return string(text), nil
}

// finish reads what is left of the last record, and the two line ends that close it.
func (r *reader) finish() error {
	if r.last == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, r.last.block); err != nil {
		return r.broken(err)
	}
	if r.last.block.N > 0 {
		return r.fault(Truncated)
	}
	r.last = nil
	var end [4]byte
	if n, err := io.ReadFull(r.in, end[:]); err != nil {
		if n == 0 && (err == io.EOF) {
			return r.fault(Truncated)
		}
		return r.broken(err)
	}
	if string(end[:]) != "\r\n\r\n" {
		return r.fault(BadLength)
	}
	return nil
}

// broken says why bytes could not be read.
func (r *reader) broken(err error) error {
	if errors.Is(err, errTooLarge) {
		return r.fault(TooLarge)
	}
	return r.fault(Truncated)
}

func (r *reader) fault(c Code) error {
	return &fault{c, fmt.Sprintf("%s, record %d", r.file, max(r.nth, 1))}
}
