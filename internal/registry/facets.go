package registry

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// Facet is one thing that records say of a person: every value, and who says it.
type Facet struct {
	Path          homeward.Path // imposed values stand under the path of the original ones
	Values        []Value       // original ones first, then imposed ones; each group in the order in which it was learned
	Contradiction bool          // a person has one such value, and the sources that speak now do not agree on it
}

// Value is one value and every claim that says it, spelling and script aside.
type Value struct {
	Text      string        // as the first record says it
	Date      homeward.Date // for paths that hold dates
	Imposed   bool
	ImposedBy string // who imposed it, as the records say; empty when none does
	Claims    []Said
}

// Said is one claim with who said it and when it was learned.
type Said struct {
	Record       homeward.RecordID
	Source       homeward.SourceID
	Claim        homeward.Claim
	KnownAt      time.Time
	SupersededBy homeward.RecordID // the record of a later edition that replaces this one; empty when it speaks still
	Origin       homeward.SourceID // that the source repeats there; empty when it speaks for itself
}

// Current reports whether some source says the value still.
func (v Value) Current() bool {
	return slices.ContainsFunc(v.Claims, func(s Said) bool { return s.SupersededBy == "" })
}

// original maps the paths of imposed values to those of the values they were put in the place of.
var original = map[homeward.Path]homeward.Path{
	homeward.PathNameImposed:      homeward.PathNameFull,
	homeward.PathBirthDateImposed: homeward.PathBirthDate,
	homeward.PathBirthPlaceImp:    homeward.PathBirthPlace,
}

// order is the order in which a page shows what is said of a person. Other paths follow in the order of their names.
var order = []homeward.Path{
	homeward.PathNameFull, homeward.PathNameFamily, homeward.PathNameGiven, homeward.PathNamePatronymic, homeward.PathNameAlias,
	homeward.PathBirthDate, homeward.PathAge, homeward.PathBirthPlace, homeward.PathSex, homeward.PathCitizenship, homeward.PathLanguage,
	homeward.PathMother, homeward.PathFather, homeward.PathSiblings, homeward.PathFamilyRef, homeward.PathHome,
	homeward.PathInstitution, homeward.PathTransferGroup, homeward.PathEyes, homeward.PathHair, homeward.PathMarks, homeward.PathHealthGroup,
	homeward.PathDocument, homeward.PathInquirer, homeward.PathPhone, homeward.PathRowID, homeward.PathListDate, homeward.PathNote,
}

// Facets groups what records say, in the order of a page: every value with who says it, contradictions marked. It serves
// to hold two records against each other before anybody has decided that they are one child.
func Facets(records ...homeward.Record) []Facet { return facets(records, nil) }

// facets groups the claims of a person's records. Claims that tell of events are in the timeline instead. Records come
// oldest first; replaced names, for each record, the one that replaces it.
func facets(records []homeward.Record, replaced map[homeward.RecordID]homeward.RecordID) []Facet {
	at := map[homeward.Path]int{}
	var out []Facet
	for _, r := range records {
		imposers := imposers(r)
		for _, c := range r.Claims {
			if _, _, ok := c.Path.Event(); ok || c.Path == homeward.PathIgnore || c.Path == homeward.PathDocVerified {
				continue
			}
			path, imposed := cmp.Or(original[c.Path], c.Path), c.Imposed || original[c.Path] != ""
			n, ok := at[path]
			if !ok {
				n = len(out)
				at[path] = n
				out = append(out, Facet{Path: path})
			}
			v := out[n].value(c, imposed)
			v.Claims = append(v.Claims, Said{Record: r.ID, Source: r.Source, Claim: c, KnownAt: r.ReceivedAt, SupersededBy: replaced[r.ID]})
			if imposed && v.ImposedBy == "" {
				v.ImposedBy = imposers[path.IsName()]
			}
		}
	}
	for i := range out {
		slices.SortStableFunc(out[i].Values, func(a, b Value) int { return compareBool(a.Imposed, b.Imposed) })
	}
	contradict(out)
	slices.SortFunc(out, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(position(a.Path), position(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return out
}

func position(p homeward.Path) int {
	if i := slices.Index(order, p); i >= 0 {
		return i
	}
	return len(order)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// value returns the facet's value that the claim says, making it when it is new.
func (f *Facet) value(c homeward.Claim, imposed bool) *Value {
	for i, v := range f.Values {
		if v.Imposed == imposed && sameValue(v, c) {
			return &f.Values[i]
		}
	}
	f.Values = append(f.Values, Value{Text: c.Value, Date: dateOf(c), Imposed: imposed})
	return &f.Values[len(f.Values)-1]
}

// dateOf returns the claim's date when its path holds dates.
func dateOf(c homeward.Claim) homeward.Date {
	if !c.Path.IsDate() {
		return homeward.Date{}
	}
	return dated(c)
}

// sameValue reports whether the claim says the value: the same days, or words that fold together.
func sameValue(v Value, c homeward.Claim) bool {
	d := dateOf(c)
	if !d.IsZero() || !v.Date.IsZero() {
		return d.From == v.Date.From && d.To == v.Date.To && d.Precision == v.Date.Precision
	}
	if sex := homeward.ReadSex(c.Value); c.Path == homeward.PathSex && sex != homeward.SexUnknown {
		return homeward.ReadSex(v.Text) == sex
	}
	return strings.EqualFold(v.Text, c.Value) || folded(v.Text) != "" && folded(v.Text) == folded(c.Value)
}

// imposers returns who imposed values in a record, as its events say: under true for a name, under false for the rest.
func imposers(r homeward.Record) map[bool]string {
	out := map[bool]string{}
	for _, e := range events(r) {
		switch e.Type {
		case homeward.EventRenamed:
			out[true] = cmp.Or(out[true], e.Actors)
		case homeward.EventCitizenshipImposed:
			out[false] = cmp.Or(out[false], e.Actors)
		}
	}
	return map[bool]string{true: cmp.Or(out[true], out[false]), false: cmp.Or(out[false], out[true])}
}
