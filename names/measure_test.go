//go:build measure

package names_test

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/names"
)

// benchFile opens a public data set from the folder that HOMEWARD_BENCH names; none is in the repository.
func benchFile(t *testing.T, name string) [][]string {
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
	same, all, wrong, tried, judged, misjudged := map[string]int{}, map[string]int{}, 0, 0, 0, 0
	for i, r := range rows {
		all[r[0]]++
		if names.Compare(parsePart(r[0], r[1]), parsePart(r[0], r[2])).Overall.Same() {
			same[r[0]]++
		}
		if names.Judge(r[1], r[2]).Same {
			judged++
		}
		other := rows[(i*7919+13)%len(rows)]
		if other[0] == r[0] && other[1] != r[1] {
			tried++
			if names.Compare(parsePart(r[0], r[1]), parsePart(r[0], other[2])).Overall.Same() {
				wrong++
			}
			if names.Judge(r[1], other[2]).Same {
				misjudged++
			}
		}
	}
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		total += same[kind]
		t.Logf("%s: %d of %d (%.4f)", kind, same[kind], all[kind], share(same[kind], all[kind]))
	}
	t.Logf("parts told: %.4f called one name, %d of %d random pairs; nothing told: %.4f, %d of %d", share(total, len(rows)), wrong, tried, share(judged, len(rows)), misjudged, tried)
	if share(total, len(rows)) < 0.99 || share(wrong, tried) > 0.002 || share(judged, len(rows)) < 0.99 || share(misjudged, tried) > 0.002 {
		t.Error("want at least 0.99 called one name, and at most 0.002 of random pairs")
	}
}

func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// TestRomanisationsMeetTheirSource wants every example of every standard called one name. The exceptions are examples whose
// target the list cuts short at an apostrophe, so that it ends in a stroke: "Pod\" says nothing of its source.
func TestRomanisationsMeetTheirSource(t *testing.T) {
	rows := benchFile(t, "names/romanisation_gold.csv")
	judged, parts, cut := 0, 0, 0
	for i, r := range rows {
		if strings.HasSuffix(r[2], "\\") {
			cut++
			continue
		}
		if names.Judge(r[1], r[2]).Same {
			judged++
		} else {
			t.Errorf("row %d (%s)", i+2, r[0])
		}
		if names.Compare(names.ParseParts("", "", r[1]), names.ParseParts("", "", r[2])).Overall.Same() {
			parts++
		}
	}
	t.Logf("source and target called one name: %d of %d, as family names %d; cut short: %d", judged, len(rows)-cut, parts, cut)
}

// TestPublicLabelledPairsAreJudged measures F1 over labelled pairs of persons, and of persons and bodies, of the whole world.
func TestPublicLabelledPairsAreJudged(t *testing.T) {
	var found, false_, missed [2]int // of persons, of bodies
	for _, r := range benchFile(t, "names/labelled_pairs.csv") {
		kind := 0
		if r[1] != "Person" {
			kind = 1
		}
		switch same := names.Judge(r[2], r[3]).Same; {
		case same && r[4] == "true":
			found[kind]++
		case same:
			false_[kind]++
		case r[4] == "true":
			missed[kind]++
		}
	}
	f1 := func(found, false_, missed int) float64 { return share(2*found, 2*found+false_+missed) }
	persons, all := f1(found[0], false_[0], missed[0]), f1(found[0]+found[1], false_[0]+false_[1], missed[0]+missed[1])
	t.Logf("F1 over persons %.4f, over all %.4f", persons, all)
	if persons < 0.85 || all < 0.86 {
		t.Error("want at least 0.85 over persons and 0.86 over all")
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
