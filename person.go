package homeward

import "time"

// Person is the cluster of records decided to be one child, and what follows from them. It is derived: empty the
// tables, run the pipeline, get the same persons. Its id is that of its oldest record, so it survives a rebuild,
// and the id of any of its records leads to it.
type Person struct {
	ID       PersonID
	Records  []RecordID // oldest first
	Siblings []PersonID
	Since    time.Time // known time of the oldest record
}

// String returns the id alone.
func (p Person) String() string { return "person " + string(p.ID) }
