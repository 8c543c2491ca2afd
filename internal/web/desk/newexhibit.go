package desk

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

type newExhibitPage struct {
	frame
	Failure  string
	Form     map[string]string
	Kinds    []homeward.ExhibitKind
	Classes  []homeward.FieldClass // that the reader's role sees
	Methods  []homeward.Method
	Rooms    []homeward.Compartment
	Accounts []homeward.Exhibit // of the child, heard already
	Limit    int64
}

// exhibitLimit bounds an exhibit taken in through a page, in bytes.
const exhibitLimit = 16 << 30

// about are the fields that say what an exhibit belongs to, and come with the address of the form.
var about = []string{"kind", "parent", "request", "record"}

func (d *Desk) showNewExhibit(v *visit) error {
	form := map[string]string{}
	for _, name := range about {
		form[name] = v.r.URL.Query().Get(name)
	}
	return v.showNewExhibitPage(http.StatusOK, form, "")
}

func (v *visit) showNewExhibitPage(status int, form map[string]string, failure string) error {
	p := &newExhibitPage{Form: form, Failure: failure, Kinds: homeward.OriginalKinds, Methods: homeward.Methods, Limit: exhibitLimit}
	p.Narrow = true
	err := v.view(func(tx *store.Tx) (err error) {
		if form["parent"] != "" {
			if _, err := tx.Exhibit(homeward.ExhibitID(form["parent"])); err != nil {
				return err
			}
			p.Kinds = homeward.DerivedKinds
		}
		if form["request"] != "" {
			r, err := tx.Request(homeward.RequestID(form["request"]))
			if err != nil {
				return err
			}
			form["compartment"] = string(r.Compartment)
		}
		if form["record"] != "" {
			r, err := tx.Record(homeward.RecordID(form["record"]))
			if err != nil {
				return err
			}
			form["compartment"] = string(r.Compartment)
			if p.Accounts, err = evidence.Accounts(tx, r.ID); err != nil {
				return err
			}
		}
		if p.Rooms, err = tx.Compartments(); err != nil {
			return err
		}
		return p.classes(tx)
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Rooms[min(1, len(p.Rooms)):], func(c homeward.Compartment) string { return c.Name }) // after main
	return v.show(status, "newexhibit", p)
}

// classes offers who may need to know: what comes with a request is first of all about who the child is.
func (p *newExhibitPage) classes(tx *store.Tx) error {
	who, err := tx.Access()
	p.Classes = append(p.Classes, homeward.ReachOf(who, homeward.ActionAddExhibit).Classes.List()...)
	first := homeward.ClassEvidence
	if p.Form["request"] != "" || !slices.Contains(p.Classes, first) {
		first = homeward.ClassIdentity
	}
	if p.Form["class"] == "" {
		p.Form["class"] = string(first)
	}
	return err
}

// receiveExhibit keeps a file that is sent with what is told of it. The fields come before the file, so that the file can be
// kept as it arrives, however large it is.
func (d *Desk) receiveExhibit(v *visit) error {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return homeward.ErrInvalid
	}
	form, file, err := fieldsBefore(parts)
	if err != nil {
		return formError(err)
	}
	delivery, problem := deliveryOf(form)
	if file == nil || file.FileName() == "" {
		problem = "newexhibit.wrong.file"
	}
	if problem != "" {
		return v.refuseExhibit(file, form, problem)
	}
	defer file.Close()
	delivery.Exhibit.Intake.Name = file.FileName()
	delivery.Bytes = &patientReader{r: file, control: http.NewResponseController(v.w)}
	e, err := evidence.Receive(v.ctx(), d.DB, v.user.Actor(), delivery)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return tooLarge
	case errors.Is(err, homeward.ErrInvalid):
		return v.refuseExhibit(nil, form, "newexhibit.wrong.place")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return homeward.ErrInvalid // the sender broke off
	case err != nil:
		return err
	}
	v.tell("notice.exhibit", "/exhibits/"+string(e.ID))
	d.picture(v, e)
	if e.Request != "" && v.can(homeward.ActionSeeRequests) {
		return v.redirect("/requests/" + string(e.Request) + "#photos")
	}
	return v.redirect("/exhibits/" + string(e.ID))
}

// refuseExhibit shows the form again. What of the file is still on its way is taken and dropped, up to a point: a browser that
// cannot finish sending shows a broken connection and no page.
func (v *visit) refuseExhibit(file io.Reader, form map[string]string, problem string) error {
	if file != nil {
		io.Copy(io.Discard, io.LimitReader(file, uploadLimit)) // a fault here changes nothing: the page is sent anyway
	}
	return v.showNewExhibitPage(http.StatusUnprocessableEntity, form, v.l.T(problem))
}

// fieldsBefore reads the fields of a form up to its file; file is nil when there is none.
func fieldsBefore(parts *multipart.Reader) (form map[string]string, file *multipart.Part, err error) {
	form = map[string]string{}
	const most = 40
	for range most {
		part, err := parts.NextPart()
		if err == io.EOF {
			return form, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == "file" {
			return form, part, nil
		}
		text, err := io.ReadAll(io.LimitReader(part, 4*longestField+1))
		if err != nil {
			return nil, nil, err
		}
		if len(text) > 4*longestField || !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
			return nil, nil, homeward.ErrInvalid
		}
		form[part.FormName()] = strings.TrimSpace(string(text))
	}
	return nil, nil, homeward.ErrInvalid
}

// deliveryOf reads a form; problem is the key of what is wrong with it.
func deliveryOf(form map[string]string) (d evidence.Delivery, problem string) {
	e := homeward.Exhibit{
		Compartment: homeward.CompartmentID(form["compartment"]), Class: homeward.FieldClass(form["class"]), Kind: homeward.ExhibitKind(form["kind"]),
		Parent: homeward.ExhibitID(form["parent"]), Request: homeward.RequestID(form["request"]), Record: homeward.RecordID(form["record"]),
		Intake: homeward.Intake{
			Collector: form["collector"], When: form["when"], Place: form["place"], Method: homeward.Method(form["method"]), From: form["from"],
			Consent: form["consent"], Tool: form["tool"], Present: form["present"],
		},
	}
	if form["collected"] != "" {
		at, err := time.Parse("2006-01-02T15:04Z07:00", form["collected"]+form["offset"])
		if err != nil {
			return d, "newexhibit.wrong.time"
		}
		e.Intake.Collected = at
	}
	switch {
	case !e.Kind.Known() || e.Kind.Derived() != (e.Parent != ""):
		return d, "newexhibit.wrong.kind"
	case !slices.Contains(homeward.FieldClasses, e.Class):
		return d, "newexhibit.wrong.class"
	case !slices.Contains(homeward.Methods, e.Intake.Method):
		return d, "newexhibit.wrong.method"
	}
	return evidence.Delivery{Exhibit: e, Purpose: form["purpose"], Authority: form["authority"]}, ""
}

// patientReader reads for as long as the sender goes on sending.
type patientReader struct {
	r       io.Reader
	control *http.ResponseController
}

func (p *patientReader) Read(b []byte) (int, error) {
	now := time.Now()
	if err := errors.Join(p.control.SetReadDeadline(now.Add(patience)), p.control.SetWriteDeadline(now.Add(2*patience))); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// Offsets are the clocks that a collector may have had.
func (p *newExhibitPage) Offsets() []string {
	out := []string{}
	for h := -12; h <= 14; h++ {
		sign := '+'
		if h < 0 {
			sign = '-'
		}
		out = append(out, fmt.Sprintf("%c%02d:00", sign, max(h, -h)))
	}
	return out
}

// Offset is the one that is offered first: that of Kyiv in winter.
func (p *newExhibitPage) Offset() string { return cmp.Or(p.Form["offset"], "+02:00") }
