package synth

import "strings"

// standards are the ways a population's names are written in Latin letters: those of the demonstration and more.
//
//	icao      ICAO Doc 9303, as passports have it
//	un        the national system of 1996, as the United Nations took it
//	iso9      ISO 9:1995, with diacritics
//	scholarly the transliteration of linguists
//	polish    Polish spelling
//	gost      GOST R 52535.1-2006, from the Russian form
//	older     Russian passports of 1997, from the Russian form
var standards = []scheme{
	kmu, bgn, russian, french, german,
	{letters: letters(ukrainianBase, "є=ie ї=i ю=iu я=ia")},
	{letters: letters(ukrainianBase, "є=ie щ=sch ю=iu я=ia"), initial: letters("", "є=ye ї=yi й=y ю=yu я=ya")},
	{letters: letters(ukrainianBase, "г=g ґ=g є=ê ж=ž и=i і=ì ї=ï й=j х=h ц=c ч=č ш=š щ=ŝ ю=û я=â")},
	{letters: letters(ukrainianBase, "є=je ж=ž ї=ji й=j х=x ц=c ч=č ш=š щ=šč ю=ju я=ja")},
	{letters: letters(ukrainianBase, "в=w є=je ж=ż ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja")},
	{russian: true, letters: letters(russianBase, "ё=e й=i ю=iu я=ia щ=shch ц=tc"), groups: strings.NewReplacer("ий", "ii")},
	{russian: true, letters: letters(russianBase, "ё=e ц=ts"), groups: strings.NewReplacer("ий", "iy", "ье", "ye")},
}

// drawStandard draws a standard, each as often as another.
func drawStandard(d dice) *scheme { return &standards[d.IntN(len(standards))] }
