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
	// headFolds holds, by class, the fold of the first form.
	headFolds []string
	roots     map[string]Class // key of a patronymic's root
}

var given = readGivens(givenTable, fatherTable)

func readGivens(table, fathers string) givens {
	g := givens{map[string]Class{}, map[string][]Class{}, map[string]Class{}, []Sex{""}, []string{""}, map[string]Class{}}
	shared := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		full, short, _ := strings.Cut(strings.TrimSpace(line), "|")
		words := strings.Fields(full)
		c := Class(len(g.sex))
		g.sex = append(g.sex, map[string]Sex{"m": Male, "f": Female}[words[0]])
		g.headFolds = append(g.headFolds, Fold(words[1]))
		for _, w := range words[1:] {
			f := Fold(w)
			if _, taken := g.full[f]; !taken {
				g.full[f] = c
			}
			k := keyOf(f)
			if other, taken := g.keys[k]; taken && other != c {
				shared[k] = true
			}
			g.keys[k] = c
		}
		for _, w := range strings.Fields(short) {
			f := Fold(w)
			if !slices.Contains(g.short[f], c) {
				g.short[f] = append(g.short[f], c)
			}
		}
	}
	for k := range shared {
		delete(g.keys, k)
	}
	g.readFathers(fathers)
	return g
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
	{"ievic", Male}, {"oviq", Male}, {"eviq", Male}, {"iviq", Male}, {"aviq", Male}, {"iaviq", Male},
	{"ovna", Female}, {"evna", Female}, {"ivna", Female}, {"avna", Female}, {"iqna", Female}, {"iniqna", Female}, {"inwna", Female}, {"ovic", Male},
	{"evic", Male}, {"ioviq", Male}, {"ogli", Male}, {"ogly", Male}, {"kizi", Female}, {"kyzy", Female},
}

// irregularPatronymics are those without -ov-, -ev-, -iv-.
var irregularPatronymics = map[string]Sex{
	"iliq": Male, "lukiq": Male, "nikitiq": Male, "mikitiq": Male, "kuzmiq": Male, "fomiq": Male, "savviq": Male, "homiq": Male, "saviq": Male,
}

// splitPatronymic takes a fold apart into its root and the sex its ending tells; ok is false when it is no patronymic.
func splitPatronymic(fold string) (root string, sex Sex, ok bool) {
	if sex, ok := irregularPatronymics[fold]; ok {
		return strings.TrimSuffix(fold, "iq"), sex, true
	}
	for _, e := range patronymicEnds {
		if r, found := strings.CutSuffix(fold, e.end); found && len(r) >= 2 {
			return r, e.sex, true
		}
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
