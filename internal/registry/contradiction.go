package registry

import (
	"slices"
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// disagree says, for the paths of which a person has one value, when two values cannot both be true. Anything that
// can be one value said more or less fully (a year and a day in it, a town and its region, a name without its
// patronymic) does not disagree: a page that cries at every spelling is not read.
var disagree = map[homeward.Path]func(a, b Value) bool{
	homeward.PathBirthDate:  datesDisagree,
	homeward.PathAge:        datesDisagree,
	homeward.PathBirthPlace: func(a, b Value) bool { return !within(a.Text, b.Text) && !within(b.Text, a.Text) },
	homeward.PathSex:        sexesDisagree,
	homeward.PathMother:     namesDisagree,
	homeward.PathFather:     namesDisagree,
}

// contradict marks the facets whose original values, as sources say them now, disagree. What a source has corrected
// itself is not a contradiction, and neither is an imposed value: both are shown for what they are. A birth date and
// an age are one fact.
func contradict(all []Facet) {
	births := map[homeward.Path][]Value{}
	for i, f := range all {
		differ := disagree[f.Path]
		if differ == nil {
			continue
		}
		speaking := slices.DeleteFunc(slices.Clone(f.Values), func(v Value) bool { return v.Imposed || !v.Current() })
		all[i].Contradiction = anyTwo(speaking, speaking, differ)
		births[f.Path] = speaking
	}
	if anyTwo(births[homeward.PathBirthDate], births[homeward.PathAge], datesDisagree) {
		for i, f := range all {
			if f.Path == homeward.PathBirthDate || f.Path == homeward.PathAge {
				all[i].Contradiction = true
			}
		}
	}
}

func anyTwo(list, other []Value, differ func(a, b Value) bool) bool {
	for _, a := range list {
		for _, b := range other {
			if differ(a, b) {
				return true
			}
		}
	}
	return false
}

func datesDisagree(a, b Value) bool {
	return !a.Date.IsZero() && !b.Date.IsZero() && !a.Date.Overlaps(b.Date)
}

func sexesDisagree(a, b Value) bool {
	x, y := homeward.ReadSex(a.Text), homeward.ReadSex(b.Text)
	return x != y && x != homeward.SexUnknown && y != homeward.SexUnknown
}

func namesDisagree(a, b Value) bool {
	c := names.Compare(names.Parse(a.Text), names.Parse(b.Text))
	return c.Overall == names.LevelDifferent || c.Given == names.LevelDifferent
}

// within reports whether every word of a place is among the words of the other, so that one only says more.
func within(a, b string) bool {
	words := strings.Fields(folded(b))
	for _, w := range strings.Fields(folded(a)) {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}

// folded returns a text by its sounds, the same for Cyrillic and Latin letters, digits kept: what makes two spellings
// one value.
func folded(text string) string {
	var words []string
	run := strings.FieldsFunc(text, func(x rune) bool {
		return !unicode.IsLetter(x) && !unicode.IsDigit(x) && !unicode.IsMark(x) && x != '\'' && x != '’'
	})
	for _, w := range run {
		if f := names.Fold(w); f != "" && !strings.ContainsFunc(w, unicode.IsDigit) {
			words = append(words, f)
		} else {
			words = append(words, strings.ToLower(w))
		}
	}
	return strings.Join(words, " ")
}
