package intake_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func told(name, home string) intake.Learned {
	return intake.Learned{
		Names: []string{"ours", "наші"}, Compartment: homeward.Main, Lang: "uk", AsOf: homeward.Exact(homeward.YMD(2025, 3, 1)),
		Cells:   []homeward.Cell{{Heading: "n", Text: name}, {Heading: "h", Text: home}},
		Mapping: homeward.Mapping{"n": homeward.PathNameFull, "h": homeward.PathHome},
	}
}

// TestWhatIsLearnedIsAddedAndTakesNothingAway learns twice, the second time with the source known by its other name.
func TestWhatIsLearnedIsAddedAndTakesNothingAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		worker := homeward.Actor{ID: "worker", Role: homeward.RoleCaseworker}
		first, err := intake.Learn(ctx, db, worker, told("Хтось Вигаданий", "Ізюм"))
		if err != nil {
			t.Fatal(err)
		}
		other := told("Хтось Вигаданий", "Харків")
		other.Names = []string{"наші", "ours"}
		second, err := intake.Learn(ctx, db, worker, other)
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, homeward.System, func(tx *store.Tx) error {
			list, err := tx.RecordsByID([]homeward.RecordID{first, second})
			if err != nil {
				return err
			}
			if list[0].Source != list[1].Source || list[0].Edition == list[1].Edition || list[1].Supersedes != "" {
				t.Error("the two are not two records of one source")
			}
			rows, err := tx.CurrentRows(list[0].Source)
			for _, r := range rows {
				if r.Removed {
					t.Error("the second took the first away")
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || len(v.Findings) > 0 {
			t.Errorf("verify: %d findings, %v", len(v.Findings), err)
		}
	})
}

func TestOnlyWhoMayAddsWhatWasLearned(t *testing.T) {
	db := storetest.Open(t)
	elsewhere := told("Хтось Вигаданий", "Ізюм")
	elsewhere.Compartment = "elsewhere"
	for name, c := range map[string]struct {
		role homeward.Role
		what intake.Learned
		want error
	}{
		"a reviewer":            {homeward.RoleReviewer, told("Хтось", "Ізюм"), homeward.ErrDenied},
		"an auditor":            {homeward.RoleAuditor, told("Хтось", "Ізюм"), homeward.ErrDenied},
		"nobody named":          {homeward.RoleCaseworker, told("", "Ізюм"), homeward.ErrInvalid},
		"another's compartment": {homeward.RoleCaseworker, elsewhere, homeward.ErrNotFound},
	} {
		if _, err := intake.Learn(ctx, db, homeward.Actor{ID: "someone", Role: c.role}, c.what); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
