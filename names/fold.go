package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxFold bounds a fold: a longer word is cut, so that a hostile one costs nothing.
const maxFold = 64

// The symbols of the fold. Vowels a e i o u; consonants b d f k l m n p r s t v z as in Latin, and
//
//	g  г ґ g h (the h of Ukrainian romanisation)     h  х kh
//	j  ж zh ž          c  ц ts tz         q  ч ch č cz tch
//	w  ш sh š sch      x  щ shch šč
//
// Soft and hard signs are silent; й and ї are i; ё and є are e.
var cyrillicFold = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "e", 'ё': "e", 'ж': "j", 'з': "z",
	'и': "i", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ў': "v", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "q", 'ш': "w", 'щ': "x", 'ъ': "",
	'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia", 'ҳ': "h", 'қ': "k", 'ғ': "g", 'ө': "o", 'ү': "u", 'ұ': "u",
	'ң': "n", 'ә': "a", 'һ': "g", 'ј': "i", 'љ': "l", 'њ': "n", 'ћ': "q", 'ђ': "d", 'џ': "dj",
}

// latinFold is tried longest first at each place.
var latinFold = map[string]string{
	"schtsch": "x", "shtsh": "x", "chtch": "x", "shch": "x", "szcz": "x", "šč": "x", "ŝ": "x",
	"tsch": "q", "tch": "q", "cz": "q", "ch": "q", "č": "q", "ć": "q",
	"sch": "w", "sh": "w", "sz": "w", "š": "w", "ş": "w", "ș": "w",
	"zh": "j", "ž": "j", "ż": "j", "kh": "h", "gh": "g", "ph": "f", "th": "t", "ck": "k",
	"ts": "c", "tz": "c", "oo": "u", "ou": "u", "ee": "i", "qu": "k",
	"ya": "ia", "yu": "iu", "ja": "ia", "ju": "iu", "ye": "e", "je": "e", "yo": "e", "jo": "e", "yi": "i", "ji": "i",
	"iy": "i", "ij": "i", "yy": "i", "ii": "i",
	"a": "a", "b": "b", "d": "d", "e": "e", "f": "f", "g": "g", "h": "g", "i": "i", "j": "i", "k": "k", "l": "l",
	"m": "m", "n": "n", "o": "o", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "u": "u", "v": "v", "w": "v",
	"x": "ks", "y": "i", "z": "z", "ł": "l", "ß": "ss", "æ": "e", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "ı": "i",
	"ə": "a", "ğ": "g", "ç": "q",
}

// Fold returns the neutral form of a word: one ASCII byte a sound, the same for every script. It is idempotent on words
// it has made, and empty for a word without letters.
func Fold(word string) string {
	text, _ := clean(word)
	return foldClean(strings.ToLower(text))
}

func foldClean(text string) string {
	runes := []rune(text)
	var b strings.Builder
	for i := 0; i < len(runes) && b.Len() < maxFold; {
		r := runes[i]
		if s, ok := cyrillicFold[r]; ok {
			b.WriteString(s)
			i++
			continue
		}
		s, n := latinAt(runes[i:])
		b.WriteString(s)
		i += n
	}
	return tidy(b.String())
}

// latinAt folds the longest Latin group at the start of the runes, and says how many runes it took.
func latinAt(runes []rune) (string, int) {
	for n := min(7, len(runes)); n > 0; n-- {
		if s, ok := latinFold[string(runes[:n])]; ok {
			if runes[0] == 'c' && n == 1 {
				break
			}
			return s, n
		}
	}
	if runes[0] == 'c' { // soft before a front vowel, hard elsewhere
		if len(runes) > 1 && strings.ContainsRune("eiyěí", runes[1]) {
			return "c", 1
		}
		return "k", 1
	}
	return latinBase(runes[0]), 1
}

// latinBase folds a letter with a mark as the letter without it.
func latinBase(r rune) string {
	if !unicode.IsLetter(r) {
		return ""
	}
	for _, base := range norm.NFD.String(string(r)) {
		return latinFold[string(base)]
	}
	return ""
}

// tidy evens out what romanisations write differently: doubles, and e after i.
func tidy(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		n := len(b)
		switch {
		case n > 0 && b[n-1] == c:
			continue
		case c == 'e' && n > 0 && b[n-1] == 'i':
			b[n-1] = 'e'
			if n > 1 && b[n-2] == 'e' {
				b = b[:n-1]
			}
			continue
		case c == 'w' && n > 0 && b[n-1] == 'x':
			continue
		}
		b = append(b, c)
	}
	return string(b[:min(len(b), maxFold)])
}

func isVowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// Key returns the coarse key of a word: each run of vowels is one mark, vowels at the end are dropped, h is g, x is w, and
// doubles fall together. Names with equal keys usually are one name; a table and the levels above say when.
func Key(word string) string { return keyOf(Fold(word)) }

func keyOf(fold string) string {
	fold = strings.TrimRight(fold, "aeiou")
	b := make([]byte, 0, len(fold))
	for i := range len(fold) {
		c := fold[i]
		switch {
		case isVowel(c):
			c = 'a'
		case c == 'h':
			c = 'g'
		case c == 'x':
			c = 'w'
		}
		if n := len(b); n > 0 && b[n-1] == c {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}
