package linkage

import (
	"cmp"

	"github.com/homeward-registry/homeward/names"
)

// Levels of the name, weighed jointly: family name, given name and patronymic depend on one another.
const (
	nameAll             = iota + 1 // family name, given name and patronymic
	nameAllNear                    // all three; family or given name a letter or an initial away
	nameFamilyGiven                // family and given name; a patronymic is missing
	nameGivenPatronymic            // given name and patronymic; the family name differs
	nameNoPatronymic               // family and given name; the patronymic differs
	nameNear                       // one of family and given name the same, the other a letter or an initial away
	nameBothNear                   // both alike
	nameApart                      // family name, patronymic or both; the given names are known for two
	nameSibling                    // family name, patronymic or both; the given name differs
	nameGiven                      // only the given name, or only it was there
	nameFamily                     // only a family name was there
	nameDifferent
)

// namesCompared is the best comparison of two records' names, and which names it was.
type namesCompared struct {
	level int
	c     names.Comparison
	a, b  int
}

func (r *reader) names(a, b *entry) namesCompared {
	best := namesCompared{}
	for i := range a.names {
		for j := range b.names {
			c := initialsAside(r.memo.Compare(a.names[i], b.names[j]), a.names[i], b.names[j])
			next := namesCompared{nameLevel(c), c, i, j}
			if next.level != 0 && (best.level == 0 || next.before(best, a, b)) {
				best = next
			}
		}
	}
	if best.level == nameSibling && names.Apart(givenWord(a.names[best.a]), givenWord(b.names[best.b])) ||
		best.byParts() && (r.amongSiblings(best, a.names[best.a], b) || r.amongSiblings(best, b.names[best.b], a)) {
		best.level = nameApart
	}
	return best
}

// byParts reports whether given name and family were compared each with its like, and the family agrees.
func (n namesCompared) byParts() bool {
	return (n.level >= nameAll && n.level <= nameBothNear || n.level == nameSibling) && !n.c.Swapped && !n.c.Words
}

// amongSiblings reports whether a brother or sister of an entry bears a name more closely than the entry does: Дар'я, who is told
// beside Дарина as her sister, is not Дарина.
func (r *reader) amongSiblings(n namesCompared, name names.Name, e *entry) bool {
	given := givenWord(name)
	if given == nil {
		return false
	}
	for _, c := range e.in(colSibling) {
		if sibling := givenWord(c.name); sibling != nil {
			if l := r.memo.Words(given, sibling); l.Same() && l > n.c.Given {
				return true
			}
		}
	}
	return false
}

// initialsAside takes a part that is only an initial on both sides for an initial that fits: thousands are called "Артём
// О.", and as spellings the two are one.
func initialsAside(c names.Comparison, a, b names.Name) names.Comparison {
	if !c.Words && !(hasInitial(a) && hasInitial(b)) {
		return c // a part that agrees by its own words has some that are no initials
	}
	aside := func(part names.Part, level *names.Level) {
		if level.Same() && onlyInitials(a, part) && onlyInitials(b, part) {
			*level, c.Overall = names.LevelInitial, min(c.Overall, names.LevelInitial)
		}
	}
	aside(names.PartGiven, &c.Given)
	aside(names.PartPatronymic, &c.Patronymic)
	aside(names.PartFamily, &c.Family)
	return c
}

func hasInitial(n names.Name) bool {
	for _, t := range n.Tokens {
		if t.Initial {
			return true
		}
	}
	return false
}

func onlyInitials(n names.Name, p names.Part) bool {
	for i := range n.Tokens {
		if n.Tokens[i].Part == p && !n.Tokens[i].Initial {
			return false
		}
	}
	return true
}

// before reports whether n is the better comparison. Of equals the texts decide, never the order of names or sides: their
// rarities may differ, and a weight must not depend on which record came first.
func (n namesCompared) before(best namesCompared, a, b *entry) bool {
	if n.level != best.level {
		return n.level < best.level
	}
	if n.c.Overall != best.c.Overall {
		return n.c.Overall > best.c.Overall
	}
	x, y := ordered(a.names[n.a], b.names[n.b])
	bx, by := ordered(a.names[best.a], b.names[best.b])
	return cmp.Or(compareWords(x, bx), compareWords(y, by)) < 0
}

// ordered returns two names, the one whose words come first before the other.
func ordered(a, b names.Name) (x, y names.Name) {
	if compareWords(b, a) < 0 {
		return b, a
	}
	return a, b
}

// compareWords orders names by their words as written.
func compareWords(a, b names.Name) int {
	for i := range min(len(a.Tokens), len(b.Tokens)) {
		if x, y := a.Tokens[i], b.Tokens[i]; x != y {
			if c := cmp.Or(cmp.Compare(x.Text, y.Text), cmp.Compare(x.Part, y.Part)); c != 0 {
				return c
			}
		}
	}
	return cmp.Compare(len(a.Tokens), len(b.Tokens))
}

// near reports whether two words are alike without being the same.
func near(l names.Level) bool { return l >= names.LevelInitial && !l.Same() }

func nameLevel(c names.Comparison) int {
	family, given, patronymic := c.Family.Same(), c.Given.Same(), c.Patronymic.Same()
	switch {
	case c.Family == names.LevelMissing && c.Given == names.LevelMissing:
		return 0
	case family && given && patronymic:
		return nameAll
	case family && given && (c.Patronymic == names.LevelMissing || near(c.Patronymic)):
		return nameFamilyGiven
	case family && given:
		return nameNoPatronymic
	case patronymic && (family && near(c.Given) || given && near(c.Family)):
		return nameAllNear
	case given && patronymic:
		return nameGivenPatronymic
	case family && near(c.Given) || given && near(c.Family):
		return nameNear
	case near(c.Family) && near(c.Given):
		return nameBothNear
	case c.Given == names.LevelMissing:
		if family {
			return nameFamily
		}
		return nameDifferent
	case given:
		return nameGiven
	case family || patronymic && near(c.Family):
		return nameSibling
	}
	return nameDifferent
}
