package desk

import (
	"cmp"
	"errors"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/linkage"
)

// pairSides is what stands around the two records: the children they belong to so far, with brothers and sisters, and what is
// said to have happened to each, in one order of time.
type pairSides struct {
	Left, Right pairSide
	Moments     []pairMoment // only where a child has other records too: otherwise the comparison says it all
}

// Siblings reports whether either child has any.
func (s pairSides) Siblings() bool { return len(s.Left.Siblings)+len(s.Right.Siblings) > 0 }

// Families reports whether both children have brothers or sisters: then the families can be decided together.
func (s pairSides) Families() bool { return len(s.Left.Siblings) > 0 && len(s.Right.Siblings) > 0 }

// pairSide is the child that one of the two records belongs to.
type pairSide struct {
	ID       homeward.PersonID
	Name     string
	Records  int
	Siblings []siblingView
}

// pairMoment is an act of one kind at one time, and where each side says it was.
type pairMoment struct {
	Type        homeward.EventType
	When        string
	Left, Right []string
	at          homeward.Date
}

// sides reads both children; nil where they are one already, or where one has no page yet.
func (v *visit) sides(seen review.View) (*pairSides, error) {
	if seen.Joined() || !v.can(homeward.ActionSeePerson) {
		return nil, nil
	}
	var children [2]registry.View
	for i, id := range []homeward.PersonID{seen.LeftPerson, seen.RightPerson} {
		child, err := registry.Show(v.ctx(), v.d.DB, v.user.Actor(), id)
		if errors.Is(err, homeward.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		children[i] = child
	}
	s := &pairSides{Left: v.pairSide(children[0]), Right: v.pairSide(children[1])}
	if s.Left.Records+s.Right.Records > 2 {
		s.Moments = v.overlaid(children[0].Timeline, children[1].Timeline)
	}
	return s, nil
}

func (v *visit) pairSide(child registry.View) pairSide {
	s := pairSide{ID: child.Person.ID, Name: cmp.Or(child.Name, v.l.T("person.nameless")), Records: len(child.Records)}
	for _, x := range child.Siblings {
		s.Siblings = append(s.Siblings, siblingView{ID: x.Person, Name: cmp.Or(x.Name, v.l.T("person.nameless")), Birth: v.l.Date(x.Birth)})
	}
	return s
}

// overlaid lays two timelines over one another. What has no date comes last.
func (v *visit) overlaid(left, right []registry.Moment) []pairMoment {
	var out []pairMoment
	add := func(m registry.Moment, side func(*pairMoment) *[]string) {
		at := slices.IndexFunc(out, func(x pairMoment) bool {
			return x.Type == m.Type && x.at.From == m.When.From && x.at.To == m.When.To && (!m.When.IsZero() || x.at.Raw == m.When.Raw)
		})
		if at < 0 {
			at = len(out)
			out = append(out, pairMoment{Type: m.Type, When: cmp.Or(v.l.Date(m.When), m.When.Raw), at: m.When})
		}
		list := side(&out[at])
		if where := cmp.Or(m.Place, v.l.T("pair.told")); !slices.Contains(*list, where) {
			*list = append(*list, where)
		}
	}
	for _, m := range left {
		add(m, func(x *pairMoment) *[]string { return &x.Left })
	}
	for _, m := range right {
		add(m, func(x *pairMoment) *[]string { return &x.Right })
	}
	slices.SortStableFunc(out, func(a, b pairMoment) int {
		if a.at.IsZero() != b.at.IsZero() {
			if a.at.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.at.From, b.at.From), cmp.Compare(a.Type.Order(), b.Type.Order()))
	})
	return out
}

// contradictory are the levels at which two records say what cannot both be true, by comparison; of any other, "differ".
var contradictory = map[string][]string{
	"name":  {"different", "apart", "given", "given_patronymic", "no_patronymic", "sibling"},
	"birth": {"swapped", "digit", "quarter", "year_off", "three_off", "different"},
}

// contradictions returns in words what the two records contradict each other in, the gravest first.
func (p *pairPage) contradictions(v *visit, signals []linkage.Signal) []signalView {
	var out []signalView
	for _, s := range signals {
		if s.Level == "differ" || slices.Contains(contradictory[s.Comparison], s.Level) {
			if len(s.Reason.Args) == 0 {
				s.Reason.Args = p.compared(s.Comparison)
			}
			out = append(out, signalView{What: v.l.T("comparison." + s.Comparison), Why: v.shownReason(s, p.sees), Weight: s.Weight})
		}
	}
	slices.SortStableFunc(out, func(a, b signalView) int { return cmp.Compare(a.Weight, b.Weight) })
	return out
}

// compared returns what each record says of what a comparison weighs, in its own words; nothing where one of them is silent.
func (p *pairPage) compared(comparison string) []string {
	for _, r := range p.Rows {
		if weighedBy[r.Path] == comparison && len(r.Left) > 0 && len(r.Right) > 0 {
			return []string{r.Left[0].Text, r.Right[0].Text}
		}
	}
	return nil
}
