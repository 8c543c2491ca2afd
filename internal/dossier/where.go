package dossier

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"

	"github.com/homeward-registry/homeward"
)

// where is the map of each child's journey, made of what reaches the floor alone.
func (d *draft) where(l *i18n.Localizer) disclosure.Section {
	s := disclosure.Section{Title: l.T("dossier.where"), Words: []string{l.T("dossier.where.how")}}
	for i, c := range d.children {
		it := disclosure.Item{Title: title(l, c)}
		if j := d.journey(l, c); len(j.Stops) > 0 {
			j.ID = fmt.Sprintf("journey-%d", i+1)
			it.Figure = &disclosure.Figure{Page: j.Draw(l), Map: j.Map(l)}
			it.Figure.Rows = told(l, it.Figure.Map)
		} else {
			it.Said = []line{{Label: "–", Value: l.T("dossier.none.floor")}}
		}
		s.Items = append(s.Items, it)
	}
	return s
}

func (d *draft) journey(l *i18n.Localizer, c child) drawing.Journey {
	j := drawing.Journey{Gazetteer: d.places}
	for _, s := range d.graded(l, c).Journey() {
		stop := drawing.Stop{What: l.T("event." + string(s.Act)), When: cmp.Or(l.Date(s.When), s.When.Raw), Said: s.Place}
		if s.Home {
			stop.What, stop.When = disclosure.ClaimLabel(l, homeward.PathHome), l.T("drawing.before")
		}
		j.Stops = append(j.Stops, stop)
	}
	return j
}

// graded is what is told of a child with only those homes and events that reach the floor.
func (d *draft) graded(l *i18n.Localizer, c child) registry.View {
	v := c.View
	v.Timeline, v.Facets = nil, nil
	for _, m := range c.Timeline {
		seen := d.told(c, m)
		if len(seen.in) == 0 || seen.Place == "" && seen.lacks("place") { // a place below the floor is not one that nobody names
			continue
		}
		if seen.When.IsZero() && seen.lacks("date") {
			seen.When.Raw = l.T("dossier.when_below")
		}
		v.Timeline = append(v.Timeline, seen.Moment)
	}
	for _, f := range c.Facets {
		if f.Path != homeward.PathHome {
			continue
		}
		home := f
		home.Values = slices.DeleteFunc(slices.Clone(f.Values), func(value registry.Value) bool {
			return !slices.ContainsFunc(d.statements(c), func(s statement) bool {
				return s.in && slices.ContainsFunc(value.Claims, func(x registry.Said) bool {
					return x.Record == s.Record && x.Claim.Path == s.Claim.Path && x.Claim.Value == s.Claim.Value
				})
			})
		})
		v.Facets = append(v.Facets, home)
	}
	return v
}

// told says in rows what a map shows.
func told(l *i18n.Localizer, m drawing.Map) (out []line) {
	for _, t := range m.Told {
		row := line{Label: fmt.Sprintf("%d · %s", t.Number, t.When), Value: t.What + " · " + t.Said}
		if t.When == "" {
			row.Label = fmt.Sprintf("%d · %s", t.Number, l.T("event.undated"))
		}
		switch {
		case t.Said == "":
			row.Value = t.What + " · " + l.T("drawing.unsaid")
		case t.Unknown:
			row.Notes = []string{l.T("drawing.unknown")}
		default:
			row.Notes = []string{t.Name}
		}
		out = append(out, row)
	}
	return out
}
