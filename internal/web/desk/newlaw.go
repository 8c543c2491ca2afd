package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// newLawPage is the form of an assessment in law: of which act, under which provision, to which standard, on which elements, for which
// party, in whose name.
type newLawPage struct {
	frame
	ID       homeward.PersonID
	Name     string
	Problem  string
	Acts     []choice
	Laws     []choice
	Standard []choice
	Elements []lawRow
	Parties  []lawRow
	Form     homeward.Assessment
	Replaced *homeward.Assessment // that this one replaces
}

// lawRow is an element or a party as the form has it.
type lawRow struct {
	Name, Grounds string
	Judged        []choice // a finding, or whether it applies
}

// lawRows are how many empty rows a form offers, and how many it can hold.
const emptyLawRows, mostLawRows = 3, 40

func (d *Desk) showNewLaw(v *visit) error {
	return v.showNewLawPage(http.StatusOK, nil, "")
}

// showNewLawPage shows the form: empty, or as the assessment has it that is to be replaced, or as it was sent.
func (v *visit) showNewLawPage(status int, sent *homeward.Assessment, problem string) error {
	seen, err := registry.Show(v.ctx(), v.d.DB, v.user.Actor(), homeward.PersonID(v.r.PathValue("person")))
	if err != nil {
		return err
	}
	v.nameSources(seen.Sources)
	p := &newLawPage{ID: seen.Person.ID, Name: cmp.Or(seen.Name, v.l.T("person.nameless")), Problem: problem}
	replaces := homeward.AssessmentID(v.r.FormValue("replaces"))
	err = v.view(func(tx *store.Tx) error {
		p.Form, p.Replaced = homeward.Assessment{Author: v.user.Name + ", " + v.l.T("role."+string(v.user.Role)), Replaces: replaces}, nil
		if replaces == "" {
			return nil
		}
		list, err := tx.AssessmentsOf(seen.Person.Records)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a homeward.Assessment) bool { return a.ID == replaces })
		if i < 0 {
			return homeward.ErrNotFound
		}
		old := list[i]
		p.Replaced, p.Form = &old, old
		p.Form.Author, p.Form.Replaces = v.user.Name+", "+v.l.T("role."+string(v.user.Role)), replaces
		return nil
	})
	if err != nil {
		return err
	}
	if sent != nil {
		p.Form = *sent
	}
	p.offer(v, seen)
	return v.show(status, "newlaw", p)
}

// offer fills in what can be chosen.
func (p *newLawPage) offer(v *visit, seen registry.View) {
	met := map[string]bool{}
	for _, m := range seen.Timeline {
		value := string(m.Record) + " " + string(m.Type)
		if met[value] || recordOf(seen, m.Record).State == homeward.RecordRetracted {
			continue
		}
		met[value] = true
		words := []string{v.l.T("event." + string(m.Type)), cmp.Or(v.l.Date(m.When), v.l.T("event.undated"))}
		if m.Place != "" {
			words = append(words, m.Place)
		}
		label := strings.Join(append(words, seen.Sources[m.Source].Name), " · ")
		p.Acts = append(p.Acts, choice{value, label, p.Form.Record == m.Record && p.Form.Event == m.Type})
	}
	for _, law := range homeward.Laws {
		p.Laws = append(p.Laws, choice{string(law), v.l.T("law." + string(law)), law == p.Form.Law})
	}
	for _, s := range homeward.Standards {
		p.Standard = append(p.Standard, choice{string(s), v.l.T("standard." + string(s)), s == p.Form.Standard})
	}
	rows := min(max(len(p.Form.Elements), len(p.Form.Parties))+emptyLawRows, mostLawRows)
	for i := range rows {
		var e homeward.Element
		if i < len(p.Form.Elements) {
			e = p.Form.Elements[i]
		}
		p.Elements = append(p.Elements, lawRow{e.Name, e.Grounds, judged(v, "finding.", homeward.Findings, e.Finding)})
		var a homeward.Applicability
		if i < len(p.Form.Parties) {
			a = p.Form.Parties[i]
		}
		p.Parties = append(p.Parties, lawRow{a.Party, a.Grounds, judged(v, "application.", homeward.Applications, a.Applies)})
	}
}

func judged[T ~string](v *visit, family string, all []T, chosen T) (out []choice) {
	for _, x := range all {
		out = append(out, choice{string(x), v.l.T(family + string(x)), x == chosen})
	}
	return out
}

// assess enters what a named human concludes of an act of the child.
func (d *Desk) assess(v *visit) error {
	a, err := v.sentAssessment()
	if err != nil {
		return err
	}
	if v.r.PostFormValue("do") == "more" {
		return v.showNewLawPage(http.StatusOK, &a, "")
	}
	id := homeward.PersonID(v.r.PathValue("person"))
	err = v.update(func(tx *store.Tx) error {
		p, err := tx.Person(id)
		if err != nil {
			return err
		}
		if !a.Complete() || !slices.Contains(p.Records, a.Record) {
			return homeward.ErrInvalid
		}
		_, err = tx.PutAssessment(a)
		return err
	})
	switch {
	case errors.Is(err, homeward.ErrInvalid):
		return v.showNewLawPage(http.StatusUnprocessableEntity, &a, v.l.T("newlaw.wrong.part"))
	case errors.Is(err, homeward.ErrConflict):
		return v.showNewLawPage(http.StatusConflict, &a, v.l.T("newlaw.wrong.replaced"))
	case err != nil:
		return err
	}
	v.tell("notice.assessed", "")
	return v.redirect("/persons/" + string(id) + "/law")
}

// sentAssessment reads the form; rows in which nothing was written are none.
func (v *visit) sentAssessment() (a homeward.Assessment, err error) {
	text := func(name string) string {
		value, bad := v.field(name)
		err = errors.Join(err, bad)
		return value
	}
	record, event, _ := strings.Cut(text("act"), " ")
	a = homeward.Assessment{
		Record: homeward.RecordID(record), Event: homeward.EventType(event), Law: homeward.Law(text("law")), Standard: homeward.Standard(text("standard")),
		Conclusion: text("conclusion"), Author: text("author"), Replaces: homeward.AssessmentID(text("replaces")),
	}
	for i := range mostLawRows {
		n := "-" + strconv.Itoa(i)
		if e := (homeward.Element{Name: text("element" + n), Finding: homeward.Finding(text("finding" + n)), Grounds: text("element-grounds" + n)}); e.Name != "" || e.Grounds != "" {
			a.Elements = append(a.Elements, e)
		}
		if p := (homeward.Applicability{Party: text("party" + n), Applies: homeward.Application(text("applies" + n)), Grounds: text("party-grounds" + n)}); p.Party != "" || p.Grounds != "" {
			a.Parties = append(a.Parties, p)
		}
	}
	return a, err
}
