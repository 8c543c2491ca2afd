package desk

import (
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/names"
)

// nameRead returns how a name reads in the letters of the reader's language, to stand beside the name as it was written:
// nothing where it stands in them already. lang is the language of the name, where the source said it. What is read from
// Latin into Cyrillic says that it is approximate.
func nameRead(l *i18n.Localizer, name, lang string) string {
	cyrillic := strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	latin := strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
	switch reads := l.Lang.Script() == "Cyrl"; {
	case cyrillic && !reads:
		return names.Romanise(name, lang)
	case latin && !cyrillic && reads:
		return l.T("name.about", "reading", names.Cyrillise(name, string(l.Lang)))
	}
	return ""
}

// namesSomeone reports whether the words at a path are a name.
func namesSomeone(p homeward.Path) bool {
	return p.IsName() || p == homeward.PathMother || p == homeward.PathFather
}

// nameLang returns the language in which a record tells the name.
func nameLang(r homeward.Record) string {
	for _, c := range r.Claims {
		if c.Path.IsName() {
			return c.Lang
		}
	}
	return ""
}
