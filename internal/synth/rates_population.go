package synth

// Populations: how common names and places are. The share of rank r is proportional to 1/(r+shift), of given names to its
// square; see docs/synthetic.md for what comes out.
const (
	givenShift = 15
	rootShift  = 30
	townShift  = 3
)

// A child in one list alone: how often that list has it again.
const (
	ratePeopleTwice  = 0.25 // a second row / a row
	ratePeopleThrice = 0.20 // a third / a second
)

// source is how one list of a population speaks. Rates are probabilities for one row; those of a cell are of the cell
// being so, whatever it holds.
type source struct {
	covers, twice, thrice float64 // the child is in it; again / in it; for the third time / again

	russian float64 // names and places in Russian
	latin   float64 // names and places in Latin letters, by a standard drawn for the row

	typo      float64 // of each part of the name: a mistake of typing
	lookalike float64 // a letter is another script's that looks the same
	short     float64 // the pet name in place of the given name
	initial   float64 // the first letter in place of the given name
	exchanged float64 // given and family name in each other's place

	noPatronymic            float64
	noBorn, yearAlone       float64 // no birth date; the year alone
	daySwapped, digit       float64 // day and month in each other's place, where that is a date; one digit wrong
	noSex, sexWrong         float64
	noBirthplace            float64
	noHome, moved           float64 // no home; another than the family's
	noParent, noSiblings    float64 // of each parent; of the column of siblings
	noOrigin, noLook, looks float64 // where taken from; eyes and hair not given, each; given wrong, each

	layout string // of dates, as time.Format has it
}

// onePopulation is the rates of a single list that is to be searched for duplicates: a register that many hands filled over
// the years, from papers in two languages.
var onePopulation = source{
	covers: 1, twice: ratePeopleTwice, thrice: ratePeopleThrice,
	russian: 0.06, latin: 0.02,
	typo: 0.015, lookalike: 0.01, short: 0.02, initial: 0.005, exchanged: 0.01,
	noPatronymic: 0.06, noBorn: 0.02, yearAlone: 0.015, daySwapped: 0.01, digit: 0.015,
	noSex: 0.02, sexWrong: 0.003, noBirthplace: 0.10, noHome: 0.05, moved: 0.08,
	noParent: 0.20, noSiblings: 0.40, noOrigin: 0.20, noLook: 0.10, looks: 0.06,
	layout: "2006-01-02",
}

// severalPopulations is the rates of several lists, in the order of the lists; the fifth speaks as the first, and so on.
var severalPopulations = []source{
	{ // an office: from documents
		covers: 0.80, twice: 0.03,
		typo: 0.008, lookalike: 0.02, short: 0.002, exchanged: 0.004,
		noPatronymic: 0.03, noBorn: 0.01, yearAlone: 0.005, daySwapped: 0.005, digit: 0.008,
		noSex: 0.01, sexWrong: 0.002, noBirthplace: 0.05, noHome: 0.03, moved: 0.06,
		noParent: 0.15, noSiblings: 0.50, noOrigin: 0.30, noLook: 0.60, looks: 0.04,
		layout: "2006-01-02",
	},
	{ // relatives: by telephone
		covers: 0.60, twice: 0.08, thrice: 0.10,
		russian: 0.10, typo: 0.025, lookalike: 0.01, short: 0.08, exchanged: 0.01,
		noPatronymic: 0.12, noBorn: 0.02, yearAlone: 0.04, daySwapped: 0.01, digit: 0.02,
		noSex: 0.01, sexWrong: 0.002, noBirthplace: 0.20, noHome: 0.04, moved: 0.04,
		noParent: 0.10, noSiblings: 0.15, noOrigin: 0.10, noLook: 0.15, looks: 0.05,
		layout: "02.01.2006",
	},
	{ // an office that writes Russian
		covers: 0.50, twice: 0.04,
		russian: 1, typo: 0.02, short: 0.01, initial: 0.03, exchanged: 0.02,
		noPatronymic: 0.15, noBorn: 0.02, yearAlone: 0.03, daySwapped: 0.01, digit: 0.02,
		noSex: 0.01, sexWrong: 0.003, noBirthplace: 0.15, noHome: 0.40, moved: 0.10,
		noParent: 0.70, noSiblings: 0.50, noOrigin: 0.50, noLook: 0.10, looks: 0.06,
		layout: "02.01.2006",
	},
	{ // volunteers: in Latin letters, from what they hear and read
		covers: 0.50, twice: 0.06,
		latin: 1, typo: 0.03, short: 0.06, initial: 0.01, exchanged: 0.05,
		noPatronymic: 0.70, noBorn: 0.08, yearAlone: 0.10, daySwapped: 0.03, digit: 0.03,
		noSex: 0.03, sexWrong: 0.005, noBirthplace: 0.40, noHome: 0.20, moved: 0.08,
		noParent: 0.50, noSiblings: 0.50, noOrigin: 0.30, noLook: 0.40, looks: 0.08,
		layout: "2006-01-02",
	},
}

// cleanPopulation names every child once, and everything of it, as its documents do.
var cleanPopulation = source{covers: 1, layout: "2006-01-02"}

// Altered identities: what is done to a child of a population. Family name, patronymic, birth date and birthplace are
// always replaced; the rest by these rates.
const (
	rateAlteredGiven  = 0.30 // the given name is replaced; otherwise its Russian form stays
	rateAlteredLatin  = 0.30 // names are written in Latin letters, by a standard drawn for the row
	rateAlteredSplit  = 0.35 // of each brother or sister: not placed together, so not named
	rateAlteredOrigin = 0.50 // the town it was taken from is known, from transport papers or an older edition
	rateAlteredNoLook = 0.05 // eyes, and hair, are not given
	rateAlteredLooks  = 0.06 // eyes, and hair, are given wrong
)

// Names asked for: a given name and a family name as somebody types them.
const (
	rateAskedTypo   = 0.10 // one mistake of typing, in either
	rateAskedFamily = 0.50 // the family name first
)

// sourcesOf returns how the lists of a population speak.
func sourcesOf(o PopulationOptions) []source {
	switch {
	case o.Clean:
		return []source{cleanPopulation}
	case o.Lists <= 1:
		return []source{onePopulation}
	}
	out := make([]source, min(o.Lists, MostLists))
	for i := range out {
		out[i] = severalPopulations[i%len(severalPopulations)]
	}
	return out
}

// times draws how many rows the list has about a child.
func (s *source) times(d dice) int {
	switch {
	case !d.chance(s.covers):
		return 0
	case !d.chance(s.twice):
		return 1
	case !d.chance(s.thrice):
		return 2
	}
	return 3
}
