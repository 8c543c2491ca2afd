package homeward

import "time"

// Figure is a number someone published: who, when, in what words, about whom. Figures are dated claims; they are
// never corrected, merged or netted against our counts.
type Figure struct {
	ID         FigureID
	Date       Date
	Publisher  string
	ReportedBy string
	Category   string // as the list that brought it says: deported, returned, missing, ...
	Relation   string // =, >, >=, <, <=, ~
	Value      int64
	Population string // children, all_ages
	Scope      string // the publisher's own words
	Link       string
	Note       string
	KnownAt    time.Time
}

// Count is a number we compute. It means nothing without its definition, so they travel together.
type Count struct {
	Definition Definition
	ValidAsOf  time.Time
	KnownAsOf  time.Time
	Sources    int // sources whose records were included
	Origins    int // of these, independent ones: a source that repeats another is one with it
	Records    int // records received
	Children   int // distinct children, the best point
	Lower      int // every pending pair joined
	Upper      int // none joined
	Pending    int // pairs not yet decided among the records counted
}

// Definition says what a count counts.
type Definition struct {
	Name string // deported
	Has  []EventType
	Not  []EventType // children with any of these are left out, child by child
	All  bool        // every child known, whatever the events
}
