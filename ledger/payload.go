package ledger

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
)

// Payload says what was done. Every value is text.
type Payload struct {
	ID     string
	Type   string
	Actor  string
	Role   string
	At     time.Time         // UTC, microseconds
	Prev   []string          // ids of entries this one follows
	Source map[string]string // where it came from
	Body   map[string]string // path -> value
}

// timeLayout is RFC 3339 with microseconds, always UTC.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Canonical returns the payload in the JSON Canonicalization Scheme of RFC 8785. Text that is not valid UTF-8 is
// refused: canonical JSON cannot hold it.
func (p Payload) Canonical() ([]byte, error) {
	for path, value := range p.fields() {
		if !utf8.ValidString(path) || !utf8.ValidString(value) {
			return nil, fmt.Errorf("payload %s: text is not valid UTF-8: %w", p.ID, homeward.ErrInvalid)
		}
	}
	b := make([]byte, 0, 1024)
	b = append(b, `{"actor":`...)
	b = appendString(b, p.Actor)
	b = append(b, `,"at":`...)
	b = appendString(b, p.At.UTC().Format(timeLayout))
	b = append(b, `,"body":`...)
	b = appendObject(b, p.Body)
	b = append(b, `,"id":`...)
	b = appendString(b, p.ID)
	b = append(b, `,"prev":[`...)
	for i, id := range p.Prev {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, id)
	}
	b = append(b, `],"role":`...)
	b = appendString(b, p.Role)
	b = append(b, `,"source":`...)
	b = appendObject(b, p.Source)
	b = append(b, `,"type":`...)
	b = appendString(b, p.Type)
	return append(b, `,"v":"1"}`...), nil
}

// fields returns every path of the payload with its value: what a commitment covers.
func (p Payload) fields() map[string]string {
	f := make(map[string]string, len(p.Body)+len(p.Source)+len(p.Prev)+6)
	f["v"], f["type"], f["id"], f["actor"], f["role"] = "1", p.Type, p.ID, p.Actor, p.Role
	f["at"] = p.At.UTC().Format(timeLayout)
	for i, id := range p.Prev {
		f[fmt.Sprintf("prev/%d", i)] = id
	}
	for k, v := range p.Source {
		f["source/"+k] = v
	}
	for k, v := range p.Body {
		f["body/"+k] = v
	}
	return f
}

// appendObject writes an object of strings with its keys in the order of RFC 8785, section 3.2.3: by UTF-16 code unit.
func appendObject(b []byte, m map[string]string) []byte {
	b = append(b, '{')
	for i, k := range sortedKeys(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, k)
		b = append(b, ':')
		b = appendString(b, m[k])
	}
	return append(b, '}')
}

// sortedKeys orders the keys of an object. Bytes and UTF-16 code units order text alike unless it has characters from
// U+E000 upwards, whose first byte in UTF-8 is 0xEE or more.
func sortedKeys(m map[string]string) []string {
	keys, plain := make([]string, 0, len(m)), true
	for k := range m {
		keys = append(keys, k)
		plain = plain && strings.IndexFunc(k, func(r rune) bool { return r >= 0xe000 }) < 0
	}
	if plain {
		slices.Sort(keys)
	} else {
		slices.SortFunc(keys, compareUTF16)
	}
	return keys
}

// compareUTF16 orders text by UTF-16 code unit. That differs from the order of bytes only between characters above
// U+FFFF, which are surrogates in UTF-16, and those from U+E000 to U+FFFF.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		ra, na := utf8.DecodeRuneInString(a)
		rb, nb := utf8.DecodeRuneInString(b)
		if ra != rb {
			return cmp.Or(cmp.Compare(firstUnit(ra), firstUnit(rb)), cmp.Compare(ra, rb))
		}
		a, b = a[na:], b[nb:]
	}
	return cmp.Compare(len(a), len(b))
}

func firstUnit(r rune) rune {
	if high, _ := utf16.EncodeRune(r); high != utf8.RuneError {
		return high
	}
	return r
}

// appendString writes a string as RFC 8785, section 3.2.2.2, asks: the two-character escapes where JSON has them, \u00xx
// for the other control characters, everything else as it is.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		if j := strings.IndexByte("\"\\\b\f\n\r\t", c); j >= 0 {
			b = append(b, '\\', "\"\\bfnrt"[j])
		} else {
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// ParsePayload reads what Canonical wrote and refuses everything else: another order of keys, a number, a duplicate
// key, white space, invalid UTF-8, trailing bytes.
func ParsePayload(b []byte) (Payload, error) {
	p, err := parsePayload(b)
	if err != nil {
		return Payload{}, err
	}
	again, err := p.Canonical()
	if err != nil || !bytes.Equal(again, b) {
		return Payload{}, fmt.Errorf("parse payload: not in canonical form: %w", homeward.ErrInvalid)
	}
	return p, nil
}

func parsePayload(b []byte) (p Payload, err error) {
	s := &scanner{s: string(b)}
	s.want(`{"actor":`)
	p.Actor = s.string()
	s.want(`,"at":`)
	at := s.string()
	s.want(`,"body":`)
	p.Body = s.object()
	s.want(`,"id":`)
	p.ID = s.string()
	s.want(`,"prev":`)
	p.Prev = s.list()
	s.want(`,"role":`)
	p.Role = s.string()
	s.want(`,"source":`)
	p.Source = s.object()
	s.want(`,"type":`)
	p.Type = s.string()
	s.want(`,"v":"1"}`)
	if s.bad || s.s != "" {
		return Payload{}, fmt.Errorf("parse payload: malformed: %w", homeward.ErrInvalid)
	}
	if p.At, err = time.Parse(timeLayout, at); err != nil {
		return Payload{}, fmt.Errorf("parse payload: malformed time: %w", homeward.ErrInvalid)
	}
	return p, nil
}
