package names

import (
	"sync"
)

// Lexicon holds the words of names, each analysed once: names are many and their words few. Names that its parsers make share
// their words, which are numbered, so that a [Memo] compares two words once. Its zero value is ready; several goroutines may use
// it, each with a parser of its own.
type Lexicon struct {
	mu    sync.Mutex
	plain map[string]*Token // a word as written, of no part; nil when it holds no sound
	words map[wordForm]*Token
	list  []*Token // by number, the first of number 1
}

// wordForm is a word in a part.
type wordForm struct {
	plain    *Token
	part     Part
	guessed  bool
	declined bool // a man's given name in another case, by the words around it
}

// Words returns how many words there are, each in each of its parts; their numbers run from 1 to that.
func (l *Lexicon) Words() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.list)
}

// analysed returns a word as written, analysed; nil when it holds no sound.
func (l *Lexicon) analysed(word string) *Token {
	if l == nil {
		return analysed(word)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.plain[word]
	if !ok {
		if l.plain == nil {
			l.plain, l.words = map[string]*Token{}, map[wordForm]*Token{}
		}
		t = analysed(word)
		l.plain[word] = t
	}
	return t
}

func analysed(word string) *Token {
	if t, ok := analyse(word); ok {
		return &t
	}
	return nil
}

// word returns a word in its part.
func (l *Lexicon) word(f wordForm) *Token {
	if l == nil { // words of no lexicon have no numbers: they may meet those of one
		return f.token()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.words[f]
	if !ok {
		t = f.token()
		l.number(t)
		l.words[f] = t
	}
	return t
}

func (f wordForm) token() *Token {
	t := *f.plain
	t.Part, t.guessed = f.part, f.guessed
	t.look()
	if f.declined {
		t.Class, t.sex, t.short = given.man(t.Fold), Male, nil
	}
	return &t
}

// Take takes in a word by its form, as a word of this lexicon.
func (l *Lexicon) Take(f TokenForm) *Token {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := f.Token()
	l.number(t)
	return t
}

// number gives a word the next number.
func (l *Lexicon) number(t *Token) {
	l.list = append(l.list, t)
	t.number = uint32(len(l.list))
}
