package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

var ctx = context.Background()

// mothers is a draft that nothing is wrong with: a mother who seeks two children.
func mothers() casework.Draft {
	return casework.Draft{
		Inquirer:      homeward.Inquirer{Name: "Вигаданенко Олена", Relationship: homeward.RelationMother, Contact: "+380 50 000 11 22"},
		Circumstances: "розлучені на блокпосту", Siblings: true,
		Children: []casework.Child{
			{Name: "Вигаданенко Марія Іванівна", Birth: "13.4.2014", Home: "Маріуполь", Parted: "березень 2022", PartedAt: "Мангуш"},
			{Name: "Вигаданенко Остап Іванович", Birth: "близько 9 років", Sex: "хлопець", Note: "боїться темряви"},
		},
		Consents: []casework.Answer{{Purpose: homeward.PurposeTracing, Given: true, Scope: "усно, телефоном"}, {Purpose: homeward.PurposePublishing}},
	}
}

func worker(db *store.DB) casework.Casework { return casework.Casework{DB: db, Read: intake.Claims} }

func addUser(t *testing.T, db *store.DB, role homeward.Role) homeward.Actor {
	t.Helper()
	var u store.User
	err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		u, err = tx.PutUser(string(role), role, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u.Actor()
}

// list brings in a list that names the sought girl, and brings every stage up to date.
func list(t *testing.T, db *store.DB, stages *pipeline.Pipeline) {
	t.Helper()
	bring(t, db, stages, "list")
}

// list2 brings in another list that does.
func list2(t *testing.T, db *store.DB, stages *pipeline.Pipeline) {
	t.Helper()
	bring(t, db, stages, "another list")
}

func bring(t *testing.T, db *store.DB, stages *pipeline.Pipeline, source string) {
	t.Helper()
	in := intake.Input{File: strings.NewReader("id,name,birth date,city\n1,Vyhadanenko Mariia,13.04.2014,Mariupol\n2,Somebody Else,01.02.2010,Kyiv\n"), Source: source}
	if _, err := intake.Import(ctx, db, homeward.Operator, in); err != nil {
		t.Fatal(err)
	}
	run(t, stages)
}

func run(t *testing.T, stages *pipeline.Pipeline) {
	t.Helper()
	if _, err := stages.Run(ctx, nil); err != nil {
		t.Fatal(err)
	}
}

// TestASoughtChildEntersLinkage opens a request and finds its child proposed beside the record of a list.
func TestASoughtChildEntersLinkage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		stages := pipeline.New(db)
		list(t, db, stages)
		officer := addUser(t, db, homeward.RoleTracingOfficer)
		r, err := worker(db).Open(ctx, officer, mothers())
		if err != nil {
			t.Fatal(err)
		}
		run(t, stages)
		err = db.View(ctx, officer, func(tx *store.Tx) error {
			pairs, err := tx.PairsOf(r.Sought[0])
			if err != nil || len(pairs) != 1 {
				t.Fatalf("%d pairs of the sought girl: %v", len(pairs), err)
			}
			records, err := tx.RecordsByID(r.Sought)
			if err != nil {
				return err
			}
			source, err := tx.Source(r.Source)
			if source.Name != r.ID.Code() || !source.DuplicateFree || records[0].Source != r.Source {
				t.Error("the request is not the source of its children")
			}
			tells(t, records[0], homeward.PathMother, "Вигаданенко Олена")
			tells(t, records[0], homeward.PathSiblings, "Вигаданенко Остап Іванович")
			tells(t, records[1], homeward.PathAge, "близько 9 років")
			tells(t, records[1], homeward.PathPhone, "+380 50 000 11 22")
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

func tells(t *testing.T, r homeward.Record, path homeward.Path, value string) {
	t.Helper()
	if c, ok := r.First(path); !ok || c.Value != value {
		t.Errorf("the record does not tell of %s", path)
	}
}

// TestARequestGoesTheWholeWay proposes, verifies and reunifies, each refused until what it rests on is there.
func TestARequestGoesTheWholeWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		stages, desk := pipeline.New(db), worker(db)
		list(t, db, stages)
		officer, caseworker, supervisor := addUser(t, db, homeward.RoleTracingOfficer), addUser(t, db, homeward.RoleCaseworker), addUser(t, db, homeward.RoleSupervisor)
		r, err := desk.Open(ctx, officer, mothers())
		if err != nil {
			t.Fatal(err)
		}
		run(t, stages)
		move := func(who homeward.Actor, to homeward.RequestState, want error) {
			t.Helper()
			if err := desk.Move(ctx, who, r.ID, to, "because"); !errors.Is(err, want) {
				t.Errorf("%s to %s: %v, want %v", who.Role, to, err, want)
			}
		}
		move(officer, homeward.RequestInProgress, nil)
		move(officer, homeward.RequestProposed, homeward.ErrConflict) // nobody decided anything
		var pair homeward.PairID
		err = db.View(ctx, officer, func(tx *store.Tx) error {
			pairs, err := tx.PairsOf(r.Sought[0])
			pair = pairs[0].ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		d, err := stages.Review.Decide(ctx, officer, pair, homeward.Same, "because")
		if err != nil {
			t.Fatal(err)
		}
		move(officer, homeward.RequestProposed, nil)
		move(officer, homeward.RequestVerified, homeward.ErrDenied) // one's own proposal
		move(supervisor, homeward.RequestReunified, homeward.ErrConflict)
		move(caseworker, homeward.RequestVerified, nil)
		if err := stages.Review.Revoke(ctx, supervisor, d.ID, "mistaken"); err != nil {
			t.Fatal(err)
		}
		move(supervisor, homeward.RequestReunified, homeward.ErrConflict) // what it rests on was revoked
		if _, err := stages.Review.Decide(ctx, supervisor, pair, homeward.Same, "looked again"); err != nil {
			t.Fatal(err)
		}
		move(supervisor, homeward.RequestReunified, homeward.ErrConflict) // nobody knows what is best for the children
		for i, d := range []homeward.Determination{
			{Outcome: homeward.InterestsFamily, Grounds: "both homes were visited", Wishes: "to be with her mother"},
			{Outcome: homeward.InterestsWaived, Grounds: "he is sought by a request of his own"},
		} {
			d.Child = r.Sought[i]
			if err := desk.Determine(ctx, supervisor, r.ID, d); err != nil {
				t.Fatal(err)
			}
		}
		move(caseworker, homeward.RequestReunified, homeward.ErrDenied)
		move(supervisor, homeward.RequestReunified, nil)
		move(officer, homeward.RequestInProgress, nil) // taken back
	})
}

// TestWithoutConsentNobodyIsLookedFor withdraws consent to tracing, and gives it again.
func TestWithoutConsentNobodyIsLookedFor(t *testing.T) {
	db := storetest.Open(t)
	desk, officer := worker(db), addUser(t, db, homeward.RoleTracingOfficer)
	r, err := desk.Open(ctx, officer, mothers())
	if err != nil {
		t.Fatal(err)
	}
	say := func(a homeward.ConsentAnswer) {
		t.Helper()
		if err := desk.Say(ctx, officer, r.ID, homeward.Consent{Purpose: homeward.PurposeTracing, Answer: a, Scope: "by telephone"}); err != nil {
			t.Fatal(err)
		}
	}
	state := func() (s homeward.RequestState) {
		t.Helper()
		err := db.View(ctx, officer, func(tx *store.Tx) error {
			now, err := tx.Request(r.ID)
			s = now.State()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	say(homeward.ConsentWithdrawn)
	if state() != homeward.RequestWithdrawn {
		t.Errorf("the request is %s after consent was withdrawn", state())
	}
	if err := desk.Move(ctx, officer, r.ID, homeward.RequestInProgress, ""); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("work goes on without consent: %v", err)
	}
	say(homeward.ConsentGiven)
	if err := desk.Move(ctx, officer, r.ID, homeward.RequestInProgress, ""); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("taken up again without saying why: %v", err)
	}
	if err := desk.Move(ctx, officer, r.ID, homeward.RequestInProgress, "she called again"); err != nil {
		t.Error(err)
	}
}

func TestADraftSaysWhichFieldIsWrong(t *testing.T) {
	today := homeward.YMD(2026, 3, 1)
	if wrong := mothers().Check(today); len(wrong) > 0 {
		t.Fatalf("a good draft is wrong in %v", wrong)
	}
	for field, spoil := range map[string]func(*casework.Draft){
		"inquirer":        func(d *casework.Draft) { d.Inquirer.Name = " 7 " },
		"relationship":    func(d *casework.Draft) { d.Inquirer.Relationship = "cousin-in-law" },
		"contact":         func(d *casework.Draft) { d.Inquirer.Contact = "" },
		"consent-tracing": func(d *casework.Draft) { d.Consents = nil },
		"name-1":          func(d *casework.Draft) { d.Children[1].Name = "?" },
		"birth-0":         func(d *casework.Draft) { d.Children[0].Birth = "навесні" },
		"parted-0":        func(d *casework.Draft) { d.Children[0].Parted = "xx" },
		"marks-0":         func(d *casework.Draft) { d.Children[0].Marks = strings.Repeat("a", casework.LongestLine+1) },
		"name-0":          func(d *casework.Draft) { d.Children = nil },
	} {
		d := mothers()
		spoil(&d)
		wrong := d.Check(today)
		if len(wrong) != 1 || wrong[0].Field != field {
			t.Errorf("%s is spoiled, and wrong is %v", field, wrong)
		}
	}
}

// TestWhatIsCheckedCanBeWritten draws drafts: one that nothing is wrong with is opened, whatever its words are, and its
// records say each of them.
func TestWhatIsCheckedCanBeWritten(t *testing.T) {
	db := storetest.Open(t)
	desk, officer := worker(db), addUser(t, db, homeward.RoleTracingOfficer)
	rapid.Check(t, func(t *rapid.T) {
		d := mothers()
		words := rapid.StringN(0, 20, 60)
		d.Children[0] = casework.Child{
			Name: words.Draw(t, "name"), Other: words.Draw(t, "other"), Home: words.Draw(t, "home"), Marks: words.Draw(t, "marks"), Note: words.Draw(t, "note"),
			Birth: rapid.SampledFrom([]string{"", "2014", "about 9", "x"}).Draw(t, "birth"),
		}
		wrong := d.Check(homeward.DayOf(db.Now()))
		r, err := desk.Open(ctx, officer, d)
		if (err == nil) != (len(wrong) == 0) {
			t.Fatalf("%d fields are wrong, and opening it says %v", len(wrong), err)
		}
		if err == nil && len(r.Sought) != len(d.Children) {
			t.Fatal("a child is not sought")
		}
	})
}
