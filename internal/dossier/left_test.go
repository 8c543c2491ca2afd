package dossier_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/dossier"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAPreviewIsWhatIsFrozenAndLeavesNoEntry looks at a dossier, makes it, and compares.
func TestAPreviewIsWhatIsFrozenAndLeavesNoEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		entries := func() (n int) {
			v, err := db.Verify(ctx, homeward.Operator, nil)
			if err != nil {
				t.Fatal(err)
			}
			return int(v.Entries)
		}
		before := entries()
		order := dossier.Order{Persons: []homeward.PersonID{homeward.PersonID(w.records[1])}, Floor: homeward.Grade{Reliability: "B", Credibility: "2"}}
		plan, err := dossier.Preview(ctx, db, w.lawyer, order, i18n.For(i18n.English))
		if err != nil {
			t.Fatal(err)
		}
		if entries() != before {
			t.Error("looking is an entry of the ledger")
		}
		left, why := 0, ""
		for _, it := range plan.Left {
			left += len(it.Said)
			for _, row := range it.Said {
				why += row.Value + " " + strings.Join(row.Notes, " ") + "\n"
			}
		}
		if left != plan.Below || !strings.Contains(why, "a weaker page") || !strings.Contains(why, "graded worse than B2") {
			t.Errorf("%d of %d that are left out are named", left, plan.Below)
		}
		made, _, _ := w.freeze(w.lawyer, "B2")
		if made.Version != plan.Version || made.Tally != plan.Tally || made.Subject != plan.Subject {
			t.Errorf("frozen as version %d of %s, %+v; foreseen %d of %s, %+v", made.Version, made.Subject, made.Tally, plan.Version, plan.Subject, plan.Tally)
		}
		if _, err := dossier.Preview(ctx, db, homeward.Actor{ID: "x", Role: homeward.RoleCaseworker}, order, i18n.For(i18n.English)); err == nil {
			t.Error("a caseworker looks at a dossier")
		}
	})
}
