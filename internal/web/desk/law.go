package desk

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// lawPage shows what named humans conclude in law of what happened to a child.
type lawPage struct {
	frame
	ID        homeward.PersonID
	Name      string
	Standing  []assessedView
	Replaced  []assessedView
	MayAssess bool
	Sees      bool // the reader's role sees evidence, and assessments with it
}

// assessedView is an assessment with what a reader needs beside it.
type assessedView struct {
	homeward.Assessment
	Source, When string // who tells of the act, and when it was
	EnteredBy    string
	Tells        bool // the record tells of the act still
}

func (d *Desk) showLaw(v *visit) error {
	seen, err := registry.Show(v.ctx(), d.DB, v.user.Actor(), homeward.PersonID(v.r.PathValue("person")))
	if err != nil {
		return err
	}
	v.nameSources(seen.Sources)
	p := &lawPage{ID: seen.Person.ID, Name: cmp.Or(seen.Name, v.l.T("person.nameless"))}
	err = v.view(func(tx *store.Tx) error {
		p.Standing, p.Replaced = nil, nil
		list, err := v.assessed(tx, seen)
		for _, a := range list {
			if a.ReplacedBy == "" {
				p.Standing = append(p.Standing, a)
			} else {
				p.Replaced = append(p.Replaced, a)
			}
		}
		if err != nil {
			return err
		}
		p.MayAssess, p.Sees, err = mayAssess(tx, seen)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "law", p)
}

// tellLaw fills in what is concluded of the child, and whether the reader may add to it.
func (p *personPage) tellLaw(v *visit, tx *store.Tx, seen registry.View) error {
	list, err := v.assessed(tx, seen)
	if err != nil {
		return err
	}
	p.Assessed = slices.DeleteFunc(list, func(a assessedView) bool { return a.ReplacedBy != "" })
	p.MayAssess, _, err = mayAssess(tx, seen)
	return err
}

// assessed reads what is concluded of a child, the newest first; nothing for who sees no evidence.
func (v *visit) assessed(tx *store.Tx, seen registry.View) (out []assessedView, err error) {
	list, err := tx.AssessmentsOf(seen.Person.Records)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		x := assessedView{Assessment: a, EnteredBy: v.whoever(a.By, names)}
		r := recordOf(seen, a.Record)
		x.Source = seen.Sources[r.Source].Name
		for _, m := range seen.Timeline {
			if m.Record == a.Record && m.Type == a.Event {
				x.Tells, x.When = r.State != homeward.RecordRetracted, v.l.Date(m.When)
				break
			}
		}
		out = append(out, x)
	}
	slices.Reverse(out)
	return out, nil
}

// mayAssess reports whether the reader may enter an assessment of an act of the child, and whether the reader sees any.
func mayAssess(tx *store.Tx, seen registry.View) (may, sees bool, err error) {
	who, err := tx.Access()
	if err != nil {
		return false, false, err
	}
	for _, r := range seen.Records {
		on := placed(r)
		on.Class = homeward.ClassEvidence
		may = may || homeward.Can(who, homeward.ActionAssess, homeward.Resource{Compartment: r.Compartment, Class: homeward.ClassEvidence})
		sees = sees || homeward.Can(who, homeward.ActionReadRecord, on)
	}
	return may, sees, nil
}
