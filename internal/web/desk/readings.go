package desk

import (
	"bytes"
	"context"
	"errors"
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
	under int
}

// reading is how far one file is.
type reading struct {
	done, total int
	ended       bool
	endedAt     time.Time
	err         error
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

// begin takes a place for one more reading, and forgets those that ended long ago.
func (rs *readings) begin(now time.Time) error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for id, r := range rs.byID {
		if r.ended && now.Sub(r.endedAt) > readingKept {
			delete(rs.byID, id)
		}
	}
	if rs.under >= readingsAtOnce {
		return errBusy
	}
	rs.under++
	return nil
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

func (rs *readings) end(id homeward.EditionID, now time.Time, err error) {
	if id != "" {
		rs.change(id, func(r *reading) { r.ended, r.endedAt, r.err = true, now, err })
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.under--
}

// read reads a file into the register and returns its edition. A long list is read on after read has returned: the
// edition's page says how far it is. Closing the desk ends a reading between two transactions; the same file taken in
// again goes on there.
func (d *Desk) read(actor homeward.Actor, u upload) (homeward.EditionID, error) {
	if err := d.readings.begin(d.Now()); err != nil {
		return "", err
	}
	opened, ended := make(chan homeward.EditionID, 1), make(chan error, 1)
	d.work.Go(func() {
		var edition homeward.EditionID
		in := u.input()
		in.Opened = func(id homeward.EditionID) {
			edition = id
			d.readings.change(id, func(r *reading) { *r = reading{} })
			opened <- id
		}
		in.Progress = func(done, total int) {
			d.readings.change(edition, func(r *reading) { r.done, r.total = done, total })
		}
		report, err := intake.Import(d.life, d.DB, actor, in)
		d.readings.end(edition, d.Now(), err)
		d.Pipeline.Wake()
		if edition == "" && err == nil {
			opened <- report.Edition // the same file was there already
		}
		ended <- err
	})
	return d.settle(opened, ended)
}

// settle waits for the end of a short reading, or for the edition of a long one.
func (d *Desk) settle(opened <-chan homeward.EditionID, ended <-chan error) (homeward.EditionID, error) {
	patience := time.NewTimer(promptly)
	defer patience.Stop()
	select {
	case err := <-ended:
		select {
		case id := <-opened:
			return id, nil // its page says why it failed, when it did
		default:
			return "", err
		}
	case <-patience.C:
	}
	select {
	case id := <-opened:
		return id, nil
	case err := <-ended:
		return "", err
	case <-d.life.Done():
		return "", context.Cause(d.life)
	}
}

// upload is a file that is being previewed.
type upload struct {
	body    []byte
	name    string // of the file, as the clerk's machine calls it
	source  string
	edition homeward.Date
	mapping homeward.Mapping // nil: as remembered or recognised
}

func (u upload) input() intake.Input {
	return intake.Input{File: bytes.NewReader(u.body), Source: u.source, Edition: u.edition, Mapping: u.mapping}
}
