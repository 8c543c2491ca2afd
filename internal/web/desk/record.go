package desk

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// recordPage is one record as its source said it, with what was laid upon it since. It is reached from the child's page, and
// from the list of marks when the record stands on no child's page any longer.
type recordPage struct {
	frame
	Record  recordView
	State   homeward.RecordState
	Person  homeward.PersonID // empty when no child's page holds it
	Claims  []store.PlacedClaim
	Marks   []markView
	Grounds []homeward.MarkGround // of a restriction
	Problem string                // key of the catalogs

	MayRetract, MayRestrict, MayHold, MayErase bool
}

// markRoutes is the part of the table of routes that marks have.
func (d *Desk) markRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionSeePerson, "GET /marks", d.showMarks),
		may(homeward.ActionLift, "POST /marks/{mark}/lift", d.liftMark),
		may(homeward.ActionSeePerson, "GET /records/{record}", d.showRecord),
		may(homeward.ActionRetract, "POST /records/{record}/retract", d.retract),
		may(homeward.ActionRestrict, "POST /records/{record}/restrict", d.restrict),
		may(homeward.ActionHold, "POST /records/{record}/hold", d.hold),
	}
}

func (d *Desk) showRecord(v *visit) error { return v.showRecordPage(http.StatusOK, "") }

func (v *visit) showRecordPage(status int, problem string) error {
	p := &recordPage{Problem: problem, Grounds: homeward.Restriction.Grounds()}
	id := homeward.RecordID(v.r.PathValue("record"))
	err := v.view(func(tx *store.Tx) error {
		r, err := tx.Record(id)
		if err != nil {
			return err
		}
		if p.Claims, err = tx.Claims(id); err != nil {
			return err
		}
		if err := v.drawRecord(tx, p, r); err != nil {
			return err
		}
		marks, err := tx.MarksOf(id)
		if err != nil {
			return err
		}
		p.Marks, err = v.marks(tx, marks)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "record", p)
}

func (v *visit) drawRecord(tx *store.Tx, p *recordPage, r homeward.Record) error {
	source, err := tx.Source(r.Source)
	if err != nil {
		return err
	}
	named := map[homeward.SourceID]homeward.Source{r.Source: source}
	v.nameSources(named)
	p.State = r.State
	p.Record = recordView{ID: r.ID, Withheld: r.Withheld.List(), Source: named[r.Source].Name, AsOf: v.l.Date(r.AsOf), Cells: r.Row, ReceivedAt: r.ReceivedAt, Line: r.Line}
	if p.Person, err = tx.PersonOf(r.ID); err != nil && !errors.Is(err, homeward.ErrNotFound) {
		return err
	}
	who, err := tx.Access()
	p.MayRetract = homeward.Can(who, homeward.ActionRetract, placed(r))
	p.MayRestrict = homeward.Can(who, homeward.ActionRestrict, placed(r))
	p.MayErase = homeward.Can(who, homeward.ActionAskErasure, placed(r))
	p.MayHold = homeward.Can(who, homeward.ActionHold, placed(r))
	return err
}

func (d *Desk) retract(v *visit) error {
	claim, err := strconv.Atoi(v.r.PostFormValue("claim"))
	if err != nil || claim < homeward.WholeRecord {
		return homeward.ErrInvalid
	}
	return v.mark(func(tx *store.Tx, id homeward.RecordID, reason string) error {
		_, err := tx.Retract(id, claim, reason)
		return err
	})
}

func (d *Desk) restrict(v *visit) error {
	return v.mark(func(tx *store.Tx, id homeward.RecordID, reason string) error {
		about, err := v.about(tx, id)
		if err == nil {
			_, err = tx.Restrict(about, homeward.MarkGround(v.r.PostFormValue("ground")), reason)
		}
		return err
	})
}

func (d *Desk) hold(v *visit) error {
	return v.mark(func(tx *store.Tx, id homeward.RecordID, reason string) error {
		about, err := v.about(tx, id)
		if err == nil {
			_, err = tx.Hold(about, reason)
		}
		return err
	})
}

// about returns the records that the form is about: this one, or all of the child's.
func (v *visit) about(tx *store.Tx, id homeward.RecordID) ([]homeward.RecordID, error) {
	if v.r.PostFormValue("all") == "" {
		return []homeward.RecordID{id}, nil
	}
	p, err := tx.Person(homeward.PersonID(id))
	if errors.Is(err, homeward.ErrNotFound) {
		return []homeward.RecordID{id}, nil // it stands on no child's page any longer
	}
	return p.Records, err
}

// mark lays a mark with the reason of the form, and leads back to the record.
func (v *visit) mark(lay func(tx *store.Tx, id homeward.RecordID, reason string) error) error {
	reason, err := v.written()
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showRecordPage(http.StatusUnprocessableEntity, "mark.no_reason")
	}
	id := homeward.RecordID(v.r.PathValue("record"))
	err = v.update(func(tx *store.Tx) error { return lay(tx, id, reason) })
	if errors.Is(err, homeward.ErrConflict) {
		return v.showRecordPage(http.StatusConflict, "mark.already")
	}
	if err != nil {
		return err
	}
	v.d.Pipeline.Wake()
	v.tell("notice.marked", "")
	return v.redirect("/records/" + string(id))
}
