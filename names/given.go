package names

import (
	"slices"
	"strings"
)

// Class is a given name behind its spellings; 0 is none.
type Class uint16

// Sex is what a name says of its bearer; empty when it says nothing.
type Sex string

const (
	SexUnknown Sex = ""
	Male       Sex = "male"
	Female     Sex = "female"
)

// givens is the table of given names, read once.
type givens struct {
	full  map[string]Class   // fold of a full form
	short map[string][]Class // fold of a short form
	keys  map[string]Class   // key of a full form, where only one class has it
	sex   []Sex              // by class
	texts []string           // by class: the first form
	heads []string           // by class: the fold of the first form
	first []string           // by class: the sounds its forms begin with
	roots map[string]Class   // key of a patronymic's root
}

var given = readGivens(givenTable+neighbourTable, fatherTable)

func readGivens(table, fathers string) givens {
	g := givens{
		full: map[string]Class{}, short: map[string][]Class{}, keys: map[string]Class{}, roots: map[string]Class{},
		sex: []Sex{SexUnknown}, texts: []string{""}, heads: []string{""}, first: []string{""},
	}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		full, short, _ := strings.Cut(strings.TrimSpace(line), "|")
		words := strings.Fields(full)
		if len(words) == 0 {
			continue // between two tables
		}
		if words[0] == "+" {
			g.addShort(g.full[Fold(words[1])], strings.Fields(short))
			continue
		}
		g.add(words[0], words[1:], strings.Fields(short))
	}
	g.readFathers(fathers)
	return g
}

// add takes in one name. A key that two names have says nothing and stands as 0.
func (g *givens) add(sex string, full, short []string) {
	c := Class(len(g.sex))
	g.sex = append(g.sex, map[string]Sex{"m": Male, "f": Female}[sex])
	g.texts, g.heads, g.first = append(g.texts, full[0]), append(g.heads, Fold(full[0])), append(g.first, "")
	for _, w := range full {
		f := Fold(w)
		g.first[c] += f[:1]
		g.full[f] = c
		k := keyOf(f)
		if other, taken := g.keys[k]; taken && other != c {
			g.keys[k] = 0
			continue
		}
		g.keys[k] = c
	}
	g.addShort(c, short)
}

// addShort takes in short forms of a name.
func (g *givens) addShort(c Class, short []string) {
	for _, w := range short {
		f := Fold(w)
		if !slices.Contains(g.short[f], c) {
			g.short[f] = append(g.short[f], c)
		}
	}
}

// readFathers fills the roots of patronymics: every male name gives one, the table the irregular ones.
func (g *givens) readFathers(fathers string) {
	for fold, c := range g.full {
		if g.sex[c] == Male {
			if k := keyOf(fold); g.roots[k] == 0 || g.roots[k] > c {
				g.roots[k] = c
			}
		}
	}
	for line := range strings.Lines(strings.TrimSpace(fathers)) {
		w := strings.Fields(line)
		if c, ok := g.full[Fold(w[1])]; ok {
			g.roots[Key(w[0])] = c
		}
	}
}

// classOf returns the class of a full given name.
func (g *givens) classOf(fold string) Class { return g.full[fold] }

// begins reports whether a form of the name begins with the sound.
func (g *givens) begins(c Class, sound byte) bool {
	for i := range len(g.first[c]) {
		if soft(g.first[c][i]) == soft(sound) {
			return true
		}
	}
	return false
}

// near returns the class of the only name with a form of that key and of the same kind of ending: Богдана is not Богдан.
func (g *givens) near(fold, key string) Class {
	if c := g.keys[key]; c != 0 && sameEnd(fold, g.heads[c]) {
		return c
	}
	return 0
}

// shorts returns the classes a short form may stand for.
func (g *givens) shorts(fold string) []Class { return g.short[fold] }

// diminutive reports whether the one is a short form of the other, or both are short forms of one name.
func (g *givens) diminutive(a, b *Token) bool {
	for _, c := range a.short {
		if c == b.Class || slices.Contains(b.short, c) {
			return true
		}
	}
	return a.Class != 0 && slices.Contains(b.short, a.Class)
}

// patronymicEnds lists the endings of patronymics as folds, longest first, with the sex they tell.
var patronymicEnds = []struct {
	end string
	sex Sex
}{
	{"ievi5", Male}, {"iovi4", Male}, {"iavi4", Male}, {"ovi4", Male}, {"evi4", Male}, {"ivi4", Male}, {"avi4", Male},
	{"ovi5", Male}, {"evi5", Male}, {"ogli", Male}, {"ini4na", Female}, {"in6na", Female}, {"ovna", Female},
	{"evna", Female}, {"ivna", Female}, {"avna", Female}, {"i4na", Female}, {"kizi", Female},
}

// irregularPatronymics are those without -ov-, -ev-, -iv-.
var irregularPatronymics = map[string]Sex{
	"ili4": Male, "luki4": Male, "nikiti4": Male, "mikiti4": Male, "kuzmi4": Male, "fomi4": Male, "savi4": Male, "8omi4": Male,
}

// splitPatronymic takes a fold apart into its root and the sex its ending tells; ok is false when it is no patronymic.
func splitPatronymic(fold string) (root string, sex Sex, ok bool) {
	if sex, ok := irregularPatronymics[fold]; ok {
		return strings.TrimSuffix(fold, "i4"), sex, true
	}
	for _, e := range patronymicEnds {
		if r, found := strings.CutSuffix(fold, e.end); found && len(r) >= 2 {
			return r, e.sex, true
		}
	}
	if whole, cased := nominativePatronymic(fold); cased {
		return splitPatronymic(whole)
	}
	return "", "", false
}

// FathersClass returns the given name of the father that a patronymic tells, or 0.
func FathersClass(patronymic string) Class {
	root, _, ok := splitPatronymic(Fold(patronymic))
	if !ok {
		return 0
	}
	return given.fatherOf(root)
}

func (g *givens) fatherOf(root string) Class {
	if c := g.full[root]; c != 0 && g.sex[c] == Male {
		return c
	}
	return g.roots[keyOf(root)]
}

// String returns the first form of the name the class stands for, and nothing for no class.
func (c Class) String() string {
	if int(c) < len(given.texts) {
		return given.texts[c]
	}
	return ""
}
