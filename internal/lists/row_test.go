package lists

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

// TestARecordIsWhatItsClaimsSay makes records of lines by what their texts mean, and by their claims.
func TestARecordIsWhatItsClaimsSay(t *testing.T) {
	paths := slices.DeleteFunc(intake.Paths(), func(p homeward.Path) bool { return p == homeward.PathListDate })
	paths = append(paths, homeward.TextPath("guild"))
	words := []string{"", " ", "Анна", "Анна ", "Марія; Марійка", "Wright", "Олег, Ганна / Ольга", "так", "ні", "none", "ж", "male", "?", "2015", "13.4.1964", "about 4", "1955; 1956", "АА 123456", "\uFFFD"}
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(rapid.SampledFrom(paths), 1, 8).Draw(t, "columns")
		o := Options{Files: []File{file("")}, AsOf: homeward.Exact(homeward.YMD(2025, 2, 22)), Mapping: homeward.Mapping{}}
		headings := make([]string, len(columns))
		for i, p := range columns {
			headings[i] = fmt.Sprint("h", i)
			o.Mapping[headings[i]] = p
		}
		rows := o.reader(0, o.extras(), o.Files[0].File).rows()
		for range 3 {
			l := intake.Line{Headings: headings, Texts: rapid.SliceOfN(rapid.SampledFrom(words), 0, len(columns)).Draw(t, "texts")}
			rows.shaped(headings).begun = true
			got, want := rows.batch([]intake.Line{l}).records[0], rows.long(l)
			got.Source, got.ID = "", ""
			if !reflect.DeepEqual(emptied(got), emptied(want)) {
				t.Fatalf("columns %v, texts %q:\n%+v\nby claims\n%+v", columns, l.Texts, got, want)
			}
		}
	})
}

// emptied makes empty lists none.
func emptied(r linkage.Record) linkage.Record {
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() == 0 {
			f.SetZero()
		}
	}
	return r
}

// TestWhatIsWeighedIsWhatBecomesAColumn holds the places of paths against the columns that claims become.
func TestWhatIsWeighedIsWhatBecomesAColumn(t *testing.T) {
	o := Options{Files: []File{file("")}}
	for _, p := range append(intake.Paths(), homeward.TextPath("x")) {
		o.Mapping = homeward.Mapping{"h": p}
		r := o.reader(0, nil, o.Files[0].File).rows()
		r.shaped([]string{"h"})
		weighed := false
		for _, text := range []string{"Анна", "2015", "ж"} {
			weighed = weighed || !reflect.DeepEqual(emptied(r.long(intake.Line{Headings: []string{"h"}, Texts: []string{text}})), linkage.Record{})
		}
		if got := r.cells["h"].weighed(); got != weighed {
			t.Errorf("%s is weighed: %v, becomes a column: %v", p, got, weighed)
		}
	}
}

// manyRows is a list of several blocks, with the number of each row as its id.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString("id,given_name,surname,dob,guild\n")
	for i := range n {
		fmt.Fprintf(&b, "r%d,Anna,\"Wright, %d\",19%02d,%s\n", i, i, i%100, strings.Repeat("x", 40))
	}
	return b.String()
}

// read returns the records of a list and the lines they stood in, read with so many processors.
func read(t *testing.T, f File, processors int) (out []*batch, r *reader) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	r = Options{Files: []File{f}}.reader(0, nil, f.File)
	if err := r.read(context.Background(), linkage.NewIndex(), func(b *batch) error { b.analysed = nil; out = append(out, b); return nil }); err != nil {
		t.Fatal(err)
	}
	return out, r
}

func TestAListIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	files := []File{file(manyRows(20_000))}
	for _, l := range synth.Generate(synth.Options{Children: 300, Seed: 2}).Lists {
		files = append(files, File{l.Source, bytes.NewReader(table(t, append([][]string{l.Headings}, l.Rows...)))})
	}
	for _, f := range files {
		want, columns := read(t, f, 1)
		for _, processors := range []int{2, 8} {
			got, r := read(t, f, processors)
			if !reflect.DeepEqual(got, want) || !slices.Equal(r.list.Columns, columns.list.Columns) {
				t.Errorf("%s is another on %d processors", f.Name, processors)
			}
		}
	}
}

func TestMistakesFarDownAreFoundInTheirLine(t *testing.T) {
	const rows = 20_000
	good := manyRows(rows)
	for want, more := range map[string]string{
		fmt.Sprintf("line %d: ", rows+2):                             "r_,An\"na,W\n" + manyRows(10),
		fmt.Sprintf("line %d has no id", rows+2):                     ",Anna,W\n" + manyRows(rows),
		fmt.Sprintf("lines 17002 and %d have the same id", rows+3):   "r_,Anna,W\nr17000,Anna,W\n" + manyRows(rows),
		fmt.Sprintf("line %d: a quotation mark is opened", rows+100): strings.Repeat("\n", 98) + "r_,\"Anna,W\n",
	} {
		_, err := Link(context.Background(), Options{Files: []File{file(good + more)}})
		if !errors.Is(err, homeward.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestReadingStopsWhenItIsCancelled(t *testing.T) {
	f := file(manyRows(50_000))
	ctx, stop := context.WithCancel(context.Background())
	r := Options{Files: []File{f}}.reader(0, nil, f.File)
	taken := 0
	err := r.read(ctx, linkage.NewIndex(), func(b *batch) error {
		stop()
		taken++
		return nil
	})
	if !errors.Is(err, context.Canceled) || taken > 10 {
		t.Errorf("%d batches, %v", taken, err)
	}
}

// BenchmarkRead reads the list that HOMEWARD_LIST names, or an invented one.
func BenchmarkRead(b *testing.B) {
	f := file(manyRows(200_000))
	if name := os.Getenv("HOMEWARD_LIST"); name != "" {
		opened, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		defer opened.Close()
		f.File = opened
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r := Options{Files: []File{f}}.reader(0, nil, f.File)
		if err := r.read(context.Background(), linkage.NewIndex(), func(b *batch) error { n += len(b.records); r.spare.Put(b); return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
}
