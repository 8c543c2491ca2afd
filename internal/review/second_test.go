package review_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"pgregory.net/rapid"
)

var (
	reviewer   = homeward.Actor{ID: "reviewer", Role: homeward.RoleReviewer}
	supervisor = homeward.Actor{ID: "supervisor", Role: homeward.RoleSupervisor}
	chief      = homeward.Actor{ID: "chief", Role: homeward.RoleSupervisor}
)

// returned is elena, of whom it is told that she is back.
func returned() []homeward.Claim {
	return append(slices.Clone(elena), claims("event.returned.date", "2024-05-01")...)
}

func opine(r *review.Review, who homeward.Actor, pair homeward.PairID, j homeward.Judgement) (review.Outcome, error) {
	return r.Decide(ctx, who, pair, j, "because of "+string(who.ID))
}

func refusedWith(err error, key string) bool {
	var m *homeward.Message
	return errors.As(err, &m) && m.Key == key
}

func standing(t testing.TB, db *store.DB, want int) {
	t.Helper()
	if n := len(decisions(t, db)); n != want {
		t.Fatalf("%d decisions stand, want %d", n, want)
	}
}

func TestAGravePairIsDecidedByTwoWhoAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", olena, returned())
		r := review.Open(db)
		propose(t, r)
		pair := homeward.PairOf(ids[0], ids[1])
		first, err := opine(r, officer, pair, homeward.Same)
		if err != nil || first.ID != "" || first.Awaits != homeward.AwaitsSecond {
			t.Fatalf("the first opinion stands: %v, awaits %q", err, first.Awaits)
		}
		standing(t, db, 0)
		if s := pairs(t, db)[pair].State; s != homeward.PairInReview {
			t.Errorf("the pair is %s", s)
		}
		if _, err := opine(r, officer, pair, homeward.Same); !refusedWith(err, "review.conflict.own") {
			t.Errorf("confirmed by the same person: %v", err)
		}
		second, err := opine(r, reviewer, pair, homeward.Same)
		if err != nil || second.Basis != homeward.BasisTwoReviewers || len(second.Opinions) != 2 || second.Awaits != homeward.AwaitsNobody {
			t.Fatalf("the second opinion decides nothing: %v", err)
		}
		standing(t, db, 1)
		if s := pairs(t, db)[pair].State; s != homeward.PairSame {
			t.Errorf("the pair is %s", s)
		}
		view(t, db, func(tx *store.Tx) error {
			behind, err := tx.OpinionsBehind(decisions(t, db)[0])
			if len(behind) != 2 || behind[0].By != officer || behind[0].Reason != "because of officer" || behind[1].Decision != second.ID || behind[1].Waits() {
				t.Error("the decision does not tell whose opinions it rests on")
			}
			return err
		})
	})
}

func TestWhoDisagreesLeavesItToASupervisorWhoGaveNeither(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", olena, returned())
		r := review.Open(db)
		propose(t, r)
		pair := homeward.PairOf(ids[0], ids[1])
		for _, x := range []struct {
			who homeward.Actor
			j   homeward.Judgement
		}{{supervisor, homeward.Same}, {reviewer, homeward.Unsure}} {
			if _, err := opine(r, x.who, pair, x.j); err != nil {
				t.Fatal(err)
			}
		}
		standing(t, db, 0)
		for who, key := range map[homeward.Actor]string{officer: "review.conflict.disputed", supervisor: "review.conflict.own", reviewer: "review.conflict.own"} {
			if _, err := opine(r, who, pair, homeward.Same); !refusedWith(err, key) {
				t.Errorf("%s: %v", who.ID, err)
			}
		}
		if _, err := opine(r, chief, pair, homeward.Different); !refusedWith(err, "review.conflict.third") {
			t.Errorf("decided what neither said: %v", err)
		}
		if err := r.Withdraw(ctx, reviewer, pair); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("withdrawn once the other is known: %v", err)
		}
		out, err := opine(r, chief, pair, homeward.Same)
		if err != nil || out.Basis != homeward.BasisSupervisor || len(out.Opinions) != 2 {
			t.Fatalf("the supervisor does not decide: %v", err)
		}
		standing(t, db, 1)
	})
}

func TestTheSecondReviewerSeesNeitherTheFirstOpinionNorWhose(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, returned())
	r := review.Open(db)
	propose(t, r)
	pair := homeward.PairOf(ids[0], ids[1])
	sees := func(who homeward.Actor) review.View {
		t.Helper()
		v, err := r.Pair(ctx, who, pair)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := sees(officer); !v.Grave || v.Awaits != homeward.AwaitsNobody {
		t.Error("the pair does not say that it takes two")
	}
	if _, err := opine(r, officer, pair, homeward.Same); err != nil {
		t.Fatal(err)
	}
	for _, who := range []homeward.Actor{reviewer, supervisor, homeward.Operator} {
		if v := sees(who); len(v.Opinions)+len(v.Decisions) != 0 || v.Mine || v.Awaits != homeward.AwaitsSecond {
			t.Errorf("%s is shown the first opinion", who.ID)
		}
	}
	if v := sees(officer); !v.Mine || len(v.Opinions) != 1 {
		t.Error("who gave the opinion does not see it")
	}
	if _, err := opine(r, reviewer, pair, homeward.Different); err != nil {
		t.Fatal(err)
	}
	for who, n := range map[homeward.Actor]int{officer: 1, reviewer: 1, homeward.Operator: 0, supervisor: 2} {
		if v := sees(who); len(v.Opinions) != n || v.Awaits != homeward.AwaitsSupervisor {
			t.Errorf("%s sees %d opinions, want %d", who.ID, len(v.Opinions), n)
		}
	}
}

func TestAnOpinionIsWithdrawnByWhoGaveIt(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, returned())
	r := review.Open(db)
	propose(t, r)
	pair := homeward.PairOf(ids[0], ids[1])
	if _, err := opine(r, officer, pair, homeward.Same); err != nil {
		t.Fatal(err)
	}
	if err := r.Withdraw(ctx, reviewer, pair); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("another withdraws it: %v", err)
	}
	if err := r.Withdraw(ctx, officer, pair); err != nil {
		t.Fatal(err)
	}
	if s := pairs(t, db)[pair].State; s != homeward.PairProposed {
		t.Errorf("the pair is %s", s)
	}
	if out, err := opine(r, officer, pair, homeward.Different); err != nil || out.Awaits != homeward.AwaitsSecond {
		t.Errorf("judged anew: %v", err)
	}
	if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
		t.Errorf("%v %v", v.Findings, err)
	}
}

// TestWhatIsTiedByDecisionsIsGraveToo joins through a record of which nothing grave is told.
func TestWhatIsTiedByDecisionsIsGraveToo(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, olenka, returned())
	r := review.Open(db)
	propose(t, r)
	if out, err := opine(r, officer, homeward.PairOf(ids[0], ids[1]), homeward.Same); err != nil || out.ID == "" {
		t.Fatalf("a pair that moves nothing grave takes two: %v", err)
	}
	for _, who := range []homeward.Actor{officer, reviewer} {
		if _, err := opine(r, who, homeward.PairOf(ids[1], ids[2]), homeward.Same); err != nil {
			t.Fatal(err)
		}
	}
	fourth := storetest.Put(t, db, "other", petro)[0] // the registry has not run
	propose(t, r)
	if out, err := opine(r, officer, homeward.PairOf(ids[0], fourth), homeward.Same); err != nil || out.ID != "" {
		t.Errorf("one person gives a child the return of another, two decisions away: %v", err)
	}
}

func TestTheQueueHasASectionForEachWhoIsAwaited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := storetest.Put(t, db, "list", olena, petro)
		b := storetest.Put(t, db, "other", returned(), append(slices.Clone(petro), claims("event.located.place", "Ростов")...))
		r := review.Open(db)
		propose(t, r)
		first, second := homeward.PairOf(a[0], b[0]), homeward.PairOf(a[1], b[1])
		for _, x := range []struct {
			who  homeward.Actor
			pair homeward.PairID
			j    homeward.Judgement
		}{{officer, first, homeward.Same}, {officer, second, homeward.Same}, {reviewer, second, homeward.Different}} {
			if _, err := opine(r, x.who, x.pair, x.j); err != nil {
				t.Fatal(err)
			}
		}
		for who, want := range map[homeward.Actor]string{
			officer: "", reviewer: "second " + string(first) + "; ", supervisor: "disputed " + string(second) + "; second " + string(first) + "; ",
		} {
			parts, err := r.Parts(ctx, who, "", 5)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, p := range parts {
				for _, row := range p.Rows {
					got += fmt.Sprintf("%s %s; ", p.Section, row.Pair.ID)
				}
			}
			if got != want {
				t.Errorf("%s: %q, want %q", who.ID, got, want)
			}
			rows, err := r.Queue(ctx, who, review.Filter{})
			if err != nil || slices.ContainsFunc(rows, func(x review.Row) bool { return x.Pair.ID == first || x.Pair.ID == second }) {
				t.Errorf("a pair in review waits for anybody: %v", err)
			}
		}
	})
}

// TestNobodyIsAskedASecondTimeOfWhatWasTakenBack takes a record back on whose pair an opinion waits.
func TestNobodyIsAskedASecondTimeOfWhatWasTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ids := storetest.Put(t, db, "list", olena, returned())
		r := review.Open(db)
		propose(t, r)
		if _, err := opine(r, officer, homeward.PairOf(ids[0], ids[1]), homeward.Same); err != nil {
			t.Fatal(err)
		}
		asked := func(want int) {
			t.Helper()
			parts, err := r.Parts(ctx, reviewer, review.SectionSecond, 5)
			if err != nil || len(parts) != want {
				t.Errorf("%d sections, want %d: %v", len(parts), want, err)
			}
		}
		asked(1)
		var m []homeward.Mark
		as := func(who homeward.Actor, fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Update(ctx, who, fn); err != nil {
				t.Fatal(err)
			}
		}
		as(supervisor, func(tx *store.Tx) (err error) {
			m, err = tx.Retract(ids[1], homeward.WholeRecord, "the source was wrong")
			return err
		})
		asked(0)
		as(chief, func(tx *store.Tx) error {
			_, err := tx.LiftMark(m[0].ID, "it was not")
			return err
		})
		asked(1)
	})
}

// TestADifferentThatHoldsAGraveJoinBackIsNotRevokedAlone decides three pairs that cannot all be true, and takes back the one that
// keeps a return from another child.
func TestADifferentThatHoldsAGraveJoinBackIsNotRevokedAlone(t *testing.T) {
	db := storetest.Open(t)
	ids := storetest.Put(t, db, "list", olena, olenka, returned())
	r := review.Open(db)
	propose(t, r)
	var taken []review.Outcome
	for _, x := range []struct {
		a, b int
		j    homeward.Judgement
	}{{0, 1, homeward.Same}, {1, 2, homeward.Same}, {0, 2, homeward.Different}} {
		out, err := opine(r, officer, homeward.PairOf(ids[x.a], ids[x.b]), x.j)
		if err == nil && out.Awaits == homeward.AwaitsSecond {
			out, err = opine(r, reviewer, homeward.PairOf(ids[x.a], ids[x.b]), x.j)
		}
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, out)
	}
	if err := r.Revoke(ctx, officer, taken[2].ID, "a mistake"); !refusedWith(err, "review.conflict.grave") {
		t.Errorf("revoked by one person: %v", err)
	}
	for _, i := range []int{1, 2} { // the join first, then what held it back
		if err := r.Revoke(ctx, officer, taken[i].ID, "a mistake"); err != nil {
			t.Error(err)
		}
	}
}

// TestNoGraveFactMovesByOnePersonsDecision lets people judge, withdraw and revoke as they like. Whenever a record comes to stand
// on the page of a child of whom something grave is told that was not told of it before, two people have judged that pair to be
// one child.
func TestNoGraveFactMovesByOnePersonsDecision(t *testing.T) {
	team := []homeward.Actor{officer, reviewer, supervisor, chief, homeward.Operator}
	db := storetest.Open(t)
	r, persons, round := review.Open(db), registry.Open(db), 0
	storetest.Put(t, db, "list", olena, petro)
	propose(t, r) // the model that weighs
	rapid.Check(t, func(rt *rapid.T) {
		round++ // a family of its own, long after the one before
		var rows [][]homeward.Claim
		n := rapid.IntRange(3, 5).Draw(rt, "records")
		for i := range n {
			row := claims("name.full", fmt.Sprintf("Вигадана Олена %c", rune(0x410+i)), "birth.date", homeward.Day(10_000+400*round).String())
			if rapid.IntRange(0, 2).Draw(rt, "grave") == 0 {
				row = append(row, claims(rapid.SampledFrom([]string{"event.returned.date", "event.deceased.date", "event.located.place"}).Draw(rt, "event"), "2024-05-01")...)
			}
			rows = append(rows, row)
		}
		ids := storetest.Put(t, db, "list", rows...)
		if err := r.Refresh(ctx, nil); err != nil {
			rt.Fatal(err)
		}
		grave := map[homeward.RecordID]bool{}
		for i, row := range rows {
			grave[ids[i]] = homeward.Record{Claims: row}.TellsGrave()
		}
		before := gravely(t, db, persons, ids, grave)
		for range rapid.IntRange(4, 14).Draw(rt, "acts") {
			who := rapid.SampledFrom(team).Draw(rt, "who")
			act := anyAct(rt, t, db, r, who, ids)
			after := gravely(t, db, persons, ids, grave)
			for id := range after {
				for of := range after[id] {
					if !before[id][of] && !judgedByTwo(t, db, act) {
						rt.Fatalf("%s alone moved a grave fact", who.ID)
					}
				}
			}
			before = after
		}
	})
	byTwo := 0
	for _, d := range decisions(t, db) {
		if d.Basis == homeward.BasisTwoReviewers {
			byTwo++
		}
	}
	if byTwo == 0 {
		t.Error("in all the acts no two people agreed: nothing was tested")
	}
	t.Logf("%d rounds, %d decisions by two", round, byTwo)
}

// anyAct does one thing that people do, and returns the decision that came of it; refusals do nothing.
func anyAct(rt *rapid.T, t *testing.T, db *store.DB, r *review.Review, who homeward.Actor, ids []homeward.RecordID) homeward.Decision {
	a := rapid.IntRange(0, len(ids)-2).Draw(rt, "left")
	b := rapid.IntRange(a+1, len(ids)-1).Draw(rt, "right")
	pair := homeward.PairOf(ids[a], ids[b])
	refused := func(err error) {
		if err != nil && !errors.Is(err, homeward.ErrConflict) && !errors.Is(err, homeward.ErrNotFound) {
			rt.Fatal(err)
		}
	}
	switch rapid.IntRange(0, 9).Draw(rt, "act") {
	case 0:
		refused(r.Withdraw(ctx, who, pair))
	case 1, 2:
		list := slices.DeleteFunc(decisions(t, db), func(d homeward.Decision) bool { return !slices.Contains(ids, d.Left) })
		if len(list) > 0 {
			refused(r.Revoke(ctx, who, rapid.SampledFrom(list).Draw(rt, "decision").ID, "a mistake"))
		}
	default:
		j := rapid.SampledFrom([]homeward.Judgement{homeward.Same, homeward.Same, homeward.Same, homeward.Different, homeward.Unsure}).Draw(rt, "judgement")
		out, err := opine(r, who, pair, j)
		refused(err)
		return out.Decision
	}
	return homeward.Decision{}
}

// gravely tells of each record which records with a grave event are of the same person.
func gravely(t *testing.T, db *store.DB, registry *registry.Registry, ids []homeward.RecordID, grave map[homeward.RecordID]bool) map[homeward.RecordID]map[homeward.RecordID]bool {
	t.Helper()
	if _, err := registry.Run(ctx); err != nil {
		t.Fatal(err)
	}
	out := map[homeward.RecordID]map[homeward.RecordID]bool{}
	view(t, db, func(tx *store.Tx) error {
		persons, err := tx.PersonsOf(ids)
		for _, x := range ids {
			out[x] = map[homeward.RecordID]bool{}
			for _, y := range ids {
				if grave[y] && persons[x] == persons[y] {
					out[x][y] = true
				}
			}
		}
		return err
	})
	return out
}

// judgedByTwo reports whether two people said of a decision's pair what it says.
func judgedByTwo(t *testing.T, db *store.DB, d homeward.Decision) bool {
	by := map[homeward.UserID]bool{d.By.ID: d.ID != ""}
	view(t, db, func(tx *store.Tx) error {
		behind, err := tx.OpinionsBehind(d)
		for _, o := range behind {
			if o.Judgement == d.Judgement {
				by[o.By.ID] = true
			}
		}
		return err
	})
	return len(by) >= 2
}
