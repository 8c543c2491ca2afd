package linkage_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
)

// born returns dates as a list writes them.
func born(texts ...string) (out []homeward.Date) {
	for _, s := range texts {
		out = append(out, homeward.ParseDates(s, homeward.Exact(homeward.YMD(2024, 1, 1)))...)
	}
	return out
}

func named(full ...string) (out []linkage.NameText) {
	for _, s := range full {
		out = append(out, linkage.NameText{Full: s})
	}
	return out
}

// TestEachPassFindsWhatOthersLose gives two records of one child that only one pass can join.
func TestEachPassFindsWhatOthersLose(t *testing.T) {
	for _, c := range []struct {
		pass string
		a, b linkage.Record
	}{
		{"tokens", linkage.Record{Names: named("Шевченко Микола")}, linkage.Record{Names: named("Nikolai SHEVCHENKO")}},
		{"given_year", linkage.Record{Names: named("Микола К."), Births: born("2015")}, linkage.Record{Names: named("Николай Коваленко"), Births: born("04.05.2014")}},
		{"given_year", linkage.Record{Names: named("Сашко К."), Births: born("2015")}, linkage.Record{Names: named("Олександр Коваленко"), Births: born("2015")}},
		{"address", linkage.Record{Names: named("Коваленко Остап"), Homes: []string{"Садова 12", "Ізюм"}}, linkage.Record{Names: named("Бойко Прохор"), Homes: []string{"м. Изюм", "ул. Садова 12"}}},
		{"family_place", linkage.Record{Names: named("Коваленко Ростислав"), BirthPlaces: []string{"Маріуполь"}}, linkage.Record{Names: named("Коваленко Прохор"), BirthPlaces: []string{"г. Мариуполь"}}},
		{"name_year", linkage.Record{Names: named("Коваленко Ростилсав"), Births: born("2015")}, linkage.Record{Names: named("Коваленко Прохор"), Births: born("2016")}},
		{"birthday", linkage.Record{Names: named("Аілна Д."), Births: born("04.05.2014")}, linkage.Record{Names: named("Аліна Данилук"), Births: born("04.05.2014")}},
		{"swapped", linkage.Record{Names: named("Аліна Данилук"), Births: born("04.05.2014")}, linkage.Record{Names: named("Аліна Соколова"), Births: born("05.04.2014")}},
		{"patronymic", linkage.Record{Names: named("Сокіл Сашко Іванович")}, linkage.Record{Names: named("Тихонов Олександр Иванович")}},
		{"parents", linkage.Record{Names: named("Аліна Данилук"), Mothers: []string{"Данилук Ірина"}}, linkage.Record{Names: named("Алина Соколова"), Mothers: []string{"Ирина Данилук"}}},
		{"family_year", linkage.Record{Names: named("Аліна Данилук"), Mothers: []string{"Данилук Ірина"}, Births: born("2015")}, linkage.Record{Names: named("Мария Соколова"), Mothers: []string{"Ирина Данилук"}, Births: born("2015")}},
		{"siblings", linkage.Record{Names: named("Аліна Данилук"), Siblings: []string{"Микола"}, Births: born("04.05.2014")}, linkage.Record{Names: named("Мария Соколова"), Siblings: []string{"Николай"}, Births: born("04.05.2014")}},
		{"place_day", linkage.Record{Names: named("Аліна Данилук"), TakenFrom: []string{"м. Херсон"}, Births: born("04.05.2014")}, linkage.Record{Names: named("Мария Соколова"), TakenFrom: []string{"Kherson"}, Births: born("04.05.2014")}},
		{"number", linkage.Record{Names: named("Аліна"), Documents: []string{"АА № 123-456"}}, linkage.Record{Names: named("Мария Соколова"), Documents: []string{"aa123456"}}},
		{"number", linkage.Record{Names: named("Аліна"), Phones: []string{"+380 (50) 000-00-01"}}, linkage.Record{Names: named("Мария Соколова"), Phones: []string{"0500000001"}}},
		{"one_word", linkage.Record{Names: named("Аліна")}, linkage.Record{Names: named("Alina")}},
	} {
		c.a.ID, c.b.ID = "a", "b"
		pairs, report := indexOf(c.a, c.b).Pairs(linkage.DefaultModel(), linkage.Options{})
		for i, n := range report.ByPass {
			if (linkage.PassNames[i] == c.pass) != (n == 1) {
				t.Errorf("%s: proposed %d by %s", c.pass, n, linkage.PassNames[i])
			}
		}
		if len(pairs) != 1 {
			t.Errorf("%s: %d pairs", c.pass, len(pairs))
		}
	}
}

// TestALargeBlockLosesNobodyOfTheSameDay files 900 children of one given name and father and of other family names: of a child born
// on the same day as another, which is spelt otherwise, enough is seen; of children born years apart it is not.
func TestALargeBlockLosesNobodyOfTheSameDay(t *testing.T) {
	ix := linkage.NewIndex()
	for i := range 900 {
		r := linkage.Record{ID: fmt.Sprintf("r%03d", i), Source: "one", Names: []linkage.NameText{{Given: "Іван", Patronymic: "Петрович", Family: fmt.Sprintf("Т%cр%cн%cк", 'а'+rune(i%10), 'б'+rune(i/10%10), 'в'+rune(i/100))}}}
		r.Births = []homeward.Date{homeward.Exact(homeward.YMD(1100+i, 1, 2))}
		ix.Add(r)
	}
	ix.Add(linkage.Record{ID: "moved", Source: "two", Names: []linkage.NameText{{Given: "Иван", Patronymic: "Петрович", Family: "Жданов"}}, Births: []homeward.Date{homeward.Exact(homeward.YMD(1500, 1, 2))}})
	pairs, report := ix.Pairs(linkage.DefaultModel(), linkage.Options{Floor: 0.9})
	met := slices.ContainsFunc(pairs, func(p linkage.Pair) bool { return p.Left == "moved" && p.Right == "r400" })
	if !met || report.Large == 0 || report.Aside < 100_000 {
		t.Errorf("the same day is met: %v; %d large blocks, %d looks ended there, of %d pairs", met, report.Large, report.Aside, 901*900/2)
	}
}

// TestPairsThatCannotBeAreLeftOut covers what the caller rules out, and records that were taken out.
func TestPairsThatCannotBeAreLeftOut(t *testing.T) {
	ix := linkage.NewIndex()
	for _, id := range []string{"a1", "a2", "b1", "b2"} {
		ix.Add(linkage.Record{ID: id, Source: id[:1], Names: named("Шевченко Іван")})
	}
	ix.Remove("b2")
	pairs, _ := ix.Pairs(linkage.DefaultModel(), linkage.Options{Skip: acrossLists})
	if len(pairs) != 2 || pairs[0].Left != "a1" || pairs[0].Right != "b1" || pairs[1].Left != "a2" {
		t.Errorf("%d pairs", len(pairs))
	}
	if _, _, ok := ix.Weigh(linkage.DefaultModel(), "a1", "b2"); ok || ix.Has("b2") || ix.Len() != 3 {
		t.Error("a record that was taken out is still there")
	}
}
