package intake

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// blockSize is how many bytes of CSV are cut off at once: enough that cutting costs nothing, and few enough that what is made
// of them stays near the processor.
const blockSize = 128 << 10

// block is a piece of CSV that begins where a row begins and ends where one ends.
type block struct {
	text string
	line int  // in which its text begins, from 1
	torn bool // it ends inside a row that is too large
}

// blocks cuts a file into blocks without reading its rows: a line ends a row when an even number of quotation marks stands
// before it. That is so in any file up to its first misplaced mark, and the block that holds that mark is refused.
type blocks struct {
	r    io.Reader
	size int
	line int
	rest []byte // what is read and not cut off yet: the start of a row
	done bool
}

func newBlocks(r io.Reader, size int) *blocks { return &blocks{r: r, size: size, line: 1} }

// next returns the next block; io.EOF ends the file.
func (b *blocks) next() (block, error) {
	for want := b.size; !b.done; want *= 2 {
		if err := b.fill(want); err != nil {
			return block{}, err
		}
		if b.done {
			break
		}
		if end := rowEnd(b.rest); end > 0 {
			return b.cut(end), nil
		}
		if len(b.rest) > maxRow {
			torn := b.cut(len(b.rest))
			torn.torn = true
			return torn, nil
		}
	}
	if len(b.rest) == 0 {
		return block{}, io.EOF
	}
	return b.cut(len(b.rest)), nil
}

// fill reads until there are as many bytes as wanted, or no more.
func (b *blocks) fill(want int) error {
	have := len(b.rest)
	if want <= have {
		return nil
	}
	b.rest = append(b.rest, make([]byte, want-have)...)
	n, err := io.ReadFull(b.r, b.rest[have:])
	b.rest = b.rest[:have+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		b.done, err = true, nil
	}
	return err
}

func (b *blocks) cut(end int) block {
	out := block{text: string(b.rest[:end]), line: b.line}
	b.line += strings.Count(out.text, "\n")
	b.rest = b.rest[:copy(b.rest, b.rest[end:])]
	return out
}

var quote = []byte{'"'}

// rowEnd returns how many bytes the whole rows at the start of a text have; 0 when not one ends in it.
func rowEnd(text []byte) int {
	quotes := bytes.Count(text, quote)
	for end := len(text); ; {
		at := bytes.LastIndexByte(text[:end], '\n') + 1
		quotes -= bytes.Count(text[at:end], quote)
		if at == 0 || quotes%2 == 0 {
			return at
		}
		end = at - 1
	}
}

// isUTF8 reports whether a text is UTF-8: what package utf8 says, faster where letters are Cyrillic.
func isUTF8(text string) bool {
	for i := 0; i < len(text); {
		switch b := text[i]; {
		case b < utf8.RuneSelf:
			i++
		case b >= 0xC2 && b <= 0xDF && i+1 < len(text) && text[i+1]&0xC0 == 0x80:
			i += 2
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				return false
			}
			i += size
		}
	}
	return true
}

// csvScan reads the rows of a block. CSV is that of RFC 4180; rows without any text are passed over.
type csvScan struct {
	block
	delimiter byte
}

// scan begins to read a block. Bytes that are no UTF-8 are kept as [faithful] keeps them.
func (b block) scan(delimiter byte) csvScan {
	if !isUTF8(b.text) {
		b.text, _, _ = transform.String(faithful{}, b.text) // takes any bytes
	}
	return csvScan{b, delimiter}
}

// next appends the fields of the next row, and returns them with the line it begins in; io.EOF ends the block.
func (s *csvScan) next(fields []string) ([]string, int, error) {
	for kept := len(fields); s.text != ""; fields = fields[:kept] {
		began := s.line
		var err error
		if fields, err = s.row(fields); err != nil {
			return nil, 0, err
		}
		if s.text == "" && s.torn {
			return nil, 0, refuseLarge(began)
		}
		if row := fields[kept:]; !blank(row) {
			return fields, began, sized(row, began)
		}
	}
	return nil, 0, io.EOF
}

func sized(row []string, line int) error {
	for _, cell := range row {
		if len(cell) > maxCell {
			return refuseLarge(line)
		}
	}
	return nil
}

// row takes a row off the text.
func (s *csvScan) row(fields []string) ([]string, error) {
	end := strings.IndexByte(s.text, '\n')
	line, rest := s.text, ""
	if end >= 0 {
		line, rest = s.text[:end], s.text[end+1:]
	}
	if strings.IndexByte(line, '"') >= 0 {
		return s.quotedRow(fields)
	}
	s.text = rest
	s.line++
	line = strings.TrimSuffix(line, "\r")
	for {
		at := strings.IndexByte(line, s.delimiter)
		if at < 0 {
			return append(fields, line), nil
		}
		fields = append(fields, line[:at])
		line = line[at+1:]
	}
}

// quotedRow takes a row with quotation marks off the text.
func (s *csvScan) quotedRow(fields []string) ([]string, error) {
	began := s.line
	for {
		field, last, ok := s.field()
		switch {
		case !ok && s.torn && s.text == "":
			return nil, refuseLarge(began)
		case !ok:
			return nil, refuseQuotes(began)
		}
		if fields = append(fields, field); last {
			s.line++
			return fields, nil
		}
	}
}

// field takes a field off the text with what ends it, and tells whether that was the last of its row. It is not ok where a
// quotation mark is out of place.
func (s *csvScan) field() (text string, last, ok bool) {
	if strings.HasPrefix(s.text, `"`) {
		return s.quotedField()
	}
	line, rest, _ := strings.Cut(s.text, "\n")
	end := strings.IndexByte(line, s.delimiter)
	if last = end < 0; last {
		text, s.text = strings.TrimSuffix(line, "\r"), rest
	} else {
		text, s.text = line[:end], s.text[end+1:]
	}
	return text, last, strings.IndexByte(text, '"') < 0
}

func (s *csvScan) quotedField() (text string, last, ok bool) {
	for s.text = s.text[1:]; ; s.text = s.text[1:] {
		end := strings.IndexByte(s.text, '"')
		if end < 0 {
			s.text = ""
			return "", false, false
		}
		inside := s.text[:end]
		s.line += strings.Count(inside, "\n")
		text += strings.ReplaceAll(inside, "\r\n", "\n")
		s.text = s.text[end+1:]
		if !strings.HasPrefix(s.text, `"`) {
			last, ok = s.fieldEnd()
			return text, last, ok
		}
		text += `"`
	}
}

// fieldEnd takes off what ends a quoted field.
func (s *csvScan) fieldEnd() (last, ok bool) {
	for _, end := range []string{string(s.delimiter), "\n", "\r\n"} {
		if strings.HasPrefix(s.text, end) {
			s.text = s.text[len(end):]
			return end != string(s.delimiter), true
		}
	}
	if s.text == "" || s.text == "\r" {
		s.text = ""
		return true, true
	}
	return false, false
}
