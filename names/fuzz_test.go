package names_test

import (
	"testing"

	"github.com/homeward-registry/homeward/names"
)

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

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Щербак", "Schtscherbak", "\xff\xfe", "tsts", "оуоу", "A\u0301", "345678", "Kazloŭ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fold := names.Fold(s)
		if names.Fold(fold) != fold {
			t.Fatal("not idempotent")
		}
		for i := range len(fold) {
			if c := fold[i]; c >= 0x80 || c <= ' ' {
				t.Fatalf("byte %d is %#x", i, c)
			}
		}
		names.Key(s)
	})
}

func FuzzCompare(f *testing.F) {
	f.Add("Микола", "Іванович", "Шевченко", "Mykola", "", "Shevchenko-Vovk")
	f.Add("", "", "", "М.", "І.", "Ш.")
	f.Add("\xff", "'", "a\u0301", "أحمد", "Оглы", "ииии")
	f.Fuzz(func(t *testing.T, g1, p1, f1, g2, p2, f2 string) {
		a, b := names.ParseParts(g1, p1, f1), names.ParseParts(g2, p2, f2)
		c := names.Compare(a, b)
		if c != names.Compare(b, a) {
			t.Fatal("not symmetric")
		}
		for _, r := range c.Reasons(a, b) {
			if r.String() == r.Code {
				t.Fatal("a reason without words")
			}
		}
		names.SexOf(a)
		names.SplitAliases(f1)
	})
}

func FuzzJudge(f *testing.F) {
	f.Add("Шевченко Микола", "Nikolai Schewtschenko")
	f.Add("Sp. z o.o. Faberlic", "JC JuncKer S.A. II")
	f.Add("\xffabc\xffDef", "김정은 김종은")
	f.Fuzz(func(t *testing.T, a, b string) {
		j, turned := names.Judge(a, b), names.Judge(b, a)
		if j.Same != turned.Same || j.Level != turned.Level || j.Probability != turned.Probability {
			t.Fatal("not symmetric")
		}
		for _, r := range j.Reasons {
			if r.String() == r.Code {
				t.Fatal("a reason without words")
			}
		}
		ix := names.NewIndex()
		ix.Add(names.Parse(a))
		ix.Ranker().Rank(names.Parse(b), 3)
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		names.Parse("Шевченко Микола Іванович")
	}
}

func BenchmarkParseLatin(b *testing.B) {
	for b.Loop() {
		names.Parse("Mykola Ivanovych SHEVCHENKO")
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := names.Parse("Шевченко Микола Іванович"), names.Parse("Nikolai Petrovich Schewtschuk")
	for b.Loop() {
		names.Compare(x, y)
	}
}
