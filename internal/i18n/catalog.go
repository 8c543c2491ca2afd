package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is a language of the pages, as a BCP 47 tag.
type Lang string

// The languages of the pages.
const (
	Ukrainian Lang = "uk"
	English   Lang = "en"
	Russian   Lang = "ru"
)

// Languages lists the languages in the order in which pages offer them. The first is the one for readers whose
// languages are unknown.
var Languages = []Lang{Ukrainian, English, Russian}

// Valid reports whether l is one of [Languages].
func (l Lang) Valid() bool { return slices.Contains(Languages, l) }

// Own returns the language's name in the language itself.
func (l Lang) Own() string {
	return map[Lang]string{Ukrainian: "Українська", English: "English", Russian: "Русский"}[l]
}

// Short returns two capital letters, as on a switch.
func (l Lang) Short() string {
	return map[Lang]string{Ukrainian: "УК", English: "EN", Russian: "РУ"}[l]
}

//go:embed catalogs/active.*.json
var files embed.FS

// bundle reads the catalogs once. They are part of the program: one that cannot be read is a broken invariant.
var bundle = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.Ukrainian)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Languages {
		if _, err := b.LoadMessageFileFS(files, catalogName(l)); err != nil {
			panic(fmt.Sprintf("read catalog %s: %v", l, err))
		}
	}
	return b
})

func catalogName(l Lang) string { return "catalogs/active." + string(l) + ".json" }

// keys holds every key of every catalog.
var keys = sync.OnceValue(func() map[string]bool {
	text, err := files.ReadFile(catalogName(Ukrainian))
	if err != nil {
		panic(fmt.Sprintf("read catalog: %v", err))
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		panic(fmt.Sprintf("read catalog: %v", err))
	}
	out := make(map[string]bool, len(entries))
	for k := range entries {
		out[k] = true
	}
	return out
})

// Has reports whether the catalogs hold the key.
func Has(key string) bool { return keys()[key] }

// Keys lists every key of the catalogs, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(keys())) }

var matcher = language.NewMatcher([]language.Tag{language.Ukrainian, language.English, language.Russian})

// Match returns the language for a reader: the chosen one (a cookie) when it is a language of the pages, otherwise
// what fits the Accept-Language header best, otherwise Ukrainian.
func Match(chosen, accept string) Lang {
	if l := Lang(chosen); l.Valid() {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Ukrainian
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Ukrainian
	}
	return Languages[i]
}
