package homeward

import "time"

// ExportID names an export: what was taken out of the register for a court, as one proof bundle.
type ExportID string

// ExportKind says what a bundle is about.
type ExportKind string

const (
	ExportPerson  ExportKind = "person"  // a child: its records, who told them, what was decided on them
	ExportRequest ExportKind = "request" // a tracing request, with the records of whom it seeks
	ExportDossier ExportKind = "dossier" // one child or several, chosen at a floor and frozen: see [Export.Version]
	ExportExhibit ExportKind = "exhibit" // an exhibit, with its custody and what it was made of
)

// ExportKinds lists the kinds.
var ExportKinds = []ExportKind{ExportPerson, ExportRequest, ExportExhibit, ExportDossier}

// Export is one proof bundle that left the register. It is never changed, and there is no taking it back.
type Export struct {
	ID          ExportID
	Kind        ExportKind
	Subject     string // the id of what it is about
	Compartment CompartmentID
	By          UserID
	At          time.Time
	Purpose     string // sealed; what it is for, in the words of who exported
	Recipient   string // sealed; who receives it, likewise
	Content     string // the digest of the list of its files
	Items       int    // entries in it
	Version     int    // of a dossier: of those about its subject, from 1; otherwise 0
	Withheld    int    // paths of them that are not shown
}

// Withholding is why a path of an entry is not shown in a bundle.
type Withholding string

const (
	WithheldActor  Withholding = "actor"  // who acted stands in the report under another name
	WithheldRole   Withholding = "role"   // the one who exported does not see it
	WithheldChosen Withholding = "chosen" // the one who exported chose so
)

// Withholdings lists the reasons.
var Withholdings = []Withholding{WithheldActor, WithheldRole, WithheldChosen}
