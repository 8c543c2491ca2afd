package i18n

import (
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/message"
)

// Localizer speaks one language. It is safe for concurrent use.
type Localizer struct {
	Lang Lang

	catalogs *Catalogs
	words    *i18n.Localizer
	printer  *message.Printer
}

// For returns the localizer of a language of the program; of Ukrainian when it is not one.
func For(l Lang) *Localizer { return builtIn().For(l) }

// For returns the localizer of a language; of Ukrainian when it is not one of the catalogs'.
func (c *Catalogs) For(l Lang) *Localizer {
	if !c.Speak(l) {
		l = Ukrainian
	}
	return &Localizer{Lang: l, catalogs: c, words: i18n.NewLocalizer(c.bundle, string(l)), printer: message.NewPrinter(l.tag())}
}

// T returns the text of a key. args are pairs: the placeholder's name, its value. Integers are written with the
// language's grouping. A key the catalogs lack is shown as the key in brackets, so that a page with a missing word still
// stands; a test keeps that from happening.
func (l *Localizer) T(key string, args ...any) string {
	return l.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: l.fields(args)})
}

// N returns the text of a key in the plural form for n, which fills the placeholder "n".
func (l *Localizer) N(key string, n int, args ...any) string {
	fields := l.fields(args)
	fields["n"] = l.Number(int64(n))
	return l.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: fields})
}

// Message returns the text of an error that people may read. A key that is not in the catalogs gives the English
// text the error carries.
func (l *Localizer) Message(m *homeward.Message) string {
	if !l.catalogs.keys[m.Key] {
		return m.Text
	}
	fields := make(map[string]any, len(m.Args))
	for k, v := range m.Args {
		fields[k] = l.written(v)
	}
	config := &i18n.LocalizeConfig{MessageID: m.Key, TemplateData: fields}
	if n, ok := m.Args["n"].(int); ok {
		config.PluralCount = n
	}
	text, err := l.words.Localize(config)
	if err != nil || text == "" {
		return m.Text
	}
	return text
}

func (l *Localizer) localize(config *i18n.LocalizeConfig) string {
	text, err := l.words.Localize(config)
	if err != nil || text == "" {
		return "[" + config.MessageID + "]"
	}
	return text
}

func (l *Localizer) fields(args []any) map[string]any {
	fields := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			fields[name] = l.written(args[i+1])
		}
	}
	return fields
}

// written returns a value as it stands in a sentence.
func (l *Localizer) written(v any) any {
	switch v := v.(type) {
	case int:
		return l.Number(int64(v))
	case int64:
		return l.Number(v)
	}
	return v
}

// Sort sorts values by the words that key gives, in the order of the language's dictionary.
func Sort[S ~[]E, E any](l *Localizer, values S, key func(E) string) {
	c := collate.New(l.Lang.tag(), collate.IgnoreCase)
	slices.SortStableFunc(values, func(a, b E) int { return c.CompareString(key(a), key(b)) })
}
