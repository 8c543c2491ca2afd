package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/debug"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

const (
	// captureBytes bounds a capture of the register that is examined: what lies sealed is read as a stream, and a ZIP must be
	// held as a whole to be read. A file on a disk has no such bound.
	captureBytes   = 192 << 20
	captureSeconds = 60
	captureTime    = 90 * time.Second
	reportBytes    = 64 << 20
)

// Captures reads web captures in a process of its own, which reaches no network and is bound in memory and time, and makes small
// pictures of their screenshots in another. The zero value examines none.
type Captures struct {
	Program string   // this program
	Reader  []string // arguments that make it call [ReadCapture] with its standard streams
	Picture []string // and [DecodePage]
}

// reading is what [ReadCapture] writes.
type reading struct {
	Report  webarchive.Report
	Picture *webarchive.Picture
}

// ReadCapture is the whole life of the process that reads a web capture: it binds itself, reads and verifies what it gets, writes
// the report and returns the exit code.
func ReadCapture(in *os.File, out io.Writer) (code int) {
	defer func() {
		if recover() != nil {
			code = exitBroken
		}
	}()
	if bind(captureSeconds) != nil {
		return exitBroken
	}
	debug.SetMemoryLimit(800 << 20)
	var bytesOf io.ReaderAt = in
	info, err := in.Stat()
	if err != nil {
		return exitBroken
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		content, err := io.ReadAll(io.LimitReader(in, captureBytes+1))
		if err != nil {
			return exitBroken
		}
		if len(content) > captureBytes {
			return exitLarge
		}
		bytesOf, size = bytes.NewReader(content), int64(len(content))
	}
	r := webarchive.Read(bytesOf, size, webarchive.Usual)
	if json.NewEncoder(out).Encode(reading{r, r.Picture}) != nil {
		return exitBroken
	}
	return 0
}

// Read reads a capture that is given as a file or as a stream. Where the verdict of the process is not [VerdictMade] there is no
// report.
func (c Captures) Read(ctx context.Context, in io.Reader) (webarchive.Report, Verdict) {
	text, verdict := apart(ctx, captureTime, reportBytes, in, c.Program, c.Reader...)
	var got reading
	if verdict == VerdictMade && json.Unmarshal(text, &got) != nil {
		verdict = VerdictBroken
	}
	got.Report.Picture = got.Picture
	return got.Report, verdict
}

// Captured completes what is told of a capture that was made here, and its bytes: kind, name, when, how, of whom and with what.
func Captured(d Delivery, c webarchive.Capture, file []byte) Delivery {
	host := "page"
	if u, err := url.Parse(c.Final); err == nil {
		host = u.Hostname()
	}
	d.Exhibit.Kind, d.Bytes = homeward.ExhibitCapture, bytes.NewReader(file)
	in := &d.Exhibit.Intake
	in.Name, in.Collected = host+"-"+c.Start.UTC().Format("20060102T150405Z")+".wacz", c.Start.Truncate(time.Second)
	in.Method, in.From, in.Tool = homeward.MethodCaptured, host, c.Software+", "+c.Browser
	return d
}

// Examine reads a capture of the register, and keeps what was found and a small picture of its screenshot as derivatives. The
// verdict of the archive is told by the examination's intake record. Whatever it is, the capture stays as it is.
func (c Captures) Examine(ctx context.Context, db *store.DB, actor homeward.Actor, e homeward.Exhibit) (homeward.Exhibit, Verdict, error) {
	if e.Size > captureBytes {
		return homeward.Exhibit{}, VerdictLarge, nil
	}
	_, original, err := db.ReadExhibit(ctx, actor, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "an examination"})
	if err != nil {
		return homeward.Exhibit{}, "", fmt.Errorf("examine capture: %w", err)
	}
	whole := &faithful{r: original}
	r, verdict := c.Read(ctx, whole)
	if err := errors.Join(whole.fault, original.Close()); err != nil || verdict != VerdictMade {
		return homeward.Exhibit{}, verdict, err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return homeward.Exhibit{}, "", fmt.Errorf("examine capture %s: %w", e.ID, err)
	}
	made, err := receive(ctx, db, actor, Delivery{
		Exhibit: homeward.Exhibit{
			Kind: homeward.ExhibitExamination, Parent: e.ID,
			Intake: homeward.Intake{Name: "examination.json", Collector: "Homeward", Method: homeward.MethodDerived, Tool: "Homeward, reader of WACZ and WARC; text only", Verdict: string(r.Verdict)},
		},
		Purpose: "to be shown in place of the capture", Bytes: bytes.NewReader(text),
	})
	if err != nil || r.Picture == nil {
		return made, VerdictMade, err
	}
	return made, VerdictMade, c.shot(ctx, db, actor, e, r.Picture.Content)
}

// shot keeps a small picture of a screenshot. One that can not be decoded is none.
func (c Captures) shot(ctx context.Context, db *store.DB, actor homeward.Actor, e homeward.Exhibit, picture []byte) error {
	small, verdict := Thumbnails{c.Program, c.Picture}.of(ctx, picture)
	if verdict != VerdictMade {
		return nil
	}
	_, err := receive(ctx, db, actor, Delivery{
		Exhibit: homeward.Exhibit{
			Kind: homeward.ExhibitThumbnail, Parent: e.ID,
			Intake: homeward.Intake{Name: "screenshot.jpg", Collector: "Homeward", Method: homeward.MethodDerived, Tool: "Homeward, image decoders of Go; metadata left out"},
		},
		Purpose: "to be shown in place of the screenshot", Bytes: bytes.NewReader(small),
	})
	return err
}

// faithful remembers why a stream could not be read: a process that gets less sees only its end.
type faithful struct {
	r     io.Reader
	fault error
}

func (f *faithful) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.fault = err
	}
	return n, err
}

// Examination reads what an examination found. Custody says so first.
func Examination(ctx context.Context, db *store.DB, actor homeward.Actor, id homeward.ExhibitID) (webarchive.Report, error) {
	var r webarchive.Report
	e, bytes, err := db.ReadExhibit(ctx, actor, id, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "shown on a page"})
	if err != nil {
		return r, err
	}
	text, err := io.ReadAll(bytes)
	if err := errors.Join(err, bytes.Close()); err != nil {
		return r, err
	}
	if e.Kind != homeward.ExhibitExamination {
		return r, fmt.Errorf("read examination %s: it is none: %w", id, homeward.ErrInvalid)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read examination %s: %w", id, homeward.ErrTampered)
	}
	return r, nil
}
