package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Catalogs hold the words of the pages in every language: those of the program, or of a folder that [Load] read.
type Catalogs struct {
	languages []Lang
	bundle    *i18n.Bundle
	keys      map[string]bool // of Ukrainian; every other language is held against it
	matcher   language.Matcher
}

//go:embed catalogs/active.*.json
var files embed.FS

// builtIn are the catalogs of the program, read once. One that cannot be read is a broken invariant.
var builtIn = sync.OnceValue(func() *Catalogs {
	c, err := Load(folder())
	if err != nil {
		panic(err.Error())
	}
	return c
})

func folder() fs.FS {
	sub, err := fs.Sub(files, "catalogs")
	if err != nil {
		panic("read catalogs: " + err.Error())
	}
	return sub
}

// BuiltIn returns the catalogs of the program.
func BuiltIn() *Catalogs { return builtIn() }

// Load reads every catalog of a folder: a language is there when its file is. Ukrainian has to be.
func Load(from fs.FS) (*Catalogs, error) {
	c := &Catalogs{languages: discover(from), bundle: i18n.NewBundle(language.Ukrainian)}
	if !slices.Contains(c.languages, Ukrainian) {
		return nil, fmt.Errorf("read catalogs: no %s", catalogName(Ukrainian))
	}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	var tags []language.Tag
	for _, l := range c.languages {
		if _, err := c.bundle.LoadMessageFileFS(from, catalogName(l)); err != nil {
			return nil, fmt.Errorf("read catalog %s: %w", l, err)
		}
		tags = append(tags, l.tag())
	}
	c.matcher = language.NewMatcher(tags)
	return c, c.readKeys(from)
}

// discover lists the languages of a folder in the order in which pages offer them: those of before first.
func discover(from fs.FS) (list []Lang) {
	names, _ := fs.Glob(from, catalogName("*")) // sorted; the pattern is well formed
	for _, name := range names {
		list = append(list, Lang(strings.TrimSuffix(strings.TrimPrefix(name, "active."), ".json")))
	}
	first := []Lang{Ukrainian, English, Russian}
	rest := slices.DeleteFunc(slices.Clone(list), func(l Lang) bool { return slices.Contains(first, l) })
	there := slices.DeleteFunc(first, func(l Lang) bool { return !slices.Contains(list, l) })
	return append(there, rest...)
}

func catalogName(l Lang) string { return "active." + string(l) + ".json" }

func (c *Catalogs) readKeys(from fs.FS) error {
	text, err := fs.ReadFile(from, catalogName(Ukrainian))
	if err != nil {
		return fmt.Errorf("read catalog %s: %w", Ukrainian, err)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		return fmt.Errorf("read catalog %s: %w", Ukrainian, err)
	}
	c.keys = make(map[string]bool, len(entries))
	for k := range entries {
		c.keys[k] = true
	}
	return nil
}

// Languages lists the languages in the order in which pages offer them. The first is Ukrainian, for readers whose
// languages are unknown.
func (c *Catalogs) Languages() []Lang { return c.languages }

// Speak reports whether l is one of the languages.
func (c *Catalogs) Speak(l Lang) bool { return slices.Contains(c.languages, l) }

// Match returns the language for a reader: the chosen one (a cookie) when it is a language of the pages, otherwise
// what fits the Accept-Language header best, otherwise Ukrainian.
func (c *Catalogs) Match(chosen, accept string) Lang {
	if l := Lang(chosen); c.Speak(l) {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Ukrainian
	}
	_, i, confidence := c.matcher.Match(tags...)
	if confidence == language.No {
		return Ukrainian
	}
	return c.languages[i]
}

// Languages lists the languages of the program.
var Languages = discover(folder())

// Has reports whether the catalogs of the program hold the key.
func Has(key string) bool { return builtIn().keys[key] }

// Keys lists every key of the catalogs of the program, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(builtIn().keys)) }

// Match is [Catalogs.Match] among the languages of the program.
func Match(chosen, accept string) Lang { return builtIn().Match(chosen, accept) }
