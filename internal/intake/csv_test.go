package intake

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// read is a row as a reading of CSV gave it, or how the reading ended.
type read struct {
	line   int
	fields []string
	err    error
}

// byLibrary reads CSV as the standard library does.
func byLibrary(text string, delimiter rune) (out []read) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = delimiter, -1
	for {
		fields, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			return append(out, read{err: refuseQuotes(broken.StartLine)})
		case err != nil:
			return out
		case !blank(fields):
			line, _ := r.FieldPos(0)
			out = append(out, read{line: line, fields: fields})
		}
	}
}

// inBlocks reads CSV in blocks of a size.
func inBlocks(text string, delimiter byte, size int) (out []read) {
	c := &csvRows{blocks: newBlocks(strings.NewReader(text), size), delimiter: delimiter}
	for {
		fields, line, err := c.read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			return append(out, read{err: err})
		}
		out = append(out, read{line: line, fields: slices.Clone(fields)})
	}
}

func alike(a, b []read) bool {
	return slices.EqualFunc(a, b, func(a, b read) bool {
		return a.line == b.line && slices.Equal(a.fields, b.fields) && fmt.Sprint(a.err) == fmt.Sprint(b.err)
	})
}

// TestCSVIsReadAsTheLibraryReadsIt compares readings in blocks of any size, of texts made of what can go wrong.
func TestCSVIsReadAsTheLibraryReadsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{`"`, `""`, ",", ";", "\n", "\r\n", "\r", " ", "a", "Приклад", `"b"`, "c,d\n", `"e` + "\n" + `f",g` + "\n"})).Draw(t, "parts")
		text := strings.Join(parts, "")
		delimiter := rapid.SampledFrom([]byte(",;")).Draw(t, "delimiter")
		size := rapid.IntRange(1, 64).Draw(t, "size")
		if got, want := inBlocks(text, delimiter, size), byLibrary(text, rune(delimiter)); !alike(got, want) {
			t.Fatalf("%q in blocks of %d:\n%v\nwant\n%v", text, size, got, want)
		}
	})
}

func FuzzIsUTF8(f *testing.F) {
	for _, s := range []string{"a\x80", "Їжак", "\xd0", "\xd0a", "\xc0\x80", "\xed\xa0\x80", "€\U0001f600", "\uFFFD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := isUTF8(text), utf8.ValidString(text); got != want {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("id,name\n1,\"a\"\"b\"\r\n\n\"c\nd\",e\r", uint8(3))
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		text = strings.ToValidUTF8(text, "?")
		if got, want := inBlocks(text, ',', int(size)+1), byLibrary(text, ','); !alike(got, want) {
			t.Fatalf("%q in blocks of %d:\n%v\nwant\n%v", text, size, got, want)
		}
	})
}

// TestARowOfNoEndIsRefusedInItsLine opens a quotation mark that is never closed.
func TestARowOfNoEndIsRefusedInItsLine(t *testing.T) {
	long := strings.Repeat("x", maxRow+1<<20)
	lines := strings.Repeat("xxxxxxx\n", 3*maxRow/8)
	for name, text := range map[string]string{"first cell": "a,b\n\"" + long, "another cell": "a,b\n1,\"" + long, "without a mark": "a,b\n" + long, "many lines": "a,b\n\"" + lines,
		"heading": "\n\"" + lines, "a cell": "a,b\n" + long[:maxCell+1] + "\n3,4\n"} {
		err := Lines(strings.NewReader(text), func(Line) error { return nil })
		if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
