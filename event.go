package homeward

import (
	"slices"
	"time"
)

// Event is an act with time, place and actors, said by one record. Its type is what happened; a legal
// classification is an assessment attached to it, never part of the type.
type Event struct {
	ID      EventID
	Person  PersonID
	Record  RecordID // who said so
	Type    EventType
	When    Date // valid time
	Place   string
	Actors  string
	Note    string
	KnownAt time.Time // known time: when the record was received
}

// String returns the id alone.
func (e Event) String() string { return "event " + string(e.ID) }

// GoString does the same for %#v.
func (e Event) GoString() string { return e.String() }

// EventType is what happened.
type EventType string

const (
	EventSeparated          EventType = "separated"
	EventTaken              EventType = "taken"
	EventTransferred        EventType = "transferred" // inside Ukraine's recognised borders, occupied territory included
	EventDeported           EventType = "deported"    // outside them
	EventPlaced             EventType = "placed"
	EventRenamed            EventType = "renamed"
	EventCitizenshipImposed EventType = "citizenship-imposed"
	EventContactLost        EventType = "contact-lost"
	EventMistreated         EventType = "mistreated"
	EventLocated            EventType = "located"
	EventReturned           EventType = "returned"
	EventReunified          EventType = "reunified"
	EventDeceased           EventType = "deceased"
)

// EventTypes lists the event types in the order in which they usually follow one another.
var EventTypes = []EventType{
	EventSeparated, EventTaken, EventTransferred, EventDeported, EventPlaced, EventRenamed,
	EventCitizenshipImposed, EventContactLost, EventMistreated, EventLocated, EventReturned, EventReunified, EventDeceased,
}

// GraveEvents are those that say where a child is now, that it is back, or that it is dead: what one person's mistake must
// not give to another child, nor take from it.
var GraveEvents = []EventType{EventContactLost, EventLocated, EventReturned, EventReunified, EventDeceased}

// Grave reports whether the type is one of [GraveEvents].
func (t EventType) Grave() bool { return slices.Contains(GraveEvents, t) }

var eventOrder = func() map[EventType]int {
	m := make(map[EventType]int, len(EventTypes))
	for i, t := range EventTypes {
		m[t] = i
	}
	return m
}()

// Order returns the position of the type in [EventTypes]; unknown types come last.
func (t EventType) Order() int {
	if i, ok := eventOrder[t]; ok {
		return i
	}
	return len(eventOrder)
}

// Valid reports whether the type is one of [EventTypes].
func (t EventType) Valid() bool { _, ok := eventOrder[t]; return ok }
