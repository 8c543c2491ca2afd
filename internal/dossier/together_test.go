package dossier_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/dossier"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAPatternTellsWhatChildrenHaveInCommonAndNothingBelowTheFloor freezes three children of one transfer group, two of them brothers.
func TestAPatternTellsWhatChildrenHaveInCommonAndNothingBelowTheFloor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{T: t, db: db}
		well, badly := homeward.Grade{Reliability: "B", Credibility: "2"}, homeward.Grade{Reliability: "D", Credibility: "4"}
		child := func(name, group, place, family string, of homeward.Grade) []homeward.Claim {
			return []homeward.Claim{
				{Path: "name.full", Value: name, Grade: of}, {Path: "transfer.group", Value: group, Grade: of}, {Path: "family.id", Value: family},
				{Path: "event.taken.place", Value: place, Grade: of}, {Path: "event.deported.place", Value: "Твер", Grade: badly},
			}
		}
		w.records = storetest.Put(t, db, "one list",
			child("Перша Вигаданенко", "TOK-1", "Токмак", "f1", well), child("Друга Вигаданенко", "tok-1 ", "Tokmak", "f1", well),
			child("Третя Несхоженко", "TOK-1", "Токмак", "f2", badly), child("Четвертий Інакший", "TOK-2", "Ізюм", "f3", well))
		if _, err := registry.Run(ctx, db); err != nil {
			t.Fatal(err)
		}
		group, err := dossier.InGroup(ctx, db, homeward.Operator, "Tok-1")
		if err != nil || len(group) != 3 {
			t.Fatalf("%d children are in the group: %v", len(group), err)
		}
		for _, nobody := range []string{"TOK", " ", "x"} {
			if _, err := dossier.InGroup(ctx, db, homeward.Operator, nobody); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("a group of nobody: %v", err)
			}
		}
		if _, err := dossier.InGroup(ctx, db, homeward.Actor{ID: "x", Role: homeward.RoleReviewer}, "TOK-1"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("a reviewer looks for a group: %v", err)
		}
		made, files, _ := w.freezeThem(homeward.Operator, group, "B2")
		page, card := files["data/dossier/en.html"], files["data/card/en.html"]
		_, common, _ := strings.Cut(page, "What they have in common")
		common, _, _ = strings.Cut(common, "<h2>")
		for what, times := range map[string]int{
			"TOK-1": 1, "tok-1": 1, " / ": 2, "Перша Вигаданенко": 4, "Друга Вигаданенко": 4, "Третя": 0, "Твер": 0,
		} {
			if n := strings.Count(common, what); n != times {
				t.Errorf("what they have in common says %q %d times, not %d", what, n, times)
			}
		}
		for _, name := range []string{"Перша", "Друга", "Третя"} {
			if !strings.Contains(card, name) || !strings.Contains(page, name) {
				t.Errorf("no card of %s, or no part of the dossier", name)
			}
		}
		if made.Children != 3 || !strings.HasPrefix(made.Subject, "pattern-") || strings.Contains(page+card, "Інакший") {
			t.Errorf("frozen: %s of %d", made.Subject, made.Children)
		}
		_, alone, _ := w.freezeThem(homeward.Operator, group[:1], "B2")
		if strings.Contains(alone["data/dossier/en.html"], "What they have in common") {
			t.Error("one child is compared with itself")
		}
	})
}
