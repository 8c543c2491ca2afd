package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// newRequestPage is the form of a tracing request. Whatever is wrong with it, it comes back as it was sent.
type newRequestPage struct {
	frame
	Of             homeward.PersonID // from whose page it was begun
	Gone           bool              // what was checked is over
	Wrong          int               // fields
	In             homeward.CompartmentID
	Rooms          []homeward.Compartment // more than one to choose from
	Inquirer       []question
	Circumstances  question
	Siblings       bool
	Children       []childFields
	Consents       []consentFields
	MayAdd, MayCut bool
}

type childFields struct {
	N      int
	Fields []question
}

type consentFields struct {
	Purpose homeward.Purpose
	Given   bool
	Problem string
	Scope   question
}

// question is one field of a form, with what was answered and what is wrong with it.
type question struct {
	Name, Label, Hint, Value, Problem string
	Area, Needed                      bool
	Options                           []option
}

type option struct {
	Value, Text string
	Chosen      bool
}

// heldDraft is what was written and is searched for before it is kept: a request, or a child that comes into one.
type heldDraft struct {
	casework.Draft
	into homeward.RequestID // empty: the request is new
	of   homeward.PersonID  // from whose page it was begun: the first child may be that one
}

// showNewRequest shows the form, empty or as it was checked; or, when it was checked, whom it may be about.
func (d *Desk) showNewRequest(v *visit) error {
	q := v.r.URL.Query()
	token := q.Get("draft")
	if token == "" {
		return v.showRequestForm(http.StatusOK, emptyDraft(homeward.PersonID(q.Get("of"))), nil, false)
	}
	held, ok := d.drafts.take(v.user.ID, token)
	switch {
	case !ok || held.into != "":
		return v.showRequestForm(http.StatusGone, emptyDraft(""), nil, true)
	case q.Get("change") != "":
		return v.showRequestForm(http.StatusOK, held, nil, false)
	}
	return v.showAlike(token, held)
}

func emptyDraft(of homeward.PersonID) heldDraft {
	return heldDraft{Draft: casework.Draft{Children: make([]casework.Child, 1)}, of: of}
}

// receiveRequest does what the form's button says: one child more or fewer, search, or open what was searched for.
func (d *Desk) receiveRequest(v *visit) error {
	if token := v.r.PostFormValue("draft"); token != "" {
		return d.openRequest(v, token)
	}
	draft := v.draft()
	switch v.r.PostFormValue("do") {
	case "more":
		draft.Children = append(draft.Children, casework.Child{})
		return v.showRequestForm(http.StatusOK, draft, nil, false)
	case "fewer":
		draft.Children = draft.Children[:max(len(draft.Children)-1, 1)]
		return v.showRequestForm(http.StatusOK, draft, nil, false)
	}
	if wrong := draft.Check(homeward.DayOf(d.DB.Now())); len(wrong) > 0 {
		return v.showRequestForm(http.StatusUnprocessableEntity, draft, wrong, false)
	}
	return v.redirect("/requests/new?draft=" + d.drafts.put(v.user.ID, draft, 0))
}

// openRequest opens what was searched for, and nothing else.
func (d *Desk) openRequest(v *visit, token string) error {
	held, ok := d.drafts.take(v.user.ID, token)
	if !ok || held.into != "" {
		return v.showRequestForm(http.StatusGone, emptyDraft(""), nil, true)
	}
	r, err := d.casework().Open(v.ctx(), v.user.Actor(), held.Draft)
	if err != nil {
		return err
	}
	d.drafts.drop(token)
	if err := v.introduceSought(r, held.of); err != nil {
		return err
	}
	d.Pipeline.Wake()
	v.tell("notice.request", "")
	return v.redirect("/requests/" + string(r.ID))
}

// introduceSought puts the first child of a request before review beside the child from whose page it was begun. One who is not there
// for the reader, or not to be looked for, is passed over: the request stands.
func (v *visit) introduceSought(r homeward.Request, of homeward.PersonID) error {
	if of == "" {
		return nil
	}
	var p homeward.Person
	err := v.view(func(tx *store.Tx) (err error) {
		p, err = tx.Person(of)
		return err
	})
	if err == nil {
		_, err = v.d.Pipeline.Review.Introduce(v.ctx(), v.user.Actor(), r.Sought[0], p.Records[0])
	}
	if errors.Is(err, homeward.ErrNotFound) {
		return nil
	}
	return err
}

// text is what a field of a form holds, with the ends of lines as they are kept.
func (v *visit) text(name string) string {
	return strings.ReplaceAll(v.r.PostFormValue(name), "\r\n", "\n")
}

// draft reads the form.
func (v *visit) draft() (out heldDraft) {
	text := v.text
	out.of = homeward.PersonID(text("of"))
	out.Compartment = homeward.CompartmentID(text("compartment"))
	out.Inquirer = homeward.Inquirer{Name: text("inquirer"), Relationship: homeward.Relationship(text("relationship")), Contact: text("contact")}
	out.Circumstances, out.Siblings = text("circumstances"), text("siblings") != ""
	for _, p := range homeward.Purposes {
		out.Consents = append(out.Consents, casework.Answer{Purpose: p, Given: text("consent-"+string(p)) != "", Scope: text("scope-" + string(p))})
	}
	n, _ := strconv.Atoi(text("children")) // what is no number is one child
	out.Children = make([]casework.Child, min(max(n, 1), casework.MostChildren))
	for i := range out.Children {
		for _, q := range casework.Questions {
			*q.Of(&out.Children[i]) = text(q.Name + "-" + strconv.Itoa(i))
		}
	}
	return out
}

func (v *visit) showRequestForm(status int, d heldDraft, wrong []casework.Problem, gone bool) error {
	ask := v.asking(wrong)
	p := &newRequestPage{Of: d.of, Gone: gone, Wrong: len(wrong), In: d.Compartment, Siblings: d.Siblings}
	p.Inquirer = []question{
		ask.needed(ask.line("inquirer", "inquirer", d.Inquirer.Name)), ask.relationship(d.Inquirer.Relationship),
		ask.needed(ask.line("contact", "contact", d.Inquirer.Contact)),
	}
	p.Circumstances = ask.area("circumstances", "circumstances", d.Circumstances)
	for i := range d.Children {
		p.Children = append(p.Children, ask.child(i, d.Children[i]))
	}
	for _, purpose := range homeward.Purposes {
		p.Consents = append(p.Consents, ask.consent(purpose, d.Consents))
	}
	p.MayAdd, p.MayCut = len(d.Children) < casework.MostChildren, len(d.Children) > 1
	err := v.view(func(tx *store.Tx) (err error) {
		p.Rooms, err = tx.Compartments()
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "newrequest", p)
}

// asking makes the questions of a form.
type asking struct {
	v     *visit
	wrong map[string]string // by field
}

func (v *visit) asking(wrong []casework.Problem) asking {
	a := asking{v: v, wrong: map[string]string{}}
	for _, w := range wrong {
		a.wrong[w.Field] = v.l.T(w.Key)
	}
	return a
}

// line is a question answered in a line; key names its texts in the catalogs.
func (a asking) line(name, key, value string) question {
	f := question{Name: name, Label: a.v.l.T("request.field." + key), Value: value, Problem: a.wrong[name]}
	if hint := "request.hint." + key; i18n.Has(hint) {
		f.Hint = a.v.l.T(hint)
	}
	return f
}

func (a asking) area(name, key, value string) question {
	f := a.line(name, key, value)
	f.Area = true
	return f
}

func (a asking) needed(f question) question {
	f.Needed = true
	return f
}

func (a asking) relationship(chosen homeward.Relationship) question {
	f := a.needed(a.line("relationship", "relationship", string(chosen)))
	f.Options = []option{{}}
	for _, r := range homeward.Relationships {
		f.Options = append(f.Options, option{string(r), a.v.l.T("relationship." + string(r)), r == chosen})
	}
	return f
}

func (a asking) child(i int, c casework.Child) childFields {
	out := childFields{N: i + 1}
	for _, q := range casework.Questions {
		f := a.line(q.Name+"-"+strconv.Itoa(i), q.Name, *q.Of(&c))
		f.Needed, f.Area = q.Name == "name", q.Name == "note"
		if q.Name == "sex" {
			f.Options = []option{{}}
			for _, s := range []homeward.Sex{homeward.SexFemale, homeward.SexMale} {
				word := a.v.l.T("request.sex." + string(s)) // kept as a source's word would be
				f.Options = append(f.Options, option{word, word, homeward.ReadSex(f.Value) == s})
			}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

func (a asking) consent(p homeward.Purpose, said []casework.Answer) consentFields {
	i := slices.IndexFunc(said, func(x casework.Answer) bool { return x.Purpose == p })
	out := consentFields{Purpose: p, Problem: a.wrong["consent-"+string(p)]}
	scope := ""
	if i >= 0 {
		out.Given, scope = said[i].Given, said[i].Scope
	}
	out.Scope = a.line("scope-"+string(p), "scope", scope)
	return out
}
