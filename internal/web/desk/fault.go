package desk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/homeward-registry/homeward"
)

// errCrossSite is a request of another site that would change something.
var errCrossSite = errors.New("cross-site request")

// errInvitation is a link that was used or has expired.
var errInvitation = errors.New("invitation is over")

// deniedTo is a page that the reader's role may not open.
type deniedTo struct{ action homeward.Action }

func (e *deniedTo) Error() string { return "action " + string(e.action) + ": denied" }
func (e *deniedTo) Unwrap() error { return homeward.ErrDenied }

type faultPage struct {
	frame
	Status    int
	TitleKey  string
	Words     string
	Ask       string // the roles that may, when the reader's may not
	Reference string
}

// faults says which page each kind of error is. The first that fits counts; what fits none is our fault.
var faults = []struct {
	kind   error
	status int
	key    string
}{
	{errCrossSite, http.StatusForbidden, "crosssite"},
	{errInvitation, http.StatusNotFound, "invitation"},
	{homeward.ErrNotFound, http.StatusNotFound, "notfound"},
	{homeward.ErrDenied, http.StatusForbidden, "denied"},
	{homeward.ErrInvalid, http.StatusBadRequest, "invalid"},
	{homeward.ErrConflict, http.StatusConflict, "conflict"},
	{homeward.ErrUnavailable, http.StatusServiceUnavailable, "unavailable"},
	{homeward.ErrTampered, http.StatusInternalServerError, "tampered"},
}

// fault answers with the page of an error: the one place where a kind becomes a status. A message is shown in the
// reader's words; anything else that is not the reader's doing gets a reference, which is in the log beside the error.
func (v *visit) fault(err error) {
	p := &faultPage{Status: http.StatusInternalServerError, TitleKey: "fault.failed", Words: v.l.T("fault.failed_words")}
	p.Narrow = true
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		p.set(v, http.StatusRequestEntityTooLarge, "toolarge")
	}
	for _, f := range faults {
		if p.TitleKey == "fault.failed" && errors.Is(err, f.kind) {
			p.set(v, f.status, f.key)
		}
	}
	if words, ok := v.message(err); ok {
		p.Words = words
	}
	var denied *deniedTo
	if errors.As(err, &denied) {
		p.Ask = v.rolesThat(denied.action)
	}
	if p.Status >= http.StatusInternalServerError {
		v.reference = reference()
		p.Reference = v.reference
		v.d.Logger.Error("fault", "reference", v.reference, "error", err)
	}
	if err := v.show(p.Status, "fault", p); err != nil {
		v.d.Logger.Error("fault page", "error", err)
	}
}

func (p *faultPage) set(v *visit, status int, key string) {
	p.Status, p.TitleKey, p.Words = status, "fault."+key, v.l.T("fault."+key+"_words")
}

// message returns an error's words for the reader, when it has any.
func (v *visit) message(err error) (string, bool) {
	var m *homeward.Message
	if !errors.As(err, &m) {
		return "", false
	}
	return v.l.Message(m), true
}

// rolesThat lists the roles that may do an action.
func (v *visit) rolesThat(a homeward.Action) string {
	var list []string
	for _, role := range homeward.Roles {
		if (homeward.Actor{Role: role}).Can(a) {
			list = append(list, v.l.T("role."+string(role)))
		}
	}
	return strings.Join(list, ", ")
}

// reference is a short number by which a fault is found in the log.
func reference() string { return rand.Text()[:8] }

// recover turns a panic into the page of a fault, so that one broken page does not take the desk down.
func (v *visit) recover() {
	if broken := recover(); broken != nil {
		v.fault(v.d.panicked(broken))
	}
}

// panicked logs where a panic came from and returns it as an error, neither with the values that caused it.
func (d *Desk) panicked(broken any) error {
	d.Logger.Error("panic", "stack", string(debug.Stack())) // frames and addresses, no values
	return fmt.Errorf("panic of type %T", broken)
}
