package dossier_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAMapHoldsThosePlacesAloneThatReachTheFloor supports one of two places, and looks where each stands.
func TestAMapHoldsThosePlacesAloneThatReachTheFloor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		_, files, _ := w.freeze(homeward.Operator, "B2")
		if page := files["data/dossier/en.html"]; strings.Contains(page, "<svg") || strings.Contains(page, "Луганськ") {
			t.Error("there is a map of places that nothing supports")
		}
		w.does(w.lawyer, func(tx *store.Tx) error {
			_, err := tx.PutCitation(homeward.Citation{
				Exhibit: w.exhibit, Record: w.records[0], Path: "event.transferred.place", Value: "Луганськ", Stance: homeward.StanceSupports,
				Grade: homeward.Grade{Reliability: "B", Credibility: "2"},
			})
			return err
		})
		made, files, _ := w.freeze(homeward.Operator, "B2")
		page := files["data/dossier/en.html"]
		for what, times := range map[string]int{`<svg role="img"`: 1, "Luhansk": 3, "Луганськ": 2, "Перм": 1, "the night flight": 0} {
			if n := strings.Count(page, what); n != times {
				t.Errorf("it says %q %d times, not %d", what, n, times)
			}
		}
		if !strings.Contains(page, "2 statements about it do not reach the floor") {
			t.Error("it does not say that the place and the note of the deportation were left out")
		}
		if strings.Contains(page, "no place is named") {
			t.Error("a place below the floor is said not to be named")
		}
		if made.Claims != 3 {
			t.Errorf("frozen: %+v", made.Tally)
		}
	})
}
