package dossier

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/i18n"
)

// entries are what the card of Additional Protocol I of 1977, art. 78(3), asks for, letter by letter, and where records say it
// (https://ihl-databases.icrc.org/en/ihl-treaties/api-1977/article-78). Letters without paths are not kept: blood group, religion. Where
// the child is now (r) is kept, and stands on no card; nor does where it was brought: the places of transfers and deportations say whereto.
var entries = []struct {
	letter string
	paths  []homeward.Path
}{
	{"a", []homeward.Path{homeward.PathNameFamily, homeward.PathNameFull}},
	{"b", []homeward.Path{homeward.PathNameGiven, homeward.PathNamePatronymic, homeward.PathNameAlias, homeward.PathNameImposed}},
	{"c", []homeward.Path{homeward.PathSex}},
	{"d", []homeward.Path{homeward.PathBirthPlace, homeward.PathBirthDate, homeward.PathAge, homeward.PathBirthDateImposed, homeward.PathBirthPlaceImp}},
	{"e", []homeward.Path{homeward.PathFather}},
	{"f", []homeward.Path{homeward.PathMother}},
	{"g", []homeward.Path{homeward.PathInquirer, homeward.PathSiblings}},
	{"h", []homeward.Path{homeward.PathCitizenship}},
	{"i", []homeward.Path{homeward.PathLanguage}},
	{"j", []homeward.Path{homeward.PathHome}},
	{"k", []homeward.Path{homeward.PathDocument}},
	{"l", []homeward.Path{homeward.PathHealthGroup}},
	{"m", nil},
	{"n", []homeward.Path{homeward.PathEyes, homeward.PathHair, homeward.PathMarks}},
	{"o", eventPaths(homeward.EventTaken)},
	{"p", []homeward.Path{homeward.EventPath(homeward.EventDeported, "date")}},
	{"q", nil},
	{"r", nil},
	{"s", eventPaths(homeward.EventDeceased)},
}

func eventPaths(t homeward.EventType) []homeward.Path {
	return []homeward.Path{homeward.EventPath(t, "date"), homeward.EventPath(t, "place"), homeward.EventPath(t, "note")}
}

// card writes the card of each child, in a language. It holds every value that is said and not taken back, whatever its grade: it serves
// to find the child's family, and says who says what.
func (d *draft) card(l *i18n.Localizer, _ int) disclosure.Document {
	doc := disclosure.Document{Localizer: l, Title: l.T("card.title"), Lead: l.T("card.lead")}
	for _, c := range d.children {
		s := disclosure.Section{Title: title(l, c)}
		for _, e := range entries {
			s.Rows = append(s.Rows, line{Label: "(" + e.letter + ") " + l.T("card."+e.letter), Value: entry(l, c, e.letter, e.paths)})
		}
		s.Rows = append(s.Rows, line{Label: l.T("card.photo"), Value: photos(l, c)})
		doc.Sections = append(doc.Sections, s)
	}
	return doc
}

func entry(l *i18n.Localizer, c child, letter string, paths []homeward.Path) string {
	switch letter {
	case "m", "q":
		return l.T("card.not_kept")
	case "r":
		return l.T("card.no_harm")
	}
	var words []string
	for _, p := range paths {
		for _, r := range c.Records {
			if c.Superseded[r.ID] != "" || c.retracted(r.ID) {
				continue
			}
			for _, claim := range r.All(p) {
				text := disclosure.ClaimLabel(l, p) + ": " + claim.Value + " · " + c.Sources[r.Source].Name
				if claim.Imposed || p == homeward.PathNameImposed {
					text += " · " + l.T("dossier.imposed")
				}
				if !slices.Contains(words, text) {
					words = append(words, text)
				}
			}
		}
	}
	if len(words) == 0 {
		return l.T("card.unknown")
	}
	return strings.Join(words, "\n")
}

// photos names the exhibits that show the child: those of its own records, not all that is cited. Their bytes go apart, encrypted.
func photos(l *i18n.Localizer, c child) string {
	var ids []string
	for _, e := range c.exhibits {
		if e.Kind == homeward.ExhibitPhoto && slices.Contains(c.Person.Records, e.Record) {
			ids = append(ids, string(e.ID))
		}
	}
	if len(ids) == 0 {
		return l.T("card.unknown")
	}
	return strings.Join(ids, "\n")
}
