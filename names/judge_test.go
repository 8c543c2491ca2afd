package names_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/homeward-registry/homeward/names"
	"pgregory.net/rapid"
)

// TestOurLabelledPairsAreJudgedRight holds every one of the labelled pairs against the whole-name judgement.
func TestOurLabelledPairsAreJudgedRight(t *testing.T) {
	f, err := os.Open("../testdata/names/pairs.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows[1:] {
		if j := names.Judge(r[1], r[2]); j.Same != (r[0] == "yes") {
			t.Errorf("line %d (%s): same %v, level %s, %.3f", i+2, r[3], j.Same, j.Level, j.Probability)
		}
	}
}

func TestJudgingIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyName(t, "a").String(), anyName(t, "b").String()
		x, y := names.Judge(a, b), names.Judge(b, a)
		if x.Same != y.Same || x.Level != y.Level || x.Probability != y.Probability {
			t.Fatal("the order of the two names matters")
		}
	})
}

// TestJudgingTakesNamesAsTheyCome holds what whole names need beyond their parts: words joined, parted, left out, numbered.
func TestJudgingTakesNamesAsTheyCome(t *testing.T) {
	for i, c := range []struct {
		a, b string
		want bool
	}{
		{"Микола", "Николай", true}, {"Миколайович", "Николаевич", true}, {"Шевченко", "Бондар", false}, {"Коваль", "Ковальова", false},
		{"ОленаКоваленко", "Олена Коваленко", true}, {"Олена Кова ленко", "Олена Коваленко", true}, {"Dr. Olena Kovalenko", "Олена Коваленко", true},
		{"JC Example", "Jean-Claude Example", true}, {"Ahmad bin Hasan", "Hasan bin Ahmad", false}, {"Марія Анна Коваль", "Марія Коваль", true},
		{"Інна Петрівна Коваль", "Інна Коваль", true}, {"Іван Марченко", "Іван Харченко", false}, {"Іван Лукашевич", "Іван Лукашенко", false},
		{"Ромашка ТОВ", "Товариство з обмеженою відповідальністю «Ромашка»", true}, {"Ромашка ТОВ", "Ромашка ПАТ", false},
		{"Ромашка-2 ТОВ", "Волошка ТОВ", false}, {"L.X.C. Example", "LXC Example", true}, {"Example Fund II LP", "Example Fund LP", false},
		{"Example Bank", "Another Example Bank", true}, {"Bank", "Another Bank", false}, {"Олена", "", false},
		{"สมชายใจดี", "สมชายใจด่", true}, {"สมชาย", "สมหญิง", false}, {"山田太郎", "山本次郎", false}, {"Hassan bin Ali", "Hasan Ali", true},
	} {
		if j := names.Judge(c.a, c.b); j.Same != c.want {
			t.Errorf("case %d: same %v, level %s, %.3f", i, j.Same, j.Level, j.Probability)
		}
	}
}
