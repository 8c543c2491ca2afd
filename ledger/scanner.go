package ledger

import (
	"strconv"
	"strings"
)

// scanner reads the little JSON this package writes: strings, objects of strings, lists of strings, no white space.
// After a fault every further read is empty, and bad is set. Whether the form is canonical is the caller's to check, by
// writing it again.
type scanner struct {
	s   string
	bad bool
}

func (s *scanner) want(text string) {
	if !s.take(text) {
		s.bad = true
	}
}

func (s *scanner) take(text string) bool {
	if s.bad || !strings.HasPrefix(s.s, text) {
		return false
	}
	s.s = s.s[len(text):]
	return true
}

func (s *scanner) object() map[string]string {
	m := map[string]string{}
	s.want("{")
	for !s.bad && !s.take("}") {
		if len(m) > 0 {
			s.want(",")
		}
		k := s.string()
		s.want(":")
		if _, twice := m[k]; twice {
			s.bad = true
		}
		m[k] = s.string()
	}
	return m
}

func (s *scanner) list() []string {
	var out []string
	s.want("[")
	for !s.bad && !s.take("]") {
		if len(out) > 0 {
			s.want(",")
		}
		out = append(out, s.string())
	}
	return out
}

func (s *scanner) string() string {
	s.want(`"`)
	if s.bad {
		return ""
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(s.s, `"\`)
		if i < 0 {
			s.bad = true
			return ""
		}
		if s.s[i] == '"' {
			text := s.s[:i]
			s.s = s.s[i+1:]
			if b.Len() == 0 {
				return text
			}
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(s.s[:i])
		s.s = s.s[i+1:]
		if !s.escape(&b) {
			return ""
		}
	}
}

// escape reads what follows a backslash. A string that begins with an escape of U+0000 leaves the builder non-empty,
// so the shortcut above stays right.
func (s *scanner) escape(b *strings.Builder) bool {
	if s.s == "" {
		s.bad = true
		return false
	}
	c := s.s[0]
	s.s = s.s[1:]
	if i := strings.IndexByte(`"\bfnrt`, c); i >= 0 {
		b.WriteByte("\"\\\b\f\n\r\t"[i])
		return true
	}
	if c != 'u' || len(s.s) < 4 {
		s.bad = true
		return false
	}
	n, err := strconv.ParseUint(s.s[:4], 16, 16)
	if err != nil || n >= 0x20 {
		s.bad = true
		return false
	}
	b.WriteByte(byte(n))
	s.s = s.s[4:]
	return true
}
