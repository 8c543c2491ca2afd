package names_test

import (
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/names"
	"pgregory.net/rapid"
)

func indexOf(list ...string) *names.Index {
	ix := names.NewIndex()
	for _, n := range list {
		ix.Add(names.Parse(n))
	}
	return ix
}

// TestRankingFindsANameHoweverItIsWritten asks a small list for each of its names in other scripts, orders and spellings.
func TestRankingFindsANameHoweverItIsWritten(t *testing.T) {
	ranker := indexOf("Шевченко Микола Іванович", "Шевченко Олена Іванівна", "Mykola Shevchuk", "Коваленко Михайло", "Сокол-Яременко Саша").Ranker()
	for i, c := range []struct {
		query string
		want  int
	}{
		{"Nikolai Schewtschenko", 0}, {"Коля Шевченко", 0}, {"ШЕВЧЕНКО М. І.", 0}, {"Hélène Chevtchenko", 1}, {"Шевчук Николай", 2},
		{"Кавалeнко Миша", 3}, {"Kovalneko Mikhail", 3}, {"Александра Яременко", 4}, {"Николай Иванович", 0}, {"Schevchenko Ivanovych", 0},
	} {
		if found := ranker.Rank(names.Parse(c.query), 5); len(found) == 0 || found[0].At != c.want {
			t.Errorf("case %d: %v, want %d first", i, found, c.want)
		}
	}
	if found := ranker.Rank(names.Parse("Ґжегож Бжнщикевич"), 5); len(found) > 0 && found[0].Probability > 0.1 {
		t.Errorf("a stranger is found with %.3f", found[0].Probability)
	}
	if found := ranker.Rank(names.Parse("'"), 5); len(found) != 0 {
		t.Errorf("nothing finds %v", found)
	}
}

// TestRankingIsALaw holds for any list: best first, probabilities that are a share of one, the same for a ranker used before.
func TestRankingIsALaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ix := names.NewIndex()
		for range rapid.IntRange(0, 12).Draw(t, "names") {
			ix.Add(anyName(t, "name"))
		}
		q, used := anyName(t, "query"), ix.Ranker()
		used.Rank(anyName(t, "before"), 3)
		found := used.Rank(q, 20)
		if again := ix.Ranker().Rank(q, 20); !slices.Equal(found, again) {
			t.Fatal("a ranker remembers what it was asked")
		}
		sum := 0.0
		for i, r := range found {
			sum += r.Probability
			if i > 0 && r.Weight > found[i-1].Weight || r.At < 0 || r.At >= ix.Len() {
				t.Fatalf("place %d", i)
			}
		}
		if sum > 1 {
			t.Fatalf("probabilities add up to %f", sum)
		}
	})
}
