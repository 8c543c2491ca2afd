package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/dossier"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// dossierPage shows what a dossier would say and what it would leave out, before it is frozen.
type dossierPage struct {
	frame
	ID            homeward.PersonID
	Name          string
	Order         dossier.Order
	Problem       string
	Plan          dossier.Plan
	Siblings      []choice // who may be in it with the child
	Others        string   // ids of other children, one a line
	Reliabilities []string
	Credibilities []string
	Past          []pastExport
}

func (d *Desk) showDossier(v *visit) error {
	return v.showDossierPage(http.StatusOK, v.dossierOrder(), "")
}

// receiveDossier looks again with what was chosen, or freezes the dossier.
func (d *Desk) receiveDossier(v *visit) error {
	o := v.dossierOrder()
	if v.r.PostFormValue("do") != "freeze" {
		return v.showDossierPage(http.StatusOK, o, "")
	}
	out := &download{v: v, name: "homeward-dossier.zip"}
	_, err := dossier.Freeze(v.ctx(), d.DB, v.user.Actor(), o, out)
	var m *homeward.Message
	switch {
	case out.begun && err != nil && v.ctx().Err() != nil:
		return nil // the reader has gone
	case errors.As(err, &m) && !errors.Is(err, homeward.ErrDenied):
		return v.showDossierPage(http.StatusUnprocessableEntity, o, v.l.Message(m))
	}
	return err
}

// dossierOrder reads what was chosen: the child of the address first, at B2 before anybody chose.
func (v *visit) dossierOrder() dossier.Order {
	o := dossier.Order{
		Persons: []homeward.PersonID{homeward.PersonID(v.r.PathValue("person"))},
		Floor:   homeward.Grade{Reliability: cmp.Or(v.r.PostFormValue("reliability"), "B"), Credibility: cmp.Or(v.r.PostFormValue("credibility"), "2")},
		Purpose: strings.TrimSpace(v.r.PostFormValue("purpose")), Recipient: strings.TrimSpace(v.r.PostFormValue("recipient")),
		To: strings.TrimSpace(v.r.PostFormValue("to")),
	}
	for _, id := range append(slices.Clone(v.r.PostForm["sibling"]), strings.Fields(v.r.PostFormValue("others"))...) {
		o.Persons = append(o.Persons, homeward.PersonID(id))
	}
	return o
}

func (v *visit) showDossierPage(status int, o dossier.Order, problem string) error {
	seen, err := registry.Show(v.ctx(), v.d.DB, v.user.Actor(), o.Persons[0])
	if err != nil {
		return err
	}
	p := &dossierPage{
		ID: seen.Person.ID, Name: cmp.Or(seen.Name, v.l.T("person.nameless")), Others: v.r.PostFormValue("others"),
		Reliabilities: homeward.Reliabilities, Credibilities: homeward.Credibilities,
	}
	p.Plan, err = dossier.Preview(v.ctx(), v.d.DB, v.user.Actor(), o, v.l)
	switch {
	case errors.Is(err, homeward.ErrNotFound) && len(o.Persons) > 1:
		status, problem, o.Persons = http.StatusUnprocessableEntity, v.l.T("dossier.problem.others"), o.Persons[:1]
		p.Plan, err = dossier.Preview(v.ctx(), v.d.DB, v.user.Actor(), o, v.l)
	case errors.Is(err, homeward.ErrInvalid):
		return err
	}
	if err != nil {
		return err
	}
	p.Order, p.Problem = o, problem
	for _, s := range seen.Siblings {
		p.Siblings = append(p.Siblings, choice{string(s.Person), cmp.Or(s.Name, v.l.T("person.nameless")), slices.Contains(p.Plan.Children, s.Person)})
	}
	err = v.view(func(tx *store.Tx) error {
		p.Past, err = v.pastOf(tx, p.Plan.Subject)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "dossier", p)
}

// pastOf reads the dossiers that were made about a subject, the newest first.
func (v *visit) pastOf(tx *store.Tx, subject string) (out []pastExport, err error) {
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	list, err := tx.ExportsOf(subject)
	for _, e := range list {
		if e.Kind == homeward.ExportDossier {
			out = append(out, pastExport{e, v.whoever(e.By, names)})
		}
	}
	return out, err
}
