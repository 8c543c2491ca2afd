package names

// TokenForm is all that is known of an analysed word, so that analyses can be kept and need not be made twice. It
// belongs to one version of this package: who keeps forms must analyse anew when the tables or rules change.
type TokenForm struct {
	Text    string
	Part    Part
	Script  Script
	Fold    string
	Key     string
	Class   Class
	Initial bool
	Short   []Class
	Stem    string
	Sex     Sex
	Guessed bool
}

// Number tells the word among those of its lexicon, from 1; 0 when it is of none.
func (t *Token) Number() int { return int(t.number) }

// Form returns the word's form. It shares the word's slices: do not change them.
func (t *Token) Form() TokenForm {
	return TokenForm{t.Text, t.Part, t.Script, t.Fold, t.Key, t.Class, t.Initial, t.short, t.stem, t.sex, t.guessed}
}

// Token returns the word of a form.
func (f TokenForm) Token() *Token {
	others := readingsOf(f.Text, f.Fold, f.Script)
	if f.Part == PartFamily {
		others.asFamily()
	}
	return &Token{f.Text, f.Part, f.Script, f.Fold, f.Key, f.Class, f.Initial, f.Short, f.Stem, f.Sex, f.Guessed, others, given.classOf(f.Fold), 0}
}
