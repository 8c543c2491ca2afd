package names

import "strings"

// Parser analyses names, on one goroutine. It remembers the words it met, so that it seldom asks its lexicon.
type Parser struct {
	lexicon *Lexicon // nil when words are nobody else's
	plain   map[string]*Token
	words   map[wordForm]*Token
	parts   [PartFamily + 1]map[string]partRead
	room    []*Token // that names of known parts are cut from
	draft   draft
}

// partRead are the words of a part, and whether one of them shows that the name is in another case.
type partRead struct {
	tokens  []*Token
	oblique bool
}

// Parser returns a parser whose words are those of the lexicon.
func (l *Lexicon) Parser() *Parser { return newParser(l) }

func newParser(l *Lexicon) *Parser {
	return &Parser{lexicon: l, plain: map[string]*Token{}, words: map[wordForm]*Token{}}
}

// Parse analyses a name written in one string, as the function [Parse] does.
func (p *Parser) Parse(full string) Name {
	full = mend(full)
	p.draft.slots = p.draft.slots[:0]
	if family, rest, comma := strings.Cut(full, ","); comma {
		p.add(family, PartFamily)
		p.add(rest, PartUnknown)
	} else {
		p.add(full, PartUnknown)
	}
	return p.name()
}

// ParseParts analyses a name whose parts are told apart, as the function [ParseParts] does. A part that was met before is not read
// again: words in a part do not depend on those of other parts, unless the name is in another case.
func (p *Parser) ParseParts(givenName, patronymic, family string) Name {
	g, f, l := p.part(PartGiven, givenName), p.part(PartPatronymic, patronymic), p.part(PartFamily, family)
	if g.oblique || f.oblique || l.oblique {
		return p.parseParts(givenName, patronymic, family)
	}
	n := len(g.tokens) + len(f.tokens) + len(l.tokens)
	if n == 0 {
		return Name{}
	}
	return Name{append(append(append(p.cut(n), g.tokens...), f.tokens...), l.tokens...)}
}

// part returns the words of a part as it is written.
func (p *Parser) part(part Part, text string) partRead {
	if text == "" {
		return partRead{}
	}
	if known, met := p.parts[part][text]; met {
		return known
	}
	p.draft.slots = p.draft.slots[:0]
	p.add(mend(text), part)
	read := Name{p.told()}
	if p.parts[part] == nil {
		p.parts[part] = map[string]partRead{}
	}
	p.parts[part][strings.Clone(text)] = partRead{read.Tokens, read.oblique()}
	return p.parts[part][text]
}

// cut returns an empty list with room for so many words; of a lexicon, whose names are many, from a larger one.
func (p *Parser) cut(n int) []*Token {
	const piece = 4096
	if p.lexicon == nil {
		return make([]*Token, 0, n)
	}
	if len(p.room) < n {
		p.room = make([]*Token, max(n, piece))
	}
	out := p.room[:0:n]
	p.room = p.room[n:]
	return out
}

// parseParts reads all parts of a name anew.
func (p *Parser) parseParts(givenName, patronymic, family string) Name {
	p.draft.slots = p.draft.slots[:0]
	p.add(mend(givenName), PartGiven)
	p.add(mend(patronymic), PartPatronymic)
	p.add(mend(family), PartFamily)
	return p.name()
}

// add splits a text into words and puts each in its place.
func (p *Parser) add(text string, part Part) {
	start := len(p.draft.slots)
	for word := range strings.FieldsFuncSeq(text, notInWord) {
		if len(p.draft.slots)-start >= maxTokens {
			return
		}
		if t := p.analysed(word); t != nil {
			p.draft.slots = append(p.draft.slots, slot{Token: t, Part: part})
		}
	}
}

// analysed returns a word as written, analysed; nil when it holds no sound.
func (p *Parser) analysed(word string) *Token {
	t, ok := p.plain[word]
	if !ok {
		word = strings.Clone(word)
		t = p.lexicon.analysed(word)
		p.plain[word] = t
	}
	return t
}

// name ends the draft: every word has a part, and in it a class, a stem or a sex.
func (p *Parser) name() Name {
	d := &p.draft
	if len(d.slots) == 0 {
		return Name{}
	}
	d.guess()
	n := Name{p.told()}
	if n.oblique() {
		for i, t := range n.Tokens {
			if t.Part == PartGiven && t.sex != Male && given.man(t.Fold) != 0 {
				n.Tokens[i] = p.word(wordForm{d.slots[i].Token, t.Part, t.guessed, true})
			}
		}
	}
	return n
}

// told returns the words of the draft, each in its part.
func (p *Parser) told() []*Token {
	out := make([]*Token, len(p.draft.slots))
	for i, s := range p.draft.slots {
		out[i] = p.word(wordForm{plain: s.Token, part: s.Part, guessed: s.guessed})
	}
	return out
}

func (p *Parser) word(f wordForm) *Token {
	t, ok := p.words[f]
	if !ok {
		t = p.lexicon.word(f)
		p.words[f] = t
	}
	return t
}
