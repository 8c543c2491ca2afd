package lists

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/linkage"
)

// Column is one column of a list and what it is taken for.
type Column struct {
	Heading string        `json:"heading"`
	Holds   homeward.Path `json:"holds"`
	Weighed bool          `json:"weighed"`
}

// textPrefix begins the path of a column that is kept under its own name.
var textPrefix = string(homeward.TextPath(""))

// extra reports whether the column is kept under its own name.
func (c Column) extra() bool { return strings.HasPrefix(string(c.Holds), textPrefix) }

// place is a comparison of linkage that compares texts as same, partly or differ, and the path of the column it is made for. m
// and u are learned, so that whatever stands in the place of, say, the institution is weighed as what it is.
type place struct {
	comparison string
	path       homeward.Path
}

// places are the comparisons that extra columns may take, where no list has the column they are made for.
var places = []place{
	{"institution", homeward.PathInstitution}, {"taken_from", homeward.PathTakenFrom}, {"transfer_group", homeward.PathTransferGroup},
	{"hair", homeward.PathHair}, {"eyes", homeward.PathEyes},
}

// extras say which place each extra column has taken.
type extras map[homeward.Path]place

// telling are extra columns that are worth weighing, the most telling first, with the headings that hold them where
// nothing else is said. The first two that find a place also propose pairs, together with the birth day.
var telling = []struct {
	name     string
	headings string
}{
	{"postcode", "postcode|post code|postal code|zip|zip code|postcode fake"},
	{"occupation", "occupation|profession|job"},
	{"state", "state|county|province"},
	{"street number", "street number|house number|house no"},
	{"religion", "religion|denomination"},
}

// tells returns the extra column that a heading holds.
func tells(heading string) (homeward.Path, bool) {
	heading = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), "_", " ")
	for _, t := range telling {
		for h := range strings.SplitSeq(t.headings, "|") {
			if h == heading {
				return homeward.TextPath(t.name), true
			}
		}
	}
	return "", false
}

// rank orders extra columns: telling ones as listed, then others.
func rank(p homeward.Path) int {
	for i, t := range telling {
		if homeward.TextPath(t.name) == p {
			return i
		}
	}
	return len(telling)
}

// headingsLooked is how many rows are looked at for headings, before any is read: rows of JSON lines each have their own.
const headingsLooked = 100

// errEnough ends a reading that has found what it looked for.
var errEnough = errors.New("enough")

// extras gives a place to telling columns and to those that the mapping names with text:, while there are places that no
// list needs.
func (o Options) extras() extras {
	used, wanted := map[homeward.Path]bool{}, map[homeward.Path]bool{}
	for _, f := range o.Files {
		looked := 0
		err := intake.Lines(f.File, func(l intake.Line) error {
			for _, h := range l.Headings {
				path := o.holds(h, nil)
				used[path] = true
				_, said := o.Mapping[h]
				_, told := tells(h)
				if (Column{Holds: path}).extra() && (said || told) {
					wanted[path] = true
				}
			}
			if looked++; looked == headingsLooked {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return nil // the reading itself will say what is wrong
		}
	}
	free := slices.DeleteFunc(slices.Clone(places), func(p place) bool { return used[p.path] })
	out := extras{}
	in := func(a, b homeward.Path) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) }
	for i, path := range slices.SortedFunc(maps.Keys(wanted), in) {
		if i < len(free) {
			out[path] = free[i]
		}
	}
	return out
}

// placed gives claims of extra columns the paths of their places.
func (x extras) placed(claims []homeward.Claim) []homeward.Claim {
	for i, c := range claims {
		if p, ok := x[c.Path]; ok {
			claims[i].Path = p.path
		}
	}
	return claims
}

// name returns what a comparison compares: itself, or the extra column that took its place.
func (x extras) name(comparison string) string {
	for path, p := range x {
		if p.comparison == comparison {
			return strings.TrimPrefix(string(path), textPrefix)
		}
	}
	return comparison
}

// words says what a signal says, without the values compared.
func (x extras) words(s linkage.Signal) string {
	if name := x.name(s.Comparison); name != s.Comparison {
		return map[string]string{"same": "the same ", "partly": "partly the same ", "differ": "another "}[s.Level] + name
	}
	return linkage.Reason{Code: s.Reason.Code}.String()
}

// oneWord lets a name of a single word be a given name or a family name: lists put what little they know into the first
// column there is.
func oneWord(list []linkage.NameText) []linkage.NameText {
	word := ""
	for _, n := range list {
		for _, part := range []string{n.Full, n.Given, n.Patronymic, n.Family} {
			switch {
			case part == "" || part == word:
			case word != "" || strings.ContainsAny(part, " ,.-"):
				return list
			default:
				word = part
			}
		}
	}
	if word == "" {
		return list
	}
	for _, n := range []linkage.NameText{{Given: word}, {Family: word}} {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
