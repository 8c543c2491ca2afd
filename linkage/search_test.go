package linkage_test

import (
	"testing"

	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// TestSearchFindsAcrossScripts looks for children of an invented world beside four known ones, and wants the right one first.
func TestSearchFindsAcrossScripts(t *testing.T) {
	ix := invent(300, 2).index()
	for _, r := range []linkage.Record{
		{ID: "mykola", Names: named("Згурський Микола Іванович"), Births: born("04.05.2014"), Homes: []string{"смт Лисянка"}},
		{ID: "hanna", Names: named("Hanna ZGHURSKA"), Births: born("2012")},
		{ID: "sasha", Names: named("Сашко Хмаровський"), Documents: []string{"АА 123456"}, Phones: []string{"+380500000001"}},
		{ID: "renamed", Names: named("Тихонов Иван Петрович", "Щербаківський Юрій")},
	} {
		ix.Add(r)
	}
	m := linkage.Train(ix, linkage.Options{})
	for i, c := range []struct {
		q    linkage.Query
		want string
	}{
		{linkage.Query{Name: "Nikolai Zgursky"}, "mykola"},
		{linkage.Query{Name: "ЗГУРСКИЙ Коля"}, "mykola"},
		{linkage.Query{Name: "згурськ микол"}, "mykola"},
		{linkage.Query{Name: "Згурский", Births: born("05.04.2014")}, "mykola"},
		{linkage.Query{Name: "Анна Згурская"}, "hanna"},
		{linkage.Query{Name: "Zghurska", Sex: names.Female}, "hanna"},
		{linkage.Query{Name: "Alexander Khmarovskyi"}, "sasha"},
		{linkage.Query{Name: "khmarov"}, "sasha"},
		{linkage.Query{Number: "aa-123456"}, "sasha"},
		{linkage.Query{Number: "050 000 00 01"}, "sasha"},
		{linkage.Query{Name: "Yurii Shcherbakivskyi"}, "renamed"},
		{linkage.Query{Place: "Лисянка"}, "mykola"},
	} {
		hits := ix.Search(m, c.q, 3)
		if len(hits) == 0 || hits[0].ID != c.want {
			t.Errorf("case %d: %d hits, %s is not the first", i, len(hits), c.want)
			continue
		}
		for _, s := range hits[0].Signals {
			if s.Comparison == "identity" {
				t.Errorf("case %d: an altered identity is seen in what somebody looks for", i)
			}
		}
		for k := range hits[1:] {
			if hits[k].Weight < hits[k+1].Weight {
				t.Errorf("case %d: hit %d weighs less than the next", i, k)
			}
		}
	}
	ix.Remove("mykola")
	for _, h := range ix.Search(m, linkage.Query{Name: "Микола Згурський"}, 10) {
		if h.ID == "mykola" {
			t.Error("a record that was taken out is found")
		}
	}
	if hits := ix.Search(m, linkage.Query{}, 10); len(hits) != 0 {
		t.Errorf("nothing asked, %d hits", len(hits))
	}
}
