package names

import "strings"

// familyEnds pairs the endings of a family name in its female form with those of the male one, as folds.
var familyEnds = []struct{ female, male string }{
	{"skaia", "sk"}, {"5kaia", "5k"}, {"ska", "sk"}, {"5ka", "5k"}, {"skoi", "sk"}, {"ova", "ov"}, {"eva", "ev"},
	{"ina", "in"}, {"aia", "a"}, {"iaia", "a"},
}

// familyCases pairs the endings of a man's family name in other cases with what its stem has; where only vowels differ the key
// needs nothing.
var familyCases = []struct{ end, male string }{
	{"skogo", "sk"}, {"5kogo", "5k"}, {"skomu", "sk"}, {"5komu", "5k"}, {"skim", "sk"}, {"5kim", "5k"}, {"enkom", "enk"}, {"enkovi", "enk"},
	{"4ukom", "4uk"}, {"4ukovi", "4uk"}, {"ovim", "ov"}, {"evim", "ev"},
}

// familyStem returns the key of a family name without the ending that tells the sex.
func familyStem(fold string) (string, Sex) {
	for _, e := range familyEnds {
		if s, ok := strings.CutSuffix(fold, e.female); ok && len(s) > 1 {
			return keyOf(s + e.male), Female
		}
	}
	for _, e := range familyCases {
		if s, ok := strings.CutSuffix(fold, e.end); ok && len(s) > 1 {
			return keyOf(s + e.male), Male
		}
	}
	if s, ok := fleeting(fold); ok {
		return keyOf(s), Male
	}
	for _, end := range []string{"ski", "5ki", "ov", "ev"} {
		if strings.HasSuffix(fold, end) && len(fold) > len(end)+1 {
			return keyOf(fold), Male
		}
	}
	return keyOf(fold), SexUnknown
}

// fleeting gives a family name in -ець back the vowel that its other cases lose: Кравця, Кравцем.
func fleeting(fold string) (string, bool) {
	for _, end := range []string{"5ia", "5iu", "5em", "5evi", "5om"} {
		if s, ok := strings.CutSuffix(fold, end); ok && len(s) > 2 && !isVowel(s[len(s)-1]) {
			return s + "e5", true
		}
	}
	return "", false
}

// SexOf returns what a name says of its bearer's sex: the patronymic first, then the given name, then the family name.
func SexOf(n Name) Sex {
	for _, part := range []Part{PartPatronymic, PartGiven, PartFamily} {
		for _, t := range n.Tokens {
			if t.Part == part && t.sex != SexUnknown {
				return t.sex
			}
		}
	}
	return SexUnknown
}
