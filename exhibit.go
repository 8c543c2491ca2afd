package homeward

import (
	"slices"
	"time"
)

type ExhibitID string

// Exhibit is a piece of evidence kept as received: its bytes are sealed and never changed. What is made of them, a
// translation or a thumbnail, is an exhibit of its own that names its parent.
type Exhibit struct {
	ID          ExhibitID
	Compartment CompartmentID
	Class       FieldClass // who needs to know it: [ClassEvidence]; of a photo that a family gave, [ClassIdentity]
	Kind        ExhibitKind
	Parent      ExhibitID // of a derivative: what it was made of
	Request     RequestID // the tracing request it came with; empty otherwise
	Record      RecordID  // a record of the child it tells of; empty when it tells of none, or of many
	Blob        string    // the random name under which its sealed bytes are kept
	SHA256      string    // sealed; of the bytes as received, in hex, as is SHA512
	SHA512      string
	Size        int64  // bytes, as received
	MediaType   string // sealed; guessed from the first bytes, and only told: nothing is opened because of it
	Intake      Intake
	By          UserID    // who received it
	At          time.Time // when
}

// String returns the id alone.
func (e Exhibit) String() string { return "exhibit " + string(e.ID) }

// GoString does the same for %#v.
func (e Exhibit) GoString() string { return e.String() }

// Intake is what is known of how an exhibit came to be here. All of it is sealed.
type Intake struct {
	Name      string    // the file's own name, as received
	Collector string    // who collected it: person, organisation, role; of a derivative, its author
	Collected time.Time // when, with the offset of the collector's clock; zero when no clock time is known
	When      string    // when, in words, where no clock time is known
	Place     string    // where it was collected
	Method    Method
	From      string // who gave it
	Consent   string // under what consent of whom
	Tool      string // what made it, with its version: a telephone, a scanner, a program
	Present   string // of an account: who was there, interpreter and person of trust included
	Verdict   string // of an examination: what it came to, in one word; empty otherwise
	Local     string // when it was received, as the receiving machine's own clock shows it (RFC 3339)
}

// Method is how an exhibit was obtained.
type Method string

const (
	MethodHandedOver Method = "handed-over"
	MethodOnSite     Method = "on-site" // collected where it was
	MethodRecorded   Method = "recorded"
	MethodScanned    Method = "scanned"
	MethodSent       Method = "sent" // by post, mail or message
	MethodCaptured   Method = "captured"
	MethodImported   Method = "imported" // the file of an edition of a list
	MethodDerived    Method = "derived"
	MethodUnknown    Method = "unknown"
)

// Methods lists them in the order in which forms offer them.
var Methods = []Method{
	MethodHandedOver, MethodOnSite, MethodRecorded, MethodScanned, MethodSent, MethodCaptured, MethodImported, MethodDerived, MethodUnknown,
}

// ExhibitKind is what an exhibit is, or how it was made of another.
type ExhibitKind string

const (
	ExhibitDocument ExhibitKind = "document"
	ExhibitPhoto    ExhibitKind = "photo"
	ExhibitVideo    ExhibitKind = "video"
	ExhibitAudio    ExhibitKind = "audio"
	ExhibitAccount  ExhibitKind = "account" // what somebody told, verbatim
	ExhibitCapture  ExhibitKind = "capture" // of a page of the web
	ExhibitList     ExhibitKind = "list"
	ExhibitOther    ExhibitKind = "other"

	ExhibitTranscript  ExhibitKind = "transcript"
	ExhibitTranslation ExhibitKind = "translation"
	ExhibitCrop        ExhibitKind = "crop"
	ExhibitRedaction   ExhibitKind = "redaction"
	ExhibitThumbnail   ExhibitKind = "thumbnail"

	// ExhibitExamination is what reading a web capture found: its verdict, and its pages as text. Only the program makes one.
	ExhibitExamination ExhibitKind = "examination"
)

// OriginalKinds and DerivedKinds list the kinds that people bring in, in the order in which forms offer them.
var (
	OriginalKinds = []ExhibitKind{
		ExhibitDocument, ExhibitPhoto, ExhibitVideo, ExhibitAudio, ExhibitAccount, ExhibitCapture, ExhibitList, ExhibitOther,
	}
	DerivedKinds = []ExhibitKind{ExhibitTranscript, ExhibitTranslation, ExhibitCrop, ExhibitRedaction, ExhibitThumbnail}
)

// Derived reports whether an exhibit of the kind is made of another.
func (k ExhibitKind) Derived() bool {
	return k == ExhibitExamination || slices.Contains(DerivedKinds, k)
}

// Known reports whether the kind is one of ours.
func (k ExhibitKind) Known() bool { return k.Derived() || slices.Contains(OriginalKinds, k) }
