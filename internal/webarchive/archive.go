package webarchive

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"strings"
)

// Read reads and verifies an archive of a number of bytes.
func Read(r io.ReaderAt, size int64, l Limits) Report {
	a := &archive{limits: l, left: l.Expanded, of: map[string]int{}}
	head := make([]byte, 5)
	n, err := r.ReadAt(head, 0)
	switch head = head[:n]; {
	case err != nil && err != io.EOF:
		a.report.find(Truncated, "")
	case strings.HasPrefix(string(head), "PK"):
		a.report.Format = "WACZ"
		a.wacz(r, size)
	case strings.HasPrefix(string(head), "WARC/"), strings.HasPrefix(string(head), "\x1f\x8b"):
		a.report.Format = "WARC"
		a.warc(io.NewSectionReader(r, 0, size), "WARC")
	default:
		a.report.find(NoArchive, "")
	}
	for _, p := range a.report.Pages {
		if p.Status == 0 {
			a.report.find(NoPage, "")
		}
	}
	a.report.judge()
	return a.report
}

// archive is the reading of one archive.
type archive struct {
	limits  Limits
	left    int64          // bytes that may still be unpacked
	of      map[string]int // address -> place among the pages
	listed  bool           // the archive says itself which pages it holds
	picture int            // how good the screenshot is that was found
	report  Report
}

// fail notes what stopped the reading of a file.
func (a *archive) fail(err error, file string) {
	var f *fault
	switch {
	case errors.As(err, &f):
		a.report.find(f.code, f.where)
	case errors.Is(err, errTooLarge):
		a.report.find(TooLarge, file)
	default:
		a.report.find(Truncated, file)
	}
}

// warc reads a WARC to its end, or to what can not be read.
func (a *archive) warc(in io.Reader, file string) {
	r, err := newReader(in, file, &a.left)
	for err == nil {
		var rec *record
		if rec, err = r.next(); err != nil {
			break
		}
		if a.report.Records++; a.report.Records > a.limits.Records {
			err = &fault{TooLarge, file}
			break
		}
		if a.report.Format == "WARC" {
			a.report.Format = strings.Replace(rec.version, "/", " ", 1)
		}
		a.record(rec, r)
	}
	if err != io.EOF {
		a.fail(err, file)
	}
}

// record verifies one record and keeps of it what a page is made of.
func (a *archive) record(rec *record, r *reader) {
	where := r.fault(BadRecord).(*fault).where
	whole := newDigest(rec.field("warc-block-digest"))
	block := io.TeeReader(rec.block, whole.into())
	kind, _, _ := mime.ParseMediaType(rec.field("content-type"))
	switch what := rec.field("warc-type"); {
	case what == "warcinfo":
		a.information(block)
	case kind == "application/http" && what != "revisit":
		a.message(rec, block, where)
	case what == "resource":
		a.resource(rec, block, kind, where)
	case what == "revisit":
		a.revisit(rec, block)
	}
	if _, err := io.Copy(io.Discard, block); err != nil || rec.block.N > 0 {
		return // the reader meets it again, and says so
	}
	a.compare(whole, whole != nil && whole.agrees(whole.hash.Sum(nil)), BadBlock, where)
	if whole == nil && newDigest(rec.field("warc-payload-digest")) == nil && a.report.Format != "WACZ" {
		a.report.find(NoDigest, where)
	}
}

func (a *archive) compare(d *digest, agrees bool, c Code, where string) {
	switch {
	case d != nil && agrees:
		a.report.Agreed++
	case d != nil:
		a.report.find(c, where)
	}
}

// information reads what the archive says of who made it.
func (a *archive) information(block io.Reader) {
	text, err := io.ReadAll(io.LimitReader(block, lineBytes))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "software") && a.report.Software == "" {
			a.report.Software = oneLine(value, 200)
		}
	}
}

// message reads a request or an answer of HTTP.
func (a *archive) message(rec *record, block io.Reader, where string) {
	d := newDigest(rec.field("warc-payload-digest"))
	keep := int64(0)
	short := rec.field("warc-truncated") != ""
	if short {
		a.report.find(CutShort, where)
	}
	wanted := a.wants(rec)
	if wanted {
		keep = a.limits.Markup
	}
	m, agrees := readMessage(block, d, keep)
	if rec.block.N > 0 {
		return // cut off: nothing can be compared
	}
	a.compare(d, agrees, BadBody, where)
	if rec.field("warc-type") != "response" {
		return
	}
	p := a.page(rec, m)
	if p == nil || p.Status/100 == 2 && (p.Unread == "" || m.status/100 != 2) {
		return // the first answer that holds the page is the page
	}
	p.Status, p.Head, p.Text, p.Links, p.Cut, p.Unread = m.status, m.head, "", nil, short, ""
	if p.At.IsZero() {
		p.At = rec.at()
	}
	if kind := m.kind(); !strings.HasPrefix(kind, "text/") && kind != "application/xhtml+xml" {
		p.Unread = UnreadNoText
		return
	}
	body, cut, ok := m.decoded(a.limits.Markup)
	if !ok {
		p.Unread = UnreadEncoded
		a.report.find(Encoded, where)
		return
	}
	doc := read(body, m.fields.Get("Content-Type"), rec.target(), a.limits)
	p.Text, p.Links, p.Cut, p.Unread = doc.text, doc.links, short || cut || doc.cut, doc.unread
	if short {
		p.Unread = UnreadCutShort
	}
	if p.Title == "" {
		p.Title = doc.title
	}
}

// wants reports whether the body of a record may be that of a page.
func (a *archive) wants(rec *record) bool {
	_, known := a.of[rec.target()]
	return rec.field("warc-type") == "response" && (known || !a.listed && len(a.report.Pages) < a.limits.Pages)
}

// page returns the page that an answer is of; nil when it is of none. Where an archive lists its pages only those are; otherwise every
// page of markup is, up to a number.
func (a *archive) page(rec *record, m message) *Page {
	if place, known := a.of[rec.target()]; known {
		return &a.report.Pages[place]
	}
	if kind := m.kind(); a.listed || m.status/100 != 2 || kind != "text/html" && kind != "application/xhtml+xml" {
		return nil
	}
	if len(a.report.Pages) == a.limits.Pages {
		a.report.Cut = true
		return nil
	}
	a.of[rec.target()] = len(a.report.Pages)
	a.report.Pages = append(a.report.Pages, Page{URL: clean(rec.target(), 2000)})
	return &a.report.Pages[len(a.report.Pages)-1]
}

// revisit notes the answer of a page that is kept elsewhere.
func (a *archive) revisit(rec *record, block io.Reader) {
	m, _ := readMessage(block, nil, 0)
	if p := a.page(rec, m); p != nil && p.Status == 0 {
		p.Status, p.Head, p.Unread = m.status, m.head, UnreadRevisit
	}
}

// shots are the addresses under which writers keep screenshots, the best last.
var shots = []string{"urn:thumbnail:", "urn:view:", "urn:screenshot:", "urn:fullpage:"}

// resource reads something that was kept beside the pages: a screenshot is shown.
func (a *archive) resource(rec *record, block io.Reader, kind, where string) {
	d := newDigest(rec.field("warc-payload-digest"))
	kept := &atMost{}
	of, good := "", 0
	for i, prefix := range shots {
		if target := rec.target(); len(target) > len(prefix) && strings.EqualFold(target[:len(prefix)], prefix) {
			of, good = target[len(prefix):], i+1
		}
	}
	if good > a.picture && strings.HasPrefix(kind, "image/") && rec.length <= a.limits.Picture {
		kept.left = rec.length
	}
	if _, err := io.Copy(io.MultiWriter(d.into(), kept), block); err != nil || rec.block.N > 0 {
		return
	}
	a.compare(d, d != nil && d.agrees(d.hash.Sum(nil)), BadBody, where)
	if len(kept.content) > 0 {
		a.picture = good
		a.report.Picture = &Picture{clean(of, 2000), kind, kept.content}
	}
}

// Recognised reports whether a file that begins so, and has such a name, is an archive of web pages.
func Recognised(head []byte, name string) bool {
	switch {
	case bytes.HasPrefix(head, []byte("WARC/")):
		return true
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(bytes.NewReader(head))
		if err != nil {
			return false
		}
		var first [5]byte
		_, err = io.ReadFull(unpacked, first[:])
		return err == nil && string(first[:]) == "WARC/"
	case !bytes.HasPrefix(head, []byte("PK\x03\x04")) || len(head) < 31:
		return false
	case strings.HasSuffix(strings.ToLower(name), ".wacz"):
		return true
	}
	const named = 30 // bytes before the name of the first file
	for _, first := range []string{"archive/", "indexes/", "pages/", packageFile} {
		if bytes.HasPrefix(head[named:], []byte(first)) {
			return true
		}
	}
	return false
}
