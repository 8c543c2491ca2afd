package drawing_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/i18n"
)

var family = drawing.Family{
	Child:    drawing.Kin{Name: "Вигаданенко Марія", Role: "child"},
	Parents:  []drawing.Kin{{Name: "Вигаданенко Ганна", Role: "mother", Note: "List A", Doubtful: true}, {Name: "<Hanna>", Role: "mother", Note: "List B", Doubtful: true}},
	Siblings: []drawing.Kin{{Name: "Вигаданенко " + strings.Repeat("Пів", 20), Role: "brother"}},
}

func TestAFamilyTellsWholeNamesInItsTableAndMarksDoubt(t *testing.T) {
	html := string(family.Draw(i18n.For(i18n.English)))
	if n := strings.Count(html, `class="kin doubtful"`); n != 2 {
		t.Errorf("%d of two doubtful parents are marked", n)
	}
	if n := strings.Count(html, family.Siblings[0].Name); n != 1 {
		t.Errorf("a long name stands whole %d times, want once, in the table", n)
	}
	for _, want := range []string{"&lt;Hanna&gt;", `class="kin child"`, "List A", "4 people"} {
		if !strings.Contains(html, want) {
			t.Errorf("the family lacks %q", want)
		}
	}
}

func TestAChildOfWhomNoKinIsKnownHasNoPicture(t *testing.T) {
	if html := (drawing.Family{Child: family.Child}).Draw(i18n.For(i18n.English)); html != "" {
		t.Errorf("%d letters are drawn", len(html))
	}
}
