package desk

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// newCapturePage is the form that asks for a capture.
type newCapturePage struct {
	frame
	Off     bool // the operator did not switch captures on
	Failure string
	Form    map[string]string
	Classes []homeward.FieldClass
	Rooms   []homeward.Compartment
}

// captureFields are the fields of the form.
var captureFields = []string{"address", "compartment", "class", "request", "record", "purpose", "authority"}

func (d *Desk) showNewCapture(v *visit) error {
	form := map[string]string{"request": v.r.URL.Query().Get("request"), "record": v.r.URL.Query().Get("record")}
	return d.showNewCapturePage(v, http.StatusOK, form, "")
}

func (d *Desk) showNewCapturePage(v *visit, status int, form map[string]string, failure string) error {
	p := &newCapturePage{Form: form, Off: d.Capture == nil}
	p.Narrow = true
	if failure != "" {
		p.Failure = v.l.T(failure)
	}
	err := v.view(func(tx *store.Tx) error {
		if err := belongs(tx, form); err != nil {
			return err
		}
		rooms, err := tx.Compartments()
		if err != nil {
			return err
		}
		who, err := tx.Access()
		p.Classes = homeward.ReachOf(who, homeward.ActionCapture).Classes.List()
		p.Rooms = slices.DeleteFunc(rooms, func(c homeward.Compartment) bool {
			return !homeward.Can(who, homeward.ActionCapture, homeward.Resource{Compartment: c.ID, Class: homeward.ClassEvidence})
		})
		return err
	})
	if err != nil {
		return err
	}
	if form["class"] == "" {
		form["class"] = string(homeward.ClassEvidence)
	}
	i18n.Sort(v.l, p.Rooms[min(1, len(p.Rooms)):], func(c homeward.Compartment) string { return c.Name }) // after main
	return v.show(status, "newcapture", p)
}

// belongs says where a capture lies: where the request or the record does that it belongs to.
func belongs(tx *store.Tx, form map[string]string) error {
	if id := homeward.RequestID(form["request"]); id != "" {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		form["compartment"] = string(r.Compartment)
	}
	if id := homeward.RecordID(form["record"]); id != "" {
		r, err := tx.Record(id)
		if err != nil {
			return err
		}
		form["compartment"] = string(r.Compartment)
	}
	return nil
}

// newCapture begins a capture and leads to the page that tells how far it is.
func (d *Desk) newCapture(v *visit) error {
	form := map[string]string{}
	for _, name := range captureFields {
		text, err := v.field(name)
		if err != nil {
			return err
		}
		form[name] = text
	}
	if d.Capture == nil {
		return d.showNewCapturePage(v, http.StatusConflict, form, "capturing.off")
	}
	e := homeward.Exhibit{
		Class: homeward.FieldClass(form["class"]), Request: homeward.RequestID(form["request"]), Record: homeward.RecordID(form["record"]),
		Intake: homeward.Intake{Collector: v.user.Name},
	}
	problem, err := v.captureProblem(&e, form)
	if err != nil {
		return err
	}
	if problem != "" {
		return d.showNewCapturePage(v, http.StatusUnprocessableEntity, form, problem)
	}
	actor, token := v.user.Actor(), homeward.NewID(d.Now())
	if !d.captures.begin(token, capturing{by: actor.ID, address: form["address"]}, d.Now()) {
		return d.showNewCapturePage(v, http.StatusConflict, form, "capturing.wrong.busy")
	}
	to := evidence.Delivery{Exhibit: e, Purpose: form["purpose"], Authority: form["authority"]}
	d.work.Go(func() { d.capture(actor, token, form["address"], to) })
	return v.redirect("/captures/" + token)
}

// captureProblem finds the place that an exhibit lies in, and returns the key of what is wrong with the form.
func (v *visit) captureProblem(e *homeward.Exhibit, form map[string]string) (problem string, err error) {
	may := false
	err = v.view(func(tx *store.Tx) error {
		if err := belongs(tx, form); err != nil {
			return err
		}
		e.Compartment = homeward.CompartmentID(form["compartment"])
		who, err := tx.Access()
		may = homeward.Can(who, homeward.ActionCapture, homeward.Resource{Compartment: e.Compartment, Class: e.Class})
		return err
	})
	u, wrong := url.Parse(form["address"])
	switch {
	case err != nil:
		return "", err
	case wrong != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "capturing.wrong.address", nil
	case form["purpose"] == "":
		return "capturing.wrong.purpose", nil
	case !may || !slices.Contains(homeward.FieldClasses, e.Class):
		return "newexhibit.wrong.class", nil
	}
	return "", nil
}
