package desk

import (
	"cmp"
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
)

// nearShown is how many records the page of the nearest shows.
const nearShown = 20

// nearPage tells who else a child may be: the records that fit best, whatever their names.
type nearPage struct {
	frame
	ID   homeward.PersonID
	Name string
	Rows []nearRow
}

type nearRow struct {
	Path         string // the pair, for who may open it; otherwise the child's page
	Name, Line   string
	For, Against []string
	State        homeward.PairState
	Probability  float64
	Weight       float64
}

func (d *Desk) showNear(v *visit) error {
	seen, err := registry.Show(v.ctx(), d.DB, v.user.Actor(), homeward.PersonID(v.r.PathValue("person")))
	if err != nil {
		return err
	}
	found, err := d.Pipeline.Review.Nearest(v.ctx(), v.user.Actor(), seen.Person.Records, nearShown)
	if err != nil {
		return err
	}
	sees, err := v.sees()
	if err != nil {
		return err
	}
	p := &nearPage{ID: seen.Person.ID, Name: cmp.Or(seen.Name, v.l.T("person.nameless"))}
	for _, n := range found {
		p.Rows = append(p.Rows, v.near(n, sees))
	}
	return v.show(http.StatusOK, "near", p)
}

func (v *visit) near(n review.Near, sees homeward.Classes) nearRow {
	hit := v.hit(n.Hit, sees)
	row := nearRow{
		Path: "/persons/" + string(hit.Person), Name: hit.Name, Line: hit.Line,
		State: n.State, Probability: n.Probability, Weight: n.Weight,
	}
	if v.can(homeward.ActionReview) {
		row.Path = "/pairs/" + string(n.Pair)
	}
	for _, s := range n.Signals {
		if class, ok := comparedClass[s.Comparison]; ok && !sees.Has(class) {
			continue
		}
		told := &row.For
		if s.Weight < 0 {
			told = &row.Against
		}
		*told = append(*told, v.l.T("comparison."+s.Comparison)+": "+v.why(s))
	}
	return row
}
