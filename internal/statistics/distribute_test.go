package statistics

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/places"
)

// child is what a list says of an invented child; its dates are read as intake reads them.
func child(birth, home, taken, to string) []homeward.Claim {
	day := func(text string) homeward.Date {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return homeward.Date{}
		}
		return homeward.Exact(homeward.DayOf(at))
	}
	return []homeward.Claim{
		{Path: homeward.PathNameFull, Value: "x"}, {Path: homeward.PathBirthDate, Value: birth, When: day(birth)}, {Path: homeward.PathHome, Value: home},
		{Path: homeward.EventPath(homeward.EventTaken, "date"), Value: taken, When: day(taken)},
		{Path: homeward.EventPath(homeward.EventDeported, "place"), Value: to},
	}
}

func TestChildrenDivideByRegionAgeAndMonth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		storetest.Put(t, db, "one",
			child("2015-03-10", "м. Маріуполь, Донецька обл.", "2022-03-09", "Таганрог, Ростовская область"),
			child("2012-03-10", "Mariupol", "2022-03-20", "Rostov Oblast"),
			child("", "Херсон", "", ""))
		var s Sketches
		d, err := s.Distribute(ctx, db, homeward.Operator, places.Ours(), "children", time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		want := Distribution{
			Children: 3, Flows: map[Flow]int{{"UA-14", "RU-ROS"}: 2}, Unplaced: 1, Ages: map[int]int{6: 1, 10: 1}, Ageless: 1,
			Months: map[time.Time]int{time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC): 2}, Undated: 1,
		}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}

		// What has come since is seen; whoever may not count is told nothing.
		storetest.Put(t, db, "two", child("2010-01-01", "Харків", "2022-05-01", "Белгород"))
		d, err = s.Distribute(ctx, db, homeward.Operator, places.Ours(), "children", time.Time{}, time.Time{})
		if err != nil || d.Children != 4 || d.Flows[Flow{"UA-63", "RU-BEL"}] != 1 || d.Ages[12] != 1 {
			t.Errorf("a newer list is not seen: %d children, %v", d.Children, err)
		}
		_, err = s.Distribute(ctx, db, homeward.Actor{ID: "a", Role: homeward.RoleAdministrator}, places.Ours(), "children", time.Time{}, time.Time{})
		if !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("an administrator is told: %v", err)
		}
	})
}

// TestAgesAreNoSurerThanTheirDates: a year of birth leaves two ages, an age of three years none.
func TestAgesAreNoSurerThanTheirDates(t *testing.T) {
	taken := homeward.Exact(homeward.YMD(2022, time.March, 9))
	years := func(from, to int) homeward.Date {
		return homeward.Date{From: homeward.YMD(from, 1, 1), To: homeward.YMD(to, 12, 31), Precision: homeward.PrecisionRange}
	}
	for _, c := range []struct {
		birth homeward.Date
		age   int
		ok    bool
	}{
		{homeward.Exact(homeward.YMD(2015, time.March, 9)), 7, true},
		{homeward.Exact(homeward.YMD(2015, time.March, 10)), 6, true},
		{years(2015, 2015), 6, true},
		{years(2014, 2016), 0, false},
		{homeward.Exact(homeward.YMD(1990, 1, 1)), 0, false},
		{homeward.Date{}, 0, false},
	} {
		if age, ok := (sketch{birth: c.birth, taken: taken}).age(); age != c.age || ok != c.ok {
			t.Errorf("born %s: %d, %t; want %d, %t", c.birth, age, ok, c.age, c.ok)
		}
	}
}

// TestDistributionsAddUpToTheCount: each child is once in each.
func TestDistributionsAddUpToTheCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		for range 3 {
			storetest.Put(t, db, "list", child("2015-03-10", "Херсон", "2022-03-09", "Сімферополь"), child("2016", "?", "2022", "?"))
		}
		var s Sketches
		d, err := s.Distribute(ctx, db, homeward.Operator, places.Ours(), "children", time.Time{}, time.Time{})
		c, errCount := Compute(ctx, db, homeward.Operator, "children", time.Time{}, time.Time{})
		if err != nil || errCount != nil {
			t.Fatal(err, errCount)
		}
		flows, ages, months := d.Unplaced, d.Ageless, d.Undated
		for _, n := range d.Flows {
			flows += n
		}
		for _, n := range d.Ages {
			ages += n
		}
		for _, n := range d.Months {
			months += n
		}
		if d.Children != c.Children || flows != c.Children || ages != c.Children || months != c.Children {
			t.Errorf("%d children counted; %d divided, %d by flow, %d by age, %d by month", c.Children, d.Children, flows, ages, months)
		}
	})
}

// TestWhoIsNoMemberDividesNothing: children of a compartment are in no picture of those who do not reach it.
func TestWhoIsNoMemberDividesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		var inside, outside store.User
		var room homeward.Compartment
		err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			if inside, err = tx.PutUser("inside "+homeward.NewID(tx.Now), homeward.RoleSupervisor, ""); err != nil {
				return err
			}
			if outside, err = tx.PutUser("outside "+homeward.NewID(tx.Now), homeward.RoleSupervisor, ""); err != nil {
				return err
			}
			if room, err = tx.PutCompartment("room " + homeward.NewID(tx.Now)); err != nil {
				return err
			}
			return tx.SetMember(room.ID, inside.ID, true)
		})
		if err != nil {
			t.Fatal(err)
		}
		storetest.PutIn(t, db, room.ID, "list", child("2015-03-10", "Херсон", "2022-03-09", "Сімферополь"))
		var s Sketches
		for who, want := range map[homeward.Actor]int{inside.Actor(): 1, outside.Actor(): 0} {
			d, err := s.Distribute(ctx, db, who, places.Ours(), "children", time.Time{}, time.Time{})
			if err != nil || d.Children != want || len(d.Flows) != want {
				t.Errorf("%d children in %d flows, want %d; %v", d.Children, len(d.Flows), want, err)
			}
		}
	})
}
