package names

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Judgement is what the comparison of two whole names comes to.
type Judgement struct {
	Comparison
	Level       Level   // of the names as wholes: of the pair of words that agrees least
	Same        bool    // they are called one name: the probability is a half or more
	Probability float64 // that they are, of two names that somebody had reason to lay side by side
	Reasons     []Reason
}

// Judge compares two names written in one string each, of people or of bodies, in any order and script, and says whether they
// are one name. Where [Compare] keeps to the parts of a name and to levels that linkage learns the worth of, Judge lays
// word beside word, lets one or two words be left out and a letter be mistyped, and answers.
func Judge(left, right string) Judgement {
	a, b := Parse(unfoldForms(left)), Parse(unfoldForms(right))
	c := Compare(a, b)
	var l layout
	if left < right { // so that of partners equally good the same are chosen, whichever name comes first
		l.align(wordsOf(a), wordsOf(b))
	} else {
		l.align(wordsOf(b), wordsOf(a))
	}
	j := Judgement{Comparison: c, Level: l.level(), Probability: l.probability()}
	j.Same = j.Probability >= 0.5
	if c.Overall == j.Level || c.Overall.Same() && j.Same {
		j.Reasons = c.Reasons(a, b)
	} else {
		j.Reasons = []Reason{{Code: "name.name." + j.Level.String(), Args: []string{a.String(), b.String()}}}
	}
	return j
}

// placed is a word in its place, with what its role in the name makes it worth.
type placed struct {
	sense
	worth  float64
	father bool // it stands after bin, ibn or ben: Ahmad bin Hasan is not Hasan bin Ahmad
	form   string
	done   bool // it has its partner
}

// The worth of words. A name is its plain words; the others help and hinder little.
const (
	worthPlain      = 1
	worthPatronymic = 0.5
	worthCommon     = 0.4 // bank, group, company
	worthLittle     = 0.1 // titles, particles, forms of companies
)

func wordsOf(n Name) []placed {
	out := make([]placed, 0, len(n.Tokens))
	last := ""
	for _, t := range n.Tokens {
		p, text := placed{sense: senseOf(t), worth: worthPlain}, strings.ToLower(t.Text)
		switch {
		case forms[text] != "":
			p.worth, p.form = worthLittle, forms[text]
		case little[text]:
			p.worth = worthLittle
		case common[text]:
			p.worth = worthCommon
		case t.Part == PartPatronymic && len(n.Tokens) > 2:
			p.worth = worthPatronymic
		}
		p.father = sonOf[last]
		last = text
		out = append(out, p)
	}
	return out
}

// layout is two names laid side by side.
type layout struct {
	pairs        []laid
	leftA, leftB float64 // worth of the words without a partner
	formsDiffer  bool
	turned       bool // a father stands where the child does
	numbered     bool // one is numbered and the other is not
}

// laid is two words laid side by side.
type laid struct {
	level Level
	like  float64 // 0 to 1
	worth float64
}

// align gives each word its partner, the likest first, words parted by mistake before all; what is left is tried as words
// parted and misspelt.
func (l *layout) align(a, b []placed) {
	l.join(a, b, LevelFold)
	l.join(b, a, LevelFold)
	for {
		best, bi, bj := laid{like: leastLike}, -1, -1
		for i := range a {
			for j := range b {
				if a[i].done || b[j].done {
					continue
				}
				if next := lay(&a[i], &b[j]); next.like > best.like {
					best, bi, bj = next, i, j
				}
			}
		}
		if bi < 0 {
			break
		}
		a[bi].done, b[bj].done = true, true
		l.pairs = append(l.pairs, best)
		l.turned = l.turned || a[bi].father != b[bj].father && hasFather(a) && hasFather(b)
	}
	l.join(a, b, LevelInitial)
	l.join(b, a, LevelInitial)
	l.leftA, l.leftB = left(a), left(b)
	fa, fb := formsOf(a), formsOf(b)
	l.formsDiffer = fa != nil && fb != nil && !slices.ContainsFunc(fa, func(f string) bool { return slices.Contains(fb, f) })
	l.numbered = (fa != nil || fb != nil) && numerals(a) != numerals(b)
}

// join lays neighbouring words of few that have no partner beside one word of many that has none, when they agree at the
// level asked for or better: "Patr ushev" is Patrushev, and JC is Jean-Claude.
func (l *layout) join(few, many []placed, least Level) {
	for j := range many {
		for i := 0; i < len(few) && !many[j].done; i++ {
			if n, level := run(few[i:], &many[j], least); n > 0 {
				for k := range n {
					few[i+k].done = true
				}
				many[j].done = true
				l.pairs = append(l.pairs, laid{level, likeness[level], worthPlain})
			}
		}
	}
}

// run returns how many words from the first on, two or more, make up one word, and at which level; 0 when they do not.
func run(words []placed, one *placed, least Level) (int, Level) {
	joined, first := "", ""
	for k := 0; k < len(words) && !words[k].done && len(joined) < maxFold; k++ {
		initial, _ := utf8.DecodeRuneInString(words[k].text)
		joined, first = joined+words[k].fold, first+string(initial)
		if k == 0 || len(joined) > maxFold {
			continue
		}
		level := LevelDifferent
		switch {
		case joined == one.fold:
			level = LevelFold
		case shouted(one.text) && strings.EqualFold(first, one.text):
			level = LevelInitial
		case near(joined, one.fold) == LevelClose:
			level = LevelClose
		}
		if level >= least {
			return k + 1, level
		}
	}
	return 0, LevelMissing
}

func hasFather(words []placed) bool {
	for i := range words {
		if words[i].father {
			return true
		}
	}
	return false
}

func formsOf(words []placed) (out []string) {
	for i := range words {
		if words[i].form != "" {
			out = append(out, words[i].form)
		}
	}
	return out
}

// leastLike is how alike two words must be to be laid side by side.
const leastLike = 0.4

func left(words []placed) (worth float64) {
	for i := range words {
		if !words[i].done {
			worth += words[i].worth
		}
	}
	return worth
}

// numerals counts the Roman numbers above one among the words.
func numerals(words []placed) (n int) {
	for i := range words {
		if t := words[i].text; len(t) > 1 && strings.Trim(t, "IVX") == "" {
			n++
		}
	}
	return n
}

// lay says how alike two words are.
func lay(a, b *placed) laid {
	out := laid{level: alike(&a.sense, &b.sense), worth: min(a.worth, b.worth)}
	if a.form != "" && a.form == b.form {
		out.level = LevelEquivalent
	}
	out.like = likeness[out.level]
	if (out.level == LevelSimilar || out.level == LevelClose || out.level == LevelDifferent) && !a.apart(&b.sense) {
		out.like = a.closeness(&b.sense)
	}
	return out
}

// likeness is how alike words of a level are, by the authors' judgement, where distance says nothing finer.
var likeness = [...]float64{
	LevelInitial: 0.8, LevelSimilar: 0, LevelClose: 0.8, LevelDiminutive: 0.88, LevelKey: 0.93, LevelEquivalent: 0.97, LevelFold: 0.99, LevelExact: 1,
}

// closeness is 1 less one and a half times the share of letters that differ.
func (s *sense) closeness(other *sense) float64 {
	if s.initial || other.initial {
		return 0
	}
	if s.script == ScriptOther && other.script == ScriptOther {
		d, long := runesApart(s.text, other.text)
		return max(0, 1-1.5*float64(d)/float64(long))
	}
	long := max(len(s.fold), len(other.fold))
	return max(0, 1-1.5*float64(distance(s.fold, other.fold, long*fullEdit))/float64(long*fullEdit))
}

// runesApart counts the letters that differ between two words of a script we have no sounds for (Levenshtein 1965), and
// the letters of the longer.
func runesApart(x, y string) (apart, long int) {
	a, b := []rune(strings.ToLower(x)), []rune(strings.ToLower(y))
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			next := corner
			if a[i] != b[j] {
				next++
			}
			corner = row[j+1]
			row[j+1] = min(next, row[j]+1, corner+1)
		}
	}
	return row[len(b)], max(len(a), len(b), 1)
}

// level is the level of the words that agree least; different when words are left on both sides.
func (l *layout) level() Level {
	worst := LevelMissing
	for _, p := range l.pairs {
		if p.worth >= worthCommon && (worst == LevelMissing || p.level < worst) {
			worst = p.level
		}
	}
	if worst == LevelMissing || min(l.leftA, l.leftB) >= worthCommon {
		return LevelDifferent
	}
	return worst
}

// probability is logistic in what speaks against one name; its few weights are the authors' judgement, held against
// public labelled pairs.
func (l *layout) probability() float64 {
	least, plain := 1.0, false
	for _, p := range l.pairs {
		if p.worth >= worthCommon {
			least = min(least, p.like)
		}
		plain = plain || p.worth >= worthPlain
	}
	both, one := min(l.leftA, l.leftB), max(l.leftA, l.leftB)
	if both < worthCommon {
		both = 0
	}
	z := 8*(least-leastSame) - 10*both - 1.2*(one-both)
	if len(l.pairs) == 1 && least < likeness[LevelDiminutive] {
		z-- // nothing else speaks for a word mistyped
	}
	if len(l.pairs) == 0 || !plain && one > worthCommon {
		z -= 5
	}
	if l.formsDiffer {
		z -= 4
	}
	if l.numbered {
		z -= 4
	}
	if l.turned {
		z -= 6
	}
	return 1 / (1 + math.Exp(-z))
}

// leastSame is how alike the worst pair of words must be for an even chance that two names are one.
const leastSame = 0.6
