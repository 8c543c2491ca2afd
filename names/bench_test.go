package names_test

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/names"
)

// benchFile opens a public data set from the folder that HOMEWARD_BENCH names; none is in the repository.
func benchFile(t *testing.T, name string) [][]string {
	t.Helper()
	dir := os.Getenv("HOMEWARD_BENCH")
	if dir == "" {
		t.Skip("skipped: HOMEWARD_BENCH not set: the public name lists were NOT measured")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Skipf("SKIPPED: %s is not in HOMEWARD_BENCH", name)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func parsePart(kind, word string) names.Name {
	switch kind {
	case "first":
		return names.ParseParts(word, "", "")
	case "patronymic":
		return names.ParseParts("", word, "")
	}
	return names.ParseParts("", "", word)
}

func TestUkrainianAndRussianFormsAreOneName(t *testing.T) {
	rows := benchFile(t, "names/uk_ru.csv")
	same, wrong, tried := map[string]int{}, 0, 0
	all := map[string]int{}
	var missed []int
	for i, r := range rows {
		all[r[0]]++
		if names.Compare(parsePart(r[0], r[1]), parsePart(r[0], r[2])).Overall.Same() {
			same[r[0]]++
		} else {
			missed = append(missed, i)
		}
		other := rows[(i*7919+13)%len(rows)]
		if other[0] == r[0] && other[1] != r[1] {
			tried++
			if names.Compare(parsePart(r[0], r[1]), parsePart(r[0], other[2])).Overall.Same() {
				wrong++
			}
		}
	}
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		n := all[kind]
		total += same[kind]
		t.Logf("%s: %d of %d (%.4f)", kind, same[kind], n, float64(same[kind])/float64(n))
	}
	recall, falsely := float64(total)/float64(len(rows)), float64(wrong)/float64(tried)
	t.Logf("same-name level or better: %.4f; random pairs called the same: %d of %d (%.4f); first misses %v", recall, wrong, tried, falsely, missed[:min(len(missed), 20)])
	if recall < 0.97 || falsely > 0.005 {
		t.Errorf("recall %.4f, want at least 0.97; falsely same %.4f, want at most 0.005", recall, falsely)
	}
}

func TestRomanisationsMeetTheirSource(t *testing.T) {
	rows := benchFile(t, "names/romanisation_gold.csv")
	met := 0
	for _, r := range rows {
		if names.Compare(names.ParseParts("", "", r[1]), names.ParseParts("", "", r[2])).Overall.Same() {
			met++
		}
	}
	share := float64(met) / float64(len(rows))
	t.Logf("source and target called one name: %d of %d (%.4f)", met, len(rows), share)
	if share < 0.97 {
		t.Errorf("share %.4f, want at least 0.97", share)
	}
}

// TestRankingFindsPublicPersonsAcrossScripts asks for each Cyrillic name among the Latin ones: no date, no alias.
func TestRankingFindsPublicPersonsAcrossScripts(t *testing.T) {
	ix := names.NewIndex()
	var ids []string
	for _, r := range benchFile(t, "eu/latin.csv") {
		ids = append(ids, r[0])
		ix.Add(names.Parse(r[1]))
	}
	want := map[string][]string{}
	for _, r := range benchFile(t, "eu/truth.csv") {
		want[r[1]] = append(want[r[1]], r[0])
	}
	ranker := ix.Ranker()
	asked, first, five := 0, 0, 0
	var missed []string
	for _, r := range benchFile(t, "eu/cyrillic.csv") {
		if want[r[0]] == nil {
			continue
		}
		asked++
		at := slices.IndexFunc(ranker.Rank(names.Parse(r[1]), 5), func(x names.Ranked) bool { return slices.Contains(want[r[0]], ids[x.At]) })
		if at == 0 {
			first++
		} else {
			missed = append(missed, r[0])
		}
		if at >= 0 {
			five++
		}
	}
	one, among := float64(first)/float64(asked), float64(five)/float64(asked)
	t.Logf("%d asked: right first %.4f, among five %.4f; not first: %v", asked, one, among, missed)
	if one < 0.98 || among < 0.99 {
		t.Errorf("first %.4f, want 0.98; among five %.4f, want 0.99", one, among)
	}
}
