package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Script is the script most letters of a token belong to.
type Script uint8

const (
	ScriptNone Script = iota
	ScriptCyrillic
	ScriptLatin
	ScriptOther
)

// lookalikes pairs Latin letters with the Cyrillic ones they are taken for. One Cyrillic name in eight in official acts
// carries a Latin letter.
const (
	latinLook    = "aceopxyiABCEHIKMOPTXYïÏ"
	cyrillicLook = "асеорхуіАВСЕНІКМОРТХУїЇ"
)

var toCyrillic, toLatin = lookalikeTables()

func lookalikeTables() (cyr, lat map[rune]rune) {
	cyr, lat = map[rune]rune{}, map[rune]rune{}
	l, c := []rune(latinLook), []rune(cyrillicLook)
	for i := range l {
		cyr[l[i]], lat[c[i]] = c[i], l[i]
	}
	return cyr, lat
}

// clean returns a word in NFC without apostrophes, soft-hyphens and marks of direction, its look-alike letters
// repaired, and its script.
func clean(word string) (string, Script) {
	word = norm.NFC.String(strings.ToValidUTF8(word, ""))
	cyr, lat, other := 0, 0, 0
	var b strings.Builder
	for _, r := range word {
		switch {
		case strings.ContainsRune("'’ʼ‘`´ʹʺ″′\"", r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
			continue
		case unicode.Is(unicode.Cyrillic, r):
			cyr++
		case unicode.Is(unicode.Latin, r):
			lat++
		case unicode.IsLetter(r):
			other++
		}
		b.WriteRune(r)
	}
	word = b.String()
	switch {
	case cyr == 0 && lat == 0 && other == 0:
		return word, ScriptNone
	case other > cyr+lat:
		return word, ScriptOther
	case cyr > 0 && lat > 0:
		return repair(word, cyr, lat)
	case cyr > 0:
		return word, ScriptCyrillic
	}
	return word, ScriptLatin
}

// repair makes a word of one script when every letter of the rarer script is a look-alike. On a draw it is Cyrillic.
func repair(word string, cyr, lat int) (string, Script) {
	table, script, stray := toCyrillic, ScriptCyrillic, unicode.Latin
	if lat > cyr {
		table, script, stray = toLatin, ScriptLatin, unicode.Cyrillic
	}
	return strings.Map(func(r rune) rune {
		if c, ok := table[r]; ok && unicode.Is(stray, r) {
			return c
		}
		return r
	}, word), script
}
