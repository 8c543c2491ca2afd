package intake

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// form is what a file is: found out from its first bytes, never from its name.
type form struct {
	Format    string // csv, tsv, xlsx, jsonl
	Encoding  string // utf-8, utf-16le, utf-16be, windows-1251, koi8-u, ibm866
	Delimiter rune   // of csv and tsv
	mark      int    // bytes of a byte order mark, passed over
}

// delimiter returns the delimiter as text; empty where there is none.
func (f form) delimiter() string {
	if f.Delimiter == 0 {
		return ""
	}
	return string(f.Delimiter)
}

// headSize is how many bytes are looked at.
const headSize = 256 << 10

// foreign are the first bytes of files that are no lists.
var foreign = []struct{ magic, kind string }{
	{"%PDF", "PDF"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"{\\rtf", "RTF"},
	{"\xd0\xcf\x11\xe0", "XLS (Excel 97)"}, {"SQLite format 3", "SQLite"}, {"\x1f\x8b", "GZIP"}, {"Rar!", "RAR"}, {"7z\xbc\xaf", "7-Zip"},
	{"\x7fELF", "program"}, {"MZ", "program"},
}

// detect looks at the start of a file and puts the reader back where it was.
func detect(file io.ReadSeeker) (form, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return form{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return form{}, err
	}
	head = head[:n]
	if len(bytes.TrimSpace(head)) == 0 {
		return form{}, errEmpty
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return form{}, refuseKind(f.kind)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return form{Format: "xlsx", Encoding: "utf-8"}, nil // whether it is a workbook is seen when it is opened
	}
	f := encodingOf(head, n == headSize)
	if f.Encoding == "" {
		return form{}, refuseKind("binary")
	}
	text := decodeHead(head, f)
	if start := strings.ToLower(strings.TrimSpace(text)); strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml") {
		return form{}, refuseKind("HTML or XML")
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		f.Format = "jsonl"
		return f, nil
	}
	f.Delimiter = delimiterOf(text)
	f.Format = "csv"
	if f.Delimiter == '\t' {
		f.Format = "tsv"
	}
	return f, nil
}

// marks are the byte order marks.
var marks = []struct{ mark, encoding string }{{"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}}

// encodingOf finds out the encoding: by a byte order mark, then UTF-16 by its zero bytes, then valid UTF-8, then
// statistics. It is empty for a file that is no text. A mark is a label, and labels can be wrong: one of UTF-8 before
// bytes that are none is passed over.
func encodingOf(head []byte, cut bool) (f form) {
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			f = form{Encoding: m.encoding, mark: len(m.mark)}
		}
	}
	head = head[f.mark:]
	if f.Encoding == "" || f.Encoding == "utf-8" && !validUTF8(head, cut) {
		f.Encoding = encodingWithoutMark(head, cut)
	}
	return f
}

func encodingWithoutMark(head []byte, cut bool) string {
	if bytes.IndexByte(head, 0) >= 0 {
		return utf16ByZeros(head)
	}
	if validUTF8(head, cut) {
		return "utf-8"
	}
	switch strings.ToLower(chardet.Detect(head).Encoding) {
	case "koi8-r", "koi8-u":
		return "koi8-u" // a superset in the letters that matter
	case "ibm866", "cp866", "ibm855":
		return "ibm866"
	}
	return "windows-1251"
}

// utf16ByZeros tells UTF-16 without a mark: the upper halves of Latin and Cyrillic letters, digits and delimiters are 0 or 4,
// all on one side.
func utf16ByZeros(head []byte) string {
	if len(head) < 4 {
		return ""
	}
	var upper [2]int
	for i, b := range head {
		if b == 0 || b == 4 {
			upper[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case upper[1]*10 >= half*9:
		return "utf-16le"
	case upper[0]*10 >= half*9:
		return "utf-16be"
	}
	return ""
}

// validUTF8 reports whether the bytes are UTF-8, as far as they go: the last character of a cut head may be cut too.
func validUTF8(head []byte, cut bool) bool {
	for i := 0; cut && i < utf8.UTFMax && len(head) > 0; i++ {
		if r, _ := utf8.DecodeLastRune(head); r != utf8.RuneError {
			break
		}
		head = head[:len(head)-1]
	}
	return utf8.Valid(head)
}

func codec(name string) transform.Transformer {
	switch name {
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	case "windows-1251":
		return charmap.Windows1251.NewDecoder()
	case "koi8-u":
		return charmap.KOI8U.NewDecoder()
	case "ibm866":
		return charmap.CodePage866.NewDecoder()
	}
	return faithful{}
}

// faithful passes UTF-8 on, and each byte that is none as U+FFFD with the byte in hexadecimal: its row goes to
// quarantine, and nothing of it is lost.
type faithful struct{ transform.NopResetter }

func (faithful) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, size := utf8.DecodeRune(src[nSrc:])
		text := src[nSrc : nSrc+size]
		if r == utf8.RuneError && size == 1 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			text = fmt.Appendf(nil, "\uFFFD<%02X>", src[nSrc])
		}
		if nDst+len(text) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += copy(dst[nDst:], text)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// decoded reads a file as UTF-8, without a byte order mark.
func decoded(file io.Reader, f form) io.Reader {
	return transform.NewReader(unmarked(file, f), codec(f.Encoding))
}

// unmarked passes over the byte order mark of a file.
func unmarked(file io.Reader, f form) io.Reader {
	if f.mark > 0 {
		return &after{file, f.mark}
	}
	return file
}

// after passes over the first bytes of a file.
type after struct {
	io.Reader
	skip int
}

func (a *after) Read(p []byte) (int, error) {
	if a.skip > 0 {
		n, err := io.CopyN(io.Discard, a.Reader, int64(a.skip))
		if a.skip -= int(n); err != nil {
			return 0, err
		}
	}
	return a.Reader.Read(p)
}

func decodeHead(head []byte, f form) string {
	text, _ := io.ReadAll(decoded(bytes.NewReader(head), f)) // what does not decode shows as U+FFFD
	return string(text)
}

// delimiterOf returns the delimiter that gives the first lines the same number of fields, and the most of them.
func delimiterOf(text string) rune {
	best, bestScore := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		if score := delimiterScore(text, d); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

func delimiterScore(text string, d rune) int {
	first, alike, lines := 0, 0, 0
	for line := range strings.Lines(text) {
		if lines == 20 {
			break
		}
		n := countOutsideQuotes(line, d)
		if lines == 0 {
			first = n
		}
		if n == first {
			alike++
		}
		lines++
	}
	return first * alike
}

func countOutsideQuotes(line string, d rune) (n int) {
	quoted := false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == d && !quoted:
			n++
		}
	}
	return n
}
