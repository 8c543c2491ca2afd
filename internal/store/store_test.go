package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var ctx = context.Background()

func claims(kv ...string) []homeward.Claim {
	var out []homeward.Claim
	for i := 0; i+1 < len(kv); i += 2 {
		out = append(out, homeward.Claim{Path: homeward.Path(kv[i]), Value: kv[i+1], Heading: kv[i]})
	}
	return out
}

func update(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(ctx, homeward.System, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.View(ctx, homeward.System, fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

func TestRecordComesBackAsReceived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		want := []homeward.Claim{
			{Path: homeward.PathNameFull, Value: "  Олена\tПриклад ", Heading: "ПІБ", Lang: "uk", Part: 0},
			{Path: homeward.PathBirthDate, Value: "бл. 2015", Heading: "дн", Part: 1, When: homeward.Date{
				Raw: "бл. 2015", From: homeward.YMD(2014, 1, 1), To: homeward.YMD(2016, 12, 31), Precision: homeward.PrecisionAbout}},
			{Path: homeward.PathDocument, Value: "", Verified: true, Imposed: true, Grade: homeward.Grade{Reliability: "B", Credibility: "2"}},
		}
		ids := storetest.Put(t, db, "list", want)
		view(t, db, func(tx *store.Tx) error {
			r, err := tx.Record(ids[0])
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, r.Claims); diff != "" {
				t.Errorf("claims differ in %d bytes of diff", len(diff))
			}
			if len(r.Row) != len(want) || r.Row[0].Text != want[0].Value {
				t.Error("the row is not the one received")
			}
			return nil
		})
	})
}

func TestEachRecordGivesEveryRecordOnceInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var want []homeward.RecordID
		for range 3 {
			rows := make([][]homeward.Claim, 900)
			for i := range rows {
				rows[i] = claims("name.full", "synthetic")
			}
			want = append(want, storetest.Put(t, db, "list", rows...)...)
		}
		slices.Sort(want)
		var have []homeward.RecordID
		err := db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
			have = append(have, r.ID)
			return nil
		})
		if err != nil || !slices.Equal(have, want) {
			t.Fatalf("have %d records, want %d in order; error %v", len(have), len(want), err)
		}
	})
}

func TestNoAccessWithoutAnActor(t *testing.T) {
	db := storetest.Open(t)
	nobody := func(*store.Tx) error { t.Error("ran without an actor"); return nil }
	if err := db.View(ctx, homeward.Actor{}, nobody); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("view: %v", err)
	}
	if err := db.Update(ctx, homeward.Actor{}, nobody); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("update: %v", err)
	}
}

func TestReadingARecordWritesAnAuditRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := storetest.Put(t, db, "list", claims("name.full", "synthetic"))[0]
		reader := homeward.Actor{ID: "u-1", Role: homeward.RoleReviewer}
		err := db.View(ctx, reader, func(tx *store.Tx) error { _, err := tx.Record(id); return err })
		if err != nil {
			t.Fatal(err)
		}
		view(t, db, func(tx *store.Tx) error {
			rows, err := tx.AuditOf(string(id), 10)
			if len(rows) != 1 || rows[0].Actor != reader || rows[0].Action != "read" {
				t.Errorf("audit rows: %v", rows)
			}
			return err
		})
	})
}

func TestFailedUpdateLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		boom := errors.New("boom")
		err := db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			if _, err := tx.PutSource(homeward.Source{Name: "list"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("error: %v", err)
		}
		view(t, db, func(tx *store.Tx) error {
			list, err := tx.Sources()
			if len(list) != 0 {
				t.Errorf("%d sources left", len(list))
			}
			if n, _ := tx.TreeSize(); n != 0 {
				t.Errorf("%d leaves left", n)
			}
			return err
		})
	})
}

func TestSourcesAndEditionsAreFoundByTheirWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var src homeward.Source
		update(t, db, func(tx *store.Tx) (err error) {
			src, err = tx.PutSource(homeward.Source{Name: "Список", Language: "uk", DuplicateFree: true, Mapping: homeward.Mapping{"ПІБ": homeward.PathNameFull}})
			if err != nil {
				return err
			}
			e := homeward.Edition{Source: src.ID, SHA256: "ab", Date: homeward.Exact(homeward.YMD(2024, 5, 1)), Size: 7, Format: "csv", Encoding: "koi8-u"}
			if _, err = tx.PutEdition(e); err != nil {
				return err
			}
			if _, err = tx.PutEdition(e); !errors.Is(err, homeward.ErrConflict) {
				t.Errorf("the same file twice: %v", err)
			}
			if _, err = tx.PutSource(homeward.Source{Name: "Список"}); !errors.Is(err, homeward.ErrConflict) {
				t.Errorf("the same name twice: %v", err)
			}
			return nil
		})
		view(t, db, func(tx *store.Tx) error {
			have, err := tx.SourceNamed("Список")
			if err != nil {
				return err
			}
			if have.ID != src.ID || !have.DuplicateFree || have.Mapping["ПІБ"] != homeward.PathNameFull {
				t.Error("the source is not the one put")
			}
			e, err := tx.EditionOf(src.ID, "ab")
			if err != nil {
				return err
			}
			if e.Encoding != "koi8-u" || e.Date.From != homeward.YMD(2024, 5, 1) || e.State != homeward.EditionReading {
				t.Error("the edition is not the one put")
			}
			_, err = tx.SourceNamed("список")
			if !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("another name: %v", err)
			}
			return nil
		})
	})
}

func TestPairFollowsItsNewestStandingDecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		pair := homeward.PairOf(ids[0], ids[1])
		left, right, _ := pair.Records()
		state := func(want homeward.PairState) {
			t.Helper()
			view(t, db, func(tx *store.Tx) error {
				p, err := tx.Pair(pair)
				if p.State != want {
					t.Errorf("state %s, want %s", p.State, want)
				}
				return err
			})
		}
		var first, second homeward.Decision
		update(t, db, func(tx *store.Tx) error {
			n, err := tx.PutPairs([]homeward.Pair{{ID: pair, Left: left, Right: right, Weight: 3, Probability: 0.9, Model: "m"}})
			if n != 1 {
				t.Errorf("%d pairs added", n)
			}
			return err
		})
		state(homeward.PairProposed)
		decide := func(j homeward.Judgement) (d homeward.Decision) {
			update(t, db, func(tx *store.Tx) (err error) {
				d, err = tx.PutDecision(homeward.Decision{Pair: pair, Judgement: j, Basis: homeward.BasisReview, Reason: "слова"})
				return err
			})
			return d
		}
		first = decide(homeward.Unsure)
		state(homeward.PairUnsure)
		second = decide(homeward.Same)
		state(homeward.PairSame)
		update(t, db, func(tx *store.Tx) error { return tx.RevokeDecision(second.ID, "помилка") })
		state(homeward.PairUnsure)
		update(t, db, func(tx *store.Tx) error { return tx.RevokeDecision(first.ID, "теж") })
		state(homeward.PairProposed)
		view(t, db, func(tx *store.Tx) error {
			list, err := tx.DecisionsOf(pair)
			if len(list) != 2 || list[0].Reason != "слова" || list[1].RevokeReason != "помилка" {
				t.Error("decisions lost their words")
			}
			return err
		})
	})
}

func TestCheckpointCoversEveryEntryAndProofsAreGiven(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"), claims("name.full", "c"))
		text, err := db.Checkpoint(ctx)
		if err != nil || !strings.HasPrefix(string(text), "homeward.local/") {
			t.Fatalf("checkpoint of %d bytes: %v", len(text), err)
		}
		again, err := db.Checkpoint(ctx)
		if err != nil || string(again) != string(text) {
			t.Errorf("a log that did not grow was signed again: %v", err)
		}
		view(t, db, func(tx *store.Tx) error {
			entries, err := tx.EntriesAfter(-1, 100)
			if err != nil {
				return err
			}
			if len(entries) != 6 { // source, edition, three records, edition complete
				t.Errorf("%d entries", len(entries))
			}
			for _, e := range entries {
				if proof, err := tx.ProveEntry(e.ID); err != nil || len(proof) == 0 {
					t.Errorf("entry %d: %v", e.Index, err)
				}
			}
			return nil
		})
		v, err := db.Verify(ctx, homeward.Operator, nil)
		if err != nil || !v.OK() || v.Entries != 6 || v.Checkpoints != 1 || v.Records != 3 {
			t.Errorf("verify: %+v, %v", v, err)
		}
	})
}

func TestInvitationWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(
				tx.PutInvitation("good", homeward.RoleAdministrator, tx.Now.Add(time.Hour)),
				tx.PutInvitation("late", homeward.RoleAdministrator, tx.Now.Add(-time.Hour)))
		})
		update(t, db, func(tx *store.Tx) error {
			in, err := tx.UseInvitation("good")
			if in.Role != homeward.RoleAdministrator || in.By != homeward.System.ID {
				t.Errorf("invitation %+v", in)
			}
			return err
		})
		view(t, db, func(tx *store.Tx) error { // who invited, and that somebody joined, is told by the log
			list, err := tx.EntriesAfter(-1, 10, "invitation", "invitation-used")
			if len(list) != 3 {
				t.Errorf("%d entries", len(list))
			}
			return err
		})
		for _, token := range []string{"good", "late", "none"} {
			err := db.Update(ctx, homeward.System, func(tx *store.Tx) error { _, err := tx.UseInvitation(token); return err })
			if !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("%s: %v", token, err)
			}
		}
	})
}

func TestUserIsFoundByNameWhateverItsCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		update(t, db, func(tx *store.Tx) error {
			_, err := tx.PutUser("Оксана", homeward.RoleReviewer, "hash")
			return err
		})
		operate(t, db, func(tx *store.Tx) error {
			u, err := tx.UserNamed(" оксана ")
			if err != nil {
				return err
			}
			_, err = tx.SetRole(u.ID, homeward.RoleSupervisor)
			return errors.Join(err, tx.Disable(u.ID))
		})
		view(t, db, func(tx *store.Tx) error {
			u, err := tx.UserNamed("ОКСАНА")
			if u.Role != homeward.RoleSupervisor || u.Active || u.Name != "Оксана" {
				t.Error("the user is not as changed")
			}
			return err
		})
	})
}

func TestSessionsExpire(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := db.Sessions()
		now := time.Now()
		err := errors.Join(s.CommitCtx(ctx, "a", []byte("x"), now.Add(time.Hour)), s.CommitCtx(ctx, "b", []byte("y"), now.Add(-time.Hour)))
		if err != nil {
			t.Fatal(err)
		}
		if data, found, err := s.FindCtx(ctx, "a"); err != nil || !found || string(data) != "x" {
			t.Errorf("live session: %v %v", found, err)
		}
		if _, found, _ := s.FindCtx(ctx, "b"); found {
			t.Error("an expired session was found")
		}
		if err := s.DeleteCtx(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := s.FindCtx(ctx, "a"); found {
			t.Error("an ended session was found")
		}
	})
}

func TestFigureTwiceIsOneFigure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := homeward.Figure{Date: homeward.Exact(homeward.YMD(2024, 1, 1)), Publisher: "p", Category: "returned", Relation: "=", Value: 3, Scope: "words"}
		for i, want := range []bool{true, false} {
			update(t, db, func(tx *store.Tx) error {
				added, err := tx.PutFigure(f)
				if added != want {
					t.Errorf("time %d: added %v", i+1, added)
				}
				return err
			})
		}
		view(t, db, func(tx *store.Tx) error {
			list, err := tx.Figures()
			if len(list) != 1 || list[0].Scope != "words" || list[0].KnownAt.IsZero() {
				t.Errorf("%d figures", len(list))
			}
			return err
		})
	})
}

func TestPersonIsFoundByAnyOfItsRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"), claims("name.full", "c"))
		update(t, db, func(tx *store.Tx) error {
			return tx.ReplacePersons([]homeward.Person{
				{ID: homeward.PersonID(ids[0]), Records: []homeward.RecordID{ids[0], ids[1]}, Since: tx.Now},
				{ID: homeward.PersonID(ids[2]), Records: ids[2:], Since: tx.Now}}, nil)
		})
		update(t, db, func(tx *store.Tx) error { // the third record joins the first two
			return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(ids[0]), Records: ids, Since: tx.Now}}, []homeward.PersonID{homeward.PersonID(ids[2])})
		})
		view(t, db, func(tx *store.Tx) error {
			p, err := tx.Person(homeward.PersonID(ids[2]))
			if p.ID != homeward.PersonID(ids[0]) || len(p.Records) != 3 {
				t.Errorf("person with %d records", len(p.Records))
			}
			if n, _ := tx.CountPersons(); n != 1 {
				t.Errorf("%d persons", n)
			}
			return err
		})
	})
}
