package names

import (
	"testing"

	"pgregory.net/rapid"
)

// partsDrawn draws the parts of a name: of one word or several, known and unknown, in the nominative and in other cases, mistyped, empty.
func partsDrawn(t *rapid.T, label string) (given, patronymic, family string) {
	given = rapid.SampledFrom([]string{"Микола", "Николай", "Миколи", "Сашко", "Коваль", "М.", "Анна Марія", "Ig0r", "Vbrjkf", "Ганна", "Hanna", "  ", ""}).Draw(t, label)
	patronymic = rapid.SampledFrom([]string{"Іванович", "Ивановича", "Іванівна", "І.", "Петрович Іванович", "Ковалевич", ""}).Draw(t, label)
	family = rapid.SampledFrom([]string{"Коваль", "Ковальська", "Ковальского", "Коваленка", "Микола", "Сашко", "Шевченко-Вовк", "Itdxtyrj", "К.", "Ган на", "—", ""}).Draw(t, label)
	return given, patronymic, family
}

// TestNamesOfThreeWordsCompareAsAll holds the short way of comparing beside the one for any names.
func TestNamesOfThreeWordsCompareAsAll(t *testing.T) {
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		lexicon := &Lexicon{}
		p := lexicon.Parser()
		a, b := p.ParseParts(partsDrawn(t, "a")), p.ParseParts(partsDrawn(t, "b"))
		memo := lexicon.Memo()
		if got, want := memo.Compare(a, b), memo.compare(a, b); got != want {
			t.Fatalf("%v and %v: %+v the short way, %+v the other", a, b, got, want)
		}
		_, three := a.Three()
		if _, both := b.Three(); three && both {
			short++
		}
	})
	if short == 0 {
		t.Error("no two names went the short way")
	}
}

// TestPartsMetBeforeAreReadAlike holds names whose parts a parser remembers beside those read anew.
func TestPartsMetBeforeAreReadAlike(t *testing.T) {
	lexicon := &Lexicon{}
	p, anew := lexicon.Parser(), lexicon.Parser()
	rapid.Check(t, func(t *rapid.T) {
		given, patronymic, family := partsDrawn(t, "name")
		got, want := p.ParseParts(given, patronymic, family), anew.parseParts(given, patronymic, family)
		if len(got.Tokens) != len(want.Tokens) {
			t.Fatalf("%v, anew %v", got, want)
		}
		for i := range got.Tokens {
			if got.Tokens[i] != want.Tokens[i] {
				t.Fatalf("word %d of %v is another than that of %v", i, got, want)
			}
		}
	})
}
