package names

import "strings"

// SplitAliases splits a cell that holds several names: "А; Б / В (also Г)".
func SplitAliases(cell string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";/|\n()[]«»\"", r) }) {
		s = strings.TrimSpace(s)
		for _, word := range []string{"a.k.a.", "aka ", "also ", "alias ", "він же ", "вона ж ", "он же ", "она же ", "також ", "також: ", "formerly ", "раніше ", "ранее "} {
			if rest, ok := cutFold(s, word); ok {
				s = strings.TrimSpace(rest)
			}
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// cutFold cuts a prefix off whatever its letter case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
