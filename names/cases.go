package names

import "strings"

// Lists and running text write names in the case the sentence asks for: "розшукується Коваленка Івана Петровича". What stands
// here gives the nominative back, by endings, for given names, patronymics and family names in Ukrainian and Russian.

// givenCases pairs endings of a given name, as folds, with what the nominative has in their place: the first that makes a
// name of the table counts, so the longer stand first.
var givenCases = []struct{ end, nominative string }{
	{"oiu", "a"}, {"eiu", "ia"}, {"iei", "ia"}, {"ovi", ""}, {"ovi", "o"}, {"evi", ""}, {"evi", "i"}, {"om", ""}, {"om", "o"}, {"em", "i"}, {"em", ""}, {"oi", "a"}, {"ei", "ia"},
	{"ia", "i"}, {"ia", ""}, {"iu", "ia"}, {"iu", "i"}, {"iu", ""}, {"a", "o"}, {"a", ""}, {"u", "a"}, {"u", "o"}, {"u", ""},
	{"i", "a"}, {"i", "ia"}, {"e", "a"}, {"e", ""},
}

// inCase returns the class of the given name that a word is a case of, or 0.
func (g *givens) inCase(fold string) Class {
	if len(fold) < 4 {
		return 0
	}
	for _, c := range givenCases {
		if stem, ok := strings.CutSuffix(fold, c.end); ok && len(stem) >= 2 {
			if class := g.full[stem+c.nominative]; class != 0 {
				return class
			}
		}
	}
	return 0
}

// man returns the class of the male name that a word ending in a is the genitive of: Олександра, when all around is male.
func (g *givens) man(fold string) Class {
	stem, ok := strings.CutSuffix(fold, "a")
	if !ok {
		return 0
	}
	for _, f := range []string{stem, stem + "o", strings.TrimSuffix(stem, "i")} {
		if c := g.full[f]; c != 0 && g.sex[c] == Male {
			return c
		}
	}
	return 0
}

// patronymicCases pairs the endings of patronymics in other cases with those of the nominative, the longest first.
var patronymicCases = []struct{ end, nominative string }{
	{"i4evi", "i4"}, {"i4em", "i4"}, {"i4om", "i4"}, {"i4a", "i4"}, {"i4u", "i4"}, {"i4i", "i4"},
	{"vnoiu", "vna"}, {"vnoi", "vna"}, {"vni", "vna"}, {"vnu", "vna"}, {"4noi", "4na"}, {"4ni", "4na"}, {"4nu", "4na"},
}

// nominativePatronymic returns a patronymic in the nominative; ok is false when it is no case of one.
func nominativePatronymic(fold string) (string, bool) {
	for _, c := range patronymicCases {
		if stem, ok := strings.CutSuffix(fold, c.end); ok {
			return stem + c.nominative, true
		}
	}
	return "", false
}

// oblique reports whether a word of the name shows that all of it is a man's in another case: a patronymic in -овича, or a family
// name in -енка or -ського.
func (n Name) oblique() bool {
	for _, t := range n.Tokens {
		if t.Part == PartPatronymic && t.sex == Male && !strings.HasSuffix(t.Fold, "4") && strings.HasSuffix(t.Fold, "a") {
			return true
		}
		if t.Part == PartFamily && (strings.HasSuffix(t.Fold, "enka") || strings.HasSuffix(t.Fold, "kogo") || strings.HasSuffix(t.Fold, "4uka")) {
			return true
		}
	}
	return false
}
