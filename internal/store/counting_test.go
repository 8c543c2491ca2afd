package store_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestQuickCountsAreThoseOfEveryRow changes a register at random, in two compartments, and counts it in the quick way and by
// looking at every row: as the machine, as a reader of one compartment, and as one to whom a single record is opened besides.
func TestQuickCountsAreThoseOfEveryRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openCounted(t, db)
		for range 12 {
			w.change()
			for _, who := range []homeward.Actor{homeward.System, w.reader, w.insider} {
				w.compare(who)
			}
		}
		if w.waited == 0 || w.joined == 0 || w.quarantined == 0 || w.out == 0 {
			t.Errorf("the test counts nothing: %d pairs waited, %d were joined, %d rows set aside, %d marks", w.waited, w.joined, w.quarantined, w.out)
		}
	})
}

// counted is a register that is changed at random.
type counted struct {
	*testing.T
	db              *store.DB
	rng             *rand.Rand
	reader, insider homeward.Actor
	ids             []homeward.RecordID

	waited, joined, quarantined, out int
}

func openCounted(t *testing.T, db *store.DB) *counted {
	w := &counted{T: t, db: db, rng: rand.New(rand.NewPCG(3, 4)), reader: addUser(t, db, homeward.RoleSupervisor), insider: addUser(t, db, homeward.RoleSupervisor)}
	closed := addRoom(t, db)
	name := claims("name.full", "x")
	w.ids = append(storetest.Put(t, db, "open", name, name, name, name, name), storetest.PutIn(t, db, closed, "closed", name, name, name, name)...)
	if err := does(db, w.insider, func(tx *store.Tx) error { _, err := tx.BreakGlass(w.ids[6], "urgent"); return err }); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *counted) pick() homeward.RecordID { return w.ids[w.rng.IntN(len(w.ids))] }

// change proposes a pair, joins records, sets one aside, takes one back or away, or decides.
func (w *counted) change() {
	w.Helper()
	left, right := w.pick(), w.pick()
	update(w.T, w.db, func(tx *store.Tx) error {
		if left != right {
			p := homeward.PairOf(left, right)
			l, r, _ := p.Records()
			if _, err := tx.PutPairs([]homeward.Pair{{ID: p, Left: l, Right: r, Probability: w.rng.Float64(), Model: "m"}}); err != nil {
				return err
			}
			if w.rng.IntN(4) == 0 {
				_, _ = tx.PutDecision(homeward.Decision{Pair: p, Judgement: homeward.Unsure, Basis: homeward.BasisReview}) // refused where one stands
			}
		}
		var persons []homeward.Person // any three neighbours are one child
		for i := 0; i < len(w.ids); i += 3 {
			persons = append(persons, homeward.Person{ID: homeward.PersonID(w.ids[i]), Records: w.ids[i:min(i+3, len(w.ids))], Since: tx.Now})
		}
		return tx.ReplacePersons(persons, nil)
	})
	switch w.rng.IntN(3) {
	case 0:
		w.setAside()
	case 1:
		if err := does(w.db, homeward.Actor{ID: "officer", Role: homeward.RoleTracingOfficer}, func(tx *store.Tx) error {
			_, err := tx.Retract(w.pick(), homeward.WholeRecord, "because")
			return err
		}); err == nil {
			w.out++
		}
	}
}

// setAside puts a row into quarantine; of every other the list says no more afterwards.
func (w *counted) setAside() {
	w.quarantined++
	update(w.T, w.db, func(tx *store.Tx) error {
		src, err := tx.SourceNamedIn("open", homeward.Main)
		if err != nil {
			return err
		}
		ed, err := tx.PutEdition(homeward.Edition{Source: src.ID, SHA256: homeward.NewID(tx.Now), Format: "csv", Encoding: "utf-8"})
		if err != nil {
			return err
		}
		id := homeward.RecordID(homeward.NewID(tx.Now))
		r := homeward.Record{ID: id, Source: src.ID, Edition: ed.ID, Line: 2, State: homeward.RecordQuarantined, Reason: "row.nameless", Compartment: homeward.Main}
		n := store.NewRecord{Record: r, Key: tx.Fingerprint("row", string(id)), Content: tx.Fingerprint("content", string(id)), Change: homeward.ChangeAdded}
		if err := tx.PutRecords([]store.NewRecord{n}); err != nil || w.quarantined%2 == 0 {
			return err
		}
		rows, err := tx.CurrentRows(src.ID)
		if err != nil {
			return err
		}
		return tx.RemoveRows(ed.ID, []store.Current{rows[n.Key]})
	})
}

func (w *counted) compare(who homeward.Actor) {
	w.Helper()
	err := asks(w.db, who, func(tx *store.Tx) error {
		rows, pairs, waiting, oldest, err := tx.CountPlainly()
		if err != nil {
			return err
		}
		quick, err := tx.CountRows()
		if err != nil {
			return err
		}
		gotRows := map[string]int{}
		for source, of := range quick {
			for state, n := range of {
				gotRows[string(source)+" "+string(state)] = n
			}
		}
		counts, err := tx.CountPairs()
		if err != nil {
			return err
		}
		gotPairs := map[string]int{}
		for state, n := range counts {
			gotPairs[string(state)] = n
		}
		gotWaiting, err := tx.CountWaiting()
		if err != nil {
			return err
		}
		stuck, err := tx.Stuck()
		since := int64(0)
		if !stuck.Pairs.IsZero() {
			since = stuck.Pairs.UnixMicro()
		}
		if !maps.Equal(gotRows, rows) || !maps.Equal(gotPairs, pairs) || gotWaiting != waiting || since != oldest {
			w.Errorf("%s counts %v rows, %v pairs, %d waiting since %d; there are %v, %v, %d since %d", who.Role, gotRows, gotPairs, gotWaiting, since, rows, pairs, waiting, oldest)
		}
		w.waited, w.joined = w.waited+waiting, w.joined+pairs["proposed"]-waiting
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}
