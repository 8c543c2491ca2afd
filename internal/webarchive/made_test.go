package webarchive

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// began is when every capture of these tests was made.
var began = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

const listing = `<!doctype html><html><head><title>Діти, яких чекають</title><style>p{color:red}</style></head><body>
<script>document.write("не видно")</script><nav><a href="/about">Про нас</a></nav><h1>Список</h1>
<ul><li><a href="/child/1"><img src="1.jpg" alt="фото"></a><p>Марко&nbsp;В., 4 роки</p></li>
<li><a href="/child/2">Оля Г.</a>, 7 <b>років</b></li></ul></body></html>`

// made is a capture of a list.
func made(markup string) Capture {
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	return Capture{
		Asked: "https://list.example/", Final: "https://list.example/", Title: "Діти, яких чекають", Start: began, End: began.Add(3 * time.Second),
		Software: "Homeward test", Browser: "none",
		Exchanges: []Exchange{
			{URL: "https://list.example/", At: began, Request: []byte("GET / HTTP/1.1\r\nHost: list.example\r\n\r\n"), Response: []byte(head), Body: []byte(markup), Type: "text/html", Status: 200, Address: "203.0.113.7"},
			{URL: "https://list.example/1.jpg", At: began, Response: []byte("HTTP/1.1 404 Not Found\r\n\r\n"), Type: "text/plain", Status: 404},
		},
		Screenshot: []byte("\x89PNG not decoded here"), Certificates: []Chain{{"list.example", [][]byte{[]byte("a certificate")}}},
	}
}

func written(t testing.TB, c Capture) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, c, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readAll(content []byte, l Limits) Report {
	return Read(bytes.NewReader(content), int64(len(content)), l)
}

// file is a file of a ZIP.
type file struct {
	name, content string
}

// unpacked returns the files of a WACZ, in order.
func unpacked(t testing.TB, content []byte) (out []file) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file{f.Name, string(text)})
	}
	return out
}

func packed(t testing.TB, files []file) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// changed packs a WACZ again with one of its files altered.
func changed(t testing.TB, content []byte, name string, change func(string) string) []byte {
	t.Helper()
	files, found := unpacked(t, content), false
	for i, f := range files {
		if f.name == name {
			files[i].content, found = change(f.content), true
		}
	}
	if !found {
		t.Fatalf("no file %s", name)
	}
	return packed(t, files)
}

// warcOf writes a record by hand.
func warcOf(fields, block string) string {
	return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-03-01T09:30:00Z\r\n" + fields + "\r\n" + block + "\r\n\r\n"
}

func gzipped(parts ...string) string {
	var out bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&out)
		z.Write([]byte(p))
		z.Close()
	}
	return out.String()
}

func brotlied(text string) string {
	var out bytes.Buffer
	z := brotli.NewWriter(&out)
	z.Write([]byte(text))
	z.Close()
	return out.String()
}

// inside returns every byte that the files of a WACZ hold, those of its records unpacked.
func inside(t testing.TB, content []byte) string {
	t.Helper()
	var out strings.Builder
	for _, f := range unpacked(t, content) {
		var r io.Reader = strings.NewReader(f.content)
		if strings.HasSuffix(f.name, ".gz") {
			z, err := gzip.NewReader(r)
			if err != nil {
				t.Fatal(err)
			}
			r = z
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// signedBy adds a signature, as browsers and as servers write it.
func signedBy(t testing.TB, content []byte, raw bool, spoil func(*signed)) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return changed(t, content, digestFile, func(text string) string {
		var c closing
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		s := sha256.Sum256([]byte(c.Hash))
		sig, err := ecdsa.SignASN1(rand.Reader, key, s[:])
		if raw {
			r, ss, err2 := ecdsa.Sign(rand.Reader, key, s[:])
			sig, err = append(r.FillBytes(make([]byte, 48)), ss.FillBytes(make([]byte, 48))...), err2
		}
		if err != nil {
			t.Fatal(err)
		}
		c.Signed = &signed{
			Hash: c.Hash, Created: "2026-03-01T09:31:00Z", Software: "a browser",
			PublicKey: base64.StdEncoding.EncodeToString(public), Signature: base64.StdEncoding.EncodeToString(sig),
		}
		spoil(c.Signed)
		out, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	})
}

func answer(body, more string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s", more, body)
}

func withLength(block, more string) string {
	return warcOf(fmt.Sprintf("WARC-Target-URI: https://x.example/\r\nContent-Type: application/http; msgtype=response\r\n%sContent-Length: %d\r\n", more, len(block)), block)
}

func has(r Report, c Code) bool {
	for _, f := range r.Findings {
		if f.Code == c {
			return true
		}
	}
	return false
}

func told(r Report) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s:", r.Verdict)
	for _, f := range r.Findings {
		fmt.Fprintf(&out, " %s (%s)", f.Code, f.Where)
	}
	return out.String()
}
