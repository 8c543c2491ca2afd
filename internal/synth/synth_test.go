package synth

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		a, b := Generate(o), Generate(o)
		if !bytes.Equal(a.truth(), b.truth()) {
			t.Fatal("the truth differs")
		}
		for i := range a.Lists {
			if !bytes.Equal(bytesOf(t, a.Lists[i]), bytesOf(t, b.Lists[i])) {
				t.Fatalf("list %d differs", i)
			}
		}
	})
}

func TestAnotherSeedGivesAnotherWorld(t *testing.T) {
	a, b := Generate(Options{Children: 50, Seed: 1}), Generate(Options{Children: 50, Seed: 2})
	if bytes.Equal(bytesOf(t, a.Lists[0]), bytesOf(t, b.Lists[0])) {
		t.Fatal("two seeds gave the same list")
	}
}

func TestTheTruthIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		w := Generate(o)
		if len(w.Children) != o.Children {
			t.Fatalf("%d children, want %d", len(w.Children), o.Children)
		}
		mentioned := make(map[int]bool)
		rows := make(map[[2]string]int)
		for _, m := range w.Truth {
			mentioned[m.Child] = true
			rows[[2]string{m.Source, m.SourceID}]++
			if w.Children[m.Child-1].Family.Number != m.Family {
				t.Fatalf("child %d is given the family %d", m.Child, m.Family)
			}
		}
		if len(mentioned) != o.Children {
			t.Fatalf("%d of %d children are in no list", o.Children-len(mentioned), o.Children)
		}
		for _, l := range w.Lists {
			for i, row := range l.Rows {
				if rows[[2]string{l.Source, row[0]}] != 1 {
					t.Fatalf("%s row %d is %d times in the truth", l.Source, i, rows[[2]string{l.Source, row[0]}])
				}
			}
		}
		if got := len(w.Lists[0].Rows) + len(w.Lists[1].Rows) + len(w.Lists[2].Rows); got != len(w.Truth) {
			t.Fatalf("%d rows, %d in the truth", got, len(w.Truth))
		}
	})
}

// TestWhatHappenedIsPossible checks the order of events, their window, and that nothing happened without its cause.
func TestWhatHappenedIsPossible(t *testing.T) {
	causes := map[homeward.EventType]homeward.EventType{
		homeward.EventTaken: homeward.EventSeparated, homeward.EventTransferred: homeward.EventTaken,
		homeward.EventDeported: homeward.EventTaken, homeward.EventPlaced: homeward.EventDeported,
		homeward.EventRenamed: homeward.EventPlaced, homeward.EventCitizenshipImposed: homeward.EventDeported,
		homeward.EventContactLost: homeward.EventSeparated, homeward.EventMistreated: homeward.EventTaken,
		homeward.EventLocated: homeward.EventTaken, homeward.EventReturned: homeward.EventLocated,
		homeward.EventReunified: homeward.EventReturned,
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range Generate(drawOptions(t)).Children {
			for _, e := range homeward.EventTypes {
				day, happened := c.Happened(e)
				if !happened {
					continue
				}
				if day < FirstDay || day >= EditionDay {
					t.Fatalf("child %d: %s on %s", c.Number, e, day)
				}
				if cause, needs := causes[e]; needs {
					if before, did := c.Happened(cause); !did || before > day {
						t.Fatalf("child %d: %s without an earlier %s", c.Number, e, cause)
					}
				}
				if back, returned := c.Happened(homeward.EventReturned); returned && e != homeward.EventReunified && day > back {
					t.Fatalf("child %d: %s after the return", c.Number, e)
				}
			}
			if years := ageOn(c.Born, FirstDay); years < 0 || years > 17 || c.Born >= FirstDay {
				t.Fatalf("child %d was %d years old", c.Number, years)
			}
		}
	})
}

func TestSiblingsAreBornApartOrAreTwins(t *testing.T) {
	for _, f := range Generate(Options{Children: 3000, Seed: 3}).Families {
		if len(f.Children) == 0 || len(f.Children) > 4 {
			t.Fatalf("family %d has %d children", f.Number, len(f.Children))
		}
		for i := 1; i < len(f.Children); i++ {
			apart := f.Children[i].Born - f.Children[i-1].Born
			if apart != 0 && apart < daysBetweenBirths {
				t.Fatalf("family %d: births %d days apart", f.Number, apart)
			}
			if f.Children[i].name.uk == f.Children[i-1].name.uk {
				t.Fatalf("family %d has two children of one name", f.Number)
			}
		}
	}
}

// TestSharesHold holds what is generated to rates.go, within what chance explains in 20,000 children.
func TestSharesHold(t *testing.T) {
	w := Generate(Options{Children: 20_000, Seed: 5})
	happened := make(map[homeward.EventType]float64)
	twins := 0
	for _, c := range w.Children {
		for _, e := range homeward.EventTypes {
			if _, did := c.Happened(e); did {
				happened[e]++
			}
		}
	}
	for _, f := range w.Families {
		for i := 1; i < len(f.Children); i++ {
			if f.Children[i].Born == f.Children[i-1].Born {
				twins++
			}
		}
	}
	share := func(e, of homeward.EventType) float64 { return happened[e] / happened[of] }
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"taken", share(homeward.EventTaken, homeward.EventSeparated), rateTaken},
		{"transferred", share(homeward.EventTransferred, homeward.EventTaken), rateTransferred},
		{"deported", share(homeward.EventDeported, homeward.EventTaken), rateDeported},
		{"placed", share(homeward.EventPlaced, homeward.EventDeported), ratePlaced},
		{"renamed", share(homeward.EventRenamed, homeward.EventPlaced), rateRenamed},
		{"citizenship", share(homeward.EventCitizenshipImposed, homeward.EventDeported), rateCitizenship},
		{"contact lost", share(homeward.EventContactLost, homeward.EventSeparated), rateContactLost},
		{"mistreated", share(homeward.EventMistreated, homeward.EventTaken), rateMistreated},
		{"located", share(homeward.EventLocated, homeward.EventTaken), rateLocated},
		{"returned", share(homeward.EventReturned, homeward.EventLocated), rateReturned},
		{"reunified", share(homeward.EventReunified, homeward.EventReturned), rateReunified},
		{"reported", float64(len(w.Lists[0].Rows)) / 20_000, rateReported * (1 + rateReportedTwo)},
		{"listed", float64(len(w.Lists[1].Rows)) / happened[homeward.EventPlaced], rateListed * (1 + rateListedTwo)},
		{"noted", float64(len(w.Lists[2].Rows)) / 20_000, rateNoted * (1 + rateNotedTwo)},
		{"records a child", float64(len(w.Truth)) / 20_000, 2.6},
		{"twins", float64(twins) / 20_000, rateTwin},
		{"initials", shareOf(w.Lists[1], "Имя ребенка", func(s string) bool { return strings.HasSuffix(s, ".") }), rateListedInitial},
		{"years alone", shareOf(w.Lists[1], "Дата рождения", func(s string) bool { return len(s) == 4 }), rateListedYear},
	} {
		if diff := c.got - c.want; diff < -0.025 || diff > 0.025 {
			t.Errorf("%s: %.3f, want %.3f", c.what, c.got, c.want)
		}
	}
}

func TestCellsThatMustBeFilledAreFilled(t *testing.T) {
	w := Generate(Options{Children: 3000, Seed: 6})
	must := map[string][]string{
		SourceReports: {"№ звернення", "Прізвище", "Ім'я", "Стать", "Дата народження", "Заявник", "Телефон", "№ родини", "Дата розлучення з родиною"},
		SourceListing: {"№ анкеты", "Имя ребенка", "Пол", "Дата рождения", "Регион размещения", "Дата размещения", "Учреждение", "Группа здоровья"},
		SourceNotes:   {"Ref", "Full name", "Sex"},
	}
	for _, l := range w.Lists {
		for _, heading := range must[l.Source] {
			if got := shareOf(l, heading, func(s string) bool { return s == "" }); got > 0 {
				t.Errorf("%s: %q is empty in a share of %.4f", l.Source, heading, got)
			}
		}
		for i, row := range l.Rows {
			if len(row) != len(l.Headings) {
				t.Fatalf("%s row %d has %d cells for %d headings", l.Source, i, len(row), len(l.Headings))
			}
		}
		for i, heading := range l.Headings {
			if !slices.ContainsFunc(l.Rows, func(row []string) bool { return row[i] != "" }) {
				t.Errorf("%s: nobody ever fills %q", l.Source, heading)
			}
		}
	}
	born, age := column(w.Lists[2], "Date of birth"), column(w.Lists[2], "Age")
	for i, row := range w.Lists[2].Rows {
		if row[born] == "" && row[age] == "" {
			t.Fatalf("row %d of the non-profit has neither a birth date nor an age", i)
		}
	}
}

func TestTheSourcesWriteInTheirOwnScript(t *testing.T) {
	w := Generate(Options{Children: 2000, Seed: 8})
	for _, check := range []struct {
		list    int
		heading string
		table   *unicode.RangeTable
	}{
		{0, "Прізвище", unicode.Cyrillic}, {0, "Мати", unicode.Cyrillic}, {1, "Имя ребенка", unicode.Cyrillic},
		{2, "Full name", unicode.Latin}, {2, "Also known as", unicode.Latin}, {2, "New name", unicode.Latin}, {2, "Deported to", unicode.Latin}, {2, "Home town", unicode.Latin},
	} {
		l := w.Lists[check.list]
		foreign := shareOf(l, check.heading, func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(check.table, r) })
		})
		if foreign > 0 {
			t.Errorf("%s, %q: a share of %.4f has letters of another script", l.Source, check.heading, foreign)
		}
	}
}

// TestVerifiedNumbersAreOneChild protects the one rule that joins records without a person.
func TestVerifiedNumbersAreOneChild(t *testing.T) {
	w := Generate(Options{Children: 5000, Seed: 9})
	child := make(map[[2]string]int)
	for _, m := range w.Truth {
		child[[2]string{m.Source, m.SourceID}] = m.Child
	}
	owner := make(map[string]int)
	headings := map[string][2]string{SourceReports: {"Номер документа", "Документ перевірено"},
		SourceListing: {"Номер документа", "Документ проверен"}, SourceNotes: {"Document no.", "Document verified"}}
	verified := 0
	for _, l := range w.Lists {
		number, checked := column(l, headings[l.Source][0]), column(l, headings[l.Source][1])
		for i, row := range l.Rows {
			if !slices.Contains([]string{"так", "да", "yes"}, row[checked]) {
				continue
			}
			verified++
			about := child[[2]string{l.Source, row[0]}]
			if other, taken := owner[row[number]]; row[number] == "" || taken && other != about {
				t.Fatalf("%s row %d: a verified number is missing or another child's", l.Source, i)
			}
			owner[row[number]] = about
		}
	}
	if verified == 0 {
		t.Fatal("no number is verified at all")
	}
}

func TestFilesReadBackAsWritten(t *testing.T) {
	dir := t.TempDir()
	w := Generate(Options{Children: 300, Seed: 4})
	if err := w.Write(dir); err != nil {
		t.Fatal(err)
	}
	for _, l := range w.Lists {
		text, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			t.Fatal(err)
		}
		if l.Source == SourceListing {
			text = []byte(fromWindows1251(text))
		}
		in := csv.NewReader(bytes.NewReader(text))
		in.Comma = l.delimiter
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", l.File, err)
		}
		if !cmp.Equal(rows[0], l.Headings) || !cmp.Equal(rows[1:], l.Rows) {
			t.Errorf("%s reads back differently", l.File)
		}
	}
	for name, want := range map[string]string{"README.txt": "SYNTHETIC", "truth.csv": "source,source_id,child,family\n"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.HasPrefix(text, []byte(want)) {
			t.Errorf("%s does not begin as it must: %v", name, err)
		}
	}
}

func TestALetterOutsideTheCodePageIsRefused(t *testing.T) {
	if _, err := windows1251("ā"); err == nil {
		t.Fatal("a letter that windows-1251 does not have was encoded")
	}
}

func TestThereAreNamesEnough(t *testing.T) {
	if n := len(stems)*len(endings) + len(whole); n < 300 {
		t.Errorf("%d surnames", n)
	}
	if len(boys) < 40 || len(girls) < 40 {
		t.Errorf("%d boys' names, %d girls' names", len(boys), len(girls))
	}
	weight := 0
	for _, e := range endings {
		weight += e.weight
	}
	if weight != 100 {
		t.Errorf("the weights of the endings add up to %d", weight)
	}
}

func TestSchemesWriteAsTheirNormsDo(t *testing.T) {
	for i, c := range []struct {
		scheme         scheme
		uk, ru, expect string
	}{
		{kmu, "Юрій Згурський", "", "Yurii Zghurskyi"},
		{kmu, "Їжак", "", "Yizhak"},
		{kmu, "Знам'янка", "", "Znamianka"},
		{bgn, "Юлія Шевченко", "", "Yuliya Shevchenko"},
		{russian, "", "Николай Гончаренко", "Nikolay Goncharenko"},
		{french, "Шевчук", "", "Chevtchouk"},
		{german, "Шевченко", "", "Schewtschenko"},
	} {
		if got := c.scheme.write(c.uk, c.ru); got != c.expect {
			t.Errorf("case %d is written otherwise", i)
		}
	}
}

func drawOptions(t *rapid.T) Options {
	return Options{Children: rapid.IntRange(0, 60).Draw(t, "children"), Seed: rapid.Uint64().Draw(t, "seed")}
}

func bytesOf(t rapid.TB, l List) []byte {
	text, err := l.Bytes()
	if err != nil {
		t.Fatalf("%s: %v", l.Source, err)
	}
	return text
}

func column(l List, heading string) int { return slices.Index(l.Headings, heading) }

func shareOf(l List, heading string, is func(string) bool) float64 {
	n, at := 0, column(l, heading)
	for _, row := range l.Rows {
		if is(row[at]) {
			n++
		}
	}
	return float64(n) / float64(len(l.Rows))
}

// fromWindows1251 is the way back, for these tests.
func fromWindows1251(text []byte) string {
	back := make(map[byte]rune)
	for r, b := range beyond {
		back[b] = r
	}
	var out strings.Builder
	for _, b := range text {
		switch r, special := back[b]; {
		case b >= 0xC0:
			out.WriteRune('А' + rune(b-0xC0))
		case special:
			out.WriteRune(r)
		default:
			out.WriteByte(b)
		}
	}
	return out.String()
}
