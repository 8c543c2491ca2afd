package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// erasuresShown is how many requests a page lists.
const erasuresShown = 50

type erasuresPage struct {
	frame
	Rows    []erasureView
	Next    homeward.ErasureID // of the last one, when there are more
	Record  string             // to ask for, when a page led here
	Ground  string             // as it was sent, when the form was refused
	Asker   string             // likewise
	Grounds []homeward.ErasureGround
	Problem string // key of the catalogs
}

// erasureView is a request as pages show it.
type erasureView struct {
	homeward.Erasure
	Standing homeward.ErasureState
	Who      string
	DueOn    time.Time
	Acts     []erasureActView

	Held                         bool
	MayCheck, MayApprove, MayEnd bool
}

type erasureActView struct {
	homeward.ErasureAct
	Who string
}

// erasureRoutes is the part of the table of routes that erasures have.
func (d *Desk) erasureRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionAskErasure, "GET /erasures", d.showErasures),
		may(homeward.ActionAskErasure, "POST /erasures", d.askErasure),
		may(homeward.ActionAskErasure, "GET /erasures/{erasure}", d.showErasure),
		may(homeward.ActionAskErasure, "POST /erasures/{erasure}", d.actOnErasure),
	}
}

func (d *Desk) showErasures(v *visit) error {
	return v.showErasuresPage(http.StatusOK, v.r.URL.Query().Get("record"), "")
}

func (v *visit) showErasuresPage(status int, record, problem string) error {
	p := &erasuresPage{Record: record, Ground: v.r.PostFormValue("ground"), Asker: v.r.PostFormValue("reason"), Problem: problem, Grounds: homeward.ErasureGrounds}
	err := v.view(func(tx *store.Tx) error {
		before := homeward.ErasureID(v.r.URL.Query().Get("before"))
		list, err := tx.Erasures(store.ErasurePage{Before: before, Limit: erasuresShown + 1})
		if err != nil {
			return err
		}
		if p.Next = ""; len(list) > erasuresShown {
			list = list[:erasuresShown]
			p.Next = list[erasuresShown-1].ID
		}
		p.Rows, err = v.erasures(tx, list)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "erasures", p)
}

// erasures draws requests, with what the reader may do about each.
func (v *visit) erasures(tx *store.Tx, list []homeward.Erasure) ([]erasureView, error) {
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	out := make([]erasureView, len(list))
	for i, e := range list {
		x := erasureView{Erasure: e, Standing: e.State(), Who: v.whoever(e.By, names), DueOn: e.Due()}
		for _, a := range e.Acts {
			who := v.l.T("role.system")
			if a.By != homeward.System.ID {
				who = v.whoever(a.By, names)
			}
			x.Acts = append(x.Acts, erasureActView{a, who})
		}
		if e.Open() {
			if x.Held, err = tx.ErasureHeld(e); err != nil {
				return nil, err
			}
		}
		x.MayCheck = x.Standing == homeward.ErasureAsked
		x.MayApprove = e.Approvable(v.user.ID) && v.can(homeward.ActionApproveErasure)
		x.MayEnd = e.Open() && x.Standing != homeward.ErasureRunning
		out[i] = x
	}
	return out, nil
}

// askErasure enters a request for all records of a child. The record's id is posted: an address does not say who is to be erased.
func (d *Desk) askErasure(v *visit) error {
	record := v.r.PostFormValue("record")
	asker, err := v.written()
	if err != nil {
		return err
	}
	if asker == "" {
		return v.showErasuresPage(http.StatusUnprocessableEntity, record, "erasure.no_asker")
	}
	var e homeward.Erasure
	err = v.update(func(tx *store.Tx) error {
		records := []homeward.RecordID{homeward.RecordID(record)}
		p, err := tx.Person(homeward.PersonID(record))
		if err == nil {
			records = p.Records
		} else if !errors.Is(err, homeward.ErrNotFound) {
			return err
		}
		e, err = tx.AskErasure(homeward.PersonID(record), records, homeward.ErasureGround(v.r.PostFormValue("ground")), asker)
		return err
	})
	switch {
	case errors.Is(err, homeward.ErrConflict):
		return v.showErasuresPage(http.StatusConflict, record, "erasure.already")
	case errors.Is(err, homeward.ErrNotFound):
		return v.showErasuresPage(http.StatusUnprocessableEntity, record, "erasure.no_record")
	case err != nil:
		return err
	}
	v.tell("notice.erasure_asked", "")
	return v.redirect("/erasures/" + string(e.ID))
}

type erasurePage struct {
	frame
	Erasure erasureView
	Problem string // key of the catalogs
}

func (d *Desk) showErasure(v *visit) error { return v.showErasurePage(http.StatusOK, "") }

func (v *visit) showErasurePage(status int, problem string) error {
	p := &erasurePage{Problem: problem}
	err := v.view(func(tx *store.Tx) error {
		e, err := tx.Erasure(homeward.ErasureID(v.r.PathValue("erasure")))
		if err != nil {
			return err
		}
		list, err := v.erasures(tx, []homeward.Erasure{e})
		if err == nil {
			p.Erasure = list[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "erasure", p)
}

// actOnErasure records the check of who asks, an approval, or a refusal.
func (d *Desk) actOnErasure(v *visit) error {
	id := homeward.ErasureID(v.r.PathValue("erasure"))
	words, err := v.written()
	if err != nil {
		return err
	}
	do := map[string]func(*store.Tx, homeward.ErasureID, string) error{
		"check": (*store.Tx).CheckIdentity, "approve": (*store.Tx).ApproveErasure, "refuse": (*store.Tx).RefuseErasure,
	}[v.r.PostFormValue("do")]
	if do == nil {
		return homeward.ErrInvalid
	}
	if words == "" {
		return v.showErasurePage(http.StatusUnprocessableEntity, "mark.no_reason")
	}
	err = v.update(func(tx *store.Tx) error { return do(tx, id, words) })
	if errors.Is(err, homeward.ErrConflict) || errors.Is(err, homeward.ErrDenied) {
		return v.showErasurePage(http.StatusConflict, "erasure.not_now")
	}
	if err != nil {
		return err
	}
	v.tell("notice.erasure_acted", "")
	return v.redirect("/erasures/" + string(id))
}
