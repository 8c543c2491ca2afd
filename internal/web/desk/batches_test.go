package desk_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// stateBatches states a batch in each compartment for each role to act on; none is that of a role that asks.
func (w *world) stateBatches(mine, hidden, nothing *things) {
	w.t.Helper()
	for _, x := range []*things{mine, hidden} {
		who := w.colleague(x.room)
		for n := range homeward.Roles {
			err := w.db.Update(ctx, who, func(tx *store.Tx) error {
				rule := homeward.BatchRule{Compartment: x.room, Judgement: homeward.Same, Bound: 0.9, Bears: 50, Told: []homeward.Telling{"birth.day"}}
				b, err := tx.PutBatch(homeward.Batch{Rule: rule, Reason: "because", Sample: 1}, []homeward.PairID{homeward.PairID(x.of["pair"][n])})
				x.of["batch"] = append(x.of["batch"], string(b.ID))
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
	nothing.of["batch"] = []string{homeward.NewID(time.Now())}
}

// rule is what a supervisor fills in to join what agrees in the name and the day of birth.
func rule(x things) url.Values {
	return url.Values{
		"judgement": {"same"}, "compartment": {string(x.room)}, "bound": {"0.9"}, "bears": {"50"}, "told": {"name.all", "birth.day"},
	}
}

// TestABatchGoesItsWayOnTheDesk states a rule, judges its sample on the pages of pairs, applies it as another supervisor and takes it back.
func TestABatchGoesItsWayOnTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		x := things{room: w.room(true)}
		w.twice(x.room, 120)
		before := w.joinedAny()
		boss := w.as(homeward.RoleSupervisor, "en")
		officer := w.as(homeward.RoleTracingOfficer, "en")
		officer.get("/batches").want(t, http.StatusForbidden)
		boss.get("/batches").want(t, http.StatusOK, en.T("batches.none"))
		boss.get("/batches/new?judgement=different").want(t, http.StatusOK, en.T("reason.birth.different"))
		boss.get("/batches/new?bound=0.9&bears=50&told=name.all").want(t, http.StatusUnprocessableEntity, en.T("batch.too_little"))
		boss.get("/batches/new?bound=0.7&bears=50&told=birth.day").want(t, http.StatusUnprocessableEntity, en.T("batch.no_rule"))
		boss.get("/batches/new?"+rule(x).Encode()).want(t, http.StatusOK, en.T("batch.takes"), en.T("batch.state_do"), "checked")
		state := func(reason string) page {
			fields := rule(x)
			fields.Set("reason", reason)
			return boss.post("/batches", fields)
		}
		state(" ").want(t, http.StatusUnprocessableEntity, en.T("mark.no_reason"))
		p := state("both lists come from one camp")
		p.want(t, http.StatusOK, en.T("batch.state.sampling"), "both lists come from one camp", en.T("batch.judge"), en.T("batch.own"))
		at := p.at
		boss.get("/").want(t, http.StatusOK, en.N("await.batch_judge", 1), `href="`+at+`"`)
		officer.get("/").wantNot(t, at)
		boss.post(at+"/apply", url.Values{"reason": {"mine"}}).want(t, http.StatusConflict)

		judged := 0
		for p := boss.get(at); ; judged++ {
			_, rest, more := strings.Cut(p.text, `<a class="button main" href="/pairs/`)
			if !more {
				break
			}
			next, _, _ := strings.Cut(rest, `"`)
			pair, batch, _ := strings.Cut(next, "?batch=")
			boss.get("/pairs/"+next).want(t, http.StatusOK, en.T("batch.skip"), `name="batch" value="`+batch)
			p = boss.post("/pairs/"+pair+"/decide", url.Values{"judgement": {"same"}, "reason": {"the same child"}, "batch": {batch}})
			if p.status != http.StatusOK || !strings.HasPrefix(p.at, "/pairs/") && p.at != at {
				t.Fatalf("judging led to %s: %d", p.at, p.status)
			}
			p = boss.get(at)
		}
		boss.get(at).want(t, http.StatusOK, en.T("batch.within"), en.T("batch.own"))
		other := w.another(homeward.RoleSupervisor, x.room)
		other.get("/batches").want(t, http.StatusOK, at)
		boss.get("/").wantNot(t, at) // it waits for another
		other.get("/").want(t, http.StatusOK, en.N("await.batch_apply", 1), `href="`+at+`"`)
		other.post(at+"/apply", url.Values{"reason": {""}}).want(t, http.StatusUnprocessableEntity, en.T("mark.no_reason"))
		other.post(at+"/apply", url.Values{"reason": {"the sample is clean"}}).want(t, http.StatusOK, en.T("notice.batch_applied"), "the sample is clean")
		left := w.waitingIn(at)
		boss.get("/").want(t, http.StatusOK, en.T("start.batches"), en.T("batch.state.applying"), en.N("start.batch_left", left), `href="`+at+`"`)
		w.close(other, true)
		boss.get("/").want(t, http.StatusOK, en.N("await.batch_halted", 1), `href="`+at+`"`)
		w.close(other, false)
		w.run()
		boss.get("/").wantNot(t, at)
		boss.get(at).want(t, http.StatusOK, en.T("batch.state.applied"), en.T("batch.outcome.decided"), en.T("batch.revoke_do"))
		if n := w.joinedAny() - before; n <= judged {
			t.Fatalf("%d judged, %d joined", judged, n)
		}
		other.post(at, url.Values{"do": {"discard"}, "reason": {"late"}}).want(t, http.StatusConflict, en.T("batch.not_now"))
		other.post(at, url.Values{"do": {"no such thing"}, "reason": {"late"}}).want(t, http.StatusBadRequest)
		boss.post(at, url.Values{"do": {"revoke"}, "reason": {"one list was a copy"}}).want(t, http.StatusOK, en.T("notice.batch_revoked"), "one list was a copy")
		w.run()
		boss.get(at).want(t, http.StatusOK, en.T("batch.state.revoked"), en.T("batch.outcome.taken"))
		if n := w.joinedAny() - before; n != judged {
			t.Errorf("%d judged, %d still joined", judged, n)
		}
	})
}

// waitingIn returns how many pairs a batch still has to decide, by the address of its page.
func (w *world) waitingIn(at string) (n int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		tally, err := tx.BatchTally(homeward.BatchID(strings.TrimPrefix(at, "/batches/")))
		n = tally[homeward.BatchWaits]
		return err
	})
	return n
}

// close shuts out the other supervisor, or lets them in again.
func (w *world) close(r *reader, shut bool) {
	w.t.Helper()
	name := "another " + string(homeward.RoleSupervisor)
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		u, err := tx.UserNamed(name)
		if err == nil && shut {
			return tx.Disable(u.ID)
		}
		if err == nil {
			_, err = tx.Enable(u.ID)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if !shut { // a colleague confirms it, as it takes
		err := w.db.Update(ctx, w.team[homeward.RoleSupervisor], func(tx *store.Tx) error {
			list, err := tx.GrantsWaiting()
			for _, g := range list {
				err = errors.Join(err, tx.AnswerGrant(g.ID, homeward.GrantConfirmed))
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		r.post("/sign-in", credentials(name, password)).want(w.t, http.StatusOK)
	}
}

// twice brings two lists of the same children into a compartment.
func (w *world) twice(room homeward.CompartmentID, children int) {
	w.t.Helper()
	text := "id;ПІБ;дата народження;місто\n"
	for i := range children {
		text += fmt.Sprintf("%d;Пакетенко Дитина%c%c Іванівна;%d.%d.201%d;Маріуполь\n", i+1, 'а'+i%28, 'а'+i/28, i%27+1, i%11+1, i%8)
	}
	for n := range 2 {
		in := intake.Input{File: strings.NewReader(text), Source: fmt.Sprint("Табір ", n), Compartment: room, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
		if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
			w.t.Fatal(err)
		}
	}
	w.run()
}

// joinedAny counts the decisions "same" that stand.
func (w *world) joinedAny() (n int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		list, err := tx.DecisionFacts()
		for _, d := range list {
			if d.Judgement == homeward.Same && d.RevokedAt.IsZero() {
				n++
			}
		}
		return err
	})
	return n
}

// another signs in as one more user of a role, a member of a compartment.
func (w *world) another(role homeward.Role, room homeward.CompartmentID) *reader {
	w.t.Helper()
	name := "another " + string(role)
	hash, err := desk.HashPassword(password)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		u, err := tx.PutUser(name, role, hash)
		if err != nil {
			return err
		}
		return tx.SetMember(room, u.ID, true)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	r := w.reader("en")
	r.post("/sign-in", credentials(name, password)).want(w.t, http.StatusOK)
	return r
}

// ruled states two batches: of one the sample is being judged; the other joins the children of two lists of one camp, was judged and
// applied as people do it.
func (s *staged) ruled() {
	s.t.Helper()
	s.beingJudged()
	stater, applier, reviewer := s.team[homeward.RoleSupervisor], s.colleague(homeward.Main), s.team[homeward.RoleReviewer]
	camps := s.camps(stater, applier, reviewer)
	rule := homeward.BatchRule{Compartment: camps, Judgement: homeward.Same, Bound: 0.9, Bears: 50, Told: []homeward.Telling{"name.all", "birth.day"}}
	b, err := s.stages.Review.StateBatch(ctx, stater, rule, "Ті самі діти в обох списках одного табору.")
	if err != nil {
		s.t.Fatal(err)
	}
	for s.done = b.ID; ; {
		pair, _, err := s.stages.Review.SampleNext(ctx, stater, b.ID, "")
		if err != nil {
			s.t.Fatal(err)
		}
		if pair == "" {
			break
		}
		if _, err := s.stages.Review.Decide(ctx, reviewer, pair, homeward.Same, "Той самий день народження й ті самі батьки."); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := s.stages.Review.ApplyBatch(ctx, applier, b.ID, "Вибірка чиста."); err != nil {
		s.t.Fatal(err)
	}
	s.run()
}

// camps makes a compartment with two lists of the same 240 children.
func (s *staged) camps(members ...homeward.Actor) (room homeward.CompartmentID) {
	s.t.Helper()
	err := s.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		c, err := tx.PutCompartment("Табори (вигадані)")
		room = c.ID
		for _, m := range members {
			err = errors.Join(err, tx.SetMember(c.ID, m.ID, true))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	families := []string{"Вигаденко", "Зразчук", "Прикладько", "Уявчак", "Казченко", "Вимисляк", "Небувайло", "Примарчук", "Ніхтенко", "Взірчук"}
	given := strings.Fields("Остап Данило Лука Назар Тарас Юрій Роман Ілля Марко Денис Павло Семен Гліб Захар Степан Федір Кирило Матвій Тимур Орест Богдан Андрій Максим Артем")
	text := "id;ПІБ;дата народження;місто\n"
	for i := range len(families) * len(given) {
		text += fmt.Sprintf("%d;%s %s Іванович;%d.%d.201%d;Бердянськ\n", i+1, families[i%len(families)], given[i/len(families)], i%27+1, i%11+1, i%8)
	}
	for n := range 2 {
		in := intake.Input{File: strings.NewReader(text), Source: fmt.Sprintf("Табір, список %d (вигаданий)", n+1), Compartment: room, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
		if _, err := intake.Import(ctx, s.db, homeward.Operator, in); err != nil {
			s.t.Fatal(err)
		}
	}
	s.run()
	return room
}

// beingJudged states a batch whose sample is all of it, and has one pair judged.
func (s *staged) beingJudged() {
	s.t.Helper()
	rule := homeward.BatchRule{Compartment: homeward.Main, Judgement: homeward.Same, Bound: 0.9, Bears: 50, Told: []homeward.Telling{"name.family_given", "birth.day"}}
	var fit []homeward.PairID
	for _, p := range s.pairs(homeward.PairProposed) {
		v, err := s.stages.Review.Pair(ctx, homeward.System, p.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		if !v.Grave && p.ID != s.pair.ID && p.ID != s.families && p.Left != s.marked && p.Right != s.marked && len(fit) < 3 {
			fit = append(fit, p.ID)
		}
	}
	if len(fit) < 3 {
		s.t.Fatalf("%d pairs are too few for a batch", len(fit))
	}
	stater, reviewer := s.team[homeward.RoleSupervisor], s.team[homeward.RoleReviewer]
	err := s.db.Update(ctx, stater, func(tx *store.Tx) error {
		b, err := tx.PutBatch(homeward.Batch{Rule: rule, Reason: "Ті самі діти в обох списках одного закладу.", Sample: len(fit)}, fit)
		s.batch = b.ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	pair, _, err := s.stages.Review.SampleNext(ctx, stater, s.batch, "")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.stages.Review.Decide(ctx, reviewer, pair, homeward.Same, "Той самий день народження."); err != nil {
		s.decide(reviewer, pair, homeward.Unsure, "З’єднало б двох, яких уже розрізнили.")
	}
}
