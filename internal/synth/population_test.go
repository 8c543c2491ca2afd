package synth

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

func drawPopulation(t *rapid.T) PopulationOptions {
	return PopulationOptions{Rows: rapid.IntRange(0, 300).Draw(t, "rows"), Lists: rapid.IntRange(0, 5).Draw(t, "lists"),
		Clean: rapid.Bool().Draw(t, "clean"), Seed: rapid.Uint64().Draw(t, "seed")}
}

// TestAPopulationIsAFunctionOfItsOptions asks for rows twice, the second time backwards.
func TestAPopulationIsAFunctionOfItsOptions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawPopulation(t)
		a, b := Populate(o), Populate(o)
		for n := range a.Len() {
			back := a.Len() - 1 - n
			if !cmp.Equal(a.Row(back), b.Row(back)) || !cmp.Equal(a.Altered(n), b.Altered(n)) {
				t.Fatalf("row %d differs", n)
			}
		}
	})
}

// TestTheTruthOfAPopulationIsRight walks the households by hand and finds each of their rows once, in the cluster of its
// child, with the birthday and sex that such a child can have.
func TestTheTruthOfAPopulationIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawPopulation(t)
		p := Populate(o)
		want := map[string]int{}
		l, slots := p.planner(), 0
		for household := 0; slots < o.Rows; household++ {
			l.of(household)
			mentions := slices.Clone(l.mentions[:min(len(l.mentions), o.Rows-slots)])
			for _, m := range mentions {
				c := Child{Number: int(m.child) + 1}
				want[Row{Household: household, Child: c.Number}.Cluster()]++
			}
			slots += len(mentions)
		}
		got := map[string]int{}
		for n := range p.Len() {
			r := p.Row(n)
			got[r.Cluster()]++
			if r.Number != n || r.ID != rowID(n) || r.List >= p.Lists() {
				t.Fatalf("row %d is numbered otherwise", n)
			}
			if o.Clean && got[r.Cluster()] > 1 {
				t.Fatalf("row %d: a clean population has the child twice", n)
			}
		}
		if !cmp.Equal(got, want) {
			t.Fatal("clusters are not those of the households")
		}
	})
}

// TestATwinIsAnotherCluster looks at children of one household that are born on one day.
func TestATwinIsAnotherCluster(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 20_000, Clean: true, Seed: 2})
	type birth struct {
		household int
		born      string
	}
	of := map[birth][]Row{}
	for r := range p.All() {
		of[birth{r.Household, r.Born}] = append(of[birth{r.Household, r.Born}], r)
	}
	twins := 0
	for _, rows := range of {
		for i, a := range rows {
			for _, b := range rows[:i] {
				twins++
				if a.Cluster() == b.Cluster() || a.Given == b.Given || a.Mother != b.Mother {
					t.Fatal("twins are one child, have one name or two mothers")
				}
			}
		}
	}
	if twins < 100 {
		t.Fatalf("%d twins in 20,000 children", twins)
	}
}

func TestNoTwoRowsAreNumberedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5000).Draw(t, "size")
		s := newScatter(size, rapid.Uint64().Draw(t, "seed"))
		seen := make([]bool, size)
		for n := range size {
			if at := s.at(n); at < 0 || at >= size || seen[at] {
				t.Fatalf("%d goes to %d, which is taken or outside", n, at)
			}
			seen[s.at(n)] = true
		}
	})
}

func TestRowsOfAHouseholdAreSpread(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 20_000, Seed: 3})
	near := 0
	for n := 1; n < p.Len(); n++ {
		if p.Row(n).Household == p.Row(n-1).Household {
			near++
		}
	}
	if near > 20 {
		t.Errorf("%d neighbours of 20,000 rows are of one household", near)
	}
}

// TestPopulationRatesHold holds what is written to rates_population.go, within what chance explains.
func TestPopulationRatesHold(t *testing.T) {
	const rows = 40_000
	for name, o := range map[string]PopulationOptions{"one": {Rows: rows, Seed: 4}, "several": {Rows: rows, Lists: 4, Seed: 4}} {
		p := Populate(o)
		for list := range p.Lists() {
			s := p.sources[list]
			var all []Row
			for r := range p.All() {
				if r.List == list {
					all = append(all, r)
				}
			}
			parts := 3 - s.noPatronymic - rateNoFather // parts of a name, each of which can be mistyped; an initial or a short name cannot
			for _, c := range []struct {
				what string
				is   func(Row) bool
				want float64
			}{
				{"russian", acted(InRussian), s.russian}, {"latin", acted(InLatin), s.latin},
				{"mistyped", acted(Mistyped), s.typo * parts}, {"shortened", acted(Shortened), s.short}, {"initial", acted(Initialled), s.initial},
				{"exchanged", acted(Exchanged), s.exchanged}, {"digit", acted(DigitSlipped), s.digit}, {"year alone", acted(YearAlone), s.yearAlone},
				{"day swapped", acted(DaySwapped), s.daySwapped * 0.36}, {"moved", acted(Moved), s.moved * (1 - s.noHome)}, {"sex wrong", acted(SexWrong), s.sexWrong},
				{"no birth date", func(r Row) bool { return r.Born == "" }, s.noBorn},
				{"no patronymic", func(r Row) bool { return r.Patronymic == "" }, s.noPatronymic + rateNoFather*(1-s.noPatronymic)},
				{"no sex", func(r Row) bool { return r.Sex == "" }, s.noSex}, {"no birthplace", func(r Row) bool { return r.Birthplace == "" }, s.noBirthplace},
				{"no home", func(r Row) bool { return r.Home == "" }, s.noHome}, {"no mother", func(r Row) bool { return r.Mother == "" }, s.noParent},
				{"no origin", func(r Row) bool { return r.TakenFrom == "" }, s.noOrigin}, {"no eyes", func(r Row) bool { return r.Eyes == "" }, s.noLook},
			} {
				if got := shareRows(all, c.is); got < c.want*0.85-0.008 || got > c.want*1.15+0.008 {
					t.Errorf("%s, list %d: %s in a share of %.4f, want %.4f", name, list, c.what, got, c.want)
				}
			}
		}
	}
}

func TestEachListSpeaksOfWhomItCovers(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 40_000, Lists: 4, Seed: 5})
	children := map[string]bool{}
	in := make([]map[string]int, p.Lists())
	for r := range p.All() {
		if in[r.List] == nil {
			in[r.List] = map[string]int{}
		}
		in[r.List][r.Cluster()]++
		children[r.Cluster()] = true
	}
	for list, s := range p.sources {
		twice := 0
		for _, times := range in[list] {
			if times > 1 {
				twice++
			}
		}
		covers, again := float64(len(in[list]))/float64(len(children)), float64(twice)/float64(len(in[list]))
		if covers < s.covers-0.03 || covers > s.covers+0.03 || again < s.twice-0.02 || again > s.twice+0.02 {
			t.Errorf("list %d covers %.3f, want %.3f; again %.3f, want %.3f", list, covers, s.covers, again, s.twice)
		}
	}
}

// TestAnAlteredRowIsWhatItSays compares each altered identity with the clean row of the same child.
func TestAnAlteredRowIsWhatItSays(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 20_000, Clean: true, Seed: 6})
	var altered []Row
	siblings, split := 0, 0
	for n := range p.Len() {
		r, a := p.Row(n), p.Altered(n)
		altered = append(altered, a)
		c, _ := p.find(p.order.at(n))
		switch {
		case a.Cluster() != r.Cluster() || a.Sex != r.Sex || a.ID == r.ID:
			t.Fatalf("row %d is another child's", n)
		case !a.Acts.Has(Remade | Refathered | Shifted | Relocated):
			t.Fatalf("row %d is altered by halves", n)
		case a.Family == r.Family || a.Birthplace == r.Birthplace || a.Patronymic == "" || a.Patronymic == r.Patronymic:
			t.Fatalf("row %d keeps what it says is replaced", n)
		case a.Acts.Has(InLatin) == strings.ContainsFunc(a.Given, func(r rune) bool { return r > 0x400 }):
			t.Fatalf("row %d is not in the letters it says", n)
		case !a.Acts.Has(InLatin) && a.Acts.Has(Renamed) == (a.Given == c.name.ru):
			t.Fatalf("row %d: the given name is not what it says", n)
		case a.Acts.Has(OriginKnown) != (a.TakenFrom != ""):
			t.Fatalf("row %d: the origin is not what it says", n)
		}
		born, err := time.Parse("02.01.2006", a.Born)
		if by := homeward.DayOf(born) - c.Born; err != nil || by == 0 || by < -daysShifted || by > daysShifted {
			t.Fatalf("row %d: the birth date is moved by %d days", n, by)
		}
		named := 0
		if a.Siblings != "" {
			named = strings.Count(a.Siblings, ",") + 1
		}
		siblings, split = siblings+len(c.Family.Children)-1, split+len(c.Family.Children)-1-named
	}
	for what, c := range map[string][2]float64{
		"given":  {shareRows(altered, acted(Renamed)), rateAlteredGiven},
		"latin":  {shareRows(altered, acted(InLatin)), rateAlteredLatin},
		"origin": {shareRows(altered, acted(OriginKnown)), rateAlteredOrigin},
		"split":  {float64(split) / float64(siblings), rateAlteredSplit},
	} {
		if c[0] < c[1]-0.02 || c[0] > c[1]+0.02 {
			t.Errorf("%s: a share of %.3f, want %.3f", what, c[0], c[1])
		}
	}
}

func TestAQuestionIsAboutItsRow(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 5000, Clean: true, Seed: 7})
	typos, last := 0, 0
	for q := range 5000 {
		a := p.Ask(q)
		r := p.Row(a.Row.Number)
		switch wrong := a.Given != r.Given || a.Family != r.Family; {
		case !cmp.Equal(a.Row, r) || a.Typo != wrong || a.Given != r.Given && a.Family != r.Family:
			t.Fatalf("question %d is about another row, or mistyped otherwise than it says", q)
		case a.FamilyFirst != strings.HasPrefix(a.Name(), a.Family+" "):
			t.Fatalf("question %d is in another order than it says", q)
		case strings.ContainsFunc(a.Latin, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }):
			t.Fatalf("question %d is not in Latin letters", q)
		case a.Year < r.Birthday.Time().Year()-1 || a.Year > r.Birthday.Time().Year()+1:
			t.Fatalf("question %d is years off", q)
		}
		if a.Typo {
			typos++
		}
		if a.FamilyFirst {
			last++
		}
	}
	if typos < 400 || typos > 600 || last < 2350 || last > 2650 {
		t.Errorf("of 5,000 questions %d are mistyped and %d begin with the family name", typos, last)
	}
}

func TestNamesOfAPopulationAreMany(t *testing.T) {
	p := Populate(PopulationOptions{Rows: 150_000, Clean: true, Seed: 8})
	families, given := map[string]int{}, map[string]int{}
	for r := range p.All() {
		families[r.Family]++
		given[r.Given]++
	}
	if len(roots)*len(suffixes) < 100_000 || len(families) < 30_000 || len(given) < 170 {
		t.Errorf("%d surnames of %d, %d given names", len(families), len(roots)*len(suffixes), len(given))
	}
	common := 0
	for _, n := range families {
		common = max(common, n)
	}
	if common < 150 || common > 600 {
		t.Errorf("the commonest surname is borne by %d of 150,000", common)
	}
}

func TestAPopulationReadsBackAsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		o     PopulationOptions
		w     Writing
		files []string
	}{
		"one":     {PopulationOptions{Rows: 3000, Seed: 9}, Writing{}, []string{"people.csv"}},
		"several": {PopulationOptions{Rows: 3000, Lists: 3, Seed: 9}, Writing{Wide: true}, []string{"people-1.csv", "people-2.csv", "people-3.csv"}},
		"altered": {PopulationOptions{Rows: 3000, Clean: true, Seed: 9}, Writing{Altered: 100}, []string{"people.csv"}},
	} {
		p := Populate(c.o)
		c.w.Dir = t.TempDir()
		if err := p.Write(context.Background(), c.w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wide, rows := c.w.Wide || c.w.Altered > 0, 0
		for list, file := range c.files {
			lines := readCSV(t, filepath.Join(c.w.Dir, file))
			for _, line := range lines[1:] {
				rows++
				r := p.Row(numberOf(line[0]))
				if r.List != list || !cmp.Equal(line, r.Cells(wide)) {
					t.Fatalf("%s: row %s reads back differently", name, line[0])
				}
			}
		}
		if rows != 3000 {
			t.Errorf("%s: %d rows", name, rows)
		}
		if c.w.Altered > 0 {
			if lines := readCSV(t, filepath.Join(c.w.Dir, AlteredFile)); len(lines) != 101 {
				t.Errorf("%d lines of altered identities", len(lines))
			}
		}
		if text, err := os.ReadFile(filepath.Join(c.w.Dir, "README.txt")); err != nil || !bytes.HasPrefix(text, []byte("SYNTHETIC")) {
			t.Errorf("%s: no word that nobody lived: %v", name, err)
		}
	}
}

// TestAPopulationIsNotKeptInMemory writes ten times as many rows and looks at what is alive in between.
func TestAPopulationIsNotKeptInMemory(t *testing.T) {
	alive := func(rows int) (most uint64) {
		p := Populate(PopulationOptions{Rows: rows, Seed: 10})
		at := 0
		w := Writing{Dir: t.TempDir(), Progress: func(int, int) {
			if at++; at%8 == 1 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}}
		if err := p.Write(context.Background(), w); err != nil {
			t.Fatal(err)
		}
		return most
	}
	small, large := alive(10_000), alive(120_000)
	if large > small+10<<20 { // rows kept would be 50 MiB
		t.Errorf("%d KiB are alive while 10,000 rows are written, %d KiB while 120,000 are", small>>10, large>>10)
	}
}

func TestAWritingCanBeStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	w := Writing{Dir: t.TempDir(), Progress: func(done, _ int) {
		if done > 0 {
			stop()
		}
	}}
	if err := Populate(PopulationOptions{Rows: 500_000, Seed: 11}).Write(ctx, w); err == nil {
		t.Fatal("a stopped writing says that it is done")
	}
}

func acted(a Acts) func(Row) bool { return func(r Row) bool { return r.Acts.Has(a) } }

func shareRows(rows []Row, is func(Row) bool) float64 {
	n := 0
	for _, r := range rows {
		if is(r) {
			n++
		}
	}
	return float64(n) / float64(len(rows))
}

func numberOf(id string) int {
	n := 0
	for _, c := range id[1:] {
		n = 10*n + int(c-'0')
	}
	return n - 1
}

func readCSV(t *testing.T, path string) [][]string {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
