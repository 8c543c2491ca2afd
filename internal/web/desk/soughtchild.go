package desk

import (
	"errors"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/store"
)

// soughtChildPage is the form by which a child is added to a request, or what is known of one is corrected.
type soughtChildPage struct {
	frame
	Request  homeward.RequestID
	Corrects homeward.RecordID // empty: the child is new
	Name     string            // of the child that is corrected
	Refused  string
	Wrong    int
	Fields   []question
	Siblings []option // whether the new child is one; nil where that cannot be
	Why      question
}

// draftChild is a child that is written down and was not sent yet.
type draftChild struct {
	child   casework.Child
	sibling bool
	why     string
}

// showNewChild shows the form of one more child, empty or as it was checked; or, when it was checked, whom it may be.
func (d *Desk) showNewChild(v *visit) error {
	token := v.r.URL.Query().Get("draft")
	if token == "" {
		return v.showChildForm(http.StatusOK, "", draftChild{}, nil, "")
	}
	held, ok := d.drafts.take(v.user.ID, token)
	switch {
	case !ok || held.into != homeward.RequestID(v.r.PathValue("request")):
		return v.showChildForm(http.StatusGone, "", draftChild{}, nil, v.l.T("newrequest.gone"))
	case v.r.URL.Query().Get("change") != "":
		return v.showChildForm(http.StatusOK, "", draftChild{child: held.Children[0], sibling: held.Siblings}, nil, "")
	}
	return v.showAlike(token, held)
}

// addChild searches for the child that was written, or adds the one that was searched for.
func (d *Desk) addChild(v *visit) error {
	id := homeward.RequestID(v.r.PathValue("request"))
	if token := v.r.PostFormValue("draft"); token != "" {
		held, ok := d.drafts.take(v.user.ID, token)
		if !ok || held.into != id {
			return v.showChildForm(http.StatusGone, "", draftChild{}, nil, v.l.T("newrequest.gone"))
		}
		_, err := d.casework().Add(v.ctx(), v.user.Actor(), id, held.Children[0], held.Siblings)
		if words, known := v.message(err); known {
			return v.showChildForm(http.StatusConflict, "", draftChild{child: held.Children[0], sibling: held.Siblings}, nil, words)
		}
		if err != nil {
			return err
		}
		d.drafts.drop(token)
		return v.backToRequest(id, "notice.child_added")
	}
	written := v.draftChild()
	draft := casework.Draft{Children: []casework.Child{written.child}, Siblings: written.sibling}
	if wrong := draft.CheckChild(0, homeward.DayOf(d.DB.Now())); len(wrong) > 0 {
		return v.showChildForm(http.StatusUnprocessableEntity, "", written, wrong, "")
	}
	err := v.view(func(tx *store.Tx) error {
		_, err := tx.Request(id)
		return err
	})
	if err != nil {
		return err
	}
	token := d.drafts.put(v.user.ID, heldDraft{Draft: draft, into: id}, 0)
	return v.redirect("/requests/" + string(id) + "/children?draft=" + token)
}

// showCorrection shows what is known of a child, to be corrected.
func (d *Desk) showCorrection(v *visit) error {
	return v.showChildForm(http.StatusOK, homeward.RecordID(v.r.PathValue("sought")), draftChild{}, nil, "")
}

func (d *Desk) correctChild(v *visit) error {
	id, was, written := homeward.RequestID(v.r.PathValue("request")), homeward.RecordID(v.r.PathValue("sought")), v.draftChild()
	draft := casework.Draft{Children: []casework.Child{written.child}}
	wrong := draft.CheckChild(0, homeward.DayOf(d.DB.Now()))
	if written.why == "" {
		wrong = append(wrong, casework.Problem{Field: "reason", Key: "request.wrong.reason"})
	}
	if len(wrong) > 0 {
		return v.showChildForm(http.StatusUnprocessableEntity, was, written, wrong, "")
	}
	err := d.casework().Correct(v.ctx(), v.user.Actor(), id, was, written.child, written.why)
	if words, known := v.message(err); known {
		status := http.StatusConflict
		if errors.Is(err, homeward.ErrInvalid) {
			status = http.StatusUnprocessableEntity
		}
		return v.showChildForm(status, was, written, nil, words)
	}
	if err != nil {
		return err
	}
	return v.backToRequest(id, "notice.child_corrected")
}

func (v *visit) backToRequest(id homeward.RequestID, notice string) error {
	v.d.Pipeline.Wake()
	v.tell(notice, "")
	return v.redirect("/requests/" + string(id))
}

func (v *visit) draftChild() (out draftChild) {
	for _, q := range casework.Questions {
		*q.Of(&out.child) = v.text(q.Name + "-0")
	}
	out.sibling = v.text("siblings") != ""
	out.why, _ = v.written() // what is too long is as if nothing had been written
	return out
}

// showChildForm shows the form; without anything written, with what is known of the child it corrects.
func (v *visit) showChildForm(status int, corrects homeward.RecordID, written draftChild, wrong []casework.Problem, refused string) error {
	p := &soughtChildPage{Request: homeward.RequestID(v.r.PathValue("request")), Corrects: corrects, Wrong: len(wrong), Refused: refused}
	ask := v.asking(wrong)
	err := v.view(func(tx *store.Tx) error {
		r, err := tx.Request(p.Request)
		if err != nil {
			return err
		}
		told, err := tx.Told(r)
		if err != nil {
			return err
		}
		known := casework.Known(r, told)
		if corrects == "" {
			p.barred(v, r)
			if len(told) == 1 || known.Siblings {
				p.Siblings = []option{{"yes", v.l.T("soughtchild.sibling"), written.sibling}}
			}
			return nil
		}
		return p.corrected(v, told, known, &written)
	})
	if err != nil {
		return err
	}
	p.Fields = ask.child(0, written.child).Fields
	p.Why = ask.needed(ask.area("reason", "why", written.why))
	return v.show(status, "soughtchild", p)
}

// barred says why no child can be added, where that is so.
func (p *soughtChildPage) barred(v *visit, r homeward.Request) {
	if m := casework.BarsAdding(r); m != nil && p.Refused == "" {
		p.Refused = v.l.Message(m)
	}
}

// corrected fills in what is known of the child, unless something was written already. What nobody is told to be is not there.
func (p *soughtChildPage) corrected(v *visit, told []homeward.Record, known casework.Draft, written *draftChild) error {
	i := slices.IndexFunc(told, func(r homeward.Record) bool { return r.ID == p.Corrects })
	switch {
	case i < 0 && written.child.Name == "":
		return homeward.ErrNotFound
	case written.child.Name == "":
		written.child = known.Children[i]
	}
	if p.Name = written.child.Name; i >= 0 {
		p.Name = known.Children[i].Name
	}
	return nil
}
