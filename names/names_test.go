package names_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward/names"
	"pgregory.net/rapid"
)

// TestLabelledPairsKeepTheirScore freezes precision and recall over the labelled pairs: a change that moves them says so.
func TestLabelledPairsKeepTheirScore(t *testing.T) {
	f, err := os.Open("../testdata/names/pairs.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found, called, true_ := 0, 0, 0
	for i, r := range rows[1:] {
		same := names.Compare(names.Parse(r[1]), names.Parse(r[2])).Overall.Same()
		if r[0] == "yes" {
			true_++
		}
		if same {
			called++
		}
		if same && r[0] == "yes" {
			found++
		}
		if same != (r[0] == "yes") {
			t.Logf("line %d (%s): called the same: %v", i+2, r[3], same)
		}
	}
	recall, precision := float64(found)/float64(true_), float64(found)/float64(called)
	t.Logf("recall %.4f, precision %.4f over %d pairs", recall, precision, len(rows)-1)
	if recall < 0.994 || precision < 1 {
		t.Errorf("recall %.4f, want at least 0.994; precision %.4f, want 1", recall, precision)
	}
}

var anyWord = rapid.SampledFrom([]string{"Микола", "Николай", "Mykola", "Саша", "Олександра", "Шевченко", "Shevchenko", "Іванович", "Ivanovych", "К.",
	"Ковальська", "Kovalskyi", "Семенюк-Вовк", "ПЕТРЕНКО", "Вiктор", "أحمد", "x", "", "'", "ааа", "Щщщ"})

func anyName(t *rapid.T, label string) names.Name {
	text := ""
	for _, w := range rapid.SliceOfN(anyWord, 0, 4).Draw(t, label) {
		text += " " + w
	}
	return names.Parse(text)
}

func TestComparingIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyName(t, "a"), anyName(t, "b")
		if names.Compare(a, b) != names.Compare(b, a) {
			t.Fatal("the order of the two names matters")
		}
	})
}

func TestANameIsEqualToItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyName(t, "a")
		if l := names.Compare(a, a).Overall; l != names.LevelMissing && l < names.LevelFold {
			t.Fatalf("level %s", l)
		}
	})
}

func TestThePartsOfANameAreFoundInAnyOrder(t *testing.T) {
	want := names.ParseParts("Микола", "Іванович", "Шевченко")
	for i, text := range []string{"Шевченко Микола Іванович", "Микола Іванович Шевченко", "ШЕВЧЕНКО Микола Іванович", "Шевченко, Микола Іванович",
		"Mykola Ivanovych SHEVCHENKO", "Shevchenko Nikolai Ivanovich"} {
		if c := names.Compare(names.Parse(text), want); !c.Given.Same() || !c.Patronymic.Same() || !c.Family.Same() {
			t.Errorf("order %d: %s %s %s", i, c.Given, c.Patronymic, c.Family)
		}
	}
}

func TestPatronymicsTellTheFather(t *testing.T) {
	for g, group := range [][]string{
		{"Миколайович", "Миколаївна", "Николаевич", "Николаевна", "Mykolaiovych", "Nikolaevna"},
		{"Сергійович", "Сергеевич", "Сергіївна", "Serhiivna", "Sergeevich"},
		{"Ілліч", "Ильич", "Іллівна"}, {"Юрійович", "Юрьевна", "Юріївна"}, {"Петрович", "Петрівна", "Петровна"},
		{"Григорович", "Григорьевич", "Григорівна"}, {"Дмитрович", "Дмитриевна", "Дмитрівна"},
	} {
		want := names.FathersClass(group[0])
		for i, p := range group {
			if c := names.FathersClass(p); c == 0 || c != want {
				t.Errorf("group %d, form %d: class %d, want %d", g, i, c, want)
			}
		}
	}
	if c := names.FathersClass("Шевченко"); c != 0 {
		t.Errorf("a surname tells a father: %d", c)
	}
}

func TestNamesTellTheSex(t *testing.T) {
	for i, c := range []struct {
		text string
		want names.Sex
	}{{"Шевченко Іван", names.Male}, {"Олена", names.Female}, {"Шевченко Саша Іванівна", names.Female}, {"Саша", names.SexUnknown},
		{"Ковальська", names.Female}, {"Шевченко", names.SexUnknown}, {"Mykola", names.Male}, {"Шевченко Микита", names.Male},
		{"Іванова Женя", names.Female}, {"Іванов Женя", names.Male}, {"Гриценко Саша Ильич", names.Male}} {
		if sex := names.SexOf(names.Parse(c.text)); sex != c.want {
			t.Errorf("case %d: %q, want %q", i, sex, c.want)
		}
	}
}

func TestAliasesAreSplit(t *testing.T) {
	for i, c := range []struct {
		cell string
		want []string
	}{{"", nil}, {"А Б", []string{"А Б"}}, {"А Б; В Г / Д", []string{"А Б", "В Г", "Д"}}, {"А (також Б)", []string{"А", "Б"}},
		{"aka Sasha; alias Alex", []string{"Sasha", "Alex"}}} {
		if diff := cmp.Diff(c.want, names.SplitAliases(c.cell)); diff != "" {
			t.Errorf("case %d: %s", i, diff)
		}
	}
}

func TestComparingTokensAllocatesNothing(t *testing.T) {
	a, b := names.Parse("Шевченко Микола Іванович"), names.Parse("Nikolai Ivanovich Schewtschenko")
	if n := testing.AllocsPerRun(100, func() { names.Compare(a, b) }); n != 0 {
		t.Errorf("comparing names: %.0f allocations", n)
	}
	x, y := a.Tokens[0], b.Tokens[2]
	if n := testing.AllocsPerRun(100, func() { names.CompareTokens(x, y) }); n != 0 {
		t.Errorf("comparing words: %.0f allocations", n)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, code := range names.ReasonCodes() {
		if r := (names.Reason{Code: code}); r.String() == code {
			t.Errorf("%s has no words", code)
		}
	}
}

// TestComparingIsFreeOfOrder turns the words of names whose parts are told: no level may move.
func TestComparingIsFreeOfOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyName(t, "a"), anyName(t, "b")
		turned := names.Name{Tokens: rapid.Permutation(a.Tokens).Draw(t, "turned")}
		if names.Compare(a, b) != names.Compare(turned, b) {
			t.Fatal("the order of words matters")
		}
	})
}

// letters are what the romanisations and scripts of the fold use, signs and strays included.
var letters = rapid.StringOfN(rapid.RuneFrom([]rune("абвгґдеєёжзиіїйклмнопрстуўфхцчшщъыьэюяАЄЇЩabcdefghijklmnopqrstuvwxyzščžŭłßï’'-ʹ345678")), 0, 80, -1)

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := names.Fold(letters.Draw(t, "word"))
		if again := names.Fold(f); again != f {
			t.Fatalf("%d bytes became %d", len(f), len(again))
		}
		if len(f) > 64 {
			t.Fatalf("%d bytes", len(f))
		}
	})
}

// TestRomanisationsOfOneNameHaveOneFold holds what the fold alone must do, without table, key or distance.
func TestRomanisationsOfOneNameHaveOneFold(t *testing.T) {
	for g, group := range [][]string{
		{"Щербак", "Shcherbak", "Schtscherbak", "Chtcherbak", "Ščerbak", "Szczerbak", "ЩЕРБАК"},
		{"Жук", "Zhuk", "Žuk", "Żuk"},
		{"Шевчук", "Shevchuk", "Schewtschuk", "Chevtchouk", "Ševčuk", "Szewczuk"},
		{"Цимбал", "Tsymbal", "Tzimbal", "Цымбал"},
		{"Яременко", "Yaremenko", "Iaremenko", "Jaremenko"},
		{"Юрченко", "Yurchenko", "Iurchenko", "Jurčenko"},
		{"Єфименко", "Yefymenko", "Iefymenko", "Jefymenko", "Efimenko", "Ефименко"},
		{"Хоменко", "Khomenko"},
		{"Зозуля", "Zozulya", "Zozulia", "Zozulja"},
		{"Ковальський", "Kovalskyi", "Kovalsky", "Kovalskij", "Kowalski", "Ковальский", "Kovalʹsʹkyj", "Kovalskyy", "Kovalskii"},
		{"Гончар", "Honchar", "Gonchar"},
		{"Згурський", "Zghurskyi", "Zgurskiy"},
		{"Знам'янка", "Знам’янка", "Znamianka", "Znamyanka"},
		{"Фёдоров", "Fyodorov", "Fiodorov", "Fjodorow", "Fedorov", "Fyodoroff"},
		{"Казлоў", "Kazloŭ", "Kazlou"}, {"Хоцішча", "Chocišča"}, {"Яценко", "Âcenko", "Yatsenko"}, {"Максимчук", "Маĸсимчук", "Мakcимчуk"}, {"Знам’янський", "Znam”yanskyy"},
	} {
		for i, w := range group {
			if f, want := names.Fold(w), names.Fold(group[0]); f != want {
				t.Errorf("group %d, form %d: %s, want %s", g, i, f, want)
			}
		}
	}
}

// TestAnAmbiguousLetterIsReadInEveryWay holds the readings of a Latin word that its fold does not take.
func TestAnAmbiguousLetterIsReadInEveryWay(t *testing.T) {
	for i, c := range []struct {
		a, b string
		same bool
	}{
		{"Цибуля", "Zybulja", true}, {"Хоменко", "Chomenko", true}, {"Цветкова", "Cvetkov", true}, {"Лучич", "Lucic", false}, {"Lučić", "Lucic", true},
		{"Зеленко", "Selenko", true}, {"Згурський", "Zhurskyy", true}, {"Згурський", "Z·hurs’kyy", true}, {"Жук", "Zhuk", true}, {"Чайка", "Khaika", false},
	} {
		have := names.Compare(names.ParseParts("", "", c.a), names.ParseParts("", "", c.b)).Family
		if (have >= names.LevelKey) != c.same {
			t.Errorf("case %d: %s", i, have)
		}
		restored := names.Name{Tokens: []*names.Token{names.ParseParts("", "", c.b).Tokens[0].Form().Token()}}
		if again := names.Compare(names.ParseParts("", "", c.a), restored).Family; again != have {
			t.Errorf("case %d: %s, and of a kept form %s", i, have, again)
		}
	}
}

// TestLevelsSayWhy pins one pair a level, so that a weight learned for a level keeps its meaning.
func TestLevelsSayWhy(t *testing.T) {
	for i, c := range []struct {
		a, b string
		want names.Level
	}{
		{"Микола", "", names.LevelMissing}, {"Микола", "Тарас", names.LevelDifferent}, {"Микола", "Н.", names.LevelInitial},
		{"Микола", "М.", names.LevelInitial}, {"Микола", "Т.", names.LevelDifferent}, {"Ярополк", "Яромолк", names.LevelClose}, {"Саша", "О.", names.LevelInitial},
		{"Микола", "Коля", names.LevelDiminutive}, {"Юрій", "Георгій", names.LevelDiminutive}, {"Оксана", "Ксенія", names.LevelDiminutive},
		{"Микола", "Николай", names.LevelEquivalent}, {"Микола", "Mykola", names.LevelFold}, {"Микола", "Микола", names.LevelExact},
	} {
		a, b := names.ParseParts(c.a, "", ""), names.ParseParts(c.b, "", "")
		if have := names.Compare(a, b); have.Given != c.want || have.Overall != c.want {
			t.Errorf("case %d: %s, want %s", i, have.Given, c.want)
		}
	}
}

// TestReasonsNameEachPart says one reason a part that both names have, with both texts.
func TestReasonsNameEachPart(t *testing.T) {
	a, b := names.Parse("Шевченко Микола Іванович"), names.Parse("Nikolai SHEVCHENKO")
	want := []names.Reason{
		{Code: "name.family.fold", Args: []string{"Шевченко", "SHEVCHENKO"}},
		{Code: "name.given.equivalent", Args: []string{"Микола", "Nikolai"}},
	}
	if diff := cmp.Diff(want, names.Compare(a, b).Reasons(a, b)); diff != "" {
		t.Error(diff)
	}
}
