package names

import "strings"

// familyEnds pairs the endings of a family name in its female form with those of the male one, as folds.
var familyEnds = []struct{ female, male string }{
	{"skaia", "sk"}, {"5kaia", "5k"}, {"ska", "sk"}, {"5ka", "5k"}, {"skoi", "sk"}, {"ova", "ov"}, {"eva", "ev"},
	{"ina", "in"}, {"aia", "a"}, {"iaia", "a"},
}

// familyStem returns the key of a family name without the ending that tells the sex.
func familyStem(fold string) (string, Sex) {
	for _, e := range familyEnds {
		if s, ok := strings.CutSuffix(fold, e.female); ok && len(s) > 1 {
			return keyOf(s + e.male), Female
		}
	}
	for _, end := range []string{"ski", "5ki", "ov", "ev"} {
		if strings.HasSuffix(fold, end) && len(fold) > len(end)+1 {
			return keyOf(fold), Male
		}
	}
	return keyOf(fold), SexUnknown
}

// SexOf returns what a name says of its bearer's sex: the patronymic first, then the given name, then the family name.
func SexOf(n Name) Sex {
	for _, part := range []Part{PartPatronymic, PartGiven, PartFamily} {
		for i := range n.Tokens {
			if t := &n.Tokens[i]; t.Part == part && t.sex != SexUnknown {
				return t.sex
			}
		}
	}
	return SexUnknown
}
