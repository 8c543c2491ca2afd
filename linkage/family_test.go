package linkage_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// child is a record of the Коваленко family, which shares all that brothers and sisters share.
func child(id, source, given, patronymic string, sex names.Sex, born homeward.Day) linkage.Record {
	return linkage.Record{
		ID: id, Source: source, Names: []linkage.NameText{{Given: given, Patronymic: patronymic, Family: "Коваленко"}},
		Births: []homeward.Date{homeward.Exact(born)}, Sex: sex, Homes: []string{"м. Маріуполь"}, BirthPlaces: []string{"Маріуполь"},
		TakenFrom: []string{"Маріуполь"}, Groups: []string{"MRP-2204-1"}, Institutions: []string{"Центр № 4"},
		Mothers: []string{"Коваленко Олена Петрівна"}, Fathers: []string{"Коваленко Іван Ілліч"}, Phones: []string{"050 000 00 01"},
	}
}

// trained is the model of an invented register, learned once for all tests.
var trained = sync.OnceValue(func() *linkage.Model { return linkage.Train(invent(250, 11).index(), linkage.Options{}) })

// models are the model of a register's first day, and one that was trained.
func models() map[string]*linkage.Model {
	return map[string]*linkage.Model{"default": linkage.DefaultModel(), "trained": trained()}
}

// TestBrothersSistersAndTwinsAreNotOneChild holds the trap: all of the family agrees, and for twins the birth date too.
func TestBrothersSistersAndTwinsAreNotOneChild(t *testing.T) {
	day, later := homeward.YMD(2014, 5, 6), homeward.YMD(2016, 9, 20)
	for i, c := range []struct{ a, b linkage.Record }{
		{child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Тарас", "Іванович", names.Male, day)},
		{child("a", "one", "Марія", "Іванівна", names.Female, day), child("b", "two", "Ганна", "Іванівна", names.Female, day)},
		{child("a", "one", "Марія", "", names.Female, day), child("b", "two", "Анна", "", names.Female, day)},
		{child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Дарина", "Іванівна", names.Female, day)},
		{child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Тарас", "Іванович", names.Male, later)},
		{child("a", "one", "Марія", "Іванівна", names.Female, day), child("b", "two", "Марина", "Іванівна", names.Female, later)},
		{child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Михайло", "Іванович", names.Male, later)},
	} {
		for name, m := range models() {
			p, signals, _ := indexOf(c.a, c.b).Weigh(m, "a", "b")
			if p.Probability >= 0.5 {
				t.Errorf("case %d, %s model: probability %.3f", i, name, p.Probability)
			}
			if last := signals[len(signals)-1]; last.Reason.Code != "family.shared" || last.Weight >= 0 {
				t.Errorf("case %d, %s model: the family's share is not taken back", i, name)
			}
		}
	}
}

// TestWhoIsToldAmongTheSiblingsIsNoOtherChild holds children whose names are nearly one beside lists that tell the one as the sister of the
// other, in another language and as an initial too; and children who only have a sister of such a name.
func TestWhoIsToldAmongTheSiblingsIsNoOtherChild(t *testing.T) {
	day := homeward.YMD(2014, 5, 6)
	girl := func(id, given string, siblings ...string) linkage.Record {
		r := child(id, "list "+id, given, "Іванівна", names.Female, day)
		r.Siblings = siblings
		return r
	}
	for _, c := range []struct {
		a, b linkage.Record
		one  bool
	}{
		{girl("a", "Дар'я", "Марко"), girl("b", "Дарина", "Дар'я"), false},
		{girl("a", "Оксана"), girl("b", "Ксенія", "Оксана", "Марко"), false},
		{girl("a", "Елена"), girl("b", "Олеся", "Олена"), false},
		{girl("a", "Артема"), girl("b", "А.", "Артема"), false},
		{girl("a", "Анастасія"), girl("b", "Зоряна", "Анастасия"), false},
		{girl("a", "Дар'я", "Дарина"), girl("b", "Дар'я", "Дарина"), true},
		{girl("a", "Олена", "Олеся"), girl("b", "Елена"), true},
		{girl("a", "Дар'я", "Марко"), girl("b", "Дар'я", "Марк"), true},
	} {
		for name, m := range models() {
			for _, ix := range []*linkage.Index{indexOf(c.a, c.b), indexOf(c.b, c.a)} {
				if p, _, _ := ix.Weigh(m, "a", "b"); (p.Probability >= 0.5) != c.one {
					t.Errorf("%s, %v and %v, %s model: probability %.3f", c.a.Names[0].Given, c.b.Names[0].Given, c.b.Siblings, name, p.Probability)
				}
			}
		}
	}
}

// TestTheSameChildOutweighsItsFamily is the other side: what the family shares does not hide the child in it.
func TestTheSameChildOutweighsItsFamily(t *testing.T) {
	day := homeward.YMD(2014, 5, 6)
	a := child("a", "one", "Микола", "Іванович", names.Male, day)
	for i, b := range []linkage.Record{
		child("b", "two", "Николай", "Иванович", names.Male, day),
		child("b", "two", "Коля", "", names.Male, day),
		child("b", "two", "Mykola", "", names.Male, homeward.YMD(2014, 6, 5)),
	} {
		for name, m := range models() {
			if p, _, _ := indexOf(a, b).Weigh(m, "a", "b"); p.Probability < 0.9 {
				t.Errorf("case %d, %s model: probability %.3f", i, name, p.Probability)
			}
		}
	}
}

// TestAnInitialIsNoFamilyName compares children of whom a list tells the given name and an initial: as spellings their names
// are one, and thousands bear them.
func TestAnInitialIsNoFamilyName(t *testing.T) {
	short := func(id, born string) linkage.Record {
		return linkage.Record{ID: id, Source: "list", Names: []linkage.NameText{{Full: "Артём О."}}, Births: homeward.ParseDates(born, homeward.Date{}), Sex: names.Male}
	}
	for name, m := range models() {
		ix := indexOf(short("a", "11.10.2011"), short("b", "24.5.2021"), short("c", "11.10.2011"))
		if p, signals, _ := ix.Weigh(m, "a", "b"); p.Probability >= 0.1 {
			t.Errorf("%s model: probability %.3f for two children ten years apart: %v", name, p.Probability, signals)
		}
		apart, _, _ := ix.Weigh(m, "a", "b")
		together, _, _ := ix.Weigh(m, "a", "c")
		if together.Weight <= apart.Weight {
			t.Errorf("%s model: the same day of birth weighs nothing", name)
		}
	}
}

// TestMissingValuesWeighNothing adds columns to one side only.
func TestMissingValuesWeighNothing(t *testing.T) {
	full := child("a", "one", "Микола", "Іванович", names.Male, homeward.YMD(2014, 5, 6))
	bare := linkage.Record{ID: "b", Source: "two", Names: []linkage.NameText{{Full: "Микола Коваленко"}}}
	m := linkage.DefaultModel()
	before, signals, _ := indexOf(full, bare).Weigh(m, "a", "b")
	full.Eyes, full.Documents, full.Siblings = "сірі", []string{"FA123456"}, []string{"Ганна"}
	full.Phones, full.Homes, full.Births = nil, nil, nil
	after, _, _ := indexOf(full, bare).Weigh(m, "a", "b")
	if before.Weight != after.Weight {
		t.Errorf("weight %.4f, and %.4f with other columns that the other side lacks", before.Weight, after.Weight)
	}
	for _, s := range signals {
		if s.Comparison != "name" && s.Comparison != "sex" && s.Comparison != "family" {
			t.Errorf("%s was compared with nothing", s.Comparison)
		}
	}
}

// TestARareNameWeighsMore holds the term frequency: the same agreement says more of a family name or a father that nobody
// else has.
func TestARareNameWeighsMore(t *testing.T) {
	var records []linkage.Record
	add := func(id, family, patronymic string) {
		records = append(records, linkage.Record{ID: id, Source: id[:1], Names: []linkage.NameText{{Given: "Іван", Patronymic: patronymic, Family: family}}})
	}
	for i := range 200 {
		add(fmt.Sprint("c", i), "Шевченко", "Іванович")
	}
	for _, source := range []string{"x", "y"} {
		add(source+"1", "Шевченко", "Іванович")
		add(source+"2", "Згурський", "Іванович")
		add(source+"3", "Шевченко", "Остапович")
	}
	ix := indexOf(records...)
	m := linkage.Train(ix, linkage.Options{})
	common, _, _ := ix.Weigh(m, "x1", "y1")
	for _, of := range []string{"2", "3"} {
		if rare, _, _ := ix.Weigh(m, "x"+of, "y"+of); rare.Weight < common.Weight+3 {
			t.Errorf("rare %.2f bits, common %.2f", rare.Weight, common.Weight)
		}
	}
}

// TestAsManySiblingsAsPossibleFindAPartner gives a set in which the short form fits both, whoever is asked first.
func TestAsManySiblingsAsPossibleFindAPartner(t *testing.T) {
	for i, c := range []struct {
		a, b []string
		want string
	}{
		{[]string{"Саша", "Олександр"}, []string{"Олександр", "Олександра"}, "same"},
		{[]string{"Олександр", "Саша"}, []string{"Олександра", "Олександр"}, "same"},
		{[]string{"Саша", "Ганна"}, []string{"Александр", "Мария"}, "partly"},
		{[]string{"Микола"}, []string{"Ганна", "Иван"}, "differ"},
		{[]string{"Микола"}, []string{"Ганна", "Николай"}, "same"},
	} {
		a, b := linkage.Record{ID: "a", Siblings: c.a}, linkage.Record{ID: "b", Siblings: c.b}
		_, signals, _ := indexOf(a, b).Weigh(linkage.DefaultModel(), "a", "b")
		if len(signals) == 0 || signals[0].Comparison != "siblings" || signals[0].Level != c.want {
			t.Errorf("case %d: %v, want %s", i, signals, c.want)
		}
	}
}

// TestASlipOfANumberIsPartlyTheSame holds what a misread number says, and that numbers of siblings, which follow one another,
// say it of the family and not of the child.
func TestASlipOfANumberIsPartlyTheSame(t *testing.T) {
	for i, c := range []struct{ a, b, want string }{
		{"FA123456", "FA123466", "partly"}, {"FA123456", "FA123465", "partly"}, {"FA123456", "FA123457", "partly"},
		{"FA123456", "FA123489", "differ"}, {"12345", "12346", "differ"}, {"FA123456", "FA1234567", "differ"}, {"FA123456", "Fа 123-456", "same"},
	} {
		a, b := linkage.Record{ID: "a", Documents: []string{c.a}}, linkage.Record{ID: "b", Documents: []string{c.b}}
		_, signals, _ := indexOf(a, b).Weigh(linkage.DefaultModel(), "a", "b")
		if signals[0].Level != c.want {
			t.Errorf("case %d: %s, want %s", i, signals[0].Level, c.want)
		}
	}
	day := homeward.YMD(2014, 5, 6)
	a, b := child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Тарас", "Іванович", names.Male, day)
	a.Documents, b.Documents = []string{"FA123456"}, []string{"FA123457"}
	for name, m := range models() {
		if p, _, _ := indexOf(a, b).Weigh(m, "a", "b"); p.Probability >= 0.5 {
			t.Errorf("%s model: twins with numbers in a row: probability %.3f", name, p.Probability)
		}
	}
}
