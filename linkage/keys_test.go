package linkage

import (
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
)

// TestWavesMakeTheKeysOfAllPasses holds the keys that are made wave by wave beside those made at once.
func TestWavesMakeTheKeysOfAllPasses(t *testing.T) {
	on := func(text string) []homeward.Date {
		return homeward.ParseDates(text, homeward.Exact(homeward.YMD(2024, 1, 1)))
	}
	ix, passesMet := NewIndex(), map[int]bool{}
	for _, r := range []Record{
		{ID: "1", Names: []NameText{{Given: "Сашко", Patronymic: "Іванович", Family: "Коваль-Шевченко"}, {Full: "Аліна"}}, Births: on("04.05.2014"),
			BirthPlaces: []string{"Херсон"}, Homes: []string{"Садова 12", "Ізюм"}, Mothers: []string{"Коваль Ірина"}, Fathers: []string{"Коваль Іван"}, Siblings: []string{"Микола", "Ганна"}},
		{ID: "2", Names: []NameText{{Full: "Микола К."}}, Births: on("05.06.2015"), TakenFrom: []string{"Херсон"}, Institutions: []string{"школа 3"}, Groups: []string{"група 7"},
			Documents: []string{"АА 123456"}, Phones: []string{"0500000001"}, Extra: []Text{{Column: "job", Value: "учень"}, {Column: "class", Value: "5"}}},
		{ID: "3", Names: []NameText{{Given: "Олена", Family: "Бойко"}}, Births: on("about 8 years"), Siblings: []string{"Іван"}},
		{ID: "4"},
	} {
		ix.Add(r)
	}
	for _, e := range ix.entries {
		want := slices.Clone((&keying{to: passes}).of(e))
		var got []blockKey
		from := 0
		for _, to := range waves {
			got = append(got, (&keying{from: from, to: to}).of(e)...)
			from = to
		}
		if !slices.Equal(got, want) {
			t.Errorf("record %s: %d keys wave by wave, %d at once", e.id, len(got), len(want))
		}
		for _, k := range want {
			passesMet[int(k>>(64-passBits))] = true
		}
	}
	if len(passesMet) != int(passes) {
		t.Errorf("keys of %d passes were compared, of %d", len(passesMet), passes)
	}
}
