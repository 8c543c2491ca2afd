package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestQualityCountsWhatTheActorReaches has one person of two sources, one of one, and one behind a fence.
func TestQualityCountsWhatTheActorReaches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var room homeward.Compartment
		err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			room, err = tx.PutCompartment("room")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		name := []homeward.Claim{{Path: homeward.PathNameFull, Value: "a"}}
		a, b := storetest.Put(t, db, "A", name, name), storetest.Put(t, db, "B", name)
		hidden := storetest.PutIn(t, db, room.ID, "C", name)
		err = db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{
				{ID: homeward.PersonID(a[0]), Records: []homeward.RecordID{a[0], b[0]}}, {ID: homeward.PersonID(a[1]), Records: a[1:]},
				{ID: homeward.PersonID(hidden[0]), Records: hidden},
			}, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		supervisor := homeward.Actor{ID: "supervisor", Role: homeward.RoleSupervisor}
		for _, c := range []struct {
			who    homeward.Actor
			before time.Time
			want   store.Quality
		}{
			{homeward.System, time.Unix(0, 0), store.Quality{Persons: 3, OneSource: 2, NoWhereabouts: 3}},
			{supervisor, time.Unix(0, 0), store.Quality{Persons: 2, OneSource: 1, NoWhereabouts: 2}},
			{supervisor, time.Now().Add(time.Hour), store.Quality{Persons: 2, OneSource: 1, NoWhereabouts: 2, Stale: 2}},
		} {
			err := db.View(ctx, c.who, func(tx *store.Tx) error {
				got, err := tx.Quality(c.before)
				if got != c.want {
					t.Errorf("%s counts %+v, want %+v", c.who.Role, got, c.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestTheWorkOfATeamIsItsSupervisors assigns a child and asks as others.
func TestTheWorkOfATeamIsItsSupervisors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := storetest.Put(t, db, "A", []homeward.Claim{{Path: homeward.PathNameFull, Value: "a"}})[0]
		supervisor := homeward.Actor{ID: "supervisor", Role: homeward.RoleSupervisor}
		var worker homeward.Actor
		err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			u, err := tx.PutUser("worker", homeward.RoleCaseworker, "")
			worker = u.Actor()
			return err
		})
		if err == nil {
			err = db.Update(ctx, supervisor, func(tx *store.Tx) error { _, err := tx.Assign(homeward.PersonID(id), worker.ID); return err })
		}
		if err != nil {
			t.Fatal(err)
		}
		ask := func(who homeward.Actor) (team map[homeward.UserID]store.Worker, err error) {
			return team, db.View(ctx, who, func(tx *store.Tx) (err error) {
				team, err = tx.Team(time.Unix(0, 0))
				return err
			})
		}
		team, err := ask(supervisor)
		if err != nil || team[worker.ID].Assigned != 1 || team[worker.ID].Oldest.IsZero() {
			t.Errorf("%d assigned, %v", team[worker.ID].Assigned, err)
		}
		if _, err := ask(worker); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("a caseworker is told: %v", err)
		}
		err = db.View(ctx, supervisor, func(tx *store.Tx) error {
			s, err := tx.Stuck()
			if s != (store.Stuck{}) {
				t.Error("something is stuck where nothing waits")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
