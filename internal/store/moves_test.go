package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// mover is a register with a source in main, a compartment, and who is in which.
type mover struct {
	db                   *store.DB
	source               homeward.SourceID
	ids                  []homeward.RecordID
	room                 homeward.CompartmentID
	insider, outsider    homeward.Actor // of the room; of main alone
	supervisor, stranger homeward.Actor // of both; of main alone
}

func openMover(t *testing.T, s store.Settings) *mover {
	t.Helper()
	m := &mover{db: storetest.OpenAt(t, s)}
	m.ids = storetest.Put(t, m.db, "list", claims("name.full", "a"), claims("name.full", "b"))
	m.insider, m.outsider = addUser(t, m.db, homeward.RoleCaseworker), addUser(t, m.db, homeward.RoleCaseworker)
	m.supervisor, m.stranger = addUser(t, m.db, homeward.RoleSupervisor), addUser(t, m.db, homeward.RoleSupervisor)
	m.room = addRoom(t, m.db, m.insider, m.supervisor)
	operate(t, m.db, func(tx *store.Tx) error {
		src, err := tx.SourceNamed("list")
		m.source = src.ID
		return errors.Join(err, tx.SetMember(homeward.Main, m.insider.ID, false))
	})
	given := photo()
	given.Record = m.ids[0]
	keep(t, m.db, homeward.Operator, given, png)
	return m
}

func (m *mover) move(who homeward.Actor, to homeward.CompartmentID) error {
	return does(m.db, who, func(tx *store.Tx) error { return tx.MoveSource(m.source, to) })
}

func (m *mover) reads(who homeward.Actor) error {
	return asks(m.db, who, func(tx *store.Tx) error { _, err := tx.RecordsByID(m.ids); return err })
}

// holds checks that who is in a compartment reads the records there, that nobody else does, and that nothing is found amiss.
func (m *mover) holds(t *testing.T, in homeward.CompartmentID) {
	t.Helper()
	reader, other := m.outsider, m.insider
	if in == m.room {
		reader, other = m.insider, m.outsider
	}
	if err := m.reads(reader); err != nil {
		t.Errorf("in %s a member reads: %v", in, err)
	}
	if err := m.reads(other); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("in %s another reads: %v", in, err)
	}
	n := 0
	err := m.db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		n++
		if r.Compartment != in || len(r.Claims) == 0 {
			t.Errorf("a record lies in %s with %d claims", r.Compartment, len(r.Claims))
		}
		return nil
	})
	if err != nil || n != len(m.ids) {
		t.Errorf("the index reads %d records: %v", n, err)
	}
	if places := verifyPlaces(t, m.db); len(places) > 0 {
		t.Errorf("in %s found: %v", in, places)
	}
}

// TestASourceMovesWithAllThatIsOfIt there and back, across restarts, with what is sealed to it afterwards.
func TestASourceMovesWithAllThatIsOfIt(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		m := openMover(t, s)
		for _, to := range []homeward.CompartmentID{m.room, homeward.Main, m.room} {
			if err := m.move(m.supervisor, to); err != nil {
				t.Fatal(err)
			}
			m.holds(t, to)
			m.db.Close()
			m.db = storetest.Reopen(t, s)
			m.holds(t, to)
			operate(t, m.db, func(tx *store.Tx) error {
				return tx.RememberMapping(m.source, homeward.Mapping{homeward.NewID(time.Now()): homeward.PathNameFull})
			})
		}
		m.holds(t, m.room)
		path := t.TempDir() + "/copy.db"
		if _, err := m.db.Backup(ctx, store.To(path)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestAMoveThatIsBrokenOffMovedNothing ends the transaction after every key was wrapped anew, as a crash would, and moves elsewhere.
func TestAMoveThatIsBrokenOffMovedNothing(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		m := openMover(t, s)
		crash := errors.New("crash")
		err := does(m.db, m.supervisor, func(tx *store.Tx) error { return errors.Join(tx.MoveSource(m.source, m.room), crash) })
		if !errors.Is(err, crash) {
			t.Fatal(err)
		}
		m.holds(t, homeward.Main)
		m.db.Close()
		m.db = storetest.Reopen(t, s)
		m.holds(t, homeward.Main)
		if err := m.move(homeward.Operator, m.room); err != nil {
			t.Fatal(err)
		}
		m.holds(t, m.room)
	})
}

// TestWhoMayMoveASourceAndWhen asks as everybody, and in every state that forbids it.
func TestWhoMayMoveASourceAndWhen(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		m := openMover(t, s)
		admin := addUser(t, m.db, homeward.RoleAdministrator)
		for who, want := range map[homeward.Actor]error{m.outsider: homeward.ErrDenied, m.stranger: homeward.ErrNotFound, admin: homeward.ErrNotFound} {
			if err := m.move(who, m.room); !errors.Is(err, want) {
				t.Errorf("%s moves it: %v", who.Role, err)
			}
		}
		if err := m.move(m.supervisor, homeward.Main); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("to where it lies: %v", err)
		}
		if err := m.move(homeward.Operator, "nowhere"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("to nowhere: %v", err)
		}
		operate(t, m.db, func(tx *store.Tx) error {
			_, err := tx.PutSource(homeward.Source{Name: "list", Compartment: m.room})
			return err
		})
		if err := m.move(m.supervisor, m.room); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("to where its name is taken: %v", err)
		}
		m.holds(t, homeward.Main)
	})
}

// TestTheSourceOfATracingRequestStaysWithIt and so does one of which a list is being read.
func TestTheSourceOfATracingRequestStaysWithIt(t *testing.T) {
	m := openMover(t, storetest.Postgres(t))
	r := seek(t, m.db, homeward.Main, m.stranger)
	err := does(m.db, homeward.Operator, func(tx *store.Tx) error { return tx.MoveSource(r.Source, m.room) })
	if !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("a request's: %v", err)
	}
	operate(t, m.db, func(tx *store.Tx) error {
		_, err := tx.PutEdition(homeward.Edition{Source: m.source, SHA256: "another"})
		return err
	})
	if err := m.move(homeward.Operator, m.room); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("while a list is read: %v", err)
	}
}

// TestASourceMovedByHandIsFound says in every row that the source lies elsewhere, behind the program's back.
func TestASourceMovedByHandIsFound(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		m := openMover(t, s)
		if err := m.move(m.supervisor, m.room); err != nil {
			t.Fatal(err)
		}
		m.db.Close()
		m.db = storetest.Reopen(t, s)
		for _, text := range []string{"update records set compartment = 'main'", "update sources set compartment = 'main'"} {
			if _, err := vandalOf(t, s).db.Exec(text); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.reads(m.outsider); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("read: %v", err)
		}
		places := strings.Join(verifyPlaces(t, m.db), " ")
		if !slices.ContainsFunc([]string{"records", "sources"}, func(p string) bool { return strings.Contains(places, p) }) {
			t.Errorf("found in %s", places)
		}
	})
}
