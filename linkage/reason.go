package linkage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// Reason says why: a stable code for translators, and what was compared.
type Reason struct {
	Code string // "birth.swapped"
	Args []string
}

// Signal is one row of the waterfall: what one comparison says.
type Signal struct {
	Comparison string
	Level      string
	Weight     float64 // bits; positive speaks for the same child
	Reason     Reason
	Details    []names.Reason // of a name: part by part
}

// familySignal is the row that takes back what brothers and sisters share.
const familySignal = "family"

// reasonWords are the English words of every code.
var reasonWords = map[string]string{
	"name.all": "family name, given name and patronymic agree", "name.family_given": "family name and given name agree",
	"name.given_patronymic": "given name and patronymic agree, the family name differs",
	"name.no_patronymic":    "family name and given name agree, the patronymic differs",
	"name.near":             "one name agrees, the other is a letter or an initial away",
	"name.both_near":        "both names are alike", "name.sibling": "the family's names agree, the given name differs",
	"name.given": "only the given name agrees", "name.family": "only the family name can be compared, and agrees",
	"name.different": "the names differ",
	"birth.day":      "born on the same day", "birth.swapped": "day and month of birth are exchanged",
	"birth.digit": "one digit of the birth date differs", "birth.month": "born in the same month, as far as is known",
	"birth.quarter": "birth dates at most three months apart", "birth.year": "born in the same year, as far as is known",
	"birth.overlap": "age and birth date fit", "birth.year_off": "birth dates a year apart",
	"birth.three_off": "birth dates up to three years apart", "birth.different": "birth dates far apart",
	"sex.same": "the same sex", "sex.partly": "sex is unclear", "sex.differ": "the sex differs",
	"family.shared": "brothers and sisters share this too",
}

// columnWords name the columns that only agree, partly agree or differ.
var columnWords = map[string]string{
	"birth_place": "birthplace", "home": "home", "taken_from": "place taken from", "institution": "institution",
	"transfer_group": "transfer group", "mother": "mother", "father": "father", "siblings": "siblings", "eyes": "eye colour",
	"hair": "hair colour", "document": "document number", "phone": "telephone number",
}

// String returns the reason in English.
func (r Reason) String() string {
	text, ok := reasonWords[r.Code]
	if !ok {
		column, level, _ := strings.Cut(r.Code, ".")
		text = map[string]string{"same": "the same ", "partly": "partly the same ", "differ": "another "}[level] + columnWords[column]
	}
	if len(r.Args) == 2 && r.Args[0] != "" && r.Args[1] != "" {
		return fmt.Sprintf("%s (%s, %s)", text, r.Args[0], r.Args[1])
	}
	return text
}

// ReasonCodes lists every code a signal can give, those of the details of names included.
func ReasonCodes() []string {
	var out []string
	for _, c := range DefaultModel().Comparisons {
		for _, l := range c.Levels {
			out = append(out, c.Name+"."+l.Name)
		}
	}
	out = append(out, "family.shared")
	out = append(out, names.ReasonCodes()...)
	slices.Sort(out)
	return out
}

// negligible is the share of the family, in bits, that is not worth a row: the rows add up to the weight within it.
const negligible = 0.001

// signals returns the waterfall of a pair: one row a comparison that had something to compare, in the model's order,
// and the family's share last.
func (m *Model) signals(a, b *entry) []Signal {
	n := compareNames(a, b)
	p := patternOf(n, a, b)
	w := m.weigh(p, n, a, b)
	var out []Signal
	for c := range comparisons {
		level := p.level(c)
		if level == 0 {
			continue
		}
		name, l := m.Comparisons[c].Name, m.Comparisons[c].Levels[level-1]
		s := Signal{Comparison: name, Level: l.Name, Weight: round(w.parts[c]), Reason: Reason{Code: name + "." + l.Name}}
		switch c {
		case cmpName:
			s.Details = n.c.Reasons(a.names[n.a], b.names[n.b])
			s.Reason.Args = []string{a.names[n.a].String(), b.names[n.b].String()}
		case cmpBirth:
			s.Reason.Args = datesCompared(a.births, b.births, level)
		}
		out = append(out, s)
	}
	if share := m.familyShare(w); share < -negligible {
		out = append(out, Signal{Comparison: familySignal, Level: "shared", Weight: round(share), Reason: Reason{Code: "family.shared"}})
	}
	return out
}

// datesCompared returns the two dates that gave the level.
func datesCompared(a, b []homeward.Date, level int) []string {
	for _, x := range a {
		for _, y := range b {
			if compareBirth(x, y) == level {
				return []string{x.String(), y.String()}
			}
		}
	}
	return nil
}
