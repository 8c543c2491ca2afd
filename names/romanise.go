package names

import (
	"slices"
	"strings"
	"unicode"
)

// Romanise writes a Cyrillic name in Latin letters: a Ukrainian one as Ukrainian passports do (Cabinet of Ministers
// resolution 55 of 2010), a Russian one as ICAO Doc 9303 does. lang is "uk", "ru" or empty: then the letters and the
// patronymic tell, and Ukrainian is taken where they do not. Letters that are not Cyrillic stay as they are.
func Romanise(text, lang string) string {
	table, initial := latinUkrainian, latinUkrainianInitial
	if lang == "ru" || lang != "uk" && looksRussian(text) {
		table, initial = latinRussian, nil
	}
	return spell(text, table, initial)
}

// Cyrillise writes a Latin name in Cyrillic letters, approximately: romanisation loses what it does not tell apart (h and g,
// y and i), so that what comes back is how the name sounds and not how it is written. lang is "uk" or "ru".
func Cyrillise(text, lang string) string {
	if lang == "ru" {
		return spell(text, cyrillicRussian, nil)
	}
	return spell(text, cyrillicUkrainian, nil)
}

// looksRussian reports whether a name has letters that only Russian has, or a patronymic of a Russian form.
func looksRussian(text string) bool {
	low := strings.ToLower(text)
	switch {
	case strings.ContainsAny(low, "іїєґ'’ʼ"):
		return false
	case strings.ContainsAny(low, "ыэъё"):
		return true
	}
	return slices.ContainsFunc(strings.Fields(low), func(w string) bool {
		return strings.HasSuffix(w, "овна") || strings.HasSuffix(w, "евна") || strings.HasSuffix(w, "ьевич") || strings.HasSuffix(w, "ей")
	})
}

// longestSpelling is in letters.
const longestSpelling = 4

// spell replaces letters, the longest run first; at the beginning of a word by what initial gives, where it does.
func spell(text string, table, initial map[string]string) string {
	letters := []rune(text)
	var out strings.Builder
	for i := 0; i < len(letters); {
		first := i == 0 || !unicode.IsLetter(letters[i-1]) && !apostrophe(letters[i-1])
		n, to := longest(letters[i:], first, table, initial)
		out.WriteString(cased(to, letters, i))
		i += n
	}
	return out.String()
}

// longest returns how many letters the longest spelling at the beginning takes, and what it becomes.
func longest(letters []rune, first bool, table, initial map[string]string) (int, string) {
	for n := min(longestSpelling, len(letters)); n > 0; n-- {
		word := strings.ToLower(string(letters[:n]))
		if to, ok := initial[word]; ok && first {
			return n, to
		}
		if to, ok := table[word]; ok {
			return n, to
		}
	}
	return 1, string(letters[0])
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’ʼ`", r) }

// cased gives a spelling the case of the letter it stands for: all capitals only in a word of capitals.
func cased(to string, letters []rune, i int) string {
	if to == "" || !unicode.IsUpper(letters[i]) {
		return to
	}
	beside := i+1 < len(letters) && unicode.IsUpper(letters[i+1]) || i > 0 && unicode.IsUpper(letters[i-1])
	if beside {
		return strings.ToUpper(to)
	}
	r := []rune(to)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}
