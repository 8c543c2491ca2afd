package desk

import (
	"cmp"
	"html/template"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/registry"
)

// moves are the events that tell where a child was, even when no place is named: that nobody says where is part of the
// journey.
var moves = []homeward.EventType{
	homeward.EventTaken, homeward.EventTransferred, homeward.EventDeported, homeward.EventPlaced, homeward.EventLocated,
	homeward.EventReturned, homeward.EventReunified,
}

// drawWhere fills in the map of the journey and the line of time. There is none of what nothing is told.
func (p *personPage) drawWhere(v *visit, seen registry.View) error {
	j := drawing.Journey{Stops: v.homes(seen)}
	// Where a place may be kept from this reader, none is said not to be named.
	withheld := slices.ContainsFunc(seen.Records, func(r homeward.Record) bool { return r.Withheld.Has(homeward.ClassLocation) })
	for _, m := range p.Timeline {
		if m.Place != "" || slices.Contains(moves, m.Type) && !withheld {
			j.Stops = append(j.Stops, drawing.Stop{What: v.l.T("event." + string(m.Type)), When: m.When, Said: m.Place})
		}
	}
	if slices.ContainsFunc(j.Stops, func(s drawing.Stop) bool { return s.Said != "" }) {
		var err error
		if j.Gazetteer, err = v.d.places.Current(v.ctx(), v.d.DB, v.user.Actor()); err != nil {
			return err
		}
		p.Journey = j.Draw(v.l)
	}
	p.Along = v.along(seen)
	return nil
}

// homes are where the sources say that the child lived, as far as they do not contradict one another.
func (v *visit) homes(seen registry.View) []drawing.Stop {
	for _, f := range seen.Facets {
		if f.Path != homeward.PathHome || f.Contradiction {
			continue
		}
		for _, value := range f.Values {
			if !value.Imposed && value.Current() {
				return []drawing.Stop{{What: pathName(v.l, f.Path), When: v.l.T("drawing.before"), Said: value.Text}}
			}
		}
	}
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
