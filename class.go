package homeward

import (
	"slices"
	"strings"
)

// FieldClass is a kind of claim that some roles need to know and others do not.
type FieldClass string

const (
	ClassIdentity FieldClass = "identity" // who the child is, and what happened
	ClassLocation FieldClass = "location" // where the child is now
	ClassContact  FieldClass = "contact"  // how the family is reached; free text, in which that hides
	ClassSource   FieldClass = "source"   // who told us
	ClassHealth   FieldClass = "health"
	ClassEvidence FieldClass = "evidence" // of mistreatment
)

// FieldClasses lists the classes in the order in which pages show them.
var FieldClasses = []FieldClass{ClassIdentity, ClassLocation, ClassContact, ClassSource, ClassHealth, ClassEvidence}

// Classes is a set of field classes.
type Classes int64

// ClassesOf returns the set of the given classes; an unknown one is left out.
func ClassesOf(list ...FieldClass) (c Classes) {
	for i, f := range FieldClasses {
		for _, x := range list {
			if f == x {
				c |= 1 << i
			}
		}
	}
	return c
}

// AllClasses is the set of every class.
var AllClasses = ClassesOf(FieldClasses...)

// Has reports whether the set holds the class.
func (c Classes) Has(f FieldClass) bool { return c&ClassesOf(f) != 0 }

// List returns the classes of the set, in the order of [FieldClasses].
func (c Classes) List() []FieldClass {
	var out []FieldClass
	for _, f := range FieldClasses {
		if c.Has(f) {
			out = append(out, f)
		}
	}
	return out
}

// classOf gives the paths that are not identity.
var classOf = map[Path]FieldClass{
	PathRowID: ClassSource, PathInstitution: ClassLocation, PathHealthGroup: ClassHealth,
	PathInquirer: ClassContact, PathPhone: ClassContact, PathNote: ClassContact,
}

// Class returns the class of what is said at the path. Of an event, where it led tells where the child is now; all of
// mistreatment is evidence. Columns kept under their own name hold nobody knows what, as free text does.
func (p Path) Class() FieldClass {
	if t, part, ok := p.Event(); ok {
		return eventClass(t, part)
	}
	if c, ok := classOf[p]; ok {
		return c
	}
	if strings.HasPrefix(string(p), "text:") {
		return ClassContact
	}
	return ClassIdentity
}

func eventClass(t EventType, part string) FieldClass {
	switch {
	case t == EventMistreated:
		return ClassEvidence
	case part == "date":
		return ClassIdentity
	case t == EventPlaced || t == EventLocated || t == EventReturned || t == EventReunified || t == EventDeceased:
		return ClassLocation
	}
	return ClassIdentity
}

// Within returns the record with only what is of the given classes, and says in Withheld what was left out. A cell goes
// with the claims read from it; a cell from which none was read counts as free text.
func (r Record) Within(see Classes) Record {
	if see == AllClasses {
		return r
	}
	hidden, read := map[string]bool{}, map[string]bool{}
	within := func(list []Claim) []Claim {
		kept := list[:0:0]
		for _, c := range list {
			class := c.Path.Class()
			read[c.Heading] = true
			if see.Has(class) {
				kept = append(kept, c)
				continue
			}
			hidden[c.Heading] = true
			r.Withheld |= ClassesOf(class)
		}
		return kept
	}
	r.Claims, r.TakenBack = within(r.Claims), within(r.TakenBack)
	r.Row = slices.DeleteFunc(slices.Clone(r.Row), func(c Cell) bool {
		class := r.unread(c)
		free := c.Text != "" && !read[c.Heading] && !see.Has(class)
		if free {
			r.Withheld |= ClassesOf(class)
		}
		return free || hidden[c.Heading]
	})
	if !see.Has(ClassSource) {
		r.SourceRow = ""
	}
	return r
}

// unread returns the class of a cell from which no claim was read: the source's own id of the row tells who the source is,
// anything else is free text.
func (r Record) unread(c Cell) FieldClass {
	if id := strings.TrimSpace(c.Text); id != "" && id == r.SourceRow {
		return ClassSource
	}
	return ClassContact
}
