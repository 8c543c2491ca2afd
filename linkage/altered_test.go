package linkage_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// disguised is a child as it was, and as a list says of it after an adoption: another family name, patronymic, birth date and
// birthplace; given name, sex, looks, siblings and the place it was taken from stay.
func disguised() (before, after linkage.Record) {
	before = linkage.Record{
		ID: "before", Source: "family", Names: []linkage.NameText{{Given: "Данило", Patronymic: "Сергійович", Family: "Хмаровський"}}, Births: born("04.05.2014"), Sex: names.Male,
		BirthPlaces: []string{"Маріуполь"}, TakenFrom: []string{"Маріуполь"}, Siblings: []string{"Соломія", "Остап"}, Eyes: "карі", Hair: "русяве",
	}
	after = linkage.Record{
		ID: "after", Source: "listing", Names: []linkage.NameText{{Given: "Даниил", Patronymic: "Павлович", Family: "Лаптев"}}, Births: born("20.06.2014"), Sex: names.Male,
		BirthPlaces: []string{"Ростов-на-Дону"}, TakenFrom: []string{"Мариуполь"}, Siblings: []string{"Соломия", "Остап"}, Eyes: "карі", Hair: "русяве",
	}
	return before, after
}

// TestOneActIsChargedOnce weighs a disguised child: what one act changed together disagrees four times, and most of it is given back.
func TestOneActIsChargedOnce(t *testing.T) {
	before, after := disguised()
	for name, m := range models() {
		p, signals, _ := indexOf(before, after).Weigh(m, "before", "after")
		against, back := 0.0, 0.0
		for _, s := range signals {
			switch {
			case s.Comparison == "identity":
				back = s.Weight
			case s.Weight < 0:
				against += s.Weight
			}
		}
		if back < 2 || back < -against/3 {
			t.Errorf("%s model: %.1f bits speak against, and %.1f are given back of %.1f", name, against, back, p.Weight)
		}
	}
}

// TestAnHonestPairOwesNothingToAlteration holds that agreement is not called an altered identity.
func TestAnHonestPairOwesNothingToAlteration(t *testing.T) {
	day := homeward.YMD(2014, 5, 6)
	for name, m := range models() {
		_, signals, _ := indexOf(child("a", "one", "Микола", "Іванович", names.Male, day), child("b", "two", "Николай", "Иванович", names.Male, day)).Weigh(m, "a", "b")
		if slices.ContainsFunc(signals, func(s linkage.Signal) bool { return s.Comparison == "identity" }) {
			t.Errorf("%s model: an altered identity explains what agrees", name)
		}
	}
}

// TestTheNearestRecordIsFoundWhateverItsName hides a disguised child among others, whom no pass brings together with itself.
func TestTheNearestRecordIsFoundWhateverItsName(t *testing.T) {
	before, after := disguised()
	ix := invent(2000, 4).index()
	ix.Add(before)
	ix.Add(after)
	m := linkage.Train(ix, linkage.Options{})
	near := ix.Nearest(m, "after", 20, linkage.Options{})
	if !slices.ContainsFunc(near, func(p linkage.Pair) bool { return p.Left == "after" && p.Right == "before" }) {
		t.Error("the child is not among the first twenty")
	}
	if !slices.IsSortedFunc(near, func(a, b linkage.Pair) int { return int(b.Weight*1000) - int(a.Weight*1000) }) || len(near) > 20 {
		t.Errorf("%d records, not the best first", len(near))
	}
	if near := ix.Nearest(m, "nobody", 20, linkage.Options{}); near != nil {
		t.Errorf("%d records are near one that is not there", len(near))
	}
	apart := linkage.Options{Skip: func(a, _, b, _ string) bool { return a == "family" || b == "family" }}
	for _, p := range ix.Nearest(m, "after", 20, apart) {
		if p.Left == "before" || p.Right == "before" {
			t.Error("a record that is left out is found")
		}
	}
}

// TestWhatStrangersShareTogetherIsCountedOnce gives a list in which nearly everybody lives where they were born.
func TestWhatStrangersShareTogetherIsCountedOnce(t *testing.T) {
	var records []linkage.Record
	towns := []string{"Аванове", "Бобринь", "Вишнеград", "Гайове", "Дубрівне", "Зарічне", "Кленове", "Лозове"}
	for i := range 1600 {
		r := linkage.Record{ID: fmt.Sprintf("r%04d", i), Source: "one", Names: []linkage.NameText{{Given: []string{"Іван", "Ганна", "Петро", "Олена"}[i%4], Family: fmt.Sprintf("Т%cр%cн", 'а'+rune(i%16), 'а'+rune(i/16%16))}}}
		r.BirthPlaces = []string{towns[i*7%8]}
		r.Homes = r.BirthPlaces
		if i%20 == 0 {
			r.Homes = []string{towns[i%8]}
		}
		records = append(records, r)
	}
	ix := indexOf(records...)
	m := linkage.Train(ix, linkage.Options{})
	_, signals, _ := ix.Weigh(m, "r0001", "r0009")
	weights := map[string]float64{}
	for _, s := range signals {
		weights[s.Comparison+"."+s.Level] = s.Weight
	}
	if place, home := weights["birth_place.same"], weights["home.same"]; place < 1.5 || home > place/3 {
		t.Errorf("the birthplace weighs %.2f bits, and the home that follows from it %.2f", place, home)
	}
}

// TestAnExtraColumnIsAComparison weighs a column that linkage does not know by itself.
func TestAnExtraColumnIsAComparison(t *testing.T) {
	var records []linkage.Record
	for i := range 300 {
		job := []string{"коваль", "бондар", "лікарка", "пекар", "швець"}[i%5]
		for _, source := range []string{"one", "two"} {
			records = append(records, linkage.Record{ID: fmt.Sprintf("%s%03d", source, i), Source: source, Names: []linkage.NameText{{Full: fmt.Sprintf("Іван Т%cр%cн", 'а'+rune(i%20), 'а'+rune(i/20))}}, Extra: []linkage.Text{{Column: "occupation", Value: job}}})
		}
	}
	ix := indexOf(records...)
	m := linkage.Train(ix, linkage.Options{})
	level := func(a, b string) (level string, weight float64) {
		_, signals, _ := ix.Weigh(m, a, b)
		for _, s := range signals {
			if s.Comparison == "occupation" {
				return s.Reason.String(), s.Weight
			}
		}
		return "", 0
	}
	if reason, weight := level("one000", "two000"); reason != "the same occupation" || weight <= 0 {
		t.Errorf("%q weighs %.2f bits", reason, weight)
	}
	if reason, weight := level("one000", "two001"); reason != "another occupation" || weight >= 0 {
		t.Errorf("%q weighs %.2f bits", reason, weight)
	}
}

// TestAColourIsOneInThreeLanguages compares looks as lists in three languages write them.
func TestAColourIsOneInThreeLanguages(t *testing.T) {
	for _, c := range []struct {
		a, b, want string
	}{
		{"сірі", "серые", "same"}, {"серые", "grey", "same"}, {"карі", "brown", "same"}, {"блакитні", "Голубые", "same"}, {"зелені", "green eyes", "same"},
		{"карі", "blue", "differ"}, {"русые", "light brown", "same"}, {"русяве", "dark brown", "differ"}, {"сіро-зелені", "серые", "same"}, {"сіро-зелені", "серо-голубые", "partly"},
	} {
		a := linkage.Record{ID: "a", Names: named("Іван"), Eyes: c.a}
		b := linkage.Record{ID: "b", Names: named("Іван"), Eyes: c.b}
		_, signals, _ := indexOf(a, b).Weigh(linkage.DefaultModel(), "a", "b")
		if i := slices.IndexFunc(signals, func(s linkage.Signal) bool { return s.Comparison == "eyes" }); i < 0 || signals[i].Level != c.want {
			t.Errorf("%s and %s: %v, want %s", c.a, c.b, signals, c.want)
		}
	}
}
