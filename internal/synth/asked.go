package synth

// Asked is a name that somebody asks for, and the row that is meant.
type Asked struct {
	Row           Row
	Given, Family string // as typed
	Typo          bool   // one of them is mistyped
	FamilyFirst   bool
	Year          int    // the birth year, or the one before or after it
	Latin         string // both words right, in Latin letters, by a standard drawn for the question
}

// Ask returns the question with a number: given and family name alone, one in ten with a mistake of typing, in either
// order; the year is right or one off, each as often. It asks for a population that is clean.
func (p *Population) Ask(question int) Asked {
	d := roll(p.o.Seed, 1<<59+uint64(question))
	n := d.IntN(p.o.Rows)
	r := p.Row(n)
	a := Asked{Row: r, Given: r.Given, Family: r.Family, Typo: d.chance(rateAskedTypo), FamilyFirst: d.chance(rateAskedFamily),
		Year: r.Birthday.Time().Year() + d.between(-1, 1)}
	if a.Typo {
		a.Given, a.Family = mistypeEither(d, a.Given, a.Family)
	}
	c, _ := p.find(p.order.at(n))
	latin := tongue{latin: drawStandard(d)}
	a.Latin = a.order(latin.write(c.name.uk, c.name.ru), latin.write(c.surname().of(c.Boy)))
	return a
}

// Name is what is typed: two words.
func (a Asked) Name() string { return a.order(a.Given, a.Family) }

func (a Asked) order(given, family string) string {
	return choose(a.FamilyFirst, family+" "+given, given+" "+family)
}

// mistypeEither makes a mistake in one of two words, in the longer where the other is too short for one.
func mistypeEither(d dice, a, b string) (string, string) {
	long := func(s string) bool { return len([]rune(s)) >= shortestMistyped }
	if long(a) && (!long(b) || d.chance(0.5)) {
		return mistype(d, a), b
	}
	return a, mistype(d, b)
}
