package lists

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
)

// invented returns the lists of an invented world, with the true child of every row in a column of its own.
func invented(t *testing.T, children int) []File {
	t.Helper()
	w := synth.Generate(synth.Options{Children: children, Seed: 7})
	child := map[string]string{}
	for _, m := range w.Truth {
		child[m.Source+"/"+m.SourceID] = fmt.Sprint(m.Child)
	}
	var out []File
	for _, l := range w.Lists {
		rows := [][]string{append(slices.Clone(l.Headings), "true child")}
		for _, r := range l.Rows {
			rows = append(rows, append(slices.Clone(r), child[l.Source+"/"+r[0]]))
		}
		out = append(out, File{l.Source, bytes.NewReader(table(t, rows))})
	}
	return out
}

func table(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file is a list written in the test itself.
func file(text string) File { return File{"list.csv", strings.NewReader(text)} }

func link(t *testing.T, o Options) *Linked {
	t.Helper()
	if o.Threshold == 0 {
		o.Threshold = 0.5
	}
	l, err := Link(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// people is a list with two rows about one person and one about another.
const people = "id,given_name,surname,date_of_birth,soc_sec_id,cluster\n" +
	"a,Martha,Wainwright,19151111,5304218,1\nb,Marta,Wainwright,19151111,5304218,1\nc,Oliver,Twelvetrees,19380204,7712345,2\n"

func TestThreeListsAreLinkedAndScored(t *testing.T) {
	l := link(t, Options{Files: invented(t, 400), Truth: "true child", AsOf: homeward.Exact(homeward.YMD(2025, 2, 22))})
	s := l.Scores
	if s == nil || s.TruePairs == 0 {
		t.Fatal("nothing is scored")
	}
	if s.AtThreshold.Precision < 0.95 || s.AtThreshold.Recall < 0.75 || s.BCubed.F1 < 0.85 || s.BlockingRecall < 0.85 {
		t.Errorf("%+v", *s)
	}
	if s.Best.F1 < s.AtThreshold.F1 || s.BlockingRecall < s.Best.Recall {
		t.Errorf("scores contradict one another: %+v", *s)
	}
}

func TestEveryRowIsInOneCluster(t *testing.T) {
	l := link(t, Options{Files: invented(t, 60), Truth: "true child"})
	rows, numbers := l.Clusters.inOrder()
	seen := map[int32]bool{}
	for i, row := range rows {
		if seen[row] {
			t.Fatal("a row is in two clusters")
		}
		seen[row] = true
		if i > 0 && (numbers[i] == numbers[i-1]) != (l.Clusters[row] == l.Clusters[rows[i-1]]) {
			t.Fatal("clusters are not numbered one by one")
		}
	}
	if len(seen) != l.Rows || l.Rows == 0 {
		t.Errorf("%d of %d rows are in clusters", len(seen), l.Rows)
	}
}

func TestOneToOneJoinsNoTwoRowsOfAList(t *testing.T) {
	l := link(t, Options{Files: invented(t, 120), Truth: "true child", OneToOne: true})
	for _, p := range l.Pairs {
		if l.keys[p.Left][:keyList] == l.keys[p.Right][:keyList] {
			t.Fatal("two rows of one list are a pair")
		}
	}
	joined := map[string]bool{} // cluster and list
	for row, first := range l.Clusters {
		at := fmt.Sprint(first, " ", l.keys[row][:keyList])
		if joined[at] {
			t.Fatal("two rows of one list are joined")
		}
		joined[at] = true
	}
}

func TestWhatIsAllButImpossibleIsNotKept(t *testing.T) {
	l := link(t, Options{Files: invented(t, 400), Truth: "true child"})
	for _, p := range l.Pairs {
		if p.Probability < Kept || p.Left >= p.Right {
			t.Fatalf("a pair of probability %g is kept", p.Probability)
		}
	}
	if len(l.Pairs) == 0 || len(l.Pairs) >= l.Blocking.Proposed {
		t.Errorf("%d of %d pairs are kept", len(l.Pairs), l.Blocking.Proposed)
	}
}

// TestTheOrderOfRowsIsOfNoAccount writes the result of a list and of the same list shuffled.
func TestTheOrderOfRowsIsOfNoAccount(t *testing.T) {
	w := synth.Generate(synth.Options{Children: 80, Seed: 3})
	written := map[string]string{}
	for round := range 2 {
		var files []File
		for _, l := range w.Lists {
			rows := slices.Clone(l.Rows)
			if round == 1 {
				rand.New(rand.NewPCG(1, 2)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			}
			files = append(files, File{l.Source, bytes.NewReader(table(t, append([][]string{l.Headings}, rows...)))})
		}
		dir := t.TempDir()
		if err := link(t, Options{Files: files}).Write(dir); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{PairsFile, ClustersFile, ModelFile} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if was, ok := written[name]; ok && was != string(text) {
				t.Errorf("%s depends on the order of rows", name)
			}
			written[name] = string(text)
		}
	}
}

func TestColumnsAreTakenForWhatTheySay(t *testing.T) {
	text := "rec_id,given_name,nick,dob,born,occupation,true\nx1,Anna,Anya,19990101,Lviv,tailor,1\n"
	mapping := homeward.Mapping{"nick": homeward.PathNameAlias, "born": homeward.PathBirthPlace, "occupation": homeward.TextPath("occupation")}
	l := link(t, Options{Files: []File{file(text)}, Mapping: mapping, Truth: "true"})
	want := []Column{
		{"rec_id", homeward.PathRowID, false}, {"given_name", homeward.PathNameGiven, true}, {"nick", homeward.PathNameAlias, true}, {"dob", homeward.PathBirthDate, true},
		{"born", homeward.PathBirthPlace, true}, {"occupation", homeward.TextPath("occupation"), true}, {"true", homeward.PathIgnore, false},
	}
	if got := l.Lists[0].Columns; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRowsWithoutAnIDAreNumbered(t *testing.T) {
	l := link(t, Options{Files: []File{file("name\nAnna\nBohdan\n")}})
	if got := l.index.IDs(); !slices.Equal(got, []string{"000/1", "000/2"}) || !l.Lists[0].Counted {
		t.Errorf("%v", got)
	}
	l = link(t, Options{Files: []File{file("id,name,tag\n1,Anna,x\n1,Bohdan,y\n")}, ID: "tag"})
	if got := l.index.IDs(); !slices.Equal(got, []string{"000/x", "000/y"}) {
		t.Errorf("%v", got)
	}
}

func TestMistakesAreExplainedWithoutWordsOfTheList(t *testing.T) {
	for want, o := range map[string]Options{
		"lines 2 and 3 have the same id": {Files: []File{file("id,name\nQuux,Anna\nQuux,Bohdan\n")}},
		"line 3 has no id":               {Files: []File{file("id,name\nQuux,Anna\n,Bohdan\n")}},
		"given with --id":                {Files: []File{file(people)}, ID: "Quux"},
		"given with --truth":             {Files: []File{file(people)}, Truth: "Quux"},
		"no column that can be compared": {Files: []File{file("id,Quux\n1,2\n")}},
		"1 of the 2 headings":            {Files: []File{file(people)}, Mapping: homeward.Mapping{"surname": homeward.PathNameFamily, "Quux": homeward.PathNote}},
		"the file is empty":              {Files: []File{file("")}},
		"headings and no rows":           {Files: []File{file("id,name\n")}},
		"lines before it have none":      {Files: []File{file("{\"name\":\"Anna\"}\n{\"id\":\"Quux\",\"name\":\"Bohdan\"}\n")}},
		"list 2":                         {Files: []File{file(people), file("")}},
		"no list has a row of that id":   {Files: []File{file(people)}, Known: [][2]string{{"a", "Quux"}}},
	} {
		_, err := Link(context.Background(), o)
		if !errors.Is(err, homeward.ErrInvalid) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Quux") {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestTheTruthMayBePairs(t *testing.T) {
	pairs, err := ReadPairs(strings.NewReader("left,right\na,b\n"))
	if err != nil {
		t.Fatal(err)
	}
	byPairs := link(t, Options{Files: []File{file(people)}, Known: pairs, Mapping: homeward.Mapping{"cluster": homeward.PathIgnore}}).Scores
	byColumn := link(t, Options{Files: []File{file(people)}, Truth: "cluster"}).Scores
	if byPairs.TruePairs != 1 || byPairs.BCubed != byColumn.BCubed || byPairs.Best != byColumn.Best {
		t.Errorf("%+v, by column %+v", byPairs, byColumn)
	}
	if _, err := ReadPairs(strings.NewReader("left,right,more\na,b,c\n")); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("three columns: %v", err)
	}
}

func TestLinkingCanBeInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	for _, at := range []Step{StepRead, StepTrain, StepWeigh} {
		seen := false
		children := 40
		if at == StepRead {
			children = 1000 // more rows than are read between two looks
		}
		o := Options{Files: invented(t, children), Truth: "true child", Progress: func(s Step, done, total int64) {
			if done > total {
				t.Errorf("%s: %d of %d", s, done, total)
			}
			if s == at {
				seen = true
				stop()
			}
		}}
		if _, err := Link(ctx, o); !errors.Is(err, context.Canceled) || !seen {
			t.Errorf("%s: %v", at, err)
		}
		ctx, stop = context.WithCancel(context.Background())
	}
	stop()
}

func TestAProbabilityBelowOneIsNeverWrittenAsOne(t *testing.T) {
	for p, want := range map[float64]string{0.99999999: "0.999999", 1: "1.000000", 0.5: "0.500000", 0.0100004: "0.010000"} {
		if got := probability(p); got != want {
			t.Errorf("%v: %s, want %s", p, got, want)
		}
	}
}

// TestScoresAreThoseOfTheBooks scores a small result worked out by hand.
func TestScoresAreThoseOfTheBooks(t *testing.T) {
	l := link(t, Options{Files: []File{file("id,name,true\n1,A,x\n2,B,x\n3,C,x\n4,D,y\n5,E,y\n")}, Truth: "true"})
	l.Clusters = Partition{0, 0, 2, 0, 4}
	l.Pairs = []Pair{{Left: 0, Right: 1, Probability: 0.9}, {Left: 0, Right: 3, Probability: 0.6}, {Left: 1, Right: 2, Probability: 0.2}}
	l.score()
	s := l.Scores
	near := func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
	for name, c := range map[string][2]float64{
		"blocking":           {s.BlockingRecall, 2.0 / 4},
		"precision at 0.5":   {s.AtThreshold.Precision, 1.0 / 2},
		"recall at 0.5":      {s.AtThreshold.Recall, 1.0 / 4},
		"best threshold":     {s.BestThreshold, 0.2},
		"best F1":            {s.Best.F1, 2 * (2.0 / 3) * (2.0 / 4) / (2.0/3 + 2.0/4)},
		"cluster precision":  {s.Clustered.Precision, 1.0 / 3},
		"cluster recall":     {s.Clustered.Recall, 1.0 / 4},
		"B-cubed precision":  {s.BCubed.Precision, (2.0/3 + 2.0/3 + 1.0/3 + 1 + 1) / 5},
		"B-cubed recall":     {s.BCubed.Recall, (2.0/3 + 2.0/3 + 1.0/3 + 1.0/2 + 1.0/2) / 5},
		"calibration by 0.9": {s.Calibration[9].Observed, 1},
	} {
		if !near(c[0], c[1]) {
			t.Errorf("%s: %v, want %v", name, c[0], c[1])
		}
	}
}

func TestAFolderIsWrittenWholeOrLeftAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for range 2 { // a result may be written over
		if err := Clear(dir); err != nil {
			t.Fatal(err)
		}
		if err := link(t, Options{Files: []File{file(people)}, Truth: "cluster"}).Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d files: %v", len(entries), err)
	}
	text, err := os.ReadFile(filepath.Join(dir, PairsFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != "left_file,left_id,right_file,right_id,probability,weight,reasons" || rows[1][1] != "a" || rows[1][3] != "b" {
		t.Errorf("%v: %v", rows, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "letters.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Clear(dir); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("a folder with other things: %v", err)
	}
}

// TestExtraColumnsAreWeighedAsWhatTheyAre gives mapped columns comparisons of their own, which stand in the model and in the
// reasons, beside the columns that linkage knows.
func TestExtraColumnsAreWeighedAsWhatTheyAre(t *testing.T) {
	var rows [][]string
	for i, place := range strings.Fields("Ash Birch Cedar Elm Fir Hazel Lime Maple Oak Pine Rowan Willow") {
		for range 2 {
			rows = append(rows, []string{fmt.Sprint(len(rows)), "Anna", place + "wood", fmt.Sprint(1950 + i), place + " guild", "School " + place, "Street of " + place})
		}
	}
	text := string(table(t, append([][]string{{"id", "given_name", "surname", "dob", "guild", "school", "lane"}}, rows...)))
	l := link(t, Options{Files: []File{file(text)}, Mapping: homeward.Mapping{"guild": homeward.TextPath("guild"), "lane": homeward.TextPath("home")}})
	if got := l.Lists[0].Columns[4]; got != (Column{"guild", homeward.TextPath("guild"), true}) {
		t.Errorf("%v", got)
	}
	names := map[string]int{}
	for _, c := range l.Model.Comparisons {
		names[c.Name]++
	}
	if names["guild"] != 1 || names["home"] != 1 || names["text:home"] != 1 {
		t.Errorf("the model compares %v", names)
	}
	e := l.explainer()
	if len(l.Pairs) == 0 {
		t.Fatal("no pairs")
	}
	said := string(e.reasons(nil, e.weigher.Signals(l.Pairs[l.tally().pairs[0]])))
	for _, want := range []string{"the same guild", "the same institution", "the same text:home"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
}

func TestTellingColumnsAreWeighedWhileThereIsRoom(t *testing.T) {
	l := link(t, Options{Files: []File{file("name,post_code,job\nAnna,1234,f\n"), {"other.csv", strings.NewReader("name,institution,zip\nAnna,a,1234\n")}}})
	if got, other := l.Lists[0].Columns[1], l.Lists[1].Columns[2]; got.Holds != other.Holds || !got.Weighed {
		t.Errorf("%v and %v", got, other)
	}
	headings, cells, mapping := "name,postcode,job", "Anna,1234,f", homeward.Mapping{}
	for i := range linkage.MaxExtra {
		h := fmt.Sprintf("h%02d", i)
		headings, cells, mapping[h] = headings+","+h, cells+","+h, homeward.TextPath(h)
	}
	l = link(t, Options{Files: []File{file(headings + "\n" + cells + "\n")}, Mapping: mapping})
	if got := l.Lists[0].Columns; got[1] != (Column{"postcode", homeward.PathHome, true}) || got[2] != (Column{"job", homeward.TextPath("job"), false}) || !got[17].Weighed {
		t.Errorf("there is no room: %v", got)
	}
}

// TestTheFirstRowDoesNotOrderExtraColumns leaves a column empty in one row, which stands first or last.
func TestTheFirstRowDoesNotOrderExtraColumns(t *testing.T) {
	const headings = "id,name,job,postcode\n"
	rows := []string{"1,Anna Wright,,1234\n", "2,Bohdan Oak,baker,\n", "3,Anna Wright,smith,1234\n"}
	var want []linkage.Comparison
	for range rows {
		rows = append(rows[1:], rows[0])
		l := link(t, Options{Files: []File{file(headings + strings.Join(rows, ""))}})
		if want == nil {
			want = l.Model.Comparisons
		}
		if !reflect.DeepEqual(l.Model.Comparisons, want) {
			t.Error("comparisons depend on the row that stands first")
		}
	}
}

func TestANameOfOneWordMayBeEitherPart(t *testing.T) {
	for _, c := range []struct{ have, want []linkage.NameText }{
		{[]linkage.NameText{{Given: "Wright"}}, []linkage.NameText{{Given: "Wright"}, {Family: "Wright"}}},
		{[]linkage.NameText{{Full: "Wright"}}, []linkage.NameText{{Full: "Wright"}, {Given: "Wright"}, {Family: "Wright"}}},
		{[]linkage.NameText{{Given: "Ann", Family: "Wright"}}, []linkage.NameText{{Given: "Ann", Family: "Wright"}}},
		{[]linkage.NameText{{Given: "Ann"}, {Full: "Wright"}}, []linkage.NameText{{Given: "Ann"}, {Full: "Wright"}}},
		{[]linkage.NameText{{Full: "Ann Wright"}}, []linkage.NameText{{Full: "Ann Wright"}}},
		{nil, nil},
	} {
		if got := oneWord(slices.Clone(c.have)); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.have, got, c.want)
		}
	}
}
