package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
)

const (
	// readingsAtOnce bounds how many files this desk reads at the same time.
	readingsAtOnce = 2
	// promptly is how long an answer waits for a short list to be read to its end.
	promptly = 700 * time.Millisecond
	// readingKept is how long the end of a reading is remembered.
	readingKept = 30 * time.Minute
)

// errBusy says that enough files are being read already.
var errBusy = errors.New("too many files are being read")

// readings are the files that this desk is reading, by edition. What they have come to is in the store; here is how far
// they are, and why one failed.
type readings struct {
	mu    sync.Mutex
	byID  map[homeward.EditionID]*reading
	under map[fileKey]*taking
}

// fileKey tells what is being read: a file of a source.
type fileKey [sha256.Size]byte

// reading is how far one file is.
type reading struct {
	done, total int
	ended       bool
	endedAt     time.Time
	err         error
}

// taking is the taking in of one file. Its fields are set before its channels are closed.
type taking struct {
	opened, ended chan struct{}
	edition       homeward.EditionID // once opened
	err           error              // once ended
}

// of returns how far the reading of an edition is, or nil when this desk is not reading it.
func (rs *readings) of(id homeward.EditionID) *reading {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r, ok := rs.byID[id]
	if !ok {
		return nil
	}
	copied := *r
	return &copied
}

// begin takes a place for one more reading, and forgets those that ended long ago. A file that is being read already,
// because someone confirmed twice, is not read a second time beside it: begun is false, and the taking is the first one's.
func (rs *readings) begin(key fileKey, now time.Time) (t *taking, begun bool, err error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for id, r := range rs.byID {
		if r.ended && now.Sub(r.endedAt) > readingKept {
			delete(rs.byID, id)
		}
	}
	if t, ok := rs.under[key]; ok {
		return t, false, nil
	}
	if len(rs.under) >= readingsAtOnce {
		return nil, false, errBusy
	}
	if rs.under == nil {
		rs.under = map[fileKey]*taking{}
	}
	t = &taking{opened: make(chan struct{}), ended: make(chan struct{})}
	rs.under[key] = t
	return t, true, nil
}

func (rs *readings) change(id homeward.EditionID, fn func(*reading)) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID == nil {
		rs.byID = map[homeward.EditionID]*reading{}
	}
	if rs.byID[id] == nil {
		rs.byID[id] = &reading{}
	}
	fn(rs.byID[id])
}

// end gives the place back.
func (rs *readings) end(key fileKey, t *taking, now time.Time) {
	if t.edition != "" {
		rs.change(t.edition, func(r *reading) { r.ended, r.endedAt, r.err = true, now, t.err })
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.under, key)
	close(t.ended)
}

// read reads a file into the register and returns its edition. A long list is read on after read has returned: the
// edition's page says how far it is. Closing the desk ends a reading between two transactions; the same file taken in
// again goes on there.
func (d *Desk) read(actor homeward.Actor, u upload) (homeward.EditionID, error) {
	key := u.key()
	t, begun, err := d.readings.begin(key, d.Now())
	if err != nil {
		return "", err
	}
	if begun {
		d.work.Go(func() {
			d.takeIn(actor, u, t)
			d.readings.end(key, t, d.Now())
			d.Pipeline.Wake()
		})
	}
	return t.settle(d.life, time.After(promptly))
}

// takeIn reads one file to its end. A panic ends this reading and not the desk.
func (d *Desk) takeIn(actor homeward.Actor, u upload, t *taking) {
	defer func() {
		if broken := recover(); broken != nil {
			t.err = d.panicked(broken)
		}
	}()
	in := u.input()
	in.Opened = func(id homeward.EditionID) {
		t.edition = id
		d.readings.change(id, func(r *reading) { *r = reading{} })
		close(t.opened)
	}
	in.Progress = func(done, total int) {
		d.readings.change(t.edition, func(r *reading) { r.done, r.total = done, total })
	}
	report, err := intake.Import(d.life, d.DB, actor, in)
	if t.err = err; err == nil && t.edition == "" { // the same file was there already
		t.edition = report.Edition
		close(t.opened)
	}
}

// settle waits for the end of a short reading, or for the edition of a long one. An edition's page says why its reading
// failed; only a reading that has no edition fails here.
func (t *taking) settle(life context.Context, patience <-chan time.Time) (homeward.EditionID, error) {
	select {
	case <-t.ended:
	case <-patience:
		select {
		case <-t.opened:
		case <-t.ended:
		case <-life.Done():
			return "", context.Cause(life)
		}
	}
	select {
	case <-t.opened:
		return t.edition, nil
	default:
		return "", t.err
	}
}

// upload is a file that is being previewed.
type upload struct {
	body    []byte
	name    string // of the file, as the clerk's machine calls it
	source  string
	in      homeward.CompartmentID
	edition homeward.Date
	mapping homeward.Mapping // nil: as remembered or recognised
}

func (u upload) input() intake.Input {
	return intake.Input{File: bytes.NewReader(u.body), Source: u.source, Compartment: u.in, Edition: u.edition, Mapping: u.mapping}
}

// key tells the file and its source from every other.
func (u upload) key() (key fileKey) {
	h := sha256.New()
	io.WriteString(h, strings.ToLower(u.source)+"\x00"+string(u.in)+"\x00")
	h.Write(u.body)
	h.Sum(key[:0])
	return key
}
