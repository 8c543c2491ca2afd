package synth

import "fmt"

// Asked is a name that somebody asks for, and the row that is meant.
type Asked struct {
	Row   int
	Given string // of the truth, as the clean population writes it
	Last  string // the family name, likewise
	Name  string // as typed: two words in either order
	Year  int    // the birth year, or the one before or after it
	Typo  bool
}

// Ask returns the question with a number: given and family name alone, one in ten with a mistake of typing, in either
// order; the year is right or one off, each as often. It asks for a population that is clean.
func (p *Population) Ask(question int) Asked {
	d := roll(p.o.Seed, 1<<59+uint64(question))
	n := d.IntN(p.o.Rows)
	r := p.Row(n)
	a := Asked{Row: n, Given: r.Given, Last: r.Family, Typo: d.chance(rateAskedTypo)}
	fmt.Sscanf(r.Born, "%d", &a.Year) // a clean row has its birth date
	a.Year += d.between(-1, 1)
	given, family := a.Given, a.Last
	if a.Typo {
		given, family = mistypeEither(d, given, family)
	}
	a.Name = choose(d.chance(rateAskedFamily), family+" "+given, given+" "+family)
	return a
}

// mistypeEither makes a mistake in one of two words, in the longer where the other is too short for one.
func mistypeEither(d dice, a, b string) (string, string) {
	long := func(s string) bool { return len([]rune(s)) >= shortestMistyped }
	if long(a) && (!long(b) || d.chance(0.5)) {
		return mistype(d, a), b
	}
	return a, mistype(d, b)
}
