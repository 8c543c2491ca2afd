package registry_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

func show(t *testing.T, db *store.DB, id homeward.RecordID) registry.View {
	t.Helper()
	v, err := registry.Show(ctx, db, officer, homeward.PersonID(id))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func facet(t *testing.T, v registry.View, p homeward.Path) registry.Facet {
	t.Helper()
	for _, f := range v.Facets {
		if f.Path == p {
			return f
		}
	}
	t.Fatalf("no facet %s", p)
	return registry.Facet{}
}

// family is one synthetic child in three sources that do not agree, with a sibling.
func family(t *testing.T, db *store.DB) (ids []homeward.RecordID, sibling homeward.RecordID) {
	t.Helper()
	reports := storetest.Put(t, db, "family reports",
		claims("name.family", "Вигадана", "name.given", "Олена", "name.patronymic", "Іванівна", "birth.date", "13.4.2014", "sex", "ж",
			"birth.place", "Маріуполь", "mother.name", "Вигадана Марія", "family.id", "F1", "event.taken.date", "15.3.2022", "event.taken.place", "Маріуполь"),
		claims("name.family", "Вигаданий", "name.given", "Петро", "birth.date", "2016", "sex", "ч", "family.id", "F1"))
	listing := storetest.Put(t, db, "adoption listing",
		claims("name.imposed", "Выдуманная Елена", "birth.date", "20.06.2014", "sex", "девочка", "birth.place", "Воронеж",
			"event.renamed.date", "2023", "event.renamed.actor", "детский дом № 0", "event.placed.place", "область"))
	ngo := storetest.Put(t, db, "ngo list",
		claims("name.full", "Olena Vyhadana", "age", "about 10", "sex", "female", "birth.place", "Mariupol", "mother.name", "Mariia Vyhadana",
			"event.deported.place", "oblast", "event.deported.date", "2022-05"))
	decide(t, db, reports[0], listing[0], homeward.Same)
	decide(t, db, reports[0], ngo[0], homeward.Same)
	run(t, registry.Open(db))
	return []homeward.RecordID{reports[0], listing[0], ngo[0]}, reports[1]
}

func TestPageShowsContradictionsAndOnlyThose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids, _ := family(t, db)
		v := show(t, db, ids[2])
		if v.Person.ID != homeward.PersonID(ids[0]) || len(v.Records) != 3 || len(v.Sources) != 3 {
			t.Fatalf("person %s with %d records of %d sources", v.Person.ID, len(v.Records), len(v.Sources))
		}
		for path, want := range map[homeward.Path]bool{
			homeward.PathBirthDate: true, homeward.PathBirthPlace: true,
			homeward.PathSex: false, homeward.PathMother: false, homeward.PathAge: false,
		} {
			if f := facet(t, v, path); f.Contradiction != want {
				t.Errorf("%s: contradiction %v, want %v", path, f.Contradiction, want)
			}
		}
		places := facet(t, v, homeward.PathBirthPlace)
		if len(places.Values) != 2 || len(places.Values[0].Claims) != 2 {
			t.Errorf("birthplaces: %d values, the first said by %d; want the two scripts to be one value", len(places.Values), len(places.Values[0].Claims))
		}
	})
}

func TestImposedNameStandsUnderTheTrueOneWithWhoImposedIt(t *testing.T) {
	db := storetest.Open(t)
	ids, _ := family(t, db)
	v := show(t, db, ids[0])
	f := facet(t, v, homeward.PathNameFull)
	last := f.Values[len(f.Values)-1]
	if f.Values[0].Imposed || !last.Imposed || last.ImposedBy != "детский дом № 0" || f.Contradiction {
		t.Errorf("%d values; imposed last %v, by %d letters, contradiction %v", len(f.Values), last.Imposed, len(last.ImposedBy), f.Contradiction)
	}
	if v.Name != "Вигадана Олена Іванівна" {
		t.Errorf("shown under a name of %d letters, want the fullest original one", len(v.Name))
	}
}

func TestTimelineIsInTheOrderOfTime(t *testing.T) {
	db := storetest.Open(t)
	ids, _ := family(t, db)
	v := show(t, db, ids[0])
	var types []homeward.EventType
	for _, m := range v.Timeline {
		types = append(types, m.Type)
		if m.Source == "" || m.Person != v.Person.ID || m.KnownAt.IsZero() {
			t.Errorf("event %s lacks who said it or when", m.ID)
		}
	}
	want := []homeward.EventType{homeward.EventTaken, homeward.EventDeported, homeward.EventRenamed, homeward.EventPlaced}
	if d := cmp.Diff(want, types); d != "" {
		t.Error(d)
	}
	if v.Timeline[0].Place != "Маріуполь" || v.Timeline[3].When.Precision != homeward.PrecisionNone {
		t.Error("the words of the events are not there, or a date was made up")
	}
}

func TestSiblingsAreNamed(t *testing.T) {
	db := storetest.Open(t)
	ids, sibling := family(t, db)
	v := show(t, db, ids[0])
	if len(v.Siblings) != 1 {
		t.Fatalf("%d siblings", len(v.Siblings))
	}
	s := v.Siblings[0]
	if s.Person != homeward.PersonID(sibling) || s.Name != "Вигаданий Петро" || s.Birth.Precision != homeward.PrecisionYear || s.Sex != "ч" {
		t.Errorf("sibling %s: name of %d letters, birth %s", s.Person, len(s.Name), s.Birth)
	}
}

func TestPageShowsWhatEditionsChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := registry.Open(db)
		ids := storetest.Put(t, db, "list", claims("name.full", "Вигадана Олена", "birth.date", "13.4.2014", "event.taken.date", "2022", "family.id", "1"),
			claims("name.full", "Вигадана Ірина", "family.id", "1"))
		run(t, r)
		newer := change(t, db, ids[0], homeward.RecordAccepted, claims("name.full", "Выдуманная Елена", "birth.date", "20.6.2014", "event.taken.date", "2022", "event.placed.place", "x"))
		run(t, r)
		v := show(t, db, newer)
		if v.Person.ID != homeward.PersonID(ids[0]) || len(v.Records) != 2 || v.Superseded[ids[0]] != newer {
			t.Fatalf("person %s with %d records", v.Person.ID, len(v.Records))
		}
		if f := facet(t, v, homeward.PathBirthDate); f.Contradiction || len(f.Values) != 2 || f.Values[0].Current() || !f.Values[1].Current() {
			t.Error("a correction by the source itself is shown as a contradiction, or the old value is not kept")
		}
		if v.Name != "Выдуманная Елена" {
			t.Error("not shown under the name the source says now")
		}
		kinds := []homeward.ChangeKind{}
		for _, c := range v.Changes {
			kinds = append(kinds, c.Kind)
		}
		if d := cmp.Diff([]homeward.ChangeKind{homeward.ChangeAdded, homeward.ChangeChanged}, kinds); d != "" {
			t.Error(d)
		}
		if len(v.Timeline) != 2 {
			t.Errorf("%d events: one told by both editions is to be shown once", len(v.Timeline))
		}
		if len(v.Siblings) != 0 {
			t.Error("a family id that the source took back still joins siblings")
		}
	})
}

func TestAnImposedNameAloneTellsOfARenaming(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", claims("name.full", "a", "name.imposed", "b"))
	run(t, registry.Open(db))
	v := show(t, db, ids[0])
	if len(v.Timeline) != 1 || v.Timeline[0].Type != homeward.EventRenamed || !v.Timeline[0].When.IsZero() {
		t.Errorf("%d events", len(v.Timeline))
	}
}

func TestWhoMaySeeAPerson(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", claims("name.full", "a"))
	run(t, registry.Open(db))
	for _, role := range homeward.Roles {
		actor := homeward.Actor{ID: "someone", Role: role}
		_, err := registry.Show(ctx, db, actor, homeward.PersonID(ids[0]))
		if denied := errors.Is(err, homeward.ErrDenied); denied == actor.Can(homeward.ActionSeePerson) {
			t.Errorf("%s: denied %v", role, denied)
		}
	}
	if _, err := registry.Show(ctx, db, officer, "nobody"); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("an unknown person: %v", err)
	}
	err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
		rows, err := tx.AuditOf(string(ids[0]), 100)
		if len(rows) == 0 || rows[0].Actor.ID != "someone" {
			t.Errorf("%d audit rows: reading a person is not audited", len(rows))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestForeseeSaysWhatADecisionWouldMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"), claims("name.full", "c"), claims("name.full", "d"))
		taken := decide(t, db, ids[0], ids[1], homeward.Same)
		run(t, registry.Open(db))
		untouched := read(t, db)
		foresee := func(p registry.Proposal) registry.Consequences {
			t.Helper()
			c, err := registry.Foresee(ctx, db, officer, p)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		type list = [][]homeward.RecordID
		same := registry.Proposal{Judge: &homeward.Decision{Pair: homeward.PairOf(ids[1], ids[2]), Judgement: homeward.Same}}
		want := registry.Consequences{Before: list{{ids[0], ids[1]}, {ids[2]}}, After: list{{ids[0], ids[1], ids[2]}}}
		if d := cmp.Diff(sorted(want), sorted(foresee(same))); d != "" {
			t.Errorf("same: %s", d)
		}
		want = registry.Consequences{Before: list{{ids[0], ids[1]}}, After: list{{ids[0]}, {ids[1]}}}
		if d := cmp.Diff(sorted(want), sorted(foresee(registry.Proposal{Revoke: taken}))); d != "" {
			t.Errorf("revoke: %s", d)
		}
		apart := decide(t, db, ids[0], ids[2], homeward.Different)
		c := foresee(same)
		if d := cmp.Diff(c.Before, c.After); d != "" || len(c.Conflicts) != 1 || c.Conflicts[0].Against != apart {
			t.Errorf("a refused join moves %d persons, with %d conflicts", len(c.After), len(c.Conflicts))
		}
		if d := cmp.Diff(untouched, read(t, db)); d != "" {
			t.Errorf("foreseeing changed the register: %s", d)
		}
		if _, err := registry.Foresee(ctx, db, homeward.Actor{ID: "x", Role: homeward.RoleAuditor}, same); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("auditor: %v", err)
		}
		if _, err := registry.Foresee(ctx, db, officer, registry.Proposal{Revoke: "none"}); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("unknown decision: %v", err)
		}
	})
}

// sorted puts records that were received at the same instant, whose ids are random, in one order.
func sorted(c registry.Consequences) registry.Consequences {
	for _, l := range [][][]homeward.RecordID{c.Before, c.After} {
		for _, p := range l {
			sortIDs(p)
		}
		sortLists(l)
	}
	return c
}

// TestWhatIsForeseenHappens lets a register grow by random acts, asks each time what an act would move, does it, and
// compares.
func TestWhatIsForeseenHappens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := registry.Open(db)
		var rows [][]homeward.Claim
		for range 9 {
			rows = append(rows, claims("name.full", "a"))
		}
		records := storetest.Put(t, db, "list", rows...)
		bad := change(t, db, records[0], homeward.RecordQuarantined, rows[0])
		records = append(records, change(t, db, bad, homeward.RecordAccepted, rows[0]))
		var decisions []homeward.DecisionID
		run(t, r)
		acts := 0
		rapid.Check(t, func(rt *rapid.T) {
			if acts++; acts > 40 {
				return // each act is a handful of transactions: enough for every run of the tests
			}
			var p registry.Proposal
			var act func()
			if len(decisions) > 6 || len(decisions) > 0 && rapid.Bool().Draw(rt, "revoke") {
				i := rapid.IntRange(0, len(decisions)-1).Draw(rt, "decision")
				p.Revoke = decisions[i]
				act = func() { revoke(t, db, p.Revoke); decisions = slices.Delete(decisions, i, i+1) }
			} else {
				a, b := rapid.SampledFrom(records).Draw(rt, "a"), rapid.SampledFrom(records).Draw(rt, "b")
				if a == b {
					return
				}
				j := rapid.SampledFrom([]homeward.Judgement{homeward.Same, homeward.Same, homeward.Different, homeward.Unsure}).Draw(rt, "judgement")
				p.Judge = &homeward.Decision{Pair: homeward.PairOf(a, b), Judgement: j}
				act = func() { decisions = append(decisions, decide(t, db, a, b, j)) }
			}
			foreseen, err := registry.Foresee(ctx, db, officer, p)
			if err != nil {
				rt.Fatal(err)
			}
			before := parts(read(t, db))
			act()
			run(t, r)
			after := parts(read(t, db))
			for _, part := range foreseen.Before {
				if !before[fmt.Sprint(part)] {
					rt.Fatal("a person before is not as it was")
				}
				delete(before, fmt.Sprint(part))
			}
			for _, part := range foreseen.After {
				if !after[fmt.Sprint(part)] {
					rt.Fatal("a person is not as foreseen")
				}
				delete(after, fmt.Sprint(part))
			}
			if d := cmp.Diff(before, after); d != "" {
				rt.Fatalf("something moved that was not foreseen: %s", d)
			}
		})
	})
}

// parts returns the persons as sets of records.
func parts(d derived) map[string]bool {
	out := map[string]bool{}
	for _, p := range d.Persons {
		out[fmt.Sprint(p.Records)] = true
	}
	return out
}
