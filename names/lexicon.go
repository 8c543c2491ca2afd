package names

import "strings"

// Lexicon analyses names, each distinct word once: names are many and their words few. Names of one lexicon share their
// words, which are numbered, so that a [Memo] compares two words once. Its zero value is ready; it is not safe for
// concurrent use.
type Lexicon struct {
	plain map[string]*Token // a word as written, of no part; nil when it holds no sound
	words map[wordForm]*Token
	count uint32
	loose bool // words have no numbers: they may meet those of a lexicon
	draft draft
}

// wordForm is a word in a part.
type wordForm struct {
	plain    *Token
	part     Part
	guessed  bool
	declined bool // a man's given name in another case, by the words around it
}

// Parse analyses a name written in one string, as [Parse] does.
func (l *Lexicon) Parse(full string) Name {
	full = mend(full)
	l.draft.slots = l.draft.slots[:0]
	if family, rest, comma := strings.Cut(full, ","); comma {
		l.add(family, PartFamily)
		l.add(rest, PartUnknown)
	} else {
		l.add(full, PartUnknown)
	}
	return l.name()
}

// ParseParts analyses a name whose parts are told apart, as [ParseParts] does.
func (l *Lexicon) ParseParts(givenName, patronymic, family string) Name {
	l.draft.slots = l.draft.slots[:0]
	l.add(mend(givenName), PartGiven)
	l.add(mend(patronymic), PartPatronymic)
	l.add(mend(family), PartFamily)
	return l.name()
}

// Words returns how many words there are, each in each of its parts; their numbers run from 1 to that.
func (l *Lexicon) Words() int { return int(l.count) }

// add splits a text into words and puts each in its place.
func (l *Lexicon) add(text string, part Part) {
	start := len(l.draft.slots)
	for word := range strings.FieldsFuncSeq(text, notInWord) {
		if len(l.draft.slots)-start >= maxTokens {
			return
		}
		if t := l.analysed(word); t != nil {
			l.draft.slots = append(l.draft.slots, slot{Token: t, Part: part})
		}
	}
}

// analysed returns a word as written, analysed; nil when it holds no sound.
func (l *Lexicon) analysed(word string) *Token {
	if t, ok := l.plain[word]; ok {
		return t
	}
	var out *Token
	word = strings.Clone(word)
	if t, ok := analyse(word); ok {
		out = &t
	}
	if l.plain == nil {
		l.plain, l.words = map[string]*Token{}, map[wordForm]*Token{}
	}
	l.plain[word] = out
	return out
}

// name ends the draft: every word has a part, and in it a class, a stem or a sex.
func (l *Lexicon) name() Name {
	d := &l.draft
	if len(d.slots) == 0 {
		return Name{}
	}
	d.guess()
	n := Name{Tokens: make([]*Token, len(d.slots))}
	for i, s := range d.slots {
		n.Tokens[i] = l.word(wordForm{plain: s.Token, part: s.Part, guessed: s.guessed})
	}
	if n.oblique() {
		for i, t := range n.Tokens {
			if t.Part == PartGiven && t.sex != Male && given.man(t.Fold) != 0 {
				n.Tokens[i] = l.word(wordForm{d.slots[i].Token, t.Part, t.guessed, true})
			}
		}
	}
	return n
}

func (l *Lexicon) word(f wordForm) *Token {
	if t, ok := l.words[f]; ok {
		return t
	}
	t := *f.plain
	t.Part, t.guessed = f.part, f.guessed
	t.look()
	if f.declined {
		t.Class, t.sex, t.short = given.man(t.Fold), Male, nil
	}
	return l.number(f, &t)
}

func (l *Lexicon) number(f wordForm, t *Token) *Token {
	if !l.loose {
		l.count++
		t.number = l.count
	}
	l.words[f] = t
	return t
}

// Take takes in a word by its form, as a word of this lexicon.
func (l *Lexicon) Take(f TokenForm) *Token {
	t := f.Token()
	l.count++
	t.number = l.count
	return t
}
