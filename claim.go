package homeward

import "strings"

// Claim is one value in a record: what was said (Value, exactly as received), about what (Path), and where in the
// row (Heading). Claims are facts about what was said, not about the world.
type Claim struct {
	Path    Path
	Value   string // as received, trimmed of surrounding white space only
	Lang    string // BCP 47, when known
	Heading string // locator: the column's heading as received
	Part    int    // position among several values of one cell, or among repeated events of one row, from 0
	When    Date   // the value read as a date, for paths that hold dates; zero otherwise
	Imposed bool   // the value was imposed on the child (a new name, date, birthplace, citizenship)
	Grade   Grade
	// Verified marks a value that the source checked against an independent source (for example a document number
	// read from the document itself).
	Verified bool
}

// String returns the path alone, so that a claim in a log line or an error leaks nothing.
func (c Claim) String() string { return "claim " + string(c.Path) }

// GoString does the same for %#v.
func (c Claim) GoString() string { return c.String() }

// Grade is the Admiralty grading of a claim: reliability of the source (A to F) apart from the credibility of the
// information (1 to 6). Empty means not graded.
type Grade struct {
	Reliability string
	Credibility string
}

// Path says what a claim is about. Extra columns use the prefix "text:" and keep their own name.
type Path string

const (
	PathIgnore Path = "ignore"
	PathRowID  Path = "id" // the id that the source's own row carries

	PathNameFull       Path = "name.full"
	PathNameGiven      Path = "name.given"
	PathNamePatronymic Path = "name.patronymic"
	PathNameFamily     Path = "name.family"
	PathNameAlias      Path = "name.alias" // several in one cell are split
	PathNameImposed    Path = "name.imposed"

	PathBirthDate        Path = "birth.date"
	PathBirthPlace       Path = "birth.place"
	PathBirthDateImposed Path = "birth.date.imposed"
	PathBirthPlaceImp    Path = "birth.place.imposed"
	PathAge              Path = "age" // as of the edition's date
	PathSex              Path = "sex"
	PathLanguage         Path = "language"
	PathCitizenship      Path = "citizenship"

	PathHome          Path = "home.place"
	PathTakenFrom     Path = "event.taken.place"
	PathInstitution   Path = "institution"
	PathTransferGroup Path = "transfer.group"

	PathMother      Path = "mother.name"
	PathFather      Path = "father.name"
	PathSiblings    Path = "siblings"  // names of siblings, several in one cell
	PathFamilyRef   Path = "family.id" // the source's own id of the family: its rows are siblings
	PathInquirer    Path = "inquirer.name"
	PathEyes        Path = "appearance.eyes"
	PathHair        Path = "appearance.hair"
	PathMarks       Path = "appearance.marks"
	PathHealthGroup Path = "health.group"
	PathDocument    Path = "document.number"
	PathDocVerified Path = "document.verified" // yes, so, да: the source read the number from the document
	PathPhone       Path = "contact.phone"
	PathNote        Path = "note"
	PathListDate    Path = "list.date" // the row's own date, when it differs from the edition's
)

// TextPath returns the path of an extra column kept under its own name.
func TextPath(name string) Path { return Path("text:" + name) }

// EventPath returns the path of one part of an event: "event.deported.date". Parts are date, place, actor, note.
func EventPath(t EventType, part string) Path { return Path("event." + string(t) + "." + part) }

// Event splits an event's path into its type and part.
func (p Path) Event() (t EventType, part string, ok bool) {
	rest, found := strings.CutPrefix(string(p), "event.")
	if !found {
		return "", "", false
	}
	i := strings.LastIndexByte(rest, '.')
	if i < 0 {
		return "", "", false
	}
	t, part = EventType(rest[:i]), rest[i+1:]
	_, known := eventOrder[t]
	return t, part, known && (part == "date" || part == "place" || part == "actor" || part == "note")
}

// IsDate reports whether claims at the path hold a date or an age.
func (p Path) IsDate() bool {
	if _, part, ok := p.Event(); ok {
		return part == "date"
	}
	return p == PathBirthDate || p == PathBirthDateImposed || p == PathListDate || p == PathAge
}

// IsName reports whether claims at the path name the child itself.
func (p Path) IsName() bool { return strings.HasPrefix(string(p), "name.") }
