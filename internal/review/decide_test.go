package review_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func TestAJoinAgainstANegativeIsRefusedAndSaysWhy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", olena, elena, olenka, petro)
		r := review.Open(db)
		propose(t, r)
		decide(t, r, ids[0], ids[1], homeward.Same)
		decide(t, r, ids[2], ids[3], homeward.Same) // never proposed: it may be judged all the same
		apart := decide(t, r, ids[0], ids[3], homeward.Different)
		var m *homeward.Message
		_, err := r.Decide(ctx, officer, homeward.PairOf(ids[1], ids[2]), homeward.Same, "")
		if !errors.As(err, &m) || !errors.Is(err, homeward.ErrConflict) || m.Key != "review.conflict.different" || m.Args["Decision"] != apart.ID {
			t.Fatalf("joined through two others: %v", err)
		}
		if err := r.Revoke(ctx, officer, apart.ID, "a mistake"); err != nil {
			t.Fatal(err)
		}
		decide(t, r, ids[1], ids[2], homeward.Same)
		if n := len(decisions(t, db)); n != 4 {
			t.Errorf("%d decisions on record", n)
		}
	})
}

func TestAJoinAgainstANegativeOnAnotherVersionIsRefused(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, elena)
	r := review.Open(db)
	propose(t, r)
	decide(t, r, ids[0], ids[1], homeward.Different)
	newer := change(t, db, ids[0], homeward.RecordAccepted, elena)
	propose(t, r)
	if _, err := r.Decide(ctx, officer, homeward.PairOf(newer, ids[1]), homeward.Same, ""); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("%v", err)
	}
	if _, err := r.Decide(ctx, officer, homeward.PairOf(newer, ids[0]), homeward.Different, ""); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("two versions of one row were judged: %v", err)
	}
}

func TestAStandingJudgementIsRevokedBeforeAnother(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, elena)
	r := review.Open(db)
	propose(t, r)
	pair := homeward.PairOf(ids[0], ids[1])
	decide(t, r, ids[0], ids[1], homeward.Unsure)
	if s := pairs(t, db)[pair].State; s != homeward.PairUnsure {
		t.Errorf("state %s", s)
	}
	taken := decide(t, r, ids[0], ids[1], homeward.Same) // unsure is no judgement to take back
	if taken.By != officer || taken.Reason != "because" || taken.Model == "" || taken.Weight != pairs(t, db)[pair].Weight {
		t.Error("the decision does not say who took it, why, or what the machine said")
	}
	var m *homeward.Message
	if _, err := r.Decide(ctx, officer, pair, homeward.Different, ""); !errors.As(err, &m) || m.Key != "review.conflict.standing" {
		t.Errorf("%v", err)
	}
	if err := r.Revoke(ctx, officer, taken.ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := r.Revoke(ctx, officer, taken.ID, ""); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("revoked twice: %v", err)
	}
	decide(t, r, ids[0], ids[1], homeward.Different)
	if s := pairs(t, db)[pair].State; s != homeward.PairDifferent {
		t.Errorf("state %s", s)
	}
}

func TestWhoMayDecide(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, elena)
	r := review.Open(db)
	propose(t, r)
	for _, role := range append([]homeward.Role{"", "unknown"}, homeward.Roles...) {
		actor := homeward.Actor{ID: "someone", Role: role}
		d, err := r.Decide(ctx, actor, homeward.PairOf(ids[0], ids[1]), homeward.Unsure, "")
		if denied := errors.Is(err, homeward.ErrDenied); denied == actor.Can(homeward.ActionDecide) {
			t.Errorf("%s: denied %v", role, denied)
		}
		if err := r.Revoke(ctx, actor, d.ID, ""); errors.Is(err, homeward.ErrDenied) == actor.Can(homeward.ActionDecide) {
			t.Errorf("%s revokes: %v", role, err)
		}
	}
	for _, id := range []homeward.PairID{"", "x", homeward.PairOf(ids[0], ids[0])} {
		if _, err := r.Decide(ctx, officer, id, homeward.Same, ""); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("pair %q: %v", id, err)
		}
	}
	if _, err := r.Decide(ctx, officer, homeward.PairOf(ids[0], ids[1]), "perhaps", ""); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestVerifiedDocumentJoinsByRule(t *testing.T) {
	mother := "birth.date" // siblings under their mother's passport differ in given name and birth date
	for name, c := range map[string]struct {
		left, right []homeward.Claim
		joined      bool
	}{
		"the same number, written otherwise": {
			claims("name.full", "Вигадана Олена", "document.number!", "ВК 123-456"), claims("name.full", "Vyhadana O.", "document.number!", "BK123456"), true},
		"an altered name and date": {
			claims("name.full", "Вигадана Олена", "birth.date", "13.4.2014", "document.number!", "АА123456"),
			claims("name.full", "Выдуманная Елена", "birth.date", "20.6.2014", "document.number!", "AA 123456"), true},
		"not verified on one side": {
			claims("name.full", "Вигадана Олена", "document.number!", "AA123456"), claims("name.full", "Вигадана Олена", "document.number", "AA123456"), false},
		"another number": {
			claims("name.full", "Вигадана Олена", "document.number!", "AA123456"), claims("name.full", "Вигадана Олена", "document.number!", "AA123457"), false},
		"no number at all": {
			claims("name.full", "Вигадана Олена", "document.number!", "є"), claims("name.full", "Вигадана Олена", "document.number!", "є"), false},
		"a mother's number for two children": {
			claims("name.full", "Вигадана Олена", mother, "13.4.2014", "document.number!", "AA123456"),
			claims("name.full", "Вигадана Тетяна", mother, "2.9.2011", "document.number!", "AA123456"), false},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t)
			a, b := storetest.Put(t, db, "one", c.left), storetest.Put(t, db, "two", c.right)
			report := propose(t, review.Open(db))
			list := decisions(t, db)
			if joined := len(list) == 1; joined != c.joined || report.Rule != len(list) {
				t.Fatalf("%d decisions, report %+v", len(list), report)
			}
			if !c.joined {
				return
			}
			d := list[0]
			if d.Pair != homeward.PairOf(a[0], b[0]) || d.Judgement != homeward.Same || d.Basis != homeward.BasisVerifiedDocument || d.By != homeward.System {
				t.Errorf("decision %s by %s on the basis %s", d.Judgement, d.By.ID, d.Basis)
			}
			if p := pairs(t, db)[d.Pair]; p.State != homeward.PairSame || p.Model == "" {
				t.Errorf("pair in state %s", p.State)
			}
		})
	}
}

func TestTheRuleRespectsPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		says := claims("name.full", "Вигадана Олена", "document.number!", "AA123456")
		a := storetest.Put(t, db, "one", says)
		r := review.Open(db)
		propose(t, r)
		b := storetest.Put(t, db, "two", claims("name.full", "Вигадана Олена"))
		propose(t, r)
		decide(t, r, a[0], b[0], homeward.Different)
		b2 := change(t, db, b[0], homeward.RecordAccepted, says)
		propose(t, r)
		if n := len(decisions(t, db)); n != 1 {
			t.Fatalf("%d decisions: the rule overrode a person", n)
		}
		c := storetest.Put(t, db, "three", says)
		if report := propose(t, r); report.Rule != 1 {
			t.Fatalf("report %+v", report)
		}
		list := decisions(t, db)
		if err := r.Revoke(ctx, officer, list[1].ID, "the paper was forged"); err != nil {
			t.Fatal(err)
		}
		change(t, db, c[0], homeward.RecordAccepted, says)
		change(t, db, b2, homeward.RecordAccepted, says)
		for _, again := range []*review.Review{r, review.Open(db)} {
			if report := propose(t, again); report.Rule != 0 {
				t.Errorf("taken again after a person revoked it: %+v", report)
			}
		}
	})
}
