package registry

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward"
)

// events returns the events one record tells of, with their words, in the order of types, then of repetition. It is
// pure, so an event is never stored with its words: they stay in the record.
//
// Claims at event.<type>.date, .place, .actor and .note with the same Part are one event. An event without a date
// keeps no interval: it happened, it is not known when. An imposed name tells that the child was renamed, even when
// no column says so.
func events(r homeward.Record) []homeward.Event {
	// What was taken back did count once: a count as of then asks for its events.
	if r.State != homeward.RecordAccepted && r.State != homeward.RecordRetracted {
		return nil
	}
	type key struct {
		kind homeward.EventType
		part int
	}
	said := map[key]*homeward.Event{}
	event := func(t homeward.EventType, part int) *homeward.Event {
		k := key{t, part}
		if said[k] == nil {
			said[k] = &homeward.Event{ID: eventID(r.ID, t, part), Record: r.ID, Type: t, KnownAt: r.ReceivedAt}
		}
		return said[k]
	}
	renamed, told := false, false
	for _, c := range r.Claims {
		renamed = renamed || imposedName(c)
		if t, part, ok := c.Path.Event(); ok {
			told = told || t == homeward.EventRenamed
			tell(event(t, c.Part), part, c)
		}
	}
	if renamed && !told {
		event(homeward.EventRenamed, 0)
	}
	out := make([]homeward.Event, 0, len(said))
	for _, e := range said {
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b homeward.Event) int {
		return cmp.Or(cmp.Compare(a.Type.Order(), b.Type.Order()), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// ToldBy reports whether a claim of the record that tells of a moment tells a part of it.
func (m Moment) ToldBy(c homeward.Claim) bool {
	t, _, ok := c.Path.Event()
	return ok && m.ID == eventID(m.Record, t, c.Part)
}

// Only returns the moment as some of the claims that tell of it tell it.
func (m Moment) Only(claims []homeward.Claim) Moment {
	e := homeward.Event{ID: m.ID, Person: m.Person, Record: m.Record, Type: m.Type, KnownAt: m.KnownAt}
	for _, c := range claims {
		if _, part, ok := c.Path.Event(); ok && m.ToldBy(c) {
			tell(&e, part, c)
		}
	}
	m.Event = e
	return m
}

// eventID names an event by what tells of it, so that a rebuild gives the same ids.
func eventID(r homeward.RecordID, t homeward.EventType, part int) homeward.EventID {
	return homeward.EventID(string(r) + "/" + string(t) + "/" + strconv.Itoa(part))
}

// tell adds one claim to its event. A second claim of the same part of the same event is put behind the first.
func tell(e *homeward.Event, part string, c homeward.Claim) {
	switch part {
	case "date":
		if e.When.Raw == "" || e.When.IsZero() && !c.When.IsZero() {
			e.When = dated(c)
		}
	case "place":
		e.Place = behind(e.Place, c.Value)
	case "actor":
		e.Actors = behind(e.Actors, c.Value)
	case "note":
		e.Note = behind(e.Note, c.Value)
	}
}

// dated returns the claim's date; where no date could be read, its words alone.
func dated(c homeward.Claim) homeward.Date {
	d := c.When
	if d.IsZero() {
		d = homeward.Date{}
	}
	if d.Raw == "" {
		d.Raw = c.Value
	}
	return d
}

func behind(words, more string) string {
	if words == "" {
		return more
	}
	return words + "; " + more
}

func imposedName(c homeward.Claim) bool {
	return c.Path == homeward.PathNameImposed || c.Imposed && c.Path.IsName()
}
