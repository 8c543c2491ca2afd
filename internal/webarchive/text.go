package webarchive

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// document is what a page says.
type document struct {
	title, text string
	cut         bool
	unread      Unread
	links       []Link
}

// read draws the text and the links out of markup. Nothing is run, fetched or rendered. Markup that nests too deep to be a page
// is not read.
func read(markup []byte, contentType, base string, l Limits) document {
	var doc document
	decoded, err := charset.NewReader(bytes.NewReader(markup), contentType)
	if err == io.EOF {
		return doc // an empty page
	}
	if err != nil {
		return document{unread: UnreadNoText}
	}
	if !strings.Contains(contentType, "html") {
		plain, _ := io.ReadAll(io.LimitReader(decoded, int64(l.Text)+1)) // of bytes in memory
		doc.text, doc.cut = clean(string(plain), l.Text), len(plain) > l.Text
		return doc
	}
	root, err := html.Parse(decoded)
	if err != nil {
		return document{unread: UnreadNoText}
	}
	at, err := url.Parse(base)
	if err != nil {
		at = &url.URL{}
	}
	w := &writer{most: l.Text}
	w.node(root)
	list, more := links(root, at, l)
	doc.text, doc.cut = clean(w.out.String(), l.Text), w.cut || w.out.Len() > l.Text || more
	doc.title, doc.links = oneLine(first(root, atom.Title), 500), list
	return doc
}

// silent are elements whose content nobody sees.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Head: true, atom.Noscript: true, atom.Object: true, atom.Svg: true,
	atom.Iframe: true, atom.Math: true,
}

// inline are elements that do not begin a line.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Img: true, atom.Label: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true,
	atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true,
}

// writer writes the text of elements in lines.
type writer struct {
	out  strings.Builder
	most int
	cut  bool
}

func (w *writer) node(n *html.Node) {
	if w.out.Len() > w.most {
		w.cut = true
		return
	}
	switch n.Type {
	case html.TextNode:
		w.words(n.Data)
		return
	case html.ElementNode:
		if silent[n.DataAtom] {
			return
		}
		if n.DataAtom == atom.Img {
			w.words(attribute(n, "alt"))
			return
		}
	}
	line := n.Type == html.ElementNode && !inline[n.DataAtom]
	if line {
		w.newLine()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if line {
		w.newLine()
	}
}

func (w *writer) newLine() {
	if s := w.out.String(); s != "" && !strings.HasSuffix(s, "\n") {
		w.out.WriteByte('\n')
	}
}

// words writes words with one space between any two.
func (w *writer) words(text string) {
	words := strings.Fields(text)
	s := w.out.String()
	spaced := s == "" || strings.HasSuffix(s, "\n") || strings.HasSuffix(s, " ")
	if first, _ := utf8.DecodeRuneInString(text); !spaced && text != "" && unicode.IsSpace(first) {
		w.out.WriteByte(' ')
	}
	if len(words) == 0 {
		return
	}
	w.out.WriteString(strings.Join(words, " "))
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsSpace(last) {
		w.out.WriteByte(' ')
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

func first(n *html.Node, kind atom.Atom) string {
	for d := range n.Descendants() {
		if d.DataAtom == kind && d.Type == html.ElementNode && d.FirstChild != nil {
			return d.FirstChild.Data
		}
	}
	return ""
}

// clean makes text of what somebody else wrote: valid, without characters that do not print or turn the direction of writing,
// lines without spaces around them, and no longer than most bytes.
func clean(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c':
			return -1
		}
		return r
	}, s)
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	s = strings.Join(lines, "\n")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func oneLine(s string, most int) string {
	return clean(strings.Join(strings.Fields(s), " "), most)
}
