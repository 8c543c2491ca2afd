package casework_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

// known returns a request with what is known of its children now.
func known(t testing.TB, db *store.DB, who homeward.Actor, id homeward.RequestID) (r homeward.Request, told []homeward.Record) {
	t.Helper()
	err := db.Update(ctx, who, func(tx *store.Tx) (err error) {
		if r, err = tx.Request(id); err == nil {
			told, err = tx.Told(r)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, told
}

// TestASoughtChildIsAddedWithItsSiblings adds a brother to a mother's search for one girl: both tell of each other, and what was
// told of the girl before stays on record.
func TestASoughtChildIsAddedWithItsSiblings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, stages := addUser(t, db, homeward.RoleTracingOfficer), pipeline.New(db)
		d := mothers()
		d.Children, d.Siblings = d.Children[:1], false
		r, err := worker(db).Open(ctx, officer, d)
		if err != nil {
			t.Fatal(err)
		}
		added, err := worker(db).Add(ctx, officer, r.ID, casework.Child{Name: "Вигаданенко Остап Іванович", Birth: "about 9"}, true)
		if err != nil {
			t.Fatal(err)
		}
		run(t, stages)
		now, told := known(t, db, officer, r.ID)
		if len(now.Sought) != 2 || now.Sought[0] != r.Sought[0] || now.Sought[1] != added {
			t.Fatalf("%d children are sought", len(now.Sought))
		}
		if told[0].Supersedes != r.Sought[0] {
			t.Error("what was told of the girl first is not what is corrected")
		}
		tells(t, told[0], homeward.PathSiblings, "Вигаданенко Остап Іванович")
		tells(t, told[1], homeward.PathSiblings, "Вигаданенко Марія Іванівна")
		tells(t, told[1], homeward.PathMother, "Вигаданенко Олена")
		tells(t, told[1], homeward.PathAge, "about 9")
		err = db.View(ctx, officer, func(tx *store.Tx) error {
			p, err := tx.Person(homeward.PersonID(added))
			if err != nil || len(p.Siblings) != 1 || p.Siblings[0] != homeward.PersonID(r.Sought[0]) {
				t.Errorf("the registry does not know them as siblings: %v", err)
			}
			first, err := tx.Record(r.Sought[0])
			if _, told := first.First(homeward.PathSiblings); told {
				t.Error("a record was changed")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %d findings", err, len(v.Findings))
		}
	})
}

// TestACorrectionIsARecordOfItsOwn corrects a birth date: linkage weighs what is known now, the record that was corrected stays, and
// a page that is out of date is refused.
func TestACorrectionIsARecordOfItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		stages := pipeline.New(db)
		list(t, db, stages)
		officer, other := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleCaseworker)
		d := mothers()
		d.Children[0].Birth = "2009"
		r, err := worker(db).Open(ctx, officer, d)
		if err != nil {
			t.Fatal(err)
		}
		run(t, stages)
		before := weight(t, db, r.Sought[0])
		right := d.Children[0]
		right.Birth, right.Mother = "13.4.2014", "Вигаданенко Олена"
		correct := func(who homeward.Actor, was homeward.RecordID, child casework.Child, why string) error {
			return worker(db).Correct(ctx, who, r.ID, was, child, why)
		}
		if err := correct(officer, r.Sought[0], right, " "); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("corrected without saying why: %v", err)
		}
		if err := correct(other, r.Sought[0], right, "she found the certificate"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("a caseworker corrects: %v", err)
		}
		if err := correct(officer, r.Sought[0], right, "she found the certificate"); err != nil {
			t.Fatal(err)
		}
		if err := correct(officer, r.Sought[0], right, "again"); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("an old page corrects: %v", err)
		}
		run(t, stages)
		_, told := known(t, db, officer, r.ID)
		if err := correct(officer, told[0].ID, right, "again"); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("a correction says nothing new: %v", err)
		}
		tells(t, told[0], homeward.PathBirthDate, "13.4.2014")
		if i := slices.IndexFunc(told[0].Row, func(c homeward.Cell) bool { return c.Text == "she found the certificate" }); i < 0 || told[1].ID != r.Sought[1] {
			t.Error("why it was corrected is not told, or its brother was corrected with it")
		}
		if after := weight(t, db, r.Sought[0]); after <= before {
			t.Errorf("the right birth date weighs %.1f, the wrong one %.1f", after, before)
		}
	})
}

// TestARestrictedChildIsNotWrittenOver corrects a boy and adds another while his sister is restricted, as somebody for whom she does not
// exist: each keeps its own row, and he stays her brother.
func TestARestrictedChildIsNotWrittenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		officer, supervisor := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleSupervisor)
		d := mothers()
		r, err := worker(db).Open(ctx, officer, d)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(ctx, supervisor, func(tx *store.Tx) error {
			_, err := tx.Restrict(r.Sought[:1], homeward.GroundContested, "the father contests it")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		boy := d.Children[1]
		boy.Birth = "2.2.2013"
		if err := worker(db).Correct(ctx, officer, r.ID, r.Sought[1], boy, "she found the certificate"); err != nil {
			t.Fatal(err)
		}
		added, err := worker(db).Add(ctx, officer, r.ID, casework.Child{Name: "Вигаданенко Ілля Іванович"}, true)
		if err != nil {
			t.Fatal(err)
		}
		_, told := known(t, db, supervisor, r.ID)
		if len(told) != 3 || told[0].ID != r.Sought[0] || told[2].ID != added {
			t.Fatalf("%d children are told of", len(told))
		}
		for i, row := range []string{"1", "2", "3"} {
			if told[i].SourceRow != row || told[i].Line != i+1 {
				t.Errorf("child %d is told of in row %s", i, told[i].SourceRow)
			}
		}
		tells(t, told[1], homeward.PathBirthDate, "2.2.2013")
		tells(t, told[1], homeward.PathSiblings, "Вигаданенко Марія Іванівна")
		err = db.View(ctx, homeward.System, func(tx *store.Tx) error {
			rows, err := tx.CurrentRows(r.Source)
			for _, record := range told {
				if row := rows[tx.Fingerprint("row", string(r.Source), record.SourceRow)]; row.Record != record.ID {
					t.Errorf("row %s is another child's", record.SourceRow)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// weight returns that of the best pair of a record; when it is in none, as little as can be.
func weight(t *testing.T, db *store.DB, record homeward.RecordID) (w float64) {
	t.Helper()
	err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
		pairs, err := tx.PairsOf(record)
		if w = math.Inf(-1); len(pairs) > 0 {
			w = pairs[0].Weight
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestNoChildIsAddedWhereNobodyIsLookedFor refuses a child after the withdrawal of consent, after one was found, and beyond eight.
func TestNoChildIsAddedWhereNobodyIsLookedFor(t *testing.T) {
	given := []homeward.Consent{{Purpose: homeward.PurposeTracing, Answer: homeward.ConsentGiven}}
	for key, r := range map[string]homeward.Request{
		"request.refused.consent":  {Moves: []homeward.Move{{To: homeward.RequestOpen}}},
		"request.refused.children": {Moves: []homeward.Move{{To: homeward.RequestProposed}}, Consents: given},
		"request.refused.many":     {Moves: []homeward.Move{{To: homeward.RequestOpen}}, Consents: given, Sought: make([]homeward.RecordID, casework.MostChildren)},
	} {
		if m := casework.BarsAdding(r); m == nil || m.Key != key {
			t.Errorf("%v, want %s", m, key)
		}
	}
	if m := casework.BarsAdding(homeward.Request{Moves: []homeward.Move{{To: homeward.RequestInProgress}}, Consents: given}); m != nil {
		t.Errorf("refused: %v", m)
	}
}

// TestWhatIsKnownReadsBackAsItWasTold draws what a family tells, and reads it back from the records as a form would have it: sent
// as it is, nothing is new in it.
func TestWhatIsKnownReadsBackAsItWasTold(t *testing.T) {
	db := storetest.Open(t)
	officer := addUser(t, db, homeward.RoleTracingOfficer)
	rapid.Check(t, func(rt *rapid.T) {
		d := mothers()
		d.Siblings = rapid.Bool().Draw(rt, "siblings")
		d.Children = d.Children[:rapid.IntRange(1, 2).Draw(rt, "children")]
		for i := range d.Children {
			for _, q := range casework.Questions[1:] {
				if q.Name != "birth" && q.Name != "parted" {
					*q.Of(&d.Children[i]) = rapid.SampledFrom([]string{"", "Ліда", "two words"}).Draw(rt, q.Name)
				}
			}
		}
		r, err := worker(db).Open(ctx, officer, d)
		if err != nil {
			rt.Fatal(err)
		}
		r, told := known(t, db, officer, r.ID)
		got := casework.Known(r, told)
		for i, child := range got.Children {
			if child.Name != d.Children[i].Name || child.Note != d.Children[i].Note || child.Birth != d.Children[i].Birth || child.Parted != d.Children[i].Parted {
				rt.Fatal("what was told reads back otherwise")
			}
			if err := worker(db).Correct(ctx, officer, r.ID, told[i].ID, child, "looked again"); !errors.Is(err, homeward.ErrInvalid) {
				rt.Fatalf("what was read back is told as new: %v", err)
			}
		}
	})
}
