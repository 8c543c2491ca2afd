package desk

import (
	"html/template"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/names"
)

// family draws the child among parents, brothers and sisters; empty when nothing is said of any.
func (p *personPage) family(v *visit, seen registry.View) template.HTML {
	f := drawing.Family{Child: drawing.Kin{Name: p.Name, Role: v.l.T("kin.child")}}
	for _, s := range p.Siblings {
		f.Siblings = append(f.Siblings, drawing.Kin{Name: s.Name, Role: v.l.T(s.kin()), Note: s.Birth})
	}
	for _, facet := range seen.Facets {
		for _, value := range facet.Values {
			kin := drawing.Kin{Name: value.Text, Role: pathName(v.l, facet.Path), Note: v.saidView(value, seen).SaidBy, Doubtful: facet.Contradiction}
			switch {
			case value.Imposed || !value.Current():
			case facet.Path == homeward.PathMother || facet.Path == homeward.PathFather:
				f.Parents = addParent(f.Parents, kin)
			case facet.Path == homeward.PathSiblings && !p.hasSibling(value.Text):
				kin.Role = v.l.T("kin.sibling")
				f.Siblings = append(f.Siblings, kin)
			}
		}
	}
	return f.Draw(v.l)
}

// addParent adds a parent. Of what does not contradict, other spellings are a note to the first.
func addParent(parents []drawing.Kin, kin drawing.Kin) []drawing.Kin {
	at := slices.IndexFunc(parents, func(k drawing.Kin) bool { return k.Role == kin.Role })
	if at < 0 || kin.Doubtful {
		return append(parents, kin)
	}
	parents[at].Note += "; " + kin.Name + " (" + kin.Note + ")"
	return parents
}

// hasSibling reports whether a sibling who is only told of may be one of those with a page of their own: the given name
// fits. Told siblings are often named by it alone.
func (p *personPage) hasSibling(told string) bool {
	return slices.ContainsFunc(p.Siblings, func(s siblingView) bool {
		return strings.EqualFold(s.Name, told) || names.Compare(names.Parse(s.Name), names.Parse(told)).Given != names.LevelDifferent
	})
}

// kin is the key of what a sibling is to the child.
func (s siblingView) kin() string {
	switch homeward.ReadSex(s.Sex) {
	case homeward.SexMale:
		return "kin.brother"
	case homeward.SexFemale:
		return "kin.sister"
	}
	return "kin.sibling"
}
