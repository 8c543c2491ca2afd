package linkage

import (
	"fmt"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
	"pgregory.net/rapid"
)

// TestAPlainRecordIsReadAsItsEntry holds what a pair of records says that are laid out in one piece beside what their entries say.
func TestAPlainRecordIsReadAsItsEntry(t *testing.T) {
	plain := 0
	rapid.Check(t, func(t *rapid.T) {
		ix := NewIndex()
		n := rapid.IntRange(2, 12).Draw(t, "records")
		for i := range n {
			ix.Add(drawnPlain(t, fmt.Sprint("r", 10+i)))
		}
		m := Train(ix, Options{})
		f := ix.file()
		f.plainly()
		w := ix.weigher(m, ix.reader())
		for a := range int32(n) {
			for b := a + 1; b < int32(n); b++ {
				if got, want := w.readRows(f, a, b), w.read(f.rows[a], f.rows[b]); got != want {
					t.Fatalf("%+v, of their entries %+v", got, want)
				}
				if got, want := w.weightOfRows(f, a, b), w.weight(f.rows[a], f.rows[b]); got != want {
					t.Fatalf("weighs %v, as entries %v", got, want)
				}
				if f.plains[a].is() && f.plains[b].is() {
					plain++
				}
			}
		}
	})
	if plain == 0 {
		t.Error("no pair was plain")
	}
}

func drawnPlain(t *rapid.T, id string) Record {
	one := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	r := Record{ID: id, Source: one("source", "a", "b"), Sex: rapid.SampledFrom([]names.Sex{names.SexUnknown, names.Female, names.Male}).Draw(t, "sex")}
	name := func() NameText {
		return NameText{Given: one("given", "Олена", "Елена", "Лєна", "Марко", "Іван", "І."), Patronymic: one("patronymic", "", "Іванівна", "Ивановна", "Петрович", "П."),
			Family: one("family", "Коваль", "Ковальова", "Іван", "Марко", "Олена", "Шевченко-Вовк", "К.")}
	}
	r.Names = append(r.Names, name())
	if rapid.IntRange(0, 9).Draw(t, "alias") == 0 {
		r.Names = append(r.Names, name())
	}
	r.Births = homeward.ParseDates(one("birth", "", "2014-05-06", "2014-06-05", "2014-05", "2014-01-01", "2016"), homeward.Date{})
	some := func(list *[]string, from ...string) {
		if text := one("value", append(from, "", "")...); text != "" {
			*list = append(*list, text)
		}
	}
	some(&r.BirthPlaces, "Маріуполь", "Київ", "Мариуполь", "хутір Вовчий")
	for range rapid.IntRange(1, 2).Draw(t, "homes") {
		some(&r.Homes, "Маріуполь", "Донецьк", "вул. Садова 5", "Садова")
	}
	some(&r.Institutions, "Школа 3", "Школа 7")
	some(&r.Mothers, "Коваль Ганна", "Ковальова Анна")
	some(&r.Documents, "АА123456", "АА123465")
	some(&r.Phones, "+380501234567", "0501234567")
	r.Eyes = one("eyes", "", "карі", "сині")
	if rapid.Bool().Draw(t, "extra") {
		r.Extra = []Text{{"job", one("job", "учень", "студент")}, {"class", one("class", "3", "4")}}
	}
	return r
}
