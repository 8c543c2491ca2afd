package desk

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
)

// mostInFamily is how many children of one family the page shows.
const mostInFamily = 12

type familiesPage struct {
	frame
	ID        homeward.PairID // from which the families were reached
	Left      []relative      // a row each
	Right     []relative      // a column each
	Rows      [][]familyCell
	Judge     bool // some pair can be judged
	Grave     bool // some pair takes two people
	Cut       bool // a family has more children than are shown
	Reason    string
	Rest      bool
	Failure   refusal
	Judgement []homeward.Judgement
}

// relative is a child of a family.
type relative struct {
	ID          homeward.PersonID
	Name, Birth string
	records     []homeward.RecordID
}

// familyCell is one child of each family beside the other.
type familyCell struct {
	review.Cell
	Label  string // names both
	Best   bool   // no child of either family fits either better
	Chosen homeward.Judgement
}

func (d *Desk) showFamilies(v *visit) error { return v.showFamiliesPage(http.StatusOK, refusal{}) }

func (v *visit) showFamiliesPage(status int, failure refusal) error {
	p, err := v.families()
	if err != nil || p == nil {
		return err
	}
	p.Failure, p.Reason, p.Rest = failure, v.r.PostFormValue("reason"), v.r.PostFormValue("rest") != ""
	return v.show(status, "families", p)
}

// families reads the families of both sides of a pair. When they are one child already, or have no page yet, it leads back to the pair, and
// the page is nil.
func (v *visit) families() (*familiesPage, error) {
	id := homeward.PairID(v.r.PathValue("pair"))
	seen, err := v.d.Pipeline.Review.Pair(v.ctx(), v.user.Actor(), id)
	if err != nil {
		return nil, err
	}
	if seen.Joined() || seen.LeftPerson == "" || seen.RightPerson == "" || !v.can(homeward.ActionSeePerson) {
		return nil, v.redirect("/pairs/" + string(id))
	}
	p := &familiesPage{ID: seen.Pair.ID, Judgement: judgements}
	for side, person := range map[*[]relative]homeward.PersonID{&p.Left: seen.LeftPerson, &p.Right: seen.RightPerson} {
		var cut bool
		if *side, cut, err = v.family(person); err != nil {
			return nil, err
		}
		p.Cut = p.Cut || cut
	}
	cells, err := v.d.Pipeline.Review.Families(v.ctx(), v.user.Actor(), recordsOf(p.Left), recordsOf(p.Right))
	if err != nil {
		return nil, err
	}
	p.lay(v, cells)
	return p, nil
}

// family returns a child with its brothers and sisters.
func (v *visit) family(id homeward.PersonID) (out []relative, cut bool, err error) {
	first, err := registry.Show(v.ctx(), v.d.DB, v.user.Actor(), id)
	if err != nil {
		return nil, false, err
	}
	views := []registry.View{first}
	for _, s := range first.Siblings {
		if len(views) == mostInFamily {
			cut = true
			break
		}
		child, err := registry.Show(v.ctx(), v.d.DB, v.user.Actor(), s.Person)
		if errors.Is(err, homeward.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		views = append(views, child)
	}
	for _, x := range views {
		m := relative{ID: x.Person.ID, Name: cmp.Or(x.Name, v.l.T("person.nameless"))}
		for _, r := range x.Records {
			m.records = append(m.records, r.ID)
			for _, path := range []homeward.Path{homeward.PathBirthDate, homeward.PathAge} {
				if c, ok := r.First(path); ok && m.Birth == "" {
					m.Birth = v.said(c, r.AsOf)
				}
			}
		}
		out = append(out, m)
	}
	return out, cut, nil
}

func recordsOf(family []relative) (out [][]homeward.RecordID) {
	for _, m := range family {
		out = append(out, m.records)
	}
	return out
}

// lay fills the table, and marks the cells that fit best in their row and their column.
func (p *familiesPage) lay(v *visit, cells [][]review.Cell) {
	best := func(i, j int) bool {
		c := cells[i][j]
		if c.Pair.ID == "" || c.Joined || c.Pair.Weight <= 0 {
			return false
		}
		for k := range cells[i] {
			if x := cells[i][k]; x.Joined || x.Pair.ID != "" && x.Pair.Weight > c.Pair.Weight {
				return false
			}
		}
		for k := range cells {
			if x := cells[k][j]; x.Joined || x.Pair.ID != "" && x.Pair.Weight > c.Pair.Weight {
				return false
			}
		}
		return true
	}
	for i, row := range cells {
		var out []familyCell
		for j, c := range row {
			cell := familyCell{Cell: c, Label: p.Left[i].Name + " · " + p.Right[j].Name, Best: best(i, j)}
			cell.MayDecide = c.MayDecide && v.can(homeward.ActionDecide)
			if cell.MayDecide {
				cell.Chosen = homeward.Judgement(v.r.PostFormValue(string(c.Pair.ID)))
			}
			p.Judge, p.Grave = p.Judge || cell.MayDecide, p.Grave || cell.Grave
			out = append(out, cell)
		}
		p.Rows = append(p.Rows, out)
	}
}

// chosen returns the judgements that were chosen, those of what is left over in the rows and columns of "same" included when asked; twice
// is true when one child would be two of the other family.
func (p *familiesPage) chosen(reason string, rest bool) (list []homeward.Decision, twice bool) {
	takenRow, takenColumn := map[int]int{}, map[int]int{}
	for i, row := range p.Rows {
		for j, c := range row {
			if c.Joined || c.Chosen == homeward.Same {
				takenRow[i]++
				takenColumn[j]++
			}
		}
	}
	for i, row := range p.Rows {
		for j, c := range row {
			twice = twice || c.Chosen == homeward.Same && (takenRow[i] > 1 || takenColumn[j] > 1)
			j1 := c.Chosen
			if rest && !j1.Valid() && takenRow[i]+takenColumn[j] > 0 {
				j1 = homeward.Different
			}
			if c.MayDecide && j1.Valid() {
				list = append(list, homeward.Decision{Pair: c.Pair.ID, Judgement: j1, Reason: reason})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b homeward.Decision) int { // what is apart is said first: a join is held against it
		return cmp.Compare(order(a.Judgement), order(b.Judgement))
	})
	return list, twice
}

// outdated reports whether something was chosen that can not be decided here any more: somebody decided it meanwhile, or another
// pair of records tells most of the two children now.
func (p *familiesPage) outdated(sent url.Values) bool {
	offered := map[string]bool{}
	for _, row := range p.Rows {
		for _, c := range row {
			offered[string(c.Pair.ID)] = c.MayDecide
		}
	}
	for name := range sent {
		if _, _, pair := homeward.PairID(name).Records(); pair && sent.Get(name) != "" && !offered[name] {
			return true
		}
	}
	return false
}

func order(j homeward.Judgement) int {
	return slices.Index([]homeward.Judgement{homeward.Different, homeward.Unsure, homeward.Same}, j)
}

// decideFamilies writes what was chosen in one form, with one reason, all or nothing.
func (d *Desk) decideFamilies(v *visit) error {
	reason, err := v.written()
	if err != nil {
		return err
	}
	p, err := v.families()
	if err != nil || p == nil {
		return err
	}
	list, twice := p.chosen(reason, v.r.PostFormValue("rest") != "")
	refuse := func(key string) error {
		return v.showFamiliesPage(http.StatusUnprocessableEntity, refusal{Words: v.l.T(key)})
	}
	switch {
	case reason == "":
		return refuse("pair.no_reason")
	case p.outdated(v.r.PostForm):
		return v.showFamiliesPage(http.StatusConflict, refusal{Words: v.l.T("families.changed")})
	case twice:
		return refuse("families.twice")
	case len(list) == 0:
		return refuse("families.none_chosen")
	}
	out, err := d.Pipeline.Review.DecideTogether(v.ctx(), v.user.Actor(), list)
	var m *homeward.Message
	if errors.As(err, &m) {
		return v.showFamiliesPage(http.StatusConflict, v.refusal(m))
	}
	if err != nil {
		return err
	}
	d.Pipeline.Wake()
	notice := "notice.families"
	if slices.ContainsFunc(out, func(o review.Outcome) bool { return o.Awaits != homeward.AwaitsNobody }) {
		notice = "notice.families_second"
	}
	v.tell(notice, "/pairs/"+string(p.ID)+"/families")
	return v.redirect("/pairs/" + string(p.ID))
}
