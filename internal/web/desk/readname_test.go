package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestNamesKeepTheirScriptWithAReadingBeside reads a Ukrainian and a Latin name as readers of either script.
func TestNamesKeepTheirScriptWithAReadingBeside(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	text := "id;ПІБ\n1;Ющенко Зоряна\n2;Sheremet Taras\n"
	in := intake.Input{File: strings.NewReader(text), Source: "List", Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
	if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
		t.Fatal(err)
	}
	w.run()
	pages := map[string]string{}
	w.view(func(tx *store.Tx) error {
		persons, err := tx.Persons("", 9)
		for _, lang := range []string{"en", "uk", "ru"} {
			r := w.as(homeward.RoleTracingOfficer, lang)
			for _, p := range persons {
				page := r.get("/persons/" + string(p.ID))
				page.want(t, http.StatusOK)
				pages[lang] += page.text
			}
		}
		return err
	})
	about := func(l i18n.Lang, reading string) string { return i18n.For(l).T("name.about", "reading", reading) }
	for lang, texts := range map[string][]string{
		"en": {"Ющенко Зоряна", "Yushchenko Zoriana", "Sheremet Taras"},
		"uk": {"Ющенко Зоряна", "Sheremet Taras", about(i18n.Ukrainian, "Шеремет Тарас")},
		"ru": {"Ющенко Зоряна", "Sheremet Taras", about(i18n.Russian, "Шеремет Тарас")},
	} {
		for _, text := range texts {
			if strings.Count(pages[lang], text) < 2 { // at the head and among the claims
				t.Errorf("in %s a page lacks %q", lang, text)
			}
		}
	}
	if strings.Contains(pages["uk"], "Yushchenko") || strings.Contains(pages["en"], "≈") {
		t.Error("a name in the reader's letters has a reading")
	}
}
