package names

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFold bounds a fold: a longer word is cut, so that a hostile one costs nothing.
const maxFold = 64

// The symbols of the fold. Vowels a e i o u; consonants b d f g k l m n p r s t v z as in Latin; and digits, which no
// romanisation uses for letters, for the sounds that one Latin letter cannot tell:
//
//	g  г ґ g h (the h of Ukrainian romanisation)     8  х kh
//	3  ж zh ž          5  ц ts tz         4  ч ch č cz tch
//	6  ш sh š sch      7  щ shch šč
//
// Soft and hard signs are silent; й and ї are i; ё, йо and є are e.
var cyrillicFold = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "e", 'ё': "e", 'ж': "3", 'з': "z",
	'и': "i", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ў': "v", 'ф': "f", 'х': "8", 'ц': "5", 'ч': "4", 'ш': "6", 'щ': "7", 'ъ': "",
	'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia", 'ҳ': "8", 'қ': "k", 'ғ': "g", 'ө': "o", 'ү': "u", 'ұ': "u",
	'ң': "n", 'ә': "a", 'һ': "g", 'ј': "i", 'ѕ': "s", 'љ': "l", 'њ': "n", 'ћ': "4", 'ђ': "d", 'џ': "d3",
}

// latinFold is tried longest first at each place.
var latinFold = map[string]string{
	"schtsch": "7", "shtsh": "7", "chtch": "7", "shch": "7", "szcz": "7", "šč": "7", "ŝ": "7",
	"tsch": "4", "tch": "4", "cz": "4", "ch": "4", "č": "4", "ć": "4",
	"sch": "6", "sh": "6", "sz": "6", "š": "6", "ş": "6", "ș": "6",
	"zh": "3", "ž": "3", "ż": "3", "kh": "8", "gh": "g", "ph": "f", "th": "t", "ck": "k",
	"ts": "5", "tz": "5", "oo": "u", "ou": "u", "ee": "i", "qu": "k",
	"ya": "ia", "yu": "iu", "ja": "ia", "ju": "iu", "ye": "e", "je": "e", "yo": "e", "jo": "e", "yi": "i", "ji": "i",
	"iy": "i", "ij": "i", "yy": "i", "ii": "i",
	"a": "a", "b": "b", "d": "d", "e": "e", "f": "f", "g": "g", "h": "g", "i": "i", "j": "i", "k": "k", "l": "l",
	"m": "m", "n": "n", "o": "o", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "u": "u", "v": "v", "w": "v",
	"x": "ks", "y": "i", "z": "z", "ł": "l", "ĸ": "k", "ß": "ss", "æ": "e", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "ı": "i",
	"ŭ": "v", "ə": "a", "ğ": "g", "ç": "4", "â": "ia", "û": "iu",
}

// group is a run of Latin letters that stands for one sound, and the fold of it.
type group struct {
	letters []rune
	fold    string
}

// latinGroups holds the groups of latinFold by their first letter, the longest first.
var latinGroups = groupsByLetter(latinFold)

func groupsByLetter(table map[string]string) map[rune][]group {
	out := map[rune][]group{}
	for letters, fold := range table {
		g := group{[]rune(letters), fold}
		out[g.letters[0]] = append(out[g.letters[0]], g)
	}
	for _, groups := range out {
		slices.SortFunc(groups, func(a, b group) int {
			return cmp.Or(len(b.letters)-len(a.letters), slices.Compare(a.letters, b.letters))
		})
	}
	return out
}

// cyrillicTable is cyrillicFold by letter from U+0400, so that folding a word is a walk over an array.
var cyrillicTable = func() (out [0x100]string) {
	for r, fold := range cyrillicFold {
		out[r-0x400] = fold
	}
	return out
}()

// Fold returns the neutral form of a word: one ASCII byte a sound, the same for every script. It is idempotent, at most
// 64 bytes long, and empty for a word without a letter or a symbol of the fold.
func Fold(word string) string {
	text, _ := clean(word)
	return foldClean(text)
}

// foldClean folds a clean word by its own habit. Its work stands on the stack: the fold is all it allocates.
func foldClean(text string) string {
	var buffer [maxFold + 8]byte
	return string(foldInto(buffer[:0], text, habitOwn))
}

// foldInto folds a clean word by a habit, onto the end of out.
func foldInto(out []byte, text string, habit habit) []byte {
	var letters [maxFold + maxFold/2]rune
	n := 0
	for _, r := range text {
		if n == len(letters) {
			break
		}
		letters[n] = unicode.ToLower(r)
		n++
	}
	runes := letters[:n]
	if habit == habitOwn {
		habit = habitOf(runes)
	}
	for i := 0; i < len(runes) && len(out) < maxFold; {
		if r := runes[i]; r >= 0x400 && r < 0x500 {
			out = append(out, cyrillicTable[r-0x400]...)
			i++
			continue
		}
		if runes[i] >= 0x370 { // an alphabet whose letters each have a sound
			if s, ok := farFold[runes[i]]; ok {
				out = append(out, s...)
				i++
				continue
			}
		}
		s, n := latinAt(runes[i:], habit)
		out = append(out, s...)
		i += n
	}
	return tidy(out)
}

// habit is how a Latin word uses the letters that standards read in different ways.
type habit uint8

const (
	habitEnglish   habit = iota // ch is ч, c is к or, before a front vowel, ц
	habitFrench                 // ch is ш, j is ж: Chevtchouk, Joukovski
	habitScholarly              // ch is х, c and ć are ц: Chocimsk in a word with háček, Lošyca
	habitGerman                 // z is ц, s before a vowel is з: Zybulja, Selenskyj
	habitSplit                  // zh is зг, sh is сг: tables that keep h for г and no digraph for ж
	habitCoded                  // x is х, cz is ц, shh is щ, eh is э: GOST 7.79 and 16876, which write every letter so that it can be read back
	habitOwn                    // whatever its letters tell
)

// habitOf tells a word's habit from the letters no other habit has. At the end of a word, ou is the Belarusian -оў.
func habitOf(runes []rune) habit {
	tch, sh := false, false
	for i, a := range runes {
		if strings.ContainsRune("šžčŝŭ", a) {
			return habitScholarly
		}
		if i+1 == len(runes) {
			break
		}
		switch b := runes[i+1]; {
		case a == 'o' && b == 'u' && i+2 < len(runes):
			return habitFrench
		case a == 't' && b == 'c' && i+2 < len(runes) && runes[i+2] == 'h':
			tch = true
		case a == 's' && (b == 'h' || b == 'c'):
			sh = true
		}
	}
	if tch && !sh {
		return habitFrench
	}
	return habitEnglish
}

// latinAt folds the longest Latin group at the start of the runes, and says how many runes it took.
func latinAt(runes []rune, h habit) (string, int) {
	if s, n := h.at(runes); n > 0 {
		return s, n
	}
	if len(runes) == 2 || len(runes) == 3 {
		if s, ok := latinEnds[string(runes)]; ok {
			return s, len(runes)
		}
	}
	for _, g := range latinGroups[runes[0]] {
		if hasPrefix(runes, g.letters) {
			return g.fold, len(g.letters)
		}
	}
	if runes[0] == 'c' { // soft before a front vowel, hard elsewhere
		if len(runes) > 1 && strings.ContainsRune("eiyěíì", runes[1]) {
			return "5", 1
		}
		return "k", 1
	}
	return latinBase(runes[0]), 1
}

// latinEnds are read so at the end of a word only: -off, -eff as the West wrote -ов, -ев; -ou for the Belarusian -оў.
var latinEnds = map[string]string{"off": "ov", "eff": "ev", "ou": "ov"}

// at folds what the habit reads otherwise than English does.
func (h habit) at(runes []rune) (string, int) {
	ch := runes[0] == 'c' && len(runes) > 1 && runes[1] == 'h'
	switch {
	case h == habitFrench && runes[0] == 'j':
		return "3", 1
	case h == habitFrench && hasPrefix(runes, []rune("ou")):
		return "u", 2
	case h == habitFrench && ch && !hasPrefix(runes, []rune("chtch")):
		return "6", 2
	case h == habitScholarly && ch:
		return "8", 2
	case h == habitScholarly && (runes[0] == 'c' && !hasPrefix(runes, []rune("cz")) || runes[0] == 'ć'):
		return "5", 1
	case h == habitGerman:
		return germanAt(runes)
	case h == habitCoded:
		for _, g := range codedGroups {
			if hasPrefix(runes, g.letters) {
				return g.fold, len(g.letters)
			}
		}
	case h == habitSplit && len(runes) > 1 && runes[1] == 'h' && (runes[0] == 'z' || runes[0] == 's'):
		return latinBase(runes[0]) + "g", 2
	}
	return "", 0
}

var codedGroups = []group{{[]rune("shh"), "7"}, {[]rune("cz"), "5"}, {[]rune("eh"), "e"}, {[]rune("x"), "8"}}

// germanAt folds what German newspapers write otherwise.
func germanAt(runes []rune) (string, int) {
	switch {
	case hasPrefix(runes, []rune("sch")), hasPrefix(runes, []rune("tsch")), len(runes) < 2:
		return "", 0
	case runes[0] == 'z':
		return "5", 1
	case runes[0] == 'c' && runes[1] == 'h':
		return "8", 2
	case runes[0] == 's' && strings.ContainsRune("aeiouyäöü", runes[1]):
		return "z", 1
	}
	return "", 0
}

func hasPrefix(runes, prefix []rune) bool {
	return len(runes) >= len(prefix) && slices.Equal(runes[:len(prefix)], prefix)
}

// latinBase folds a letter with a mark as the letter without it, and a symbol of the fold as itself.
func latinBase(r rune) string {
	if r >= '3' && r <= '8' {
		return string(r)
	}
	if !unicode.IsLetter(r) {
		return ""
	}
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	if groups := latinGroups[base]; len(groups) > 0 {
		return groups[len(groups)-1].fold
	}
	return ""
}

// tidy evens out what romanisations write differently, until nothing is left to even out: that makes the fold idempotent.
func tidy(b []byte) []byte {
	for {
		n := len(b)
		if b = tidyOnce(b); len(b) == n {
			break
		}
	}
	b = b[:min(len(b), maxFold)]
	if n := len(b); n > 3 && b[n-1] == 'u' && (b[n-2] == 'a' || b[n-2] == 'e') {
		b[n-1] = 'v' // -au, -eu: the Belarusian -аў, -еў
	}
	return b
}

// tidyOnce walks a fold once, in place: every join makes it shorter.
func tidyOnce(b []byte) []byte {
	out := b[:0]
	for _, c := range b {
		n := len(out)
		if n == 0 {
			out = append(out, c)
			continue
		}
		if joined, ok := join(out[n-1], c); ok {
			out[n-1] = joined
			continue
		}
		out = append(out, c)
	}
	return out
}

// join says which two sounds are written as one: doubles, the i before e and o that only some write, and the letters of
// one script that are a sound of another.
func join(a, b byte) (byte, bool) {
	switch {
	case a == b:
		return a, true
	case a == 'i' && (b == 'e' || b == 'o'):
		return 'e', true
	case a == 'o' && b == 'u':
		return 'u', true
	case a == 't' && (b == 's' || b == 'z'):
		return '5', true
	case a == 's' && b == 'z':
		return '6', true
	case a == '7' && (b == '6' || b == '4'), a == '6' && b == '4':
		return '7', true
	}
	return 0, false
}

func isVowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// Key returns the coarse key of a word: each run of vowels is one mark, vowels at the end are dropped, х is г, щ is ш, and
// doubles fall together. Names with equal keys usually are one name; a table and the levels above say when.
func Key(word string) string { return keyOf(Fold(word)) }

func keyOf(fold string) string {
	fold = strings.TrimRight(fold, "aeiou")
	var buffer [maxFold]byte
	b := buffer[:0]
	for i := range len(fold) {
		c := fold[i]
		switch {
		case isVowel(c):
			c = 'a'
		case c == '8':
			c = 'g'
		case c == '7':
			c = '6'
		}
		if n := len(b); n > 0 && b[n-1] == c {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}
