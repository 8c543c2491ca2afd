package desk

import (
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
	Gone           bool // what was checked is over
	Wrong          int  // fields
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

// childForm is what a form asks of each child, in order.
var childForm = []struct {
	name string
	of   func(*casework.Child) *string
}{
	{"name", func(c *casework.Child) *string { return &c.Name }}, {"other", func(c *casework.Child) *string { return &c.Other }},
	{"birth", func(c *casework.Child) *string { return &c.Birth }}, {"sex", func(c *casework.Child) *string { return &c.Sex }},
	{"birthplace", func(c *casework.Child) *string { return &c.BirthPlace }}, {"home", func(c *casework.Child) *string { return &c.Home }},
	{"mother", func(c *casework.Child) *string { return &c.Mother }}, {"father", func(c *casework.Child) *string { return &c.Father }},
	{"parted", func(c *casework.Child) *string { return &c.Parted }}, {"partedat", func(c *casework.Child) *string { return &c.PartedAt }},
	{"eyes", func(c *casework.Child) *string { return &c.Eyes }}, {"hair", func(c *casework.Child) *string { return &c.Hair }},
	{"marks", func(c *casework.Child) *string { return &c.Marks }}, {"document", func(c *casework.Child) *string { return &c.Document }},
	{"note", func(c *casework.Child) *string { return &c.Note }},
}

// showNewRequest shows the form, empty or as it was checked; or, when it was checked, whom it may be about.
func (d *Desk) showNewRequest(v *visit) error {
	q := v.r.URL.Query()
	token := q.Get("draft")
	if token == "" {
		return v.showRequestForm(http.StatusOK, casework.Draft{Children: make([]casework.Child, 1)}, nil, false)
	}
	draft, ok := d.drafts.take(v.user.ID, token)
	switch {
	case !ok:
		return v.showRequestForm(http.StatusGone, casework.Draft{Children: make([]casework.Child, 1)}, nil, true)
	case q.Get("change") != "":
		return v.showRequestForm(http.StatusOK, draft, nil, false)
	}
	return v.showAlike(token, draft)
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
	draft, ok := d.drafts.take(v.user.ID, token)
	if !ok {
		return v.showRequestForm(http.StatusGone, casework.Draft{Children: make([]casework.Child, 1)}, nil, true)
	}
	r, err := d.casework().Open(v.ctx(), v.user.Actor(), draft)
	if err != nil {
		return err
	}
	d.drafts.drop(token)
	d.Pipeline.Wake()
	v.tell("notice.request", "")
	return v.redirect("/requests/" + string(r.ID))
}

// draft reads the form.
func (v *visit) draft() (out casework.Draft) {
	text := func(name string) string { return strings.ReplaceAll(v.r.PostFormValue(name), "\r\n", "\n") }
	out.Compartment = homeward.CompartmentID(text("compartment"))
	out.Inquirer = homeward.Inquirer{Name: text("inquirer"), Relationship: homeward.Relationship(text("relationship")), Contact: text("contact")}
	out.Circumstances, out.Siblings = text("circumstances"), text("siblings") != ""
	for _, p := range homeward.Purposes {
		out.Consents = append(out.Consents, casework.Answer{Purpose: p, Given: text("consent-"+string(p)) != "", Scope: text("scope-" + string(p))})
	}
	n, _ := strconv.Atoi(text("children")) // what is no number is one child
	out.Children = make([]casework.Child, min(max(n, 1), casework.MostChildren))
	for i := range out.Children {
		for _, f := range childForm {
			*f.of(&out.Children[i]) = text(f.name + "-" + strconv.Itoa(i))
		}
	}
	return out
}

func (v *visit) showRequestForm(status int, d casework.Draft, wrong []casework.Problem, gone bool) error {
	ask := asking{v: v, wrong: map[string]string{}}
	for _, w := range wrong {
		ask.wrong[w.Field] = v.l.T(w.Key)
	}
	p := &newRequestPage{Gone: gone, Wrong: len(wrong), In: d.Compartment, Siblings: d.Siblings}
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
	for _, q := range childForm {
		f := a.line(q.name+"-"+strconv.Itoa(i), q.name, *q.of(&c))
		f.Needed, f.Area = q.name == "name", q.name == "note"
		if q.name == "sex" {
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
