package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type glassPage struct {
	frame
	Record   string // to open, when a page led here
	Problem  string // key of the catalogs
	Broken   int    // times within the last day
	Most     int
	Often    []string // who else reached the most
	Own      []glassView
	ToReview []glassView
}

type glassView struct {
	homeward.Glass
	By   string
	Open bool
}

// glassShown is how much broken glass the page lists of each kind.
const glassShown = 50

func (d *Desk) showGlass(v *visit) error {
	return v.showGlassPage(http.StatusOK, v.r.URL.Query().Get("record"), "")
}

func (v *visit) showGlassPage(status int, record, problem string) error {
	p := &glassPage{Record: record, Problem: problem, Most: homeward.GlassMost}
	err := v.view(func(tx *store.Tx) error {
		names, err := userNames(tx)
		if err != nil {
			return err
		}
		if err := p.counts(tx, names); err != nil {
			return err
		}
		own, err := tx.OwnGlass(glassShown)
		if err != nil {
			return err
		}
		p.Own = glassViews(own, names, tx.Now)
		others, err := tx.GlassToReview(glassShown)
		p.ToReview = glassViews(others, names, tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "glass", p)
}

// Left is how often the reader can still break the glass today.
func (p *glassPage) Left() int { return max(p.Most-p.Broken, 0) }

// counts reads how often the reader broke the glass, and for who reviews, who else did too often.
func (p *glassPage) counts(tx *store.Tx, names map[homeward.UserID]string) (err error) {
	if p.Broken, err = tx.GlassBroken(); err != nil {
		return err
	}
	often, err := tx.GlassOften()
	p.Often = nil
	for _, id := range often {
		p.Often = append(p.Often, names[id])
	}
	return err
}

func glassViews(list []homeward.Glass, names map[homeward.UserID]string, now time.Time) (out []glassView) {
	for _, g := range list {
		out = append(out, glassView{g, names[g.By], g.Until.After(now)})
	}
	return out
}

// breakGlass opens one record, and leads to it. The record's id is posted: an address does not say what was opened.
func (d *Desk) breakGlass(v *visit) error {
	record := v.r.PostFormValue("record")
	reason, err := v.written()
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showGlassPage(http.StatusUnprocessableEntity, record, "glass.no_reason")
	}
	err = v.update(func(tx *store.Tx) error {
		_, err := tx.BreakGlass(homeward.RecordID(record), reason)
		return err
	})
	if errors.Is(err, homeward.ErrConflict) {
		return v.showGlassPage(http.StatusConflict, record, "glass.too_often")
	}
	if err != nil {
		return err
	}
	v.tell("notice.glass", "")
	return v.redirect("/persons/" + record)
}

// reviewGlass keeps what a supervisor found.
func (d *Desk) reviewGlass(v *visit) error {
	finding, err := v.written()
	if err != nil {
		return err
	}
	if finding == "" {
		return v.showGlassPage(http.StatusUnprocessableEntity, "", "glass.no_finding")
	}
	err = v.update(func(tx *store.Tx) error {
		return tx.ReviewGlass(homeward.GlassID(v.r.PathValue("glass")), homeward.GlassState(v.r.PostFormValue("state")), finding)
	})
	if err != nil {
		return err
	}
	v.tell("notice.glass_reviewed", "")
	return v.redirect("/glass")
}
