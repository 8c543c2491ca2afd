package names

import "slices"

// sense is a word with everything it may be, whatever part it was taken for: in a name of which nothing is known, Роман may
// be a given or a family name.
type sense struct {
	text, fold, key string
	class           Class   // as a given name
	short           []Class // as a short form
	stem            string  // as a family name, without the ending that tells the sex
	father          Class   // as a patronymic
	root            string  // as a patronymic: the key of its root
	suffix          int     // as a family name: what makes it of a root
	known           bool    // a given name or a common family name: not another one misspelt
	sex             Sex     // of a patronymic or a given name
	script          Script
	initial         bool
	others          *readings
}

func senseOf(t *Token) sense {
	s := sense{text: t.Text, fold: t.Fold, key: t.Key, script: t.Script, initial: t.Initial, others: t.others}
	if t.Initial {
		return s
	}
	if t.others != nil {
		s.others = &readings{folds: t.others.folds}
		s.others.asFamily()
	}
	s.class, s.short = given.classOf(t.Fold), given.shorts(t.Fold)
	if s.class == 0 && s.short == nil {
		s.class = given.near(t.Fold, t.Key)
	}
	if t.Part == PartGiven && t.Class != 0 {
		s.class, s.short = t.Class, nil // what the whole name tells: a case, a sex
	}
	s.stem, _ = familyStem(t.Fold)
	s.suffix = suffixOf(t.Fold)
	s.known = s.class != 0 || s.short != nil || knownFamilies[s.stem]
	if root, sex, ok := splitPatronymic(t.Fold); ok && s.class == 0 {
		s.father, s.root, s.sex = given.fatherOf(root), keyOf(root), sex
	}
	if s.class != 0 {
		s.sex = given.sex[s.class]
	}
	return s
}

// alike returns the level of two words in any part of a name.
func alike(a, b *sense) Level {
	if a.fold == b.fold {
		if a.text == b.text {
			return LevelExact
		}
		return LevelFold
	}
	if a.initial || b.initial {
		if a.fold[0] == b.fold[0] || soft(a.fold[0]) == soft(b.fold[0]) {
			return LevelInitial
		}
		return LevelDifferent
	}
	if a.others.reads(b.fold) || b.others.reads(a.fold) || a.others.stands(b.stem) || b.others.stands(a.stem) {
		return LevelKey
	}
	agreed := agree(a.sex, b.sex)
	switch {
	case a.class != 0 && a.class == b.class && agreed, a.father != 0 && a.father == b.father && agreed:
		return LevelEquivalent
	case a.shortOf(b) || b.shortOf(a):
		return LevelDiminutive
	case agreed && len(a.key) > 2 && (a.key == b.key && !(a.known && b.known) || a.stem != "" && a.stem == b.stem && !(a.givenName() && b.givenName())):
		return LevelKey
	case a.root != "" && a.root == b.root && agreed:
		return LevelKey
	case a.apart(b):
		return LevelDifferent
	}
	return near(a.fold, b.fold)
}

func (s *sense) givenName() bool { return s.class != 0 || s.short != nil }

// apart reports whether two words are known for two names, which no slip of the hand makes one: both are of the tables, or
// they are family names made of their roots in two ways, as Гаврилюк and Гаврилов.
func (s *sense) apart(other *sense) bool {
	return s.known && other.known || s.suffix != 0 && other.suffix != 0 && s.suffix != other.suffix
}

// shortOf reports whether the word may be short for the other or for a name the other is short for too.
func (s *sense) shortOf(other *sense) bool {
	for _, c := range s.short {
		if c == other.class || slices.Contains(other.short, c) {
			return true
		}
	}
	return false
}

// near is the level of two folds by their distance: about an edit in five letters is close, in four alike.
func near(a, b string) Level {
	long := max(len(a), len(b))
	if long < 3 {
		return LevelDifferent
	}
	limit := nearLimit(long)
	switch d := distance(a, b, limit); {
	case d > limit:
		return LevelDifferent
	case d*5 <= long*fullEdit, d <= fullEdit && long >= 4:
		return LevelClose
	}
	return LevelSimilar
}

// nearLimit is the distance beyond which two folds, the longer of so many sounds, are not alike.
func nearLimit(long int) int { return long * fullEdit * 3 / 10 }
