package names_test

import (
	"encoding/csv"
	"os"
	"testing"

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
	if recall < 0.97 || precision < 1 {
		t.Errorf("recall %.4f, want at least 0.97; precision %.4f, want 1", recall, precision)
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
	for _, text := range []string{"Шевченко Микола Іванович", "Микола Іванович Шевченко", "ШЕВЧЕНКО Микола Іванович", "Шевченко, Микола Іванович",
		"Mykola Ivanovych SHEVCHENKO", "Shevchenko Nikolai Ivanovich"} {
		if c := names.Compare(names.Parse(text), want); !c.Given.Same() || !c.Patronymic.Same() || !c.Family.Same() {
			t.Errorf("order %q: %s %s %s", text[:2], c.Given, c.Patronymic, c.Family)
		}
	}
}

func TestPatronymicsTellTheFather(t *testing.T) {
	for _, group := range [][]string{
		{"Миколайович", "Миколаївна", "Николаевич", "Николаевна", "Mykolaiovych", "Nikolaevna"},
		{"Сергійович", "Сергеевич", "Сергіївна", "Serhiivna", "Sergeevich"},
		{"Ілліч", "Ильич", "Іллівна"}, {"Юрійович", "Юрьевна", "Юріївна"}, {"Петрович", "Петрівна", "Петровна"},
		{"Григорович", "Григорьевич", "Григорівна"}, {"Дмитрович", "Дмитриевна", "Дмитрівна"},
	} {
		want := names.FathersClass(group[0])
		for _, p := range group {
			if c := names.FathersClass(p); c == 0 || c != want {
				t.Errorf("%s: class %d, want %d", p, c, want)
			}
		}
	}
	if c := names.FathersClass("Шевченко"); c != 0 {
		t.Errorf("a surname tells a father: %d", c)
	}
}

func TestNamesTellTheSex(t *testing.T) {
	for text, want := range map[string]names.Sex{"Шевченко Іван": names.Male, "Олена": names.Female, "Шевченко Саша Іванівна": names.Female,
		"Саша": names.SexUnknown, "Ковальська": names.Female, "Шевченко": names.SexUnknown, "Mykola": names.Male} {
		if sex := names.SexOf(names.Parse(text)); sex != want {
			t.Errorf("%s: %q, want %q", text, sex, want)
		}
	}
}

func TestAliasesAreSplit(t *testing.T) {
	for cell, want := range map[string]int{"": 0, "А Б": 1, "А Б; В Г / Д": 3, "А (також Б)": 2, "aka Sasha; alias Alex": 2} {
		if have := names.SplitAliases(cell); len(have) != want {
			t.Errorf("%q: %d, want %d", cell, len(have), want)
		}
	}
}

func TestComparingTokensAllocatesNothing(t *testing.T) {
	a, b := names.Parse("Шевченко Микола Іванович"), names.Parse("Nikolai Ivanovich Schewtschenko")
	if n := testing.AllocsPerRun(100, func() { names.Compare(a, b) }); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, code := range names.ReasonCodes() {
		if r := (names.Reason{Code: code}); r.String() == code {
			t.Errorf("%s has no words", code)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Шевченко Микола", "IVANOV, Ivan", "\xff\xfe", "А́ннушка", "x'", "ааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааа"} {
		f.Add(s, "Іван")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := names.Parse(a), names.Parse(b)
		if names.Compare(x, y) != names.Compare(y, x) {
			t.Fatal("not symmetric")
		}
		if len(names.Fold(a)) > 64 {
			t.Fatal("a fold is too long")
		}
	})
}
