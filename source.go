package homeward

import "time"

// Source is who told us: a person, a body, a web site, a database.
type Source struct {
	ID       SourceID
	Name     string
	Language string // BCP 47 tag of the language its values are mostly written in; empty when unknown
	// DuplicateFree says that the source lists each child once, so that two of its rows are two children.
	DuplicateFree bool
	Mapping       Mapping // remembered from the last import
	CreatedAt     time.Time
	Compartment   CompartmentID // in which its records are kept; [Main] when empty
}

// Mapping says which column of a source's files holds what: heading as received -> path of claim. A heading mapped
// to [PathIgnore] is kept in the row as received and makes no claim.
type Mapping map[string]Path

// Edition is one dated delivery of a source: a file as received.
type Edition struct {
	ID         EditionID
	Source     SourceID
	Date       Date   // as of when the source speaks
	SHA256     string // of the file as received, hex
	Size       int64  // bytes
	Format     string // csv, tsv, xlsx, jsonl
	Encoding   string // as detected: utf-8, utf-16le, utf-16be, windows-1251, koi8-u, ibm866
	State      EditionState
	ReceivedAt time.Time
	Tally      Tally
}

// EditionState tells how far the reading of an edition has come.
type EditionState string

const (
	EditionReading  EditionState = "reading"  // interrupted while in this state, an import resumes
	EditionComplete EditionState = "complete" // every row is accounted for
)

// Tally accounts for every row of an edition: Rows = Added + Changed + Unchanged + Quarantined.
type Tally struct {
	Rows, Added, Changed, Unchanged, Removed, Quarantined int
}

// Change says what an edition did to a row of its source, compared with the edition before it. Changes are facts of
// their own: a profile that vanished or was renamed is evidence.
type Change struct {
	Edition  EditionID
	Kind     ChangeKind
	Record   RecordID // the record added, or the new one of a changed row, or the one that vanished
	Previous RecordID // of a changed row: the record it supersedes
	At       time.Time
}

// ChangeKind is added, removed or changed.
type ChangeKind string

const (
	ChangeAdded   ChangeKind = "added"
	ChangeRemoved ChangeKind = "removed"
	ChangeChanged ChangeKind = "changed"
)
