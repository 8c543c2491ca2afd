package desk

import (
	"cmp"
	"html/template"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/registry"
)

// drawWhere fills in the map of the journey and the line of time. There is none of what nothing is told.
func (p *personPage) drawWhere(v *visit, seen registry.View) (err error) {
	if stops := seen.Journey(); len(stops) > 0 {
		j := drawing.Journey{}
		if j.Gazetteer, err = v.d.places.Current(v.ctx(), v.d.DB, v.user.Actor()); err != nil {
			return err
		}
		for _, s := range stops {
			stop := drawing.Stop{What: v.l.T("event." + string(s.Act)), When: cmp.Or(v.l.Date(s.When), s.When.Raw), Said: s.Place}
			if s.Home {
				stop.What, stop.When = pathName(v.l, homeward.PathHome), v.l.T("drawing.before")
			}
			j.Stops = append(j.Stops, stop)
		}
		p.Journey = j.Draw(v.l)
	}
	p.Along = v.along(seen)
	return nil
}

// along draws what happened along time, each event of one date once; empty when fewer than two have a date.
func (v *visit) along(seen registry.View) template.HTML {
	type act struct {
		kind     homeward.EventType
		from, to homeward.Day
	}
	told := map[act]bool{}
	var t drawing.Timeline
	for _, m := range seen.Timeline {
		this := act{m.Type, m.When.From, m.When.To}
		if m.When.IsZero() || told[this] {
			continue
		}
		told[this] = true
		t.Events = append(t.Events, drawing.Dated{
			What: v.l.T("event." + string(m.Type)), Words: cmp.Or(v.l.Date(m.When), m.When.Raw), When: m.When, Harm: slices.Contains(harms, m.Type),
		})
	}
	if len(t.Events) < 2 {
		return ""
	}
	return t.Draw(v.l)
}
