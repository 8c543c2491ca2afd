package linkage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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

// identitySignal is the row that gives back what an altered identity explains: one act, charged once.
const identitySignal = "identity"

// familySignal is the row that takes back what brothers and sisters share.
const familySignal = "family"

// reasonWords are the English words of every code.
var reasonWords = map[string]string{
	"name.all": "family name, given name and patronymic agree", "name.family_given": "family name and given name agree",
	"name.all_near":         "all three names agree, one of them but for a letter or an initial",
	"name.given_patronymic": "given name and patronymic agree, the family name differs",
	"name.no_patronymic":    "family name and given name agree, the patronymic differs",
	"name.near":             "one name agrees, the other is a letter or an initial away",
	"name.both_near":        "both names are alike", "name.sibling": "the family's names agree, the given name differs",
	"name.apart": "the family's names agree, the given names are two",
	"name.given": "only the given name agrees", "name.family": "only the family name can be compared, and agrees",
	"name.different": "the names differ",
	"birth.day":      "born on the same day", "birth.swapped": "day and month of birth are exchanged",
	"birth.digit": "one digit of the birth date differs", "birth.month": "born in the same month, as far as is known",
	"birth.quarter": "birth dates at most three months apart", "birth.year": "born in the same year, as far as is known",
	"birth.overlap": "age and birth date fit", "birth.year_off": "birth dates a year apart",
	"birth.three_off": "birth dates up to three years apart", "birth.different": "birth dates far apart",
	"sex.same": "the same sex", "sex.partly": "sex is unclear", "sex.differ": "the sex differs",
	"family.shared": "brothers and sisters share this too", "identity.altered": "an altered identity would explain what disagrees",
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
		text = map[string]string{"same": "the same ", "partly": "partly the same ", "differ": "another "}[level] + cmp.Or(columnWords[column], column)
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
	out = append(out, "family.shared", "identity.altered")
	out = append(out, names.ReasonCodes()...)
	slices.Sort(out)
	return out
}

// negligible is the share of the family, in bits, that is not worth a row: the rows add up to the weight within it.
const negligible = 0.001

// signals returns the waterfall of a pair: one row a comparison that had something to compare, in the model's order, then
// what an altered identity explains, and the family's share last.
func (w *weigher) signals(e evidence, a, b *entry) []Signal {
	var out []Signal
	for c, comparison := range w.model.Comparisons {
		level := e.pattern.level(c)
		if level == 0 {
			continue
		}
		name, weight := comparison.Name, w.bits.same[c][w.bits.given(c, e.pattern)][level]
		s := Signal{Comparison: name, Level: comparison.Levels[level-1].Name, Reason: Reason{Code: name + "." + comparison.Levels[level-1].Name}}
		switch c {
		case cmpName:
			x, y := a.names[e.names.a], b.names[e.names.b]
			weight += e.own + e.family
			s.Details, s.Reason.Args = e.names.c.Reasons(x, y), []string{x.String(), y.String()}
		case cmpBirth:
			s.Reason.Args = datesCompared(a.births, b.births, level)
		}
		s.Weight = round(weight + w.textRarity(c, e.pattern, a, b))
		out = append(out, s)
	}
	_, sibling, altered := w.bits.sums(e.pattern, e.own, e.family+e.texts)
	if bits := w.explained(altered, a.source, b.source); bits > negligible {
		out = append(out, Signal{Comparison: identitySignal, Level: "altered", Weight: round(bits), Reason: Reason{Code: "identity.altered"}})
	}
	if share := w.familyShare(sibling); share < -negligible {
		out = append(out, Signal{Comparison: familySignal, Level: "shared", Weight: round(share), Reason: Reason{Code: "family.shared"}})
	}
	return out
}

// datesCompared returns the two dates that gave the level.
func datesCompared(a, b []born, level int) []string {
	for i := range a {
		for j := range b {
			if compareBirth(&a[i], &b[j]) == level {
				return []string{a[i].date().String(), b[j].date().String()}
			}
		}
	}
	return nil
}
