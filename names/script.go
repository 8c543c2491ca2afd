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
	latinLook    = "aceĸkopxyiABCEHIKMOPTXYïÏëËsSjJ"
	cyrillicLook = "асеккорхуіАВСЕНІКМОРТХУїЇёЁѕЅјЈ"
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

// clean returns a word in NFC without apostrophes, soft hyphens and marks of direction, its look-alike letters
// repaired, and its script.
func clean(word string) (string, Script) {
	if !plain(word) {
		word = norm.NFC.String(strings.ToValidUTF8(word, ""))
	}
	if strings.Contains(word, "·") {
		word = raisedDot.Replace(word)
	}
	cyr, lat, other, signs := 0, 0, 0, 0
	for _, r := range word {
		switch kindOf(r) {
		case kindCyrillic:
			cyr++
		case kindLatin:
			lat++
		case kindLetter:
			other++
		case kindSign:
			signs++
		}
	}
	if signs > 0 {
		word = strings.Map(dropSign, word)
	}
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

// plain reports whether a word holds nothing but ASCII and the letters of the basic Cyrillic block, which are valid and in
// NFC as they stand. Nearly all words are.
func plain(word string) bool {
	for _, r := range word {
		if r >= 0x80 && (r < 0x400 || r > 0x481) {
			return false
		}
	}
	return true
}

// kind is what a rune does in a word.
type kind uint8

const (
	kindNone     kind = iota
	kindLatin         // a Latin letter
	kindCyrillic      // a Cyrillic letter
	kindLetter        // a letter of another script
	kindSign          // an apostrophe, a mark that no letter took up, an invisible sign
)

func kindOf(r rune) kind {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return kindLatin
	case r >= 0x400 && r <= 0x481:
		return kindCyrillic
	case isApostrophe(r), r == '"', unicode.In(r, unicode.Cf, unicode.Mn):
		return kindSign
	case unicode.Is(unicode.Cyrillic, r):
		return kindCyrillic
	case unicode.Is(unicode.Latin, r):
		return kindLatin
	case unicode.IsLetter(r):
		return kindLetter
	}
	return kindNone
}

// isApostrophe knows every sign that clerks type for the apostrophe, the primes romanisations write for ь and ъ, and the
// raised dot that BGN/PCGN sets between letters which are no group.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', 'ʼ', '‘', '`', '´', 'ʹ', 'ʺ', '″', '′', '”', '·':
		return true
	}
	return false
}

func dropSign(r rune) rune {
	if kindOf(r) == kindSign {
		return -1
	}
	return r
}

// repair makes a word of one script as far as the strays of the rarer one are look-alikes. On a draw it is Cyrillic.
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

var scriptNames = [...]string{"none", "cyrillic", "latin", "other"}

// String returns the script's name: "cyrillic".
func (s Script) String() string { return scriptNames[s%4] }

// raisedDot writes the h that BGN/PCGN parts from the letter before it as no other reads it: z·h is зг and not ж.
var raisedDot = strings.NewReplacer("·h", "gh", "·H", "GH")
