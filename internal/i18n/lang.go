package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// Lang is a language of the pages, as a BCP 47 tag.
type Lang string

// The languages that the program brings along. Another is one more file among the catalogs.
const (
	Ukrainian Lang = "uk"
	English   Lang = "en"
	Russian   Lang = "ru"
)

func (l Lang) tag() language.Tag { return language.Make(string(l)) }

// Script returns the script that the language is written in, by ISO 15924: Cyrl, Latn, Arab.
func (l Lang) Script() string {
	script, _ := l.tag().Script()
	return script.String()
}

// rightToLeft are the scripts that run from right to left, by ISO 15924.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}

// Dir returns the direction of the language's script as HTML writes it: ltr or rtl.
func (l Lang) Dir() string {
	if slices.Contains(rightToLeft, l.Script()) {
		return "rtl"
	}
	return "ltr"
}
