package desk

import (
	"cmp"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// compared is one of two captures.
type compared struct {
	homeward.Exhibit
	At     time.Time // of its first page; of its receipt where none says so
	Report webarchive.Report
}

// differencePage is what became of a page between two captures.
type differencePage struct {
	frame
	Earlier, Later compared
	Facts          []webarchive.Fact
	More           bool
	Gaps           []webarchive.Gap
}

const (
	// factsShown is how many differences a page shows.
	factsShown = 200
	// capturesOffered is how many captures a page offers to compare with.
	capturesOffered = 50
)

// What stands in the way of comparing.
var (
	errNoOther    = &homeward.Message{Key: "capture.wrong.other", Kind: homeward.ErrConflict, Text: "a capture is compared with another"}
	errUnexamined = &homeward.Message{Key: "capture.wrong.unexamined", Kind: homeward.ErrConflict, Text: "a capture was not examined"}
	errDamaged    = &homeward.Message{Key: "capture.wrong.damaged", Kind: homeward.ErrConflict, Text: "a damaged capture is compared with nothing"}
)

// showDifference shows the difference of two captures as facts. Custody of both examinations says so first.
func (d *Desk) showDifference(v *visit) error {
	p := &differencePage{}
	var made [2]homeward.ExhibitID
	both := []*compared{&p.Earlier, &p.Later}
	err := v.view(func(tx *store.Tx) (err error) {
		for i, id := range []string{v.r.PathValue("exhibit"), v.r.URL.Query().Get("with")} {
			if i == 1 && (id == "" || homeward.ExhibitID(id) == both[0].ID) {
				return errNoOther
			}
			if both[i].Exhibit, err = tx.Exhibit(homeward.ExhibitID(id)); err != nil {
				return err
			}
			if both[i].Kind != homeward.ExhibitCapture {
				return errNoCapture
			}
			list, err := tx.Exhibits(store.ExhibitFilter{Parent: both[i].ID})
			if err != nil {
				return err
			}
			if made[i] = madeOf(list).examination; made[i] == "" {
				return errUnexamined
			}
		}
		return nil
	})
	for i, c := range both {
		if err == nil {
			c.Report, err = evidence.Examination(v.ctx(), d.DB, v.user.Actor(), made[i])
		}
		if err == nil && (c.Report.Verdict == webarchive.Damaged || c.Report.Verdict == webarchive.Unreadable) {
			err = errDamaged
		}
	}
	if err != nil {
		return err
	}
	p.compare()
	v.w.Header().Set("Content-Security-Policy", capturedPolicy)
	return v.show(http.StatusOK, "difference", p)
}

// compare puts the two in the order of time and compares them.
func (p *differencePage) compare() {
	for _, c := range []*compared{&p.Earlier, &p.Later} {
		if c.At = c.Exhibit.At; len(c.Report.Pages) > 0 && !c.Report.Pages[0].At.IsZero() {
			c.At = c.Report.Pages[0].At
		}
	}
	if cmp.Or(p.Later.At.Compare(p.Earlier.At), p.Later.Exhibit.At.Compare(p.Earlier.Exhibit.At)) < 0 {
		p.Earlier, p.Later = p.Later, p.Earlier
	}
	p.Facts, p.Gaps = webarchive.Compare(p.Earlier.Report, p.Later.Report), webarchive.Uncompared(p.Earlier.Report, p.Later.Report)
	if p.More = len(p.Facts) > factsShown; p.More {
		p.Facts = p.Facts[:factsShown]
	}
}

// others returns the captures that one may be compared with, those from the same giver first.
func others(tx *store.Tx, of homeward.Exhibit) (same, rest []homeward.Exhibit, err error) {
	list, err := tx.Exhibits(store.ExhibitFilter{Kind: homeward.ExhibitCapture, Limit: capturesOffered + 1})
	for _, e := range list {
		switch {
		case e.ID == of.ID:
		case e.Intake.From != "" && e.Intake.From == of.Intake.From:
			same = append(same, e)
		default:
			rest = append(rest, e)
		}
	}
	return same, rest, err
}
