package homeward

import "time"

// CompartmentID names a compartment: [Main], or an id as any other.
type CompartmentID string

// Main is the compartment that is there from the start. Everyone whose role works on children's data is in it until taken
// out; membership of any other is given.
const Main CompartmentID = "main"

// Compartment is a set of sources, their records and cases, with its own members and key.
type Compartment struct {
	ID        CompartmentID
	Name      string // empty for [Main], which pages name in the reader's language
	CreatedAt time.Time
}

// String returns the id alone: a compartment's name may tell whom it hides.
func (c Compartment) String() string { return "compartment " + string(c.ID) }
