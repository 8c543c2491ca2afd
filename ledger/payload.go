package ledger

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
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
	if err := p.check(); err != nil {
		return nil, err
	}
	return p.canonical(sortedKeys(p.Body)), nil
}

// check refuses text that is not valid UTF-8.
func (p Payload) check() error {
	ok := utf8.ValidString(p.ID) && utf8.ValidString(p.Type) && utf8.ValidString(p.Actor) && utf8.ValidString(p.Role)
	for _, id := range p.Prev {
		ok = ok && utf8.ValidString(id)
	}
	for _, m := range []map[string]string{p.Source, p.Body} {
		for k, v := range m {
			ok = ok && utf8.ValidString(k) && utf8.ValidString(v)
		}
	}
	if !ok {
		return fmt.Errorf("payload %s: text is not valid UTF-8: %w", p.ID, homeward.ErrInvalid)
	}
	return nil
}

// canonical writes the payload; body are the keys of its body in their order.
func (p Payload) canonical(body []string) []byte {
	b := make([]byte, 0, 2048)
	b = append(b, `{"actor":`...)
	b = appendString(b, p.Actor)
	b = append(b, `,"at":`...)
	b = appendString(b, p.at())
	b = append(b, `,"body":`...)
	b = appendObject(b, p.Body, body)
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
	b = appendObject(b, p.Source, sortedKeys(p.Source))
	b = append(b, `,"type":`...)
	b = appendString(b, p.Type)
	return append(b, `,"v":"1"}`...)
}

func (p Payload) at() string { return p.At.UTC().Format(timeLayout) }

// eachField hands over every path of the payload with its value, in the order of paths: what a commitment covers. A
// path comes in two parts, prefix and name. body are the keys of the payload's body in their order.
func (p Payload) eachField(body []string, fn func(prefix, name, value string)) {
	fn("", "actor", p.Actor)
	fn("", "at", p.at())
	for _, k := range body {
		fn("body/", k, p.Body[k])
	}
	fn("", "id", p.ID)
	prev := make(map[string]string, len(p.Prev))
	for i, id := range p.Prev {
		prev[strconv.Itoa(i)] = id
	}
	for _, k := range sortedKeys(prev) { // "10" comes before "2"
		fn("prev/", k, prev[k])
	}
	fn("", "role", p.Role)
	for _, k := range sortedKeys(p.Source) {
		fn("source/", k, p.Source[k])
	}
	fn("", "type", p.Type)
	fn("", "v", "1")
}

// appendObject writes an object of strings, its keys in the order given.
func appendObject(b []byte, m map[string]string, keys []string) []byte {
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, k)
		b = append(b, ':')
		b = appendString(b, m[k])
	}
	return append(b, '}')
}

// sortedKeys orders the keys of an object as RFC 8785, section 3.2.3, asks: by UTF-16 code unit. Bytes and UTF-16 code units order text alike unless it has characters from
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

// appendString writes a string as RFC 8785, section 3.2.2.2, asks.
func appendString(b []byte, s string) []byte {
	return append(appendText(append(b, '"'), s), '"')
}

// appendText writes what stands between the quotes: the two-character escapes where JSON has them, \u00xx for the other
// control characters, everything else as it is.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for {
		n := plain(s)
		b = append(b, s[:n]...)
		if n == len(s) {
			return b
		}
		c := s[n]
		if j := strings.IndexByte("\"\\\b\f\n\r\t", c); j >= 0 {
			b = append(b, '\\', "\"\\bfnrt"[j])
		} else {
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		s = s[n+1:]
	}
}

// plain returns how many bytes at the start of s stand for themselves in JSON. It looks at eight bytes at a time: the
// high bit of each byte of the sums below is set when that byte, or one before it, is a control character, a quote or a
// backslash.
func plain(s string) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, slash := x^ones*'"', x^ones*'\\'
		if ((x-ones*0x20)&^x|(quote-ones)&^quote|(slash-ones)&^slash)&high != 0 {
			break
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			break
		}
	}
	return i
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
