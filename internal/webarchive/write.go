package webarchive

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"slices"
	"time"
)

// Capture is a page as a browser met it, with everything that the browser asked for and was given on the way.
type Capture struct {
	Asked        string // the address that was asked for
	Final        string // where it led
	Title        string
	Start, End   time.Time
	Software     string // that made the capture, with its version
	Browser      string // with its version
	Exchanges    []Exchange
	Screenshot   []byte // PNG, of the whole page
	Certificates []Chain
	Refused      []string // addresses that were not asked, because they are not of the open web
	Notes        []string // what could not be kept, in words
}

// Exchange is a request and its answer.
type Exchange struct {
	URL         string
	At          time.Time
	Request     []byte // first line and fields, as they were sent
	RequestBody []byte
	Response    []byte // first line and fields; without encodings, which the browser took off
	Body        []byte
	Type        string // media type of the answer
	Status      int
	Address     string // of the machine that answered
	Cut         bool   // the body was larger than is kept
}

// Chain is what a host showed to prove who it is, its own certificate first, each as DER.
type Chain struct {
	Host         string
	Certificates [][]byte
}

// Write writes a capture as a WACZ, signed with a key, or unsigned without one. The same capture and key give the same bytes.
func Write(w io.Writer, c Capture, by *Key) error {
	warc := &warcWriter{}
	if err := warc.capture(c); err != nil {
		return err
	}
	pages, err := pagesOf(c)
	if err != nil {
		return err
	}
	files := []struct {
		name    string
		content []byte
		method  uint16
	}{
		{"archive/" + warcName, warc.out.Bytes(), zip.Store}, // players look records up by their place in it
		{"indexes/index.cdx", warc.index(), zip.Store},
		{pagesFile, pages, zip.Deflate},
	}
	list := dataPackage{
		Profile: "data-package", Version: "1.1.1", Software: c.Software, Created: c.End.UTC().Format(time.RFC3339), Title: c.Title,
		MainPage: c.Final, MainDate: c.Start.UTC().Format(time.RFC3339),
	}
	for _, f := range files {
		list.Listed = append(list.Listed, resource{f.name[bytes.LastIndexByte([]byte(f.name), '/')+1:], f.name, sum(f.content), int64(len(f.content))})
	}
	listed, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	closed, err := list.close(listed, by)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	put := func(name string, content []byte, method uint16) {
		var f io.Writer
		if err == nil {
			f, err = z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: c.End.UTC().Truncate(time.Second)})
		}
		if err == nil {
			_, err = f.Write(content)
		}
	}
	for _, f := range files {
		put(f.name, f.content, f.method)
	}
	put(packageFile, listed, zip.Deflate)
	put(digestFile, closed, zip.Deflate)
	return cmp.Or(err, z.Close())
}

// close writes datapackage-digest.json over the bytes of the package.
func (p dataPackage) close(text []byte, by *Key) (_ []byte, err error) {
	c := closing{Path: packageFile, Hash: sum(text)}
	if by != nil {
		if c.Signed, err = by.sign(p, c.Hash); err != nil {
			return nil, err
		}
	}
	return json.Marshal(c)
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(s[:])
}

// pagesOf writes pages.jsonl.
func pagesOf(c Capture) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	err := enc.Encode(map[string]string{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"})
	if err == nil {
		err = enc.Encode(pageLine{ID: "1", URL: c.Final, At: c.Start.UTC().Format(time.RFC3339Nano), Title: c.Title})
	}
	return out.Bytes(), err
}

// about is what is told of how a capture was made, as a record of the archive.
type about struct {
	Asked    string   `json:"asked"`
	Final    string   `json:"final"`
	Start    string   `json:"start"`
	End      string   `json:"end"`
	Software string   `json:"software"`
	Browser  string   `json:"browser"`
	Refused  []string `json:"refused,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

// capture writes every record.
func (w *warcWriter) capture(c Capture) error {
	info := "software: " + c.Software + "\r\nbrowser: " + c.Browser + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
	w.put(draft{kind: "warcinfo", at: c.Start, contentType: "application/warc-fields", block: []byte(info), fields: [][2]string{{"WARC-Filename", warcName}}})
	for _, x := range c.Exchanges {
		w.exchange(x)
	}
	if len(c.Screenshot) > 0 {
		w.put(draft{kind: "resource", target: "urn:fullPage:" + c.Final, at: c.End, contentType: "image/png", block: c.Screenshot})
	}
	for _, chain := range c.Certificates {
		var text bytes.Buffer
		for _, der := range chain.Certificates {
			if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
				return err
			}
		}
		w.put(draft{kind: "resource", target: "urn:tls:" + chain.Host, at: c.End, contentType: "application/pem-certificate-chain", block: text.Bytes()})
	}
	told, err := json.MarshalIndent(about{
		c.Asked, c.Final, c.Start.UTC().Format(time.RFC3339Nano), c.End.UTC().Format(time.RFC3339Nano), c.Software, c.Browser,
		slices.Compact(slices.Sorted(slices.Values(c.Refused))), c.Notes,
	}, "", "  ")
	w.put(draft{kind: "resource", target: "urn:capture:" + c.Final, at: c.End, contentType: "application/json", block: told})
	return cmp.Or(err, w.err)
}

func (w *warcWriter) exchange(x Exchange) {
	answer := draft{
		kind: "response", target: x.URL, at: x.At, contentType: "application/http;msgtype=response", block: slices.Concat(x.Response, x.Body),
		mime: x.Type, status: x.Status, indexed: true,
	}
	// A body that was lost, or that of a redirect, which a browser does not give, is not the body of no bytes.
	if lost := x.Cut || len(x.Body) == 0 && x.Status/100 == 3 && x.Status != 304; !lost {
		answer.payload = sum(x.Body)
		answer.fields = append(answer.fields, [2]string{"WARC-Payload-Digest", answer.payload})
	}
	if x.Address != "" {
		answer.fields = append(answer.fields, [2]string{"WARC-IP-Address", x.Address})
	}
	if x.Cut {
		answer.fields = append(answer.fields, [2]string{"WARC-Truncated", "unspecified"})
	}
	id := w.put(answer)
	if len(x.Request) > 0 {
		w.put(draft{
			kind: "request", target: x.URL, at: x.At, contentType: "application/http;msgtype=request", block: slices.Concat(x.Request, x.RequestBody),
			fields: [][2]string{{"WARC-Concurrent-To", "<" + id + ">"}},
		})
	}
}

// urn is a name for a record, made of what it holds.
func urn(place int, block []byte) string {
	s := sha256.Sum256(fmt.Appendf(nil, "%d %s", place, sum(block)))
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8 of RFC 9562
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", s[:4], s[4:6], s[6:8], s[8:10], s[10:16])
}
