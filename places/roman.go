package places

import (
	"strings"
	"unicode"
)

// ukrainian is the table of the Cabinet of Ministers (resolution 55 of 2010), at the beginning of a word and elsewhere
// where the two differ.
var ukrainian = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "h", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z", 'и': "y", 'і': "i",
	'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u",
	'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ь': "", 'ю': "iu", 'я': "ia", '\'': "", '’': "",
}

var ukrainianFirst = map[rune]string{'є': "ye", 'ї': "yi", 'й': "y", 'ю': "yu", 'я': "ya"}

// russian is BGN/PCGN 1947 without its apostrophes, and with the й of endings left out, as maps in English write it.
var russian = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts",
	'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
}

// romanUkrainian writes a Ukrainian name in Latin letters.
func romanUkrainian(name string) string {
	return romanised(name, func(before, r rune) string {
		switch {
		case before == 'з' && r == 'г':
			return "gh" // зг is zgh, apart from ж
		case !unicode.IsLetter(before) && before != '\'' && before != '’' && ukrainianFirst[r] != "":
			return ukrainianFirst[r]
		}
		return ukrainian[r]
	})
}

// romanRussian writes a Russian name in Latin letters.
func romanRussian(name string) string {
	text := romanised(name, func(before, r rune) string {
		if r == 'е' && (!unicode.IsLetter(before) || strings.ContainsRune("аеёиоуыэюяйъь", before)) {
			return "ye"
		}
		return russian[r]
	})
	words := strings.Split(text, " ")
	for i, w := range words {
		for _, ending := range []string{"yy", "iy"} {
			if stem, ok := strings.CutSuffix(w, ending); ok {
				words[i] = stem + "y"
			}
		}
	}
	return strings.Join(words, " ")
}

// romanised writes letter by letter; letter is given the one before it, and small letters only.
func romanised(name string, letter func(before, r rune) string) string {
	var b strings.Builder
	before := ' '
	for _, r := range name {
		small := unicode.ToLower(r)
		out := letter(before, small)
		switch {
		case ukrainian[small] == "" && russian[small] == "" && !strings.ContainsRune("ьъ'’", small):
			b.WriteRune(r)
		case r != small && out != "":
			b.WriteString(strings.ToUpper(out[:1]) + out[1:])
		default:
			b.WriteString(out)
		}
		before = small
	}
	return b.String()
}
