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
}

// Name is an analysed name: its words in the order written, each with its part.
type Name struct{ Tokens []Token }

// Parse analyses a name written in one string, in any order: "Прізвище Ім'я По батькові", "Ivan IVANOV", "IVANOV, Ivan".
func Parse(full string) Name {
	full = mend(full)
	family, rest, comma := strings.Cut(full, ",")
	if comma {
		n := Name{}
		n.add(family, PartFamily)
		n.add(rest, PartUnknown)
		n.guess()
		return n
	}
	n := Name{}
	n.add(full, PartUnknown)
	n.guess()
	return n
}

// ParseParts analyses a name whose parts are told apart.
func ParseParts(givenName, patronymic, family string) Name {
	n := Name{}
	n.add(mend(givenName), PartGiven)
	n.add(mend(patronymic), PartPatronymic)
	n.add(mend(family), PartFamily)
	n.guess()
	return n
}

// Part returns the words of one part.
func (n Name) Part(p Part) []Token {
	var out []Token
	for _, t := range n.Tokens {
		if t.Part == p {
			out = append(out, t)
		}
	}
	return out
}

// guessed reports whether the parts of a name were told by its words alone.
func (n Name) guessed() bool {
	return slices.ContainsFunc(n.Tokens, func(t Token) bool { return t.guessed })
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

// add splits a text into words and analyses each.
func (n *Name) add(text string, part Part) {
	start := len(n.Tokens)
	if n.Tokens == nil {
		n.Tokens = make([]Token, 0, 3)
	}
	for _, w := range strings.FieldsFunc(text, notInWord) {
		if len(n.Tokens)-start >= maxTokens {
			return
		}
		if t, ok := analyse(w, part); ok {
			n.Tokens = append(n.Tokens, t)
		}
	}
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

func analyse(word string, part Part) (Token, bool) {
	text, script := clean(word)
	t := Token{Text: text, Part: part, Script: script}
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

// guess gives every word of unknown part one, then looks up what each part has.
func (n *Name) guess() {
	n.guessParts()
	for i := range n.Tokens {
		n.Tokens[i].look()
	}
	n.decline()
}

func (n *Name) guessParts() {
	known := [4]int{}
	for i := range n.Tokens {
		known[n.Tokens[i].Part]++
	}
	if known[PartUnknown] == 0 {
		return
	}
	for i := range n.Tokens {
		n.Tokens[i].guessed = n.Tokens[i].Part == PartUnknown
	}
	n.mark(PartPatronymic, known, func(i int, t *Token) bool {
		_, _, ok := splitPatronymic(t.Fold)
		return ok && !t.Initial && len(n.Tokens) > 1 && (i > 0 || len(n.Tokens) > 2)
	}, true)
	n.mark(PartFamily, known, func(_ int, t *Token) bool { return shouted(t.Text) && n.mixed() }, false)
	n.mark(PartGiven, known, func(_ int, t *Token) bool { return given.classOf(t.Fold) != 0 }, true)
	n.mark(PartGiven, known, func(_ int, t *Token) bool { return given.shorts(t.Fold) != nil && !looksFamily(t.Fold) }, true)
	n.mark(PartGiven, known, func(_ int, t *Token) bool { return given.shorts(t.Fold) != nil && len(n.Tokens) > 1 }, true)
	n.mark(PartGiven, known, func(_ int, t *Token) bool { return given.inCase(t.Fold) != 0 && !looksFamily(t.Fold) }, true)
	n.rest()
}

// mark gives the part to words that fit, to the last one only when one is asked for and the part is not known yet.
func (n *Name) mark(p Part, known [4]int, fits func(int, *Token) bool, one bool) {
	if one && (known[p] > 0 || n.has(p)) {
		return
	}
	for k := range n.Tokens {
		i := k
		if p == PartPatronymic {
			i = len(n.Tokens) - 1 - k
		}
		t := &n.Tokens[i]
		if t.Part == PartUnknown && fits(i, t) {
			t.Part = p
			if one {
				return
			}
		}
	}
}

func (n *Name) has(p Part) bool {
	for i := range n.Tokens {
		if n.Tokens[i].Part == p {
			return true
		}
	}
	return false
}

// mixed reports whether some words are written in capitals and some are not.
func (n *Name) mixed() bool {
	loud := 0
	for i := range n.Tokens {
		if shouted(n.Tokens[i].Text) {
			loud++
		}
	}
	return loud > 0 && loud < len(n.Tokens)
}

// shouted reports whether a word of two letters or more is written in capitals.
func shouted(s string) bool {
	return utf8.RuneCountInString(s) > 1 && strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// looksFamily reports whether a word ends as family names do.
func looksFamily(fold string) bool {
	for _, end := range []string{"enko", "ov", "ev", "in", "ina", "ova", "eva", "ski", "ska", "skaia", "uk", "iuk", "4ak", "4enko", "ko", "i6in"} {
		if strings.HasSuffix(fold, end) && len(fold) > len(end)+1 {
			return true
		}
	}
	return false
}

// rest gives the words left their parts: beside a patronymic the given name stands next before it; otherwise a word
// that ends as family names do is one; otherwise the given name comes first.
func (n *Name) rest() {
	free := n.free()
	if len(free) > 0 && !n.has(PartGiven) {
		pick := free[0]
		for _, i := range free {
			if i+1 < len(n.Tokens) && n.Tokens[i+1].Part == PartPatronymic {
				pick = i
				break
			}
			if looksFamily(n.Tokens[pick].Fold) && !looksFamily(n.Tokens[i].Fold) && !n.Tokens[i].Initial {
				pick = i
			}
		}
		if len(n.Tokens) > 1 || !looksFamily(n.Tokens[pick].Fold) {
			n.Tokens[pick].Part = PartGiven
		}
	}
	for _, i := range n.free() {
		n.Tokens[i].Part = PartFamily
	}
}

func (n *Name) free() []int {
	var out []int
	for i := range n.Tokens {
		if n.Tokens[i].Part == PartUnknown {
			out = append(out, i)
		}
	}
	return out
}

// look fills in what the part of a word has: the class of a given name, the father of a patronymic, the stem of a family
// name, and the sex each tells.
func (t *Token) look() {
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
func (t Token) Stem() string {
	if t.stem != "" {
		return t.stem
	}
	return t.Key
}

// ShortFor returns the given names a short form may stand for.
func (t Token) ShortFor() []Class { return t.short }
