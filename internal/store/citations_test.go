package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// cited makes a record, an exhibit, and a citation of each stance.
func cited(t *testing.T, db *store.DB, in homeward.CompartmentID, lawyer homeward.Actor) (homeward.Exhibit, homeward.RecordID, []homeward.Citation) {
	t.Helper()
	record := storetest.PutIn(t, db, in, "cited in "+string(in), claims("name.full", "a", "contact.phone", "7"))[0]
	e := photo()
	e.Compartment, e.Record = in, record
	e = keep(t, db, homeward.Operator, e, png)
	var out []homeward.Citation
	for _, stance := range []homeward.Stance{homeward.StanceSupports, homeward.StanceExculpates, homeward.StanceContradicts} {
		c := homeward.Citation{
			Exhibit: e.ID, Record: record, Path: homeward.PathNameFull, Value: "a", Stance: stance, Quote: "the words there",
			Locator: homeward.Locator{Page: homeward.Span{From: 3, To: 3}}, Grade: homeward.Grade{Reliability: "B", Credibility: "3"},
		}
		err := does(db, lawyer, func(tx *store.Tx) (err error) {
			c, err = tx.PutCitation(c)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return e, record, out
}

func TestWhatIsCitedIsReadAsItWasWrittenAgainstFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer := addUser(t, db, homeward.RoleLegalOfficer)
		e, record, want := cited(t, db, homeward.Main, lawyer)
		withdrawal := homeward.Citation{Exhibit: e.ID, Record: record, Stance: homeward.StanceWithdrawn, Withdraws: want[0].ID, Reason: "misread"}
		for i, wrong := range []error{nil, homeward.ErrConflict} {
			err := does(db, lawyer, func(tx *store.Tx) error { _, err := tx.PutCitation(withdrawal); return err })
			if !errors.Is(err, wrong) || (err == nil) != (wrong == nil) {
				t.Errorf("withdrawn %d: %v", i, err)
			}
		}
		err := asks(db, lawyer, func(tx *store.Tx) error {
			for _, read := range []func() ([]homeward.Citation, error){
				func() ([]homeward.Citation, error) { return tx.CitationsIn(e.ID) },
				func() ([]homeward.Citation, error) { return tx.CitationsOf([]homeward.RecordID{record}) },
			} {
				got, err := read()
				if err != nil || len(got) != 3 {
					t.Fatalf("read %d: %v", len(got), err)
				}
				if got[2].Withdrawn == nil || got[2].Withdrawn.Reason != "misread" {
					t.Error("what was withdrawn does not say so")
				}
				got[2].Withdrawn = nil
				if diff := cmp.Diff([]homeward.Citation{want[2], want[1], want[0]}, got); diff != "" {
					t.Error("citations are not read as they were written, what speaks against first")
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestNoRecordIsTooManyForCitations asks for what is cited of the last of more records than one statement takes.
func TestNoRecordIsTooManyForCitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer := addUser(t, db, homeward.RoleLegalOfficer)
		_, record, want := cited(t, db, homeward.Main, lawyer)
		many := make([]homeward.RecordID, 400, 401)
		err := asks(db, lawyer, func(tx *store.Tx) error {
			got, err := tx.CitationsOf(append(many, record))
			if len(got) != len(want) {
				t.Errorf("%d citations are read of %d", len(got), len(want))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatMayNotBeCitedIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer, custodian, outsider := addUser(t, db, homeward.RoleLegalOfficer), addUser(t, db, homeward.RoleEvidenceCustodian), addUser(t, db, homeward.RoleLegalOfficer)
		e, record, _ := cited(t, db, addRoom(t, db, lawyer, custodian), lawyer)
		good := homeward.Citation{Exhibit: e.ID, Record: record, Path: homeward.PathNameFull, Value: "a", Stance: homeward.StanceSupports}
		for name, x := range map[string]struct {
			who    homeward.Actor
			change func(*homeward.Citation)
			want   error
		}{
			"by a custodian":           {custodian, func(*homeward.Citation) {}, homeward.ErrDenied},
			"from outside":             {outsider, func(*homeward.Citation) {}, homeward.ErrNotFound},
			"no such claim":            {lawyer, func(c *homeward.Citation) { c.Value = "b" }, homeward.ErrNotFound},
			"a claim not seen":         {lawyer, func(c *homeward.Citation) { c.Path, c.Value = homeward.PathPhone, "7" }, homeward.ErrNotFound},
			"no such record":           {lawyer, func(c *homeward.Citation) { c.Record = "x" }, homeward.ErrNotFound},
			"no stance":                {lawyer, func(c *homeward.Citation) { c.Stance = "" }, homeward.ErrInvalid},
			"a grade off its scale":    {lawyer, func(c *homeward.Citation) { c.Grade.Reliability = "G" }, homeward.ErrInvalid},
			"withdrawn without reason": {lawyer, func(c *homeward.Citation) { c.Stance = homeward.StanceWithdrawn }, homeward.ErrInvalid},
		} {
			c := good
			x.change(&c)
			err := does(db, x.who, func(tx *store.Tx) error { _, err := tx.PutCitation(c); return err })
			if !errors.Is(err, x.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		err := asks(db, outsider, func(tx *store.Tx) error {
			in, err := tx.CitationsIn(e.ID)
			of, err2 := tx.CitationsOf([]homeward.RecordID{record})
			if len(in) > 0 || len(of) > 0 {
				t.Error("citations of another compartment are told")
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
