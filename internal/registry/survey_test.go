package registry_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestContradictionsAreCountedOverWhatTheActorReaches has a child of whom two sources contradict each other, one of them
// behind a fence: who does not reach that one learns of no contradiction.
func TestContradictionsAreCountedOverWhatTheActorReaches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var room homeward.Compartment
		err := db.Update(t.Context(), homeward.Operator, func(tx *store.Tx) (err error) {
			room, err = tx.PutCompartment("room")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		said := func(sex string) []homeward.Claim {
			return []homeward.Claim{{Path: homeward.PathNameFull, Value: "a"}, {Path: homeward.PathSex, Value: sex}}
		}
		open, hidden := storetest.Put(t, db, "A", said("ж"))[0], storetest.PutIn(t, db, room.ID, "B", said("male"))[0]
		err = db.Update(t.Context(), homeward.System, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(open), Records: []homeward.RecordID{open, hidden}}}, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		for role, want := range map[homeward.Role]int{homeward.RoleSystem: 1, homeward.RoleSupervisor: 0} {
			s, err := registry.Contradictions(t.Context(), db, homeward.Actor{ID: "someone", Role: role})
			if err != nil || s.Contradicted != want || s.By[homeward.PathSex] != want {
				t.Errorf("%s counts %d, %v; want %d", role, s.Contradicted, err, want)
			}
		}
		if _, err := registry.Contradictions(t.Context(), db, homeward.Actor{ID: "x", Role: homeward.RoleAuditor}); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("an auditor counts: %v", err)
		}
	})
}
