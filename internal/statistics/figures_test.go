package statistics

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

const header = "date,date_precision,publisher,reported_by,category,relation,value,population,scope_as_said,link,note\n"

func publishedFigures(t *testing.T) []homeward.Figure {
	t.Helper()
	figures, rejected, err := ReadFigures(Published())
	if err != nil || len(rejected) > 0 {
		t.Fatalf("%d rejected, %v", len(rejected), err)
	}
	return figures
}

// TestEveryPublishedRowIsKeptExactly reads the list as text, too, and finds each row's words unchanged in a figure.
func TestEveryPublishedRowIsKeptExactly(t *testing.T) {
	figures := publishedFigures(t)
	if rows := bytes.Count(published, []byte("\n")) - 1; len(figures) != rows {
		t.Fatalf("%d figures of %d rows", len(figures), rows)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(published)), "\n")[1:] {
		f := figures[i]
		for _, words := range []string{f.Date.Raw, f.Publisher, f.ReportedBy, f.Category, f.Relation, f.Population, f.Scope, f.Link, f.Note} {
			if !strings.Contains(line, words) {
				t.Errorf("row %d: words were changed", i+1)
			}
		}
		if !strings.HasPrefix(line, f.Date.Raw+","+string(f.Date.Precision)+",") {
			t.Errorf("row %d: the date is not as it was said", i+1)
		}
	}
}

// TestContradictionsStand: in the published list the same word has lower numbers later, and two numbers at once.
func TestContradictionsStand(t *testing.T) {
	deported := Series(publishedFigures(t), "deported")
	fell := false
	for i := 1; i < len(deported); i++ {
		if deported[i].Date.From < deported[i-1].Date.From {
			t.Fatalf("row %d of the series is out of order", i)
		}
		fell = fell || deported[i].Value < deported[i-1].Value
	}
	if !fell {
		t.Error("a lower later figure was corrected away")
	}
	var of2024 []int64
	for _, f := range Series(publishedFigures(t), "returned") {
		if f.Date.Raw == "2024" {
			of2024 = append(of2024, f.Value)
		}
	}
	if !slices.Equal(of2024, []int64{891, 338}) {
		t.Errorf("of one publisher and year: %v", of2024)
	}
}

// TestFiguresOfAllAgesNeverEnterAChildrensSeries: the list has missing children and missing people of all ages.
func TestFiguresOfAllAgesNeverEnterAChildrensSeries(t *testing.T) {
	figures := publishedFigures(t)
	allAges := 0
	for _, f := range figures {
		if f.Population == PopulationAllAges {
			allAges++
			if f.Category != "missing" {
				t.Errorf("a figure of all ages is called %s", f.Category)
			}
		}
	}
	series := Series(figures, "missing")
	if allAges == 0 || len(series) == 0 {
		t.Fatalf("%d figures of all ages, %d of missing children: nothing is tested", allAges, len(series))
	}
	for _, f := range series {
		if f.Population != PopulationChildren || f.Value > 10_000 {
			t.Errorf("a figure of %s, %d, is in the children's series", f.Population, f.Value)
		}
	}
}

func TestDatesKeepTheirPrecision(t *testing.T) {
	for _, c := range []struct {
		text, precision, want string
	}{
		{"2024", "year", "2024-01-01..2024-12-31"},
		{"2023-02", "month", "2023-02-01..2023-02-28"},
		{"2024-02-29", "day", "2024-02-29..2024-02-29"},
		{"2024", "day", ""}, {"2024-02-29", "month", ""}, {"2023-02-29", "day", ""}, {"2024", "", ""}, {"", "year", ""}, {"2024", "about", ""},
	} {
		d, ok := readDate(c.text, c.precision)
		got := ""
		if ok {
			got = d.From.String() + ".." + d.To.String()
		}
		if got != c.want {
			t.Errorf("%s as %s: %s, want %s", c.text, c.precision, got, c.want)
		}
	}
}

func TestARowThatCannotBeReadIsNamedByItsLine(t *testing.T) {
	list := header +
		"2024,year,A,,returned,=,1,children,x,,\n" +
		"2024,day,A,,returned,=,1,children,x,,\n" +
		"2024,year,A,,returned,=,many,children,x,,\n" +
		"2024,year,A,,returned,about,1,children,x,,\n" +
		"2024,year,A,,returned,=,1,,x,,\n" +
		"2024,year,,,returned,=,1,children,x,,\n" +
		"2024,year,A,,returned,=,1,children,,,\n" +
		"2024,year,A\n" +
		"2024,year,A,\"two\nlines\",returned,=,2,children,x,,\n" +
		"2024,year,A,,returned,=,-1,children,x,,\n"
	figures, rejected, err := ReadFigures(strings.NewReader(list))
	if err != nil || len(figures) != 2 {
		t.Fatalf("%d figures, %v", len(figures), err)
	}
	type place struct {
		line   any
		column any
	}
	var got []place
	for _, m := range rejected {
		got = append(got, place{m.Args["line"], m.Args["column"]})
		if m.Key != "figures.error.row" || !errors.Is(m, homeward.ErrInvalid) {
			t.Errorf("a row is rejected with %s", m.Key)
		}
	}
	want := []place{{3, "date"}, {4, "value"}, {5, "relation"}, {6, "population"}, {7, "publisher"}, {8, "scope_as_said"}, {9, "row"}, {12, "value"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAFileThatIsNoListOfFiguresIsRefused(t *testing.T) {
	for text, key := range map[string]string{
		"":                         "figures.error.format",
		"name;born\nx;y\n":         "figures.error.column",
		header + "2024,\"unclosed": "figures.error.format",
	} {
		_, _, err := ReadFigures(strings.NewReader(text))
		if m := message(t, err); m.Key != key {
			t.Errorf("%s, want %s", m.Key, key)
		}
	}
	if _, _, err := ReadFigures(strings.NewReader("\ufeff" + header)); err != nil {
		t.Errorf("a byte order mark is refused: %v", err)
	}
}

func TestImportingFiguresTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		want := publishedFigures(t)
		added, known, err := ImportFigures(ctx, db, homeward.Operator, Published())
		if err != nil || added != len(want) || known != 0 {
			t.Fatalf("first: %d added, %d known, %v", added, known, err)
		}
		added, known, err = ImportFigures(ctx, db, homeward.Operator, Published())
		if err != nil || added != 0 || known != len(want) {
			t.Fatalf("second: %d added, %d known, %v", added, known, err)
		}
		var got []homeward.Figure
		err = db.View(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			got, err = tx.Figures()
			return err
		})
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d kept, %v", len(got), err)
		}
		for i := range got {
			got[i].ID, got[i].KnownAt = "", want[0].KnownAt
			if !slices.ContainsFunc(want, func(f homeward.Figure) bool { return cmp.Equal(f, got[i]) }) {
				t.Errorf("figure %d was changed on the way", i)
			}
		}
	})
}

func TestABadRowImportsNothing(t *testing.T) {
	db := storetest.Open(t)
	ctx := context.Background()
	list := header + "2024,year,A,,returned,=,1,children,x,,\n2024,year,A,,returned,=,many,children,x,,\n"
	_, _, err := ImportFigures(ctx, db, homeward.Operator, strings.NewReader(list))
	if m := message(t, err); m.Args["line"] != 3 {
		t.Errorf("line %v is named", m.Args["line"])
	}
	err = db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
		figures, err := tx.Figures()
		if len(figures) != 0 {
			t.Errorf("%d figures were kept", len(figures))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ImportFigures(ctx, db, homeward.Actor{ID: "u", Role: homeward.RoleAuditor}, Published()); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("an auditor may add figures: %v", err)
	}
}

func FuzzReadFigures(f *testing.F) {
	f.Add(published[:2000])
	f.Add([]byte(header + "2024,year,A,,returned,=,1,children,x,,\n"))
	f.Add([]byte(header + "2024,\"year"))
	f.Fuzz(func(t *testing.T, text []byte) {
		figures, _, err := ReadFigures(bytes.NewReader(text))
		if err != nil {
			message(t, err)
		}
		for i, f := range figures {
			if f.Date.IsZero() || f.Date.From > f.Date.To || f.Value < 0 || f.Publisher == "" {
				t.Errorf("figure %d is not whole", i)
			}
		}
	})
}
