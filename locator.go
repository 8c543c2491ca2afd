package homeward

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Locator is a place in an exhibit: pages, lines, rows, a span of time, a box in pixels. The zero locator is all of it.
type Locator struct {
	Page, Line, Row Span
	Time            TimeSpan
	Box             Box
}

// Span is a run of numbers from 1, both ends included.
type Span struct{ From, To int }

// TimeSpan is from one moment of a recording to another, in whole milliseconds; the same moment twice is a moment.
type TimeSpan struct {
	Set      bool
	From, To time.Duration
}

// Box is a rectangle in pixels, from the upper left corner.
type Box struct{ X, Y, Width, Height int }

// String writes a locator as [ParseLocator] reads it: "page 3 line 10-12", "time 0:01:02.500-0:01:10", "row 17", "box
// 10,20,300,400".
func (l Locator) String() string {
	var parts []string
	for _, x := range []struct {
		word string
		span Span
	}{{"page", l.Page}, {"line", l.Line}, {"row", l.Row}} {
		if x.span != (Span{}) {
			parts = append(parts, x.word, x.span.String())
		}
	}
	if l.Time.Set {
		parts = append(parts, "time", l.Time.String())
	}
	if l.Box != (Box{}) {
		parts = append(parts, "box", fmt.Sprintf("%d,%d,%d,%d", l.Box.X, l.Box.Y, l.Box.Width, l.Box.Height))
	}
	return strings.Join(parts, " ")
}

// String writes "3" or "3-5".
func (s Span) String() string {
	if s.From == s.To {
		return strconv.Itoa(s.From)
	}
	return strconv.Itoa(s.From) + "-" + strconv.Itoa(s.To)
}

// String writes "0:01:02.500" or two of them.
func (s TimeSpan) String() string {
	if s.From == s.To {
		return timecode(s.From)
	}
	return timecode(s.From) + "-" + timecode(s.To)
}

func timecode(d time.Duration) string {
	ms := d.Milliseconds()
	text := fmt.Sprintf("%d:%02d:%02d", ms/3_600_000, ms/60_000%60, ms/1000%60)
	if ms%1000 != 0 {
		text += fmt.Sprintf(".%03d", ms%1000)
	}
	return text
}

// ParseLocator reads a place in an exhibit. Words may come in any order, each once; ErrInvalid when it is no place.
func ParseLocator(text string) (l Locator, err error) {
	words := strings.Fields(strings.ToLower(text))
	seen := map[string]bool{}
	for i := 0; i < len(words); i += 2 {
		if i+1 == len(words) || seen[words[i]] || !l.set(words[i], words[i+1]) {
			return Locator{}, fmt.Errorf("that is no place in an exhibit: %w", ErrInvalid)
		}
		seen[words[i]] = true
	}
	return l, nil
}

func (l *Locator) set(word, value string) (ok bool) {
	switch word {
	case "page":
		l.Page, ok = parseSpan(value)
	case "line":
		l.Line, ok = parseSpan(value)
	case "row":
		l.Row, ok = parseSpan(value)
	case "time":
		l.Time, ok = parseTimeSpan(value)
	case "box":
		l.Box, ok = parseBox(value)
	}
	return ok
}

func parseSpan(text string) (Span, bool) {
	from, to := cutSame(text)
	a, ok := digits(from)
	b, ok2 := digits(to)
	return Span{a, b}, ok && ok2 && 1 <= a && a <= b
}

// cutSame cuts a text at its hyphen; one that has none is both ends.
func cutSame(text string) (from, to string) {
	from, to, cut := strings.Cut(text, "-")
	if !cut {
		to = from
	}
	return from, to
}

// digits reads digits and nothing else, up to a billion.
func digits(text string) (int, bool) {
	if text == "" || len(text) > 9 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func parseTimeSpan(text string) (TimeSpan, bool) {
	from, to := cutSame(text)
	a, ok := parseTimecode(from)
	b, ok2 := parseTimecode(to)
	return TimeSpan{true, a, b}, ok && ok2 && a <= b
}

// parseTimecode reads seconds, minutes:seconds or hours:minutes:seconds, with up to three decimals.
func parseTimecode(text string) (time.Duration, bool) {
	whole, fraction, cut := strings.Cut(text, ".")
	if cut && (fraction == "" || len(fraction) > 3) {
		return 0, false
	}
	ms, ok := digits((fraction + "000")[:3])
	parts := strings.Split(whole, ":")
	if !ok || len(parts) > 3 {
		return 0, false
	}
	seconds := 0
	for i, p := range parts {
		n, ok := digits(p)
		if !ok || i > 0 && n > 59 || n > 1_000_000 {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	return time.Duration(seconds)*time.Second + time.Duration(ms)*time.Millisecond, true
}

func parseBox(text string) (b Box, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return b, false
	}
	for i, into := range []*int{&b.X, &b.Y, &b.Width, &b.Height} {
		if *into, ok = digits(parts[i]); !ok {
			return b, false
		}
	}
	return b, b.Width > 0 && b.Height > 0
}
