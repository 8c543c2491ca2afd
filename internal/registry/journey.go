package registry

import (
	"slices"

	"github.com/homeward-registry/homeward"
)

// Stop is one place of a child's journey as it was said, or a time whose place nobody says.
type Stop struct {
	Home  bool // where the child lived before anything happened
	Act   homeward.EventType
	When  homeward.Date
	Place string
}

// moves are the events that tell where a child was, even when no place is named: that nobody says where is part of the
// journey.
var moves = []homeward.EventType{
	homeward.EventTaken, homeward.EventTransferred, homeward.EventDeported, homeward.EventPlaced, homeward.EventLocated,
	homeward.EventReturned, homeward.EventReunified,
}

// Journey returns where the child was, in the order of time, each stop once however many tell of it; nothing when no place is
// named. Where a place may be kept from who reads, none is said not to be named.
func (v View) Journey() []Stop {
	withheld := slices.ContainsFunc(v.Records, func(r homeward.Record) bool { return r.Withheld.Has(homeward.ClassLocation) })
	out := v.homes()
	type stop struct {
		act      homeward.EventType
		from, to homeward.Day
		unread   string
		place    string
	}
	told := map[stop]bool{}
	for _, m := range v.Timeline {
		this := stop{m.Type, m.When.From, m.When.To, "", m.Place}
		if m.When.IsZero() {
			this.unread = m.When.Raw
		}
		if told[this] || m.Place == "" && (withheld || !slices.Contains(moves, m.Type)) {
			continue
		}
		told[this] = true
		out = append(out, Stop{Act: m.Type, When: m.When, Place: m.Place})
	}
	if !slices.ContainsFunc(out, func(s Stop) bool { return s.Place != "" }) {
		return nil
	}
	return out
}

// homes are where the sources say that the child lived, as far as they do not contradict one another.
func (v View) homes() []Stop {
	for _, f := range v.Facets {
		if f.Path != homeward.PathHome || f.Contradiction {
			continue
		}
		for _, value := range f.Values {
			if !value.Imposed && value.Current() {
				return []Stop{{Home: true, Place: value.Text}}
			}
		}
	}
	return nil
}
