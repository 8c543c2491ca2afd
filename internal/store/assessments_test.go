package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// assessment is a complete one.
func assessment(of homeward.RecordID) homeward.Assessment {
	return homeward.Assessment{
		Record: of, Event: homeward.EventDeported, Law: "gc4-49", Standard: "reasonable-grounds",
		Elements:   []homeward.Element{{Name: "protected person", Finding: "met", Grounds: "a birth record"}, {Name: "no security reason", Finding: "open", Grounds: "none was given"}},
		Parties:    []homeward.Applicability{{Party: "one state", Applies: "applies", Grounds: "ratified"}},
		Conclusion: "it was " + canary, Author: "A. Lawyer, office of " + canary,
	}
}

// assessSome makes a record of a deportation and an assessment of it that another replaces.
func assessSome(t *testing.T, db *store.DB, in homeward.CompartmentID, lawyer homeward.Actor) (homeward.RecordID, []homeward.Assessment) {
	t.Helper()
	record := storetest.PutIn(t, db, in, "assessed in "+string(in), claims("name.full", "a", "event.deported.date", "2022"))[0]
	first, second := assessment(record), assessment(record)
	for _, a := range []*homeward.Assessment{&first, &second} {
		if a == &second {
			a.Replaces, a.Standard = first.ID, "clear-and-convincing"
		}
		err := does(db, lawyer, func(tx *store.Tx) (err error) {
			*a, err = tx.PutAssessment(*a)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	first.ReplacedBy = second.ID
	return record, []homeward.Assessment{first, second}
}

func TestAnAssessmentIsReadAsItWasEntered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer := addUser(t, db, homeward.RoleLegalOfficer)
		record, want := assessSome(t, db, homeward.Main, lawyer)
		read := func(who homeward.Actor) (got []homeward.Assessment) {
			err := asks(db, who, func(tx *store.Tx) (err error) {
				got, err = tx.AssessmentsOf([]homeward.RecordID{record})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if diff := cmp.Diff(want, read(lawyer)); diff != "" {
			t.Error("what is read differs from what was entered")
		}
		if got := read(addUser(t, db, homeward.RoleReviewer)); len(got) != 0 {
			t.Errorf("who sees no evidence reads %d", len(got))
		}
		intact(t, db)
	})
}

// TestAnAssessmentIsReadByWhoSeesEvidenceOfItsRecord refers a child to a legal officer of elsewhere, without and with evidence.
func TestAnAssessmentIsReadByWhoSeesEvidenceOfItsRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer, outsider, supervisor := addUser(t, db, homeward.RoleLegalOfficer), addUser(t, db, homeward.RoleLegalOfficer), addUser(t, db, homeward.RoleSupervisor)
		record, _ := assessSome(t, db, addRoom(t, db, lawyer, supervisor), lawyer)
		update(t, db, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(record), Records: []homeward.RecordID{record}, Since: tx.Now}}, nil)
		})
		for give, want := range map[homeward.Classes]int{homeward.ClassesOf(homeward.ClassIdentity): 0, homeward.ClassesOf(homeward.ClassIdentity, homeward.ClassEvidence): 2} {
			var ref homeward.Referral
			err := does(db, supervisor, func(tx *store.Tx) (err error) {
				ref, err = tx.Refer(homeward.PersonID(record), outsider.ID, give, tx.Now.Add(time.Hour), "why")
				return err
			})
			if err == nil {
				err = does(db, outsider, func(tx *store.Tx) error { return tx.AnswerReferral(ref.ID, homeward.ReferralAccepted) })
			}
			if err == nil {
				err = asks(db, outsider, func(tx *store.Tx) error {
					got, err := tx.AssessmentsOf([]homeward.RecordID{record})
					if len(got) != want {
						t.Errorf("who was given %d reads %d, not %d", give, len(got), want)
					}
					return err
				})
			}
			if err == nil {
				err = does(db, supervisor, func(tx *store.Tx) error { return tx.AnswerReferral(ref.ID, homeward.ReferralEnded) })
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWhatIsNoConclusionOfAHumanIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lawyer := addUser(t, db, homeward.RoleLegalOfficer)
		record, entered := assessSome(t, db, homeward.Main, lawyer)
		quiet := storetest.Put(t, db, "quiet", claims("name.full", "b"))[0]
		for name, c := range map[string]struct {
			who    homeward.Actor
			change func(*homeward.Assessment)
			want   error
		}{
			"without an author":       {lawyer, func(a *homeward.Assessment) { a.Author = " " }, homeward.ErrInvalid},
			"without a conclusion":    {lawyer, func(a *homeward.Assessment) { a.Conclusion = "" }, homeward.ErrInvalid},
			"without elements":        {lawyer, func(a *homeward.Assessment) { a.Elements = nil }, homeward.ErrInvalid},
			"an element on no scale":  {lawyer, func(a *homeward.Assessment) { a.Elements[0].Finding = "yes" }, homeward.ErrInvalid},
			"for nobody":              {lawyer, func(a *homeward.Assessment) { a.Parties = nil }, homeward.ErrInvalid},
			"to no standard":          {lawyer, func(a *homeward.Assessment) { a.Standard = "sure" }, homeward.ErrInvalid},
			"under no law":            {lawyer, func(a *homeward.Assessment) { a.Law = "mine" }, homeward.ErrInvalid},
			"of what nobody told":     {lawyer, func(a *homeward.Assessment) { a.Record = quiet }, homeward.ErrNotFound},
			"in place of none":        {lawyer, func(a *homeward.Assessment) { a.Replaces = "x" }, homeward.ErrNotFound},
			"in place of a replaced":  {lawyer, func(a *homeward.Assessment) { a.Replaces = entered[0].ID }, homeward.ErrConflict},
			"by a custodian":          {addUser(t, db, homeward.RoleEvidenceCustodian), func(*homeward.Assessment) {}, homeward.ErrDenied},
			"by nobody in particular": {addUser(t, db, homeward.RoleSupervisor), func(*homeward.Assessment) {}, homeward.ErrDenied},
		} {
			a := assessment(record)
			c.change(&a)
			err := does(db, c.who, func(tx *store.Tx) error { _, err := tx.PutAssessment(a); return err })
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
