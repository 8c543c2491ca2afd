package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/capture"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// Capture captures a page of the open web: [capture.Page] with the operator's chromium.
type Capture func(ctx context.Context, address string) (webarchive.Capture, error)

// step is where a capture is. Each but the last two has its words on the page.
type step string

const (
	stepWaiting   step = "waiting" // for another to end
	stepOpening   step = "opening" // the browser opens the page
	stepKeeping   step = "keeping" // what it brought is sealed
	stepExamining step = "examining"
	stepKept      step = "kept"
	stepFailed    step = "failed"
)

const (
	// capturesWaiting bounds how many captures are asked for at the same time. One is made at a time: a browser takes a lot of memory.
	capturesWaiting = 4
	// captureKept is how long the end of a capture is remembered.
	captureKept = 30 * time.Minute
)

// capturing is how far one capture is.
type capturing struct {
	by      homeward.UserID
	address string
	step    step
	endedAt time.Time
	exhibit homeward.ExhibitID
	problem string // a key of the catalogs
}

// capturings are the captures that this desk makes, by a token.
type capturings struct {
	mu   sync.Mutex
	of   map[string]*capturing
	turn sync.Mutex // held by the one that is made
}

// begin takes a place for one more; false when enough are waiting.
func (c *capturings) begin(token string, of capturing, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := 0
	for id, x := range c.of {
		if x.endedAt.IsZero() {
			waiting++
		} else if now.Sub(x.endedAt) > captureKept {
			delete(c.of, id)
		}
	}
	if waiting >= capturesWaiting {
		return false
	}
	if c.of == nil {
		c.of = map[string]*capturing{}
	}
	of.step = stepWaiting
	c.of[token] = &of
	return true
}

// look returns how far a capture is, for who asked for it.
func (c *capturings) look(token string, who homeward.UserID) (capturing, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, there := c.of[token]
	if !there || x.by != who {
		return capturing{}, false
	}
	return *x, true
}

func (c *capturings) change(token string, fn func(*capturing)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn(c.of[token])
}

// capture makes a capture in the background. Closing the desk ends it: what was not kept by then is not kept.
func (d *Desk) capture(actor homeward.Actor, token, address string, to evidence.Delivery) {
	at := func(s step) { d.captures.change(token, func(c *capturing) { c.step = s }) }
	e, err := d.captureNow(actor, address, to, at)
	if err != nil {
		d.Logger.Info("no capture", "actor", string(actor.ID), "because", failureOf(err))
	}
	d.captures.change(token, func(c *capturing) {
		if c.endedAt, c.step, c.exhibit = d.Now(), stepKept, e.ID; err != nil {
			c.step, c.problem = stepFailed, failureOf(err)
		}
	})
}

func (d *Desk) captureNow(actor homeward.Actor, address string, to evidence.Delivery, at func(step)) (e homeward.Exhibit, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = d.panicked(broken)
		}
	}()
	d.captures.turn.Lock()
	defer d.captures.turn.Unlock()
	at(stepOpening)
	got, err := d.Capture(d.life, address)
	if err != nil {
		return e, err
	}
	at(stepKeeping)
	key, err := d.DB.CaptureSigner(d.life)
	if err != nil {
		return e, err
	}
	var file bytes.Buffer
	if err := webarchive.Write(&file, got, &key); err != nil {
		return e, err
	}
	if e, err = evidence.Receive(d.life, d.DB, actor, evidence.Captured(to, got, file.Bytes())); err != nil {
		return e, err
	}
	at(stepExamining)
	if d.Captures.Program == "" {
		return e, nil
	}
	// A capture that can not be examined is kept all the same, and its page says that it was not.
	if _, verdict, err := d.Captures.Examine(d.life, d.DB, actor, e); err != nil || verdict != evidence.VerdictMade {
		d.Logger.Info("no examination", "exhibit", string(e.ID), "verdict", string(verdict))
	}
	return e, nil
}

// failureOf returns the key of what is said of a capture that failed.
func failureOf(err error) string {
	switch {
	case errors.Is(err, capture.ErrNoBrowser), errors.Is(err, capture.ErrRoot):
		return "capturing.wrong.browser"
	case errors.Is(err, homeward.ErrDenied), errors.Is(err, homeward.ErrInvalid):
		return "capturing.wrong.refused"
	case errors.Is(err, homeward.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "capturing.wrong.unreachable"
	}
	return "capturing.wrong.fault"
}

// capturingPage is a capture that is being made, or was not.
type capturingPage struct {
	frame
	Token, Address, Problem string
	Step                    step
	Running                 bool
}

// showCapturing shows how far a capture is, to who asked for it, and leads to the exhibit when it is kept.
func (d *Desk) showCapturing(v *visit) error {
	token := v.r.PathValue("token")
	c, there := d.captures.look(token, v.user.ID)
	switch {
	case !there:
		v.tell("notice.capturing.gone", "")
		return v.redirect("/captures/new")
	case c.step == stepKept:
		v.tell("notice.capturing.kept", "")
		return v.redirect("/exhibits/" + string(c.exhibit))
	}
	p := &capturingPage{Token: token, Address: c.address, Step: c.step, Running: c.step != stepFailed}
	p.Narrow = true
	if c.problem != "" {
		p.Problem = v.l.T(c.problem)
	}
	return v.show(http.StatusOK, "capturing", p)
}
