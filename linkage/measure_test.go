//go:build measure

package linkage_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// bench opens a public data set from the folder that HOMEWARD_BENCH names; none is in the repository.
func bench(t testing.TB, name string) [][]string {
	t.Helper()
	dir := os.Getenv("HOMEWARD_BENCH")
	if dir == "" {
		t.Fatal("HOMEWARD_BENCH must name the folder of the public lists")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatalf("%s is not in HOMEWARD_BENCH", name)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

var actDate = regexp.MustCompile(`(?:(\d{1,2})\.(\d{1,2})\.)?(\d{4})`)

// actDates reads dates as EU acts write them: "13.4.1964", "1955", "(a) 13.4.1964, (b) 1955".
func actDates(s string) (out []homeward.Date) {
	for _, m := range actDate.FindAllStringSubmatch(s, -1) {
		y, _ := strconv.Atoi(m[3])
		if m[1] == "" {
			out = append(out, homeward.Date{Raw: m[0], From: homeward.YMD(y, 1, 1), To: homeward.YMD(y, 12, 31), Precision: homeward.PrecisionYear})
			continue
		}
		d, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		out = append(out, homeward.Exact(homeward.YMD(y, time.Month(mo), d)))
	}
	return out
}

// TestPublicListsInTwoScriptsAreLinked measures the same real public persons on a list in Latin letters and one in
// Cyrillic: recall of the proposed pairs, and precision among the probable ones, over pairs across the two lists.
func TestPublicListsInTwoScriptsAreLinked(t *testing.T) {
	ix := linkage.NewIndex()
	for _, r := range bench(t, "eu/latin.csv") {
		texts := []linkage.NameText{{Full: r[1]}}
		for _, alias := range names.SplitAliases(r[2]) {
			texts = append(texts, linkage.NameText{Full: alias})
		}
		rec := linkage.Record{ID: r[0], Source: "latin", Names: texts, Births: actDates(r[3])}
		if r[4] != "" {
			rec.BirthPlaces = []string{r[4]}
		}
		ix.Add(rec)
	}
	for _, r := range bench(t, "eu/cyrillic.csv") {
		ix.Add(linkage.Record{ID: r[0], Source: "cyrillic", Names: []linkage.NameText{{Full: r[1]}}, Births: actDates(r[3])})
	}
	truth := map[[2]string]bool{}
	for _, r := range bench(t, "eu/truth.csv") {
		truth[[2]string{r[1], r[0]}] = true // C… sorts before L…
	}
	m := linkage.Train(ix, linkage.Options{})
	pairs, report := ix.Pairs(m, linkage.Options{})
	proposed, probable, right, recalled := 0, 0, 0, 0
	for _, p := range pairs {
		if p.Left[0] == p.Right[0] {
			continue
		}
		proposed++
		isTrue := truth[[2]string{p.Left, p.Right}]
		if isTrue {
			recalled++
		}
		if p.Probability >= 0.9 {
			probable++
			if isTrue {
				right++
			}
		}
	}
	recall := float64(recalled) / float64(len(truth))
	precision := float64(right) / float64(max(probable, 1))
	t.Logf("proposed %d (all %d, by pass %v), recall of proposed %.4f; probable %d, precision %.4f, recall of probable %.4f; lambda %.2g",
		proposed, report.Proposed, report.ByPass, recall, probable, precision, float64(right)/float64(len(truth)), m.Lambda)
	if recall < 0.95 || precision < 0.98 {
		t.Errorf("recall %.4f, want at least 0.95; precision %.4f, want at least 0.98", recall, precision)
	}
}

// TestSearchFindsPublicPersonsAcrossScripts asks for each Cyrillic name among the names of the Latin list: no date, no alias.
func TestSearchFindsPublicPersonsAcrossScripts(t *testing.T) {
	ix := linkage.NewIndex()
	for _, r := range bench(t, "eu/latin.csv") {
		ix.Add(linkage.Record{ID: r[0], Names: named(r[1])})
	}
	want := map[string][]string{}
	for _, r := range bench(t, "eu/truth.csv") {
		want[r[1]] = append(want[r[1]], r[0])
	}
	m := linkage.Train(ix, linkage.Options{})
	asked, first, firstFive := 0, 0, 0
	for _, r := range bench(t, "eu/cyrillic.csv") {
		if want[r[0]] == nil {
			continue
		}
		asked++
		hits := ix.Search(m, linkage.Query{Name: r[1]}, 5)
		at := slices.IndexFunc(hits, func(h linkage.Hit) bool { return slices.Contains(want[r[0]], h.ID) })
		if at == 0 {
			first++
		}
		if at >= 0 {
			firstFive++
		}
	}
	one, five := float64(first)/float64(asked), float64(firstFive)/float64(asked)
	t.Logf("%d asked: the first hit is right for %.4f, one of the first five for %.4f", asked, one, five)
	if one < 0.97 || five < 0.99 {
		t.Errorf("first %.4f, want 0.97; first five %.4f, want 0.99", one, five)
	}
}
