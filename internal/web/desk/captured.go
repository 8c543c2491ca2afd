package desk

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

type capturedPage struct {
	frame
	homeward.Exhibit
	Picture    homeward.ExhibitID
	Examined   bool
	Report     webarchive.Report
	Ours       bool // signed with a key of this register
	At         int  // which of the pages is shown
	Page       *webarchive.Page
	MayAdd     bool
	MayCapture bool
	Same       []homeward.Exhibit // captures to compare with: from the same giver
	Rest       []homeward.Exhibit // and all others
}

// capturedPolicy lets a page that shows a stranger's words load a stylesheet and pictures of its own host and send forms to it. No
// script runs, not even ours.
const capturedPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// derived is what was made of an exhibit, as far as pages show it: the newest of each kind.
type derived struct {
	picture, examination homeward.ExhibitID
	verdict              string
}

// madeOf reads it from the derivatives, the newest first.
func madeOf(list []homeward.Exhibit) (d derived) {
	for _, e := range list {
		switch {
		case e.Kind == homeward.ExhibitThumbnail && d.picture == "":
			d.picture = e.ID
		case e.Kind == homeward.ExhibitExamination && d.examination == "":
			d.examination, d.verdict = e.ID, e.Intake.Verdict
		}
	}
	return d
}

// showCaptured shows what an examination found in a web capture, and a page of it as plain text. Custody of the examination says
// so first.
func (d *Desk) showCaptured(v *visit) error {
	p := &capturedPage{}
	var made derived
	err := v.view(func(tx *store.Tx) (err error) {
		if p.Exhibit, err = tx.Exhibit(homeward.ExhibitID(v.r.PathValue("exhibit"))); err != nil {
			return err
		}
		if p.Kind != homeward.ExhibitCapture {
			return errNoCapture
		}
		list, err := tx.Exhibits(store.ExhibitFilter{Parent: p.ID})
		if err != nil {
			return err
		}
		made = madeOf(list)
		if p.Same, p.Rest, err = others(tx, p.Exhibit); err != nil {
			return err
		}
		who, err := tx.Access()
		p.MayAdd = homeward.Can(who, homeward.ActionAddExhibit, homeward.Resource{Compartment: p.Compartment, Class: p.Class}) && d.Captures.Program != ""
		p.MayCapture = d.Capture != nil && homeward.Can(who, homeward.ActionCapture, homeward.Resource{Compartment: p.Compartment, Class: p.Class})
		return err
	})
	if err == nil && made.examination != "" {
		p.Picture, p.Examined = made.picture, true
		p.Report, err = evidence.Examination(v.ctx(), d.DB, v.user.Actor(), made.examination)
	}
	if err == nil && p.Report.Signature != nil {
		p.Ours, err = v.signedHere(*p.Report.Signature)
	}
	if err != nil {
		return err
	}
	at, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || at < 1 || at > len(p.Report.Pages) {
		at = 1
	}
	if at <= len(p.Report.Pages) {
		p.At, p.Page = at, &p.Report.Pages[at-1]
	}
	v.w.Header().Set("Content-Security-Policy", capturedPolicy)
	return v.show(http.StatusOK, "captured", p)
}

// signedHere reports whether a capture is signed with a key of this register.
func (v *visit) signedHere(s webarchive.Signature) (ours bool, err error) {
	return ours, v.view(func(tx *store.Tx) error {
		keys, err := tx.CaptureKeys()
		ours = s.Valid && slices.ContainsFunc(keys, func(k store.CaptureKey) bool { return k.Name == s.Key })
		return err
	})
}

var errNoCapture = &homeward.Message{Key: "capture.wrong.kind", Kind: homeward.ErrConflict, Text: "only a web capture is shown as a page"}

// examine reads a capture again.
func (d *Desk) examine(v *visit) error {
	var e homeward.Exhibit
	err := v.view(func(tx *store.Tx) (err error) {
		e, err = tx.Exhibit(homeward.ExhibitID(v.r.PathValue("exhibit")))
		return err
	})
	if err == nil && e.Kind != homeward.ExhibitCapture {
		err = errNoCapture
	}
	if err == nil {
		err = d.examineCapture(v, e)
	}
	if err != nil {
		return err
	}
	v.tell("notice.capture.examined", "")
	return v.redirect(v.exhibitPath() + "/capture")
}

// examineCapture reads a capture in a process of its own. It may take longer than an answer usually does.
func (d *Desk) examineCapture(v *visit, e homeward.Exhibit) error {
	if d.Captures.Program == "" {
		return errUnread
	}
	if err := http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(2 * patience)); err != nil {
		return err
	}
	_, verdict, err := d.Captures.Examine(v.ctx(), d.DB, v.user.Actor(), e)
	if err == nil && verdict != evidence.VerdictMade {
		d.Logger.Info("no examination", "exhibit", string(e.ID), "verdict", string(verdict))
		err = errUnread
	}
	return err
}

var errUnread = &homeward.Message{Key: "capture.wrong.read", Kind: homeward.ErrConflict, Text: "the capture could not be examined"}
