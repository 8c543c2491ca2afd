package disclosure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// worded are the paths whose values are words of ours, with the family of keys that has them in each language. What a family
// does not know is shown as it stands.
var worded = map[string]string{
	"judgement": "judge.", "basis": "basis.", "stance": "stance.", "law": "law.", "standard": "standard.", "event": "event.", "kind": "kind.",
	"act": "custody.act.", "intake/method": "method.", "finding": "finding.", "applies": "application.", "reliability": "reliability.",
	"credibility": "credibility.", "record/state": "record.state.", "record/change": "export.change.", "duplicate_free": "export.flag.", "class": "class.",
}

// dated are the paths that hold a date in its parts; the last is the date as its source wrote it.
var dated = []string{"date", "record/as_of"}

// elementPath is a part of an element of an assessment, or of a party to it.
var elementPath = regexp.MustCompile(`^(element|party)/(\d+)/(name|finding|grounds|applies)$`)

// shownValue writes a value for people: in words where it is one of ours, else the parts of one that has several, without those
// that are empty.
func shownValue(l *i18n.Localizer, path, value string) string {
	name, ok := strings.CutPrefix(path, "body/")
	if !ok {
		return value
	}
	parts := store.Parts(value)
	family := worded[name]
	if m := elementPath.FindStringSubmatch(name); m != nil {
		family = worded[m[3]]
	}
	switch {
	case family != "" && i18n.Has(family+value):
		return l.T(family + value)
	case name == "locator":
		return placeText(l, value)
	case name == "path" && value != "", strings.HasPrefix(name, "mapping/"):
		return ClaimLabel(l, homeward.Path(value))
	case strings.HasPrefix(name, "claim/"):
		parts = parts[:1]
	case slices.Contains(dated, name) && len(parts) == 4 && parts[3] != "":
		parts = parts[3:]
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}

func placeText(l *i18n.Localizer, text string) string {
	at, err := homeward.ParseLocator(text)
	if err != nil {
		return text
	}
	return Place(l, at)
}

// Place says in words where in an exhibit something stands; empty for all of it.
func Place(l *i18n.Localizer, at homeward.Locator) string {
	var words []string
	text := strings.Fields(at.String())
	for i := 0; i+1 < len(text); i += 2 {
		words = append(words, l.T("locator."+text[i], "at", strings.ReplaceAll(text[i+1], "-", "–")))
	}
	return strings.Join(words, ", ")
}

// named orders paths, the name of an element or a party before what is said of it.
func named(a, b string) int {
	first := func(path string) string {
		if elementPath.MatchString(strings.TrimPrefix(path, "body/")) {
			return strings.TrimSuffix(path, "name")
		}
		return path
	}
	return strings.Compare(first(a), first(b))
}
