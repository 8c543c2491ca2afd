package names

// Judgement is what the comparison of two whole names comes to.
type Judgement struct {
	Comparison
	Level       Level   // of the names as wholes
	Same        bool    // they are called one name
	Probability float64 // that they are, of two names that somebody had reason to lay side by side
	Reasons     []Reason
}

// Judge compares two names written in one string each, in any order and script, and says whether they are one name.
func Judge(left, right string) Judgement {
	a, b := Parse(left), Parse(right)
	c := Compare(a, b)
	j := Judgement{Comparison: c, Level: c.Overall, Reasons: c.Reasons(a, b)}
	if l := loneWords(a, b); l > j.Level {
		j.Level = l
		j.Reasons = []Reason{{Code: "name.name." + l.String(), Args: []string{a.String(), b.String()}}}
	}
	j.Same, j.Probability = j.Level.Same(), chances[j.Level]
	return j
}

// loneWords compares names of one word each, which may be of any part.
func loneWords(a, b Name) Level {
	if len(a.Tokens) != 1 || len(b.Tokens) != 1 {
		return LevelMissing
	}
	x, y := senseOf(a.Tokens[0]), senseOf(b.Tokens[0])
	return alike(&x, &y)
}

// chances is the probability of each level, by the authors' judgement.
var chances = [...]float64{
	LevelMissing: 0, LevelDifferent: 0.01, LevelInitial: 0.4, LevelSimilar: 0.2, LevelClose: 0.6, LevelDiminutive: 0.8, LevelKey: 0.9,
	LevelEquivalent: 0.95, LevelFold: 0.98, LevelExact: 0.99,
}
