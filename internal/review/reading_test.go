package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"pgregory.net/rapid"
)

func TestASearchIsReadAsPeopleSayIt(t *testing.T) {
	boy, girl := homeward.SexMale, homeward.SexFemale
	for words, want := range map[string]review.Reading{
		"boy about 9 from Маріуполь taken with sister":           {Sex: boy, Born: "~9 years", Place: "Маріуполь", Sibling: true},
		"хлопчик близько 9 років з Маріуполя, вивезли з сестрою": {Sex: boy, Born: "~9 years", Place: "Маріуполя", Sibling: true},
		"мальчик около 9 лет из Мариуполя, вывезли с сестрой":    {Sex: boy, Born: "~9 years", Place: "Мариуполя", Sibling: true},
		"9-year-old girl near Kherson":   {Sex: girl, Born: "9 years", Place: "Kherson"},
		"дівчинка 4-5 років з м. Херсон": {Sex: girl, Born: "4-5 years", Place: "Херсон"},
		"Коваленко Марія 2014":           {Name: "Коваленко Марія", Born: "2014"},
		"Марія Коваленко з Маріуполя":    {Name: "Марія Коваленко", Place: "Маріуполя"},
		"Оля з Біла Церква":              {Name: "Оля", Place: "Біла Церква"},
		"Марія з Маріуполя Коваленко":    {Name: "Марія Коваленко", Place: "Маріуполя"},
		"Марія 13 квітня 2014":           {Name: "Марія", Born: "13 квітня 2014"},
		"бл. 2015 Іван":                  {Name: "Іван", Born: "бл. 2015"},
		"Шев":                            {Name: "Шев"},
		"+380 50 000 00 01":              {Number: "+380 50 000 00 01"},
		"Хмаровський АА123456":           {Name: "Хмаровський", Number: "АА123456"},
		"Ж. Коваленко":                   {Name: "Ж. Коваленко"},
		"":                               {},
	} {
		if d := cmp.Diff(want, review.Read(words)); d != "" {
			t.Errorf("%q: %s", words, d)
		}
	}
}

// TestAnyWordsAreRead never fails and never loses a word of a name: what is not understood is searched for.
func TestAnyWordsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		review.Read(words)
		name := rapid.StringMatching(`[А-ЯҐЄІЇ][а-яґєії]{9,12}`).Draw(t, "name")
		if r := review.Read(name); r.Name != name {
			t.Errorf("a single word of ten letters is read as %d letters of a name", len(r.Name))
		}
	})
}
