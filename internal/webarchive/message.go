package webarchive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"mime"
	"net/http/httputil"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// message is an HTTP message as a record holds it: the head, and the first bytes of the body.
type message struct {
	head   string // first line and fields
	status int
	fields textproto.MIMEHeader
	body   []byte // without transfer encoding; what was asked to be kept of it
	cut    bool
}

// kind is the media type of the body.
func (m *message) kind() string {
	kind, _, _ := mime.ParseMediaType(m.fields.Get("Content-Type"))
	return kind
}

const (
	messageHead = 256 << 10
	mostCodings = 4 // one in another
)

// readMessage reads an HTTP message to its end. The digest, which may be nil, is compared with the body as it was sent and, as
// writers differ, with the body without its transfer encoding.
func readMessage(r io.Reader, d *digest, keep int64) (m message, agrees bool) {
	in := bufio.NewReaderSize(r, 4096)
	m.readHead(in)
	raw, plain := &atMost{left: keep}, &atMost{left: keep}
	sent := io.TeeReader(in, io.MultiWriter(d.into(), raw))
	chunked := strings.Contains(strings.ToLower(m.fields.Get("Transfer-Encoding")), "chunked")
	if chunked {
		var second io.Writer = io.Discard
		if d != nil {
			h := d.another()
			second = h
			defer func() { agrees = agrees || d.agrees(h.Sum(nil)) }()
		}
		if _, err := io.Copy(io.MultiWriter(second, plain), httputil.NewChunkedReader(sent)); err != nil {
			plain = raw // the writer took the encoding off and left the field
		}
	} else {
		plain = raw
	}
	io.Copy(io.Discard, sent) // a fault is the block's, and is met again where the record ends
	m.body, m.cut = plain.content, plain.cut
	return m, d != nil && d.agrees(d.hash.Sum(nil))
}

// readHead reads up to the empty line. What is no head of HTTP leaves the status 0.
func (m *message) readHead(in *bufio.Reader) {
	var head bytes.Buffer
	for head.Len() < messageHead {
		line, err := in.ReadSlice('\n')
		head.Write(line)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil || len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	text := head.Bytes()
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if words := strings.Fields(string(first)); len(words) > 1 && strings.HasPrefix(words[0], "HTTP/") {
		m.status, _ = strconv.Atoi(words[1]) // 0 when it is no number
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	m.fields, _ = textproto.NewReader(bufio.NewReader(bytes.NewReader(rest))).ReadMIMEHeader() // what could be read of it
	if m.fields == nil {
		m.fields = textproto.MIMEHeader{}
	}
	m.head = clean(string(text), 8<<10)
}

// decoded takes the content encodings off, the last that was put on first, up to a number of bytes. ok is false for one that is not read here.
func (m *message) decoded(most int64) (body []byte, cut, ok bool) {
	var in io.Reader = bytes.NewReader(m.body)
	codings := strings.Split(m.fields.Get("Content-Encoding"), ",")
	if len(codings) > mostCodings {
		return nil, m.cut, false
	}
	for _, coding := range slices.Backward(codings) {
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "", "identity":
		case "gzip", "x-gzip":
			unpacked, err := gzip.NewReader(in)
			if err != nil {
				return m.body, m.cut, true // it was taken off already, and the field stayed
			}
			in = unpacked
		case "deflate":
			if unpacked, err := zlib.NewReader(bytes.NewReader(m.body)); err == nil {
				in = unpacked
			} else {
				in = flate.NewReader(bytes.NewReader(m.body))
			}
		case "br":
			if looksLikeText(m.body) {
				return m.body, m.cut, true // likewise: Brotli has no mark to be known by
			}
			in = brotli.NewReader(in)
		default:
			return m.body, m.cut, looksLikeText(m.body)
		}
	}
	kept := &atMost{left: most}
	_, err := io.Copy(kept, io.LimitReader(in, most+1))
	if err != nil && len(kept.content) == 0 && len(m.body) > 0 {
		return nil, m.cut, false // it is not packed as it says
	}
	return kept.content, m.cut || kept.cut || err != nil, true
}

// looksLikeText reports whether markup begins the bytes: some writers take an encoding off and leave its field.
func looksLikeText(b []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(b, "\ufeff \t\r\n"), []byte("<"))
}
