package names

import (
	"strings"
	"unicode"
)

// mend repairs what a hand or a scanner spoils in whole words: digits read for letters inside a word ("Ig0r", "Ко3ак"), and a word
// typed with the keyboard left in the other layout ("Itdxtyrj" for Шевченко). A word is taken for such only when it is none as
// it stands and the tables know it when it is mended. A text that needs nothing comes back as it is.
func mend(text string) string {
	if !suspect(text) {
		return text
	}
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = mendDigits(w)
	}
	for _, w := range words {
		if keys := slipped(w); keys != nil && len(words) <= longName {
			retypeAll(words, keys)
			break
		}
	}
	return strings.Join(words, " ")
}

// longName is how many words a name has at most; a longer text is no name, and no word of it tells the layout of the others.
const longName = 6

// suspect reports whether some word has a digit among letters or too few vowels for a word of a language.
func suspect(text string) bool {
	letters, vowels, digits := 0, 0, 0
	odd := func() bool {
		defer func() { letters, vowels, digits = 0, 0, 0 }()
		return digits > 0 && letters > 1 || letters > 3 && vowels*5 < letters+vowels
	}
	for _, r := range text {
		switch {
		case r == ' ' || r == '-' || r == '\t' || r == '\n':
			if odd() {
				return true
			}
		case r >= '0' && r <= '9':
			digits++
		case isVowelLetter(r):
			letters, vowels = letters+1, vowels+1
		case r >= 'A':
			letters++
		}
	}
	return odd()
}

// vowelLetters tells the vowels among the letters of the Latin and Cyrillic keyboards; a letter with a mark passes for one.
var vowelLetters = func() (out [0x500]bool) {
	for _, r := range "aeiouAEIOUаеєиіїоуюяыэёАЕЄИІЇОУЮЯЫЭЁ" {
		out[r] = true
	}
	for r := 0xC0; r < 0x250; r++ {
		out[r] = true
	}
	return out
}()

func isVowelLetter(r rune) bool { return r >= 0x500 || vowelLetters[r] }

// digitLetters pairs digits with the letters they are read for.
var (
	latinDigits    = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '6': 'b', '8': 'b', '9': 'g'}
	cyrillicDigits = map[rune]rune{'0': 'о', '1': 'і', '3': 'з', '4': 'ч', '6': 'б', '8': 'в'}
)

// mendDigits gives back the letters of a word that has a digit before a letter, and more letters than digits.
func mendDigits(word string) string {
	runes := []rune(word)
	letters, cyrillic, digits := 0, 0, 0
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r):
			letters++
			if r >= 0x400 && r < 0x500 {
				cyrillic++
			}
		case r >= '0' && r <= '9' && i+1 < len(runes) && unicode.IsLetter(runes[i+1]):
			digits++
		}
	}
	if digits == 0 || letters < 3 || letters <= 2*digits {
		return word
	}
	table := latinDigits
	if 2*cyrillic > letters {
		table = cyrillicDigits
	}
	for i, r := range runes {
		if l := table[r]; l != 0 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) {
			runes[i] = l
		}
	}
	return string(runes)
}

// The keys of the keyboard in the Latin layout, and in the Ukrainian and the Russian one.
const (
	keysLatin     = "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>\\`"
	keysUkrainian = "йцукенгшщзхїфівапролджєячсмитьбюЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮґ'"
	keysRussian   = "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ\\ё"
)

var layouts = []map[rune]rune{
	keyboard(keysLatin, keysUkrainian), keyboard(keysLatin, keysRussian), keyboard(keysUkrainian, keysLatin), keyboard(keysRussian, keysLatin),
}

func keyboard(from, to string) map[rune]rune {
	out, keys := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		if r != keys[i] {
			out[r] = keys[i]
		}
	}
	return out
}

// slipped returns the layout a word was meant in, when the word is none as it stands and in that layout it is a given name, a
// common family name or ends as family names alone do; otherwise nil.
func slipped(word string) map[rune]rune {
	if bare := strings.TrimRight(word, ",."); lettersIn(bare) < 4 || !suspect(bare) || nameWord(bare) {
		return nil
	}
	for _, keys := range layouts {
		if typed, ok := retype(word, keys); ok && nameWord(typed) {
			return keys
		}
	}
	return nil
}

func lettersIn(word string) (n int) {
	for _, r := range word {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// retypeAll types every word that is no name as it stands in the layout that one of them was meant in.
func retypeAll(words []string, keys map[rune]rune) {
	for i, w := range words {
		if typed, ok := retype(w, keys); ok && !nameWord(strings.TrimRight(w, ",.")) {
			words[i] = typed
		}
	}
}

// retype types a word in another layout; ok is false when some sign of it has no key there. A comma or full stop at the end
// stays what it is, unless the word is a name only with the letter on its key.
func retype(word string, keys map[rune]rune) (string, bool) {
	bare := strings.TrimRight(word, ",.")
	typed, ok := typeKeys(bare, keys)
	if whole, too := typeKeys(word, keys); bare != word && too && !nameWord(typed) && nameWord(whole) {
		return whole, true
	}
	return typed + word[len(bare):], ok
}

func typeKeys(word string, keys map[rune]rune) (string, bool) {
	ok := word != ""
	return strings.Map(func(r rune) rune {
		if k := keys[r]; k != 0 {
			return k
		}
		ok = ok && r == '-'
		return r
	}, word), ok
}

// nameWord reports whether a word is a name by the tables, or ends as only family names end.
func nameWord(word string) bool {
	for part := range strings.SplitSeq(strings.TrimRight(word, ",."), "-") {
		fold := Fold(part)
		stem, _ := familyStem(fold)
		switch s := suffixOf(fold); {
		case given.classOf(fold) != 0, given.shorts(fold) != nil, knownFamilies[stem], s == 1, s == 3, s == 4 && len(fold) > 5, s == 2 && len(fold) > 5:
		default:
			if _, _, ok := splitPatronymic(fold); !ok {
				return false
			}
		}
	}
	return true
}
