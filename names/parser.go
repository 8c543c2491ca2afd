package names

import "strings"

// Parser analyses names, on one goroutine. It remembers the words it met, so that it seldom asks its lexicon.
type Parser struct {
	lexicon *Lexicon // nil when words are nobody else's
	plain   map[string]*Token
	words   map[wordForm]*Token
	draft   draft
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

// ParseParts analyses a name whose parts are told apart, as the function [ParseParts] does.
func (p *Parser) ParseParts(givenName, patronymic, family string) Name {
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
	n := Name{Tokens: make([]*Token, len(d.slots))}
	for i, s := range d.slots {
		n.Tokens[i] = p.word(wordForm{plain: s.Token, part: s.Part, guessed: s.guessed})
	}
	if n.oblique() {
		for i, t := range n.Tokens {
			if t.Part == PartGiven && t.sex != Male && given.man(t.Fold) != 0 {
				n.Tokens[i] = p.word(wordForm{d.slots[i].Token, t.Part, t.guessed, true})
			}
		}
	}
	return n
}

func (p *Parser) word(f wordForm) *Token {
	t, ok := p.words[f]
	if !ok {
		t = p.lexicon.word(f)
		p.words[f] = t
	}
	return t
}
