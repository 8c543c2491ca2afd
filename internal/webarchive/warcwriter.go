package webarchive

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

const warcName = "data.warc.gz"

// draft is a record that is to be written.
type draft struct {
	kind, target, contentType string
	at                        time.Time
	fields                    [][2]string
	block                     []byte
	mime                      string // of an answer
	payload                   string // the digest of its body; empty when it is not here in full
	status                    int
	indexed                   bool
}

// warcWriter writes records, each a gzip member of its own.
type warcWriter struct {
	out   bytes.Buffer
	n     int
	lines []string
	err   error
}

// put writes a record and returns its name.
func (w *warcWriter) put(d draft) string {
	id := urn(w.n, d.block)
	w.n++
	from := w.out.Len()
	z := gzip.NewWriter(&w.out)
	fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s>\r\nWARC-Date: %s\r\n", d.kind, id, d.at.UTC().Format(time.RFC3339Nano))
	if d.target != "" {
		fmt.Fprintf(z, "WARC-Target-URI: %s\r\n", inField(d.target))
	}
	for _, f := range d.fields {
		fmt.Fprintf(z, "%s: %s\r\n", f[0], inField(f[1]))
	}
	fmt.Fprintf(z, "WARC-Block-Digest: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", sum(d.block), inField(d.contentType), len(d.block))
	z.Write(d.block) // writing to memory does not fail, and closing tells
	z.Write([]byte("\r\n\r\n"))
	if err := z.Close(); err != nil && w.err == nil {
		w.err = err
	}
	if d.indexed {
		w.lines = append(w.lines, d.line(from, w.out.Len()-from))
	}
	return id
}

// inField keeps a value on its line.
func inField(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// line is the line of an answer in the index, in the form CDXJ: a key that sorts by host and path, the time, and where it lies.
func (d draft) line(from, length int) string {
	about := map[string]string{
		"url": d.target, "mime": d.mime, "status": fmt.Sprint(d.status), "offset": fmt.Sprint(from), "length": fmt.Sprint(length), "filename": warcName,
	}
	if d.payload != "" {
		about["digest"] = d.payload
	}
	at, err := json.Marshal(about)
	if err != nil {
		return "" // strings do not fail
	}
	return fmt.Sprintf("%s %s %s\n", sortKey(d.target), d.at.UTC().Format("20060102150405"), at)
}

func (w *warcWriter) index() []byte {
	return []byte(strings.Join(slices.Sorted(slices.Values(w.lines)), ""))
}

// sortKey turns https://www.example.org/a?b into org,example)/a?b.
func sortKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.ReplaceAll(strings.ToLower(address), " ", "%20")
	}
	parts := strings.Split(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), ".")
	slices.Reverse(parts)
	key := strings.Join(parts, ",")
	if p := u.Port(); p != "" {
		key += ":" + p
	}
	key += ")" + strings.ToLower(u.RequestURI())
	return strings.ReplaceAll(key, " ", "%20")
}
