package disclosure_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAnExhibitIsChosenOnce cites two exhibits of one instant that are the child's own as well.
func TestAnExhibitIsChosenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		record := storetest.Put(t, db, "list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "Марія Вигаданенко"}})[0]
		if _, err := registry.Run(ctx, db); err != nil {
			t.Fatal(err)
		}
		var got []store.Received
		for _, text := range []string{"a page", "another page"} {
			r, err := db.Receive(ctx, homeward.Main, strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r)
		}
		var kept []homeward.Exhibit
		var lawyer homeward.Actor
		err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			u, err := tx.PutUser("counsel", homeward.RoleLegalOfficer, "hash")
			lawyer = u.Actor()
			for _, r := range got {
				e, err2 := tx.PutExhibit(homeward.Exhibit{Kind: homeward.ExhibitDocument, Record: record}, r, homeward.Custody{Purpose: "kept"})
				kept, err = append(kept, e), errors.Join(err, err2)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(ctx, lawyer, func(tx *store.Tx) (err error) {
			for _, e := range kept {
				_, err2 := tx.PutCitation(homeward.Citation{
					Exhibit: e.ID, Record: record, Path: homeward.PathNameFull, Value: "Марія Вигаданенко", Stance: homeward.StanceSupports,
				})
				err = errors.Join(err, err2)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := disclosure.Preview(ctx, db, homeward.Operator, disclosure.Order{Kind: homeward.ExportDossier, Persons: []homeward.PersonID{homeward.PersonID(record)}})
		if err != nil || len(s.Exhibits) != 2 {
			t.Errorf("%d exhibits are chosen of 2, %v", len(s.Exhibits), err)
		}
	})
}
