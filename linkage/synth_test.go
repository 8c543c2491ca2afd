package linkage_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// invented is the lists of an invented world as records, and by id who each speaks of.
type invented struct {
	records       []linkage.Record
	child, family map[string]int
}

func invent(children int, seed uint64) invented {
	w := synth.Generate(synth.Options{Children: children, Seed: seed})
	out := invented{child: map[string]int{}, family: map[string]int{}}
	about := w.Truth
	for _, l := range w.Lists {
		for _, row := range l.Rows {
			r := recordOf(l, row)
			out.records = append(out.records, r)
			out.child[r.ID], out.family[r.ID] = about[0].Child, about[0].Family
			about = about[1:]
		}
	}
	return out
}

func (w invented) index() *linkage.Index {
	ix := linkage.NewIndex()
	for _, r := range w.records {
		ix.Add(r)
	}
	return ix
}

// recordOf reads a row by the headings of its list.
func recordOf(l synth.List, row []string) linkage.Record {
	r := linkage.Record{ID: l.Source + "/" + row[0], Source: l.Source}
	cell := func(headings ...string) string {
		for i, h := range l.Headings {
			for _, want := range headings {
				if h == want {
					return strings.TrimSpace(row[i])
				}
			}
		}
		return ""
	}
	asOf := homeward.Exact(synth.EditionDay)
	parts := linkage.NameText{Given: cell("Ім'я"), Patronymic: cell("По батькові"), Family: cell("Прізвище")}
	if parts == (linkage.NameText{}) {
		parts.Full = cell("Имя ребенка", "Full name")
	}
	r.Names = []linkage.NameText{parts}
	for _, alias := range names.SplitAliases(cell("Прежнее имя", "Also known as") + ";" + cell("New name")) {
		r.Names = append(r.Names, linkage.NameText{Full: alias})
	}
	r.Sex = names.Sex(homeward.ReadSex(cell("Стать", "Пол", "Sex")))
	r.Births = homeward.ParseDates(cell("Дата народження", "Дата рождения", "Date of birth"), asOf)
	if age := cell("Age"); len(r.Births) == 0 && age != "" {
		r.Births = homeward.ParseDates("about "+age, asOf)
	}
	r.BirthPlaces = []string{cell("Місце народження", "Место рождения", "Place of birth")}
	r.Homes = []string{cell("Домашня адреса", "Home town")}
	r.TakenFrom = []string{cell("Звідки забрали", "Taken from")}
	r.Institutions = []string{cell("Учреждение", "Institution")}
	r.Groups = []string{cell("Группа", "Група переміщення", "Transfer group")}
	r.Mothers, r.Fathers = []string{cell("Мати", "Mother")}, []string{cell("Батько", "Father")}
	for _, s := range names.SplitAliases(strings.ReplaceAll(cell("Брати і сестри", "Братья и сестры", "Siblings"), ",", ";")) {
		if s != "нет" && s != "есть" {
			r.Siblings = append(r.Siblings, s)
		}
	}
	r.Eyes, r.Hair = cell("Очі", "Цвет глаз", "Eyes"), cell("Волосся", "Цвет волос", "Hair")
	r.Documents, r.Phones = []string{cell("Номер документа", "Document no.")}, []string{cell("Телефон")}
	return r
}

// score is how proposed pairs stand against the truth.
type score struct {
	proposed, found  int // pairs, and true ones among them, over pairs of different lists
	probable, right  int // of probability 0.9 and more
	siblings         int // brothers and sisters taken for one child with probability 0.9
	want             int // true pairs
	expected, actual float64
}

func (s score) recall() float64    { return float64(s.found) / float64(max(s.want, 1)) }
func (s score) precision() float64 { return float64(s.right) / float64(max(s.probable, 1)) }

func (w invented) score(pairs []linkage.Pair) (s score) {
	source := map[string]string{}
	for i, a := range w.records {
		source[a.ID] = a.Source
		for _, b := range w.records[:i] {
			if a.Source != b.Source && w.child[a.ID] == w.child[b.ID] {
				s.want++
			}
		}
	}
	for _, p := range pairs {
		if source[p.Left] == source[p.Right] {
			continue
		}
		one := w.child[p.Left] == w.child[p.Right]
		s.proposed++
		s.expected += p.Probability
		if one {
			s.found++
			s.actual++
		}
		if p.Probability >= 0.9 {
			s.probable++
			if one {
				s.right++
			} else if w.family[p.Left] == w.family[p.Right] {
				s.siblings++
			}
		}
	}
	return s
}

// acrossLists leaves out pairs within a list.
func acrossLists(a, _, b, _ string) bool { return a == b }

// TestInventedListsAreLinked holds what linkage must do on lists that disagree on purpose: imposed names, shifted dates,
// initials, three scripts.
func TestInventedListsAreLinked(t *testing.T) {
	w := invent(1000, 7)
	ix := w.index()
	o := linkage.Options{Skip: acrossLists}
	m := linkage.Train(ix, o)
	o.Floor = 0.01
	pairs, report := ix.Pairs(m, o)
	s := w.score(pairs)
	t.Logf("%d records, %d compared %v; recall %.4f; probable %d: precision %.4f, recall %.4f, siblings %d; pairs expected %.0f, true %.0f",
		ix.Len(), report.Proposed, report.ByPass, s.recall(), s.probable, s.precision(), float64(s.right)/float64(s.want), s.siblings, s.expected, s.actual)
	if s.recall() < 0.91 || s.precision() < 0.985 || s.siblings > 4 {
		t.Errorf("recall %.4f, want 0.91; precision %.4f, want 0.985; %d siblings, want at most 4", s.recall(), s.precision(), s.siblings)
	}
	if s.expected < 0.95*s.actual || s.expected > 1.05*s.actual {
		t.Errorf("probabilities promise %.0f true pairs, there are %.0f", s.expected, s.actual)
	}
}
