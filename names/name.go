package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTokens bounds a name: further words are left out of the comparison.
const maxTokens = 12

// Token is one word of a name, analysed once.
type Token struct {
	Text    string // NFC, look-alike letters repaired
	Part    Part
	Script  Script
	Fold    string
	Key     string
	Class   Class // of a given name in full, or of the father's name in a patronymic
	Initial bool  // a single letter, "М."

	short   []Class // what a short form may stand for
	stem    string  // of a family name: the key without the ending that tells the sex
	sex     Sex
	guessed bool // the word alone told its part
	others  *readings
	class   Class  // as a given name, whatever its part
	number  uint32 // among the words of its lexicon, from 1; 0 when it is of none
}

// Name is an analysed name: its words in the order written, each with its part. Names may share words: do not change them.
type Name struct{ Tokens []*Token }

// Parse analyses a name written in one string, in any order: "Прізвище Ім'я По батькові", "Ivan IVANOV", "IVANOV, Ivan".
func Parse(full string) Name { return newParser(nil).Parse(full) }

// ParseParts analyses a name whose parts are told apart.
func ParseParts(givenName, patronymic, family string) Name {
	return newParser(nil).ParseParts(givenName, patronymic, family)
}

// Part returns the words of one part.
func (n Name) Part(p Part) []*Token {
	var out []*Token
	for _, t := range n.Tokens {
		if t.Part == p {
			out = append(out, t)
		}
	}
	return out
}

// guessed reports whether the parts of a name were told by its words alone.
func (n Name) guessed() bool {
	return slices.ContainsFunc(n.Tokens, func(t *Token) bool { return t.guessed })
}

// Empty reports whether there is nothing to compare.
func (n Name) Empty() bool { return len(n.Tokens) == 0 }

// String returns the words in the order written.
func (n Name) String() string {
	words := make([]string, len(n.Tokens))
	for i, t := range n.Tokens {
		words[i] = t.Text
	}
	return strings.Join(words, " ")
}

// notInWord tells where words end. A hyphen ends one too: the halves of a two-part surname are words of their own.
func notInWord(r rune) bool {
	switch kindOf(r) {
	case kindNone:
		return !unicode.Is(unicode.M, r)
	case kindSign:
		return r == '"'
	}
	return false
}

// analyse analyses a word of no part; ok is false when it holds no sound.
func analyse(word string) (Token, bool) {
	text, script := clean(word)
	t := Token{Text: text, Script: script}
	t.Fold = foldClean(text)
	if t.Fold == "" {
		if script != ScriptOther {
			return Token{}, false
		}
		t.Fold = strings.ToLower(text) // another script: compared as it stands
		t.Fold = t.Fold[:min(len(t.Fold), maxFold)]
	}
	t.Key = keyOf(t.Fold)
	if t.Key == "" {
		t.Key = t.Fold
	}
	t.Initial = utf8.RuneCountInString(text) == 1
	t.others = readingsOf(t.Text, t.Fold, t.Script)
	return t, true
}

// look fills in what the part of a word has: the class of a given name, the father of a patronymic, the stem of a family
// name, and the sex each tells.
func (t *Token) look() {
	t.class = given.classOf(t.Fold)
	switch t.Part {
	case PartGiven:
		t.Class, t.short = given.classOf(t.Fold), given.shorts(t.Fold)
		if t.Class == 0 && t.short == nil {
			if t.Class = given.near(t.Fold, t.Key); t.Class == 0 {
				t.Class = given.inCase(t.Fold)
			}
		}
		t.sex = given.sexOf(t)
	case PartPatronymic:
		if root, sex, ok := splitPatronymic(t.Fold); ok {
			t.Class, t.sex, t.stem = given.fatherOf(root), sex, keyOf(root)
		}
	case PartFamily:
		t.stem, t.sex = familyStem(t.Fold)
		t.others.asFamily()
	}
}

func (g *givens) sexOf(t *Token) Sex {
	if t.Class != 0 {
		return g.sex[t.Class]
	}
	sex := SexUnknown
	for i, c := range t.short {
		if i > 0 && g.sex[c] != sex {
			return SexUnknown
		}
		sex = g.sex[c]
	}
	return sex
}

// Stem returns the key of the word without the ending that tells the sex, for family names and patronymics; for other
// words the key.
func (t *Token) Stem() string {
	if t.stem != "" {
		return t.stem
	}
	return t.Key
}

// Anywhere returns what a word is whatever part it stands in: the class of a given name, or else the stem of a family name.
func (t *Token) Anywhere() (Class, string) {
	if t.class != 0 || t.Part == PartFamily {
		return t.class, t.Stem()
	}
	if t.Class != 0 {
		return t.Class, t.Stem()
	}
	stem, _ := familyStem(t.Fold)
	return 0, stem
}

// ShortFor returns the given names a short form may stand for.
func (t *Token) ShortFor() []Class { return t.short }
