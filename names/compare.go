package names

// Comparison is how two names compare, part by part.
type Comparison struct {
	Given, Patronymic, Family Level
	Overall                   Level
	Swapped                   bool // the given name of one stands as the family name of the other
	Words                     bool // word by word: the parts that were guessed do not fit, but every word has its partner
}

// Compare compares two names. It is symmetric and does not depend on the order of words.
func Compare(a, b Name) Comparison { return (*Memo)(nil).Compare(a, b) }

// Compare compares two names as the function [Compare] does.
func (m *Memo) Compare(a, b Name) Comparison {
	if x, ok := a.Three(); ok && m.knows(x) {
		if y, ok := b.Three(); ok && m.knows(y) {
			return m.Threes(x, y)
		}
	}
	return m.compare(a, b)
}

// compare compares names of any words.
func (m *Memo) compare(a, b Name) Comparison {
	straight := m.parts(a, b, false)
	if straight.Given.Same() && straight.Family.Same() {
		return straight
	}
	if swapped := m.parts(a, b, true); swapped.better(straight) {
		swapped.Swapped = true
		return swapped
	}
	if level := m.wordByWord(a, b); level.Same() {
		c := Comparison{Given: level, Family: level, Patronymic: straight.Patronymic, Words: true}
		c.Overall = c.overall()
		return c
	}
	return straight
}

// wordByWord compares two names whose parts were guessed, one of them of three words or more without the patronymic: the
// worst level of the words of the shorter, if each is that of a word of the longer in the same key at least. A second
// given name, which the guess took for a family name, is no difference.
func (m *Memo) wordByWord(a, b Name) Level {
	if max(len(a.Tokens), len(b.Tokens)) < 3 {
		return LevelMissing
	}
	na, nb := len(a.Tokens)-count(a, PartPatronymic), len(b.Tokens)-count(b, PartPatronymic)
	if min(na, nb) < 2 || max(na, nb) < 3 || max(na, nb)-min(na, nb) > maxLeftOut || !a.guessed() || !b.guessed() {
		return LevelMissing
	}
	level := LevelMissing
	switch {
	case na == nb:
		level = min(m.everyWord(a, b), m.everyWord(b, a))
	case na < nb:
		level = m.everyWord(a, b)
	default:
		level = m.everyWord(b, a)
	}
	if level < LevelKey {
		return LevelMissing
	}
	return level
}

// maxLeftOut is how many words the shorter of two names may lack: of a longer name, any two words say too little.
const maxLeftOut = 2

func (m *Memo) everyWord(few, many Name) Level {
	worst := LevelExact
	for _, x := range few.Tokens {
		if x.Part == PartPatronymic {
			continue
		}
		best := LevelMissing
		for _, y := range many.Tokens {
			if y.Part != PartPatronymic {
				best = max(best, m.words(x, y))
			}
		}
		if worst = min(worst, best); worst < LevelKey {
			return LevelMissing
		}
	}
	return worst
}

// better reports whether c explains the two names as the same and d does not.
func (c Comparison) better(d Comparison) bool {
	return c.Given.Same() && c.Family.Same() && !(d.Given.Same() && d.Family.Same())
}

func (m *Memo) parts(a, b Name, swap bool) Comparison {
	var c Comparison
	if swap {
		one := m.part(a, b, PartGiven, PartFamily)
		if !one.Same() {
			return c // no better than straight
		}
		two := m.part(a, b, PartFamily, PartGiven)
		c.Given, c.Family = min(one, two), max(one, two)
	} else {
		c.Given, c.Family = m.part(a, b, PartGiven, PartGiven), m.part(a, b, PartFamily, PartFamily)
	}
	c.Patronymic = m.part(a, b, PartPatronymic, PartPatronymic)
	c.Overall = c.overall()
	return c
}

// overall is the worst of the given and the family name, as far as they are there; a patronymic that differs keeps it
// from being more than alike.
func (c Comparison) overall() Level {
	out := LevelMissing
	for _, l := range [...]Level{c.Given, c.Family} {
		if l != LevelMissing && (out == LevelMissing || l < out) {
			out = l
		}
	}
	if c.Patronymic == LevelDifferent && out > LevelSimilar {
		out = LevelSimilar
	}
	if out == LevelMissing {
		return c.Patronymic
	}
	return out
}

// part compares the words of one part of a with those of one part of b: every word of the side with fewer finds
// its best partner, and the worst of these counts. One half of a two-part surname left out is no difference.
func (m *Memo) part(a, b Name, pa, pb Part) Level {
	x, na := first(a, pa)
	y, nb := first(b, pb)
	switch {
	case na == 0 || nb == 0:
		return LevelMissing
	case na == 1 && nb == 1:
		return m.words(x, y)
	case na == nb:
		return min(m.worstBest(a, b, pa, pb), m.worstBest(b, a, pb, pa))
	case na < nb:
		return m.worstBest(a, b, pa, pb)
	}
	return m.worstBest(b, a, pb, pa)
}

// first returns the first word of a part, and how many there are.
func first(n Name, p Part) (t *Token, k int) {
	for _, x := range n.Tokens {
		if x.Part == p {
			if k == 0 {
				t = x
			}
			k++
		}
	}
	return t, k
}

func count(n Name, p Part) int {
	_, k := first(n, p)
	return k
}

func (m *Memo) worstBest(few, many Name, pf, pm Part) Level {
	worst := LevelExact
	for _, x := range few.Tokens {
		if x.Part != pf {
			continue
		}
		best := LevelDifferent
		for _, y := range many.Tokens {
			if y.Part == pm {
				best = max(best, m.words(x, y))
			}
		}
		worst = min(worst, best)
	}
	return worst
}

// CompareTokens compares two words by the rules of their part.
func CompareTokens(a, b *Token) Level { return compareTokens(a, b) }

func compareTokens(a, b *Token) Level {
	if a.Initial || b.Initial {
		return compareInitial(a, b)
	}
	if a.Fold == b.Fold {
		if a.Script == b.Script && a.Text == b.Text {
			return LevelExact
		}
		return LevelFold
	}
	if a.others.reads(b.Fold) || b.others.reads(a.Fold) {
		return LevelKey
	}
	if a.Part == PartFamily || b.Part == PartFamily {
		if a.others.stands(b.Stem()) || b.others.stands(a.Stem()) {
			return LevelKey
		}
		if a.stem != "" && a.stem == b.stem || a.Key == b.Key {
			return sameKey(a, b)
		}
		return similarity(a, b)
	}
	if a.Class != 0 && a.Class == b.Class && agree(a.sex, b.sex) {
		return LevelEquivalent
	}
	if a.Part == PartPatronymic && a.stem != "" && a.stem == b.stem && agree(a.sex, b.sex) {
		return LevelKey
	}
	if given.diminutive(a, b) || given.diminutive(b, a) {
		return LevelDiminutive
	}
	if a.Class != 0 && b.Class != 0 && a.Class != b.Class {
		return LevelDifferent // both are known, and neither is a form of the other: Марина is not Марія misspelt
	}
	if a.Key == b.Key && agree(a.sex, b.sex) && sameEnd(a.Fold, b.Fold) {
		return LevelKey
	}
	return min(similarity(a, b), LevelClose)
}

// Apart reports whether two given names are known for two, of which neither is a form of the other: no slip of the hand makes Ольга
// of Марина. Either may be nil, of which nothing is known.
func Apart(a, b *Token) bool {
	known := func(t *Token) bool { return t != nil && !t.Initial && (t.Class != 0 || t.short != nil) }
	return known(a) && known(b) && a.Class != b.Class && !given.diminutive(a, b) && !given.diminutive(b, a)
}

// sameKey is the level of a shared key: less when the words are so short that the key says little.
func sameKey(a, b *Token) Level {
	if len(a.Key) < 3 && jaroWinkler(a.Fold, b.Fold) < 0.8 {
		return LevelSimilar
	}
	return LevelKey
}

// sameEnd reports whether both words end as names of one sex do: Валентин is not Валентина.
func sameEnd(a, b string) bool { return (a[len(a)-1] == 'a') == (b[len(b)-1] == 'a') }

func agree(a, b Sex) bool { return a == SexUnknown || b == SexUnknown || a == b }

// compareInitial compares where one word is an initial: by the first sound of the other or of any name it is equal to.
func compareInitial(a, b *Token) Level {
	if a.Initial && b.Initial && a.Fold == b.Fold {
		return LevelFold
	}
	if a.Initial && b.begins(a.Fold[0]) || b.Initial && a.begins(b.Fold[0]) {
		return LevelInitial
	}
	return LevelDifferent
}

// begins reports whether the word, or a form of the name it stands for, begins with the sound: "Н." fits Микола.
func (t *Token) begins(sound byte) bool {
	if soft(t.Fold[0]) == soft(sound) {
		return true
	}
	if t.Class != 0 {
		return given.begins(t.Class, sound)
	}
	for _, c := range t.short {
		if given.begins(c, sound) {
			return true
		}
	}
	return false
}

// soft merges first sounds that Ukrainian and Russian exchange: Олена and Елена, Ганна and Анна are for the table; г and
// х, и and е are for here.
func soft(c byte) byte {
	switch c {
	case '8':
		return 'g'
	case 'e':
		return 'i'
	}
	return c
}

// similarity is the level of two words that are not equal by any rule.
func similarity(a, b *Token) Level {
	jw := jaroWinkler(a.Fold, b.Fold)
	switch n := min(len(a.Fold), len(b.Fold)); {
	case n >= 4 && oneEdit(a.Fold, b.Fold), n >= 5 && jw >= 0.92:
		return LevelClose
	case n >= 4 && jw >= 0.85:
		return LevelSimilar
	}
	return LevelDifferent
}

// Reasons says in words why the comparison of a and b came out as it did, one reason a part that was compared; one for the whole names where
// the words were compared and not the parts.
func (c Comparison) Reasons(a, b Name) []Reason {
	if c.Words {
		return []Reason{{Code: "name.name." + c.Overall.String(), Args: []string{a.String(), b.String()}}}
	}
	var out []Reason
	for _, p := range []struct {
		part  Part
		level Level
	}{{PartFamily, c.Family}, {PartGiven, c.Given}, {PartPatronymic, c.Patronymic}} {
		if p.level != LevelMissing {
			out = append(out, Reason{Code: "name." + p.part.String() + "." + p.level.String(), Args: []string{words(a, p.part), words(b, p.part)}})
		}
	}
	return out
}

func words(n Name, p Part) string { return Name{n.Part(p)}.String() }
