package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// gravePair brings two records of one child, of whom one says that it is back.
func (w *world) gravePair() homeward.PairID {
	w.t.Helper()
	for source, text := range map[string]string{
		"Перший": "id;ПІБ;дата народження;дата повернення\n1;Вигаданова Марія Іванівна;13.4.2014;2024-05-01\n",
		"Другий": "id;ПІБ;дата народження\n1;Вигаданова Марія Іванівна;13.4.2014\n",
	} {
		in := intake.Input{File: strings.NewReader(text), Source: source, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
		if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
			w.t.Fatal(err)
		}
	}
	w.run()
	pairs := w.pairs(homeward.PairProposed)
	if len(pairs) != 1 {
		w.t.Fatalf("%d pairs", len(pairs))
	}
	return pairs[0].ID
}

// TestTwoPeopleDecideAGravePairWithoutSeeingEachOther follows a grave pair from one desk to another and to a supervisor's.
func TestTwoPeopleDecideAGravePairWithoutSeeingEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		at := "/pairs/" + string(w.gravePair())
		officer, reviewer, supervisor := w.as(homeward.RoleTracingOfficer, "en"), w.as(homeward.RoleReviewer, "en"), w.as(homeward.RoleSupervisor, "en")
		say := func(r *reader, judgement, reason string) page {
			return r.post(at+"/decide", url.Values{"judgement": {judgement}, "reason": {reason}})
		}
		officer.get(at).want(t, http.StatusOK, en.T("pair.grave_words"))
		say(officer, "same", "the same scar").want(t, http.StatusOK, en.T("notice.opinion.second"))
		w.run()
		officer.get(at).want(t, http.StatusOK, en.T("pair.opinion_mine"), "the same scar", en.T("pair.opinion_withdraw"))
		say(officer, "same", "again").want(t, http.StatusConflict, en.T("review.conflict.own"))
		if n := w.joined(); n != 0 {
			t.Fatalf("one person joined %d pairs", n)
		}

		reviewer.get("/").want(t, http.StatusOK, en.T("await.second.do"), "/review?section=second")
		for _, queue := range []string{"/review", "/review?section=second"} {
			reviewer.get(queue).want(t, http.StatusOK, en.T("queue.section.second"), `href="`+at+`"`)
		}
		if p := officer.get("/review"); strings.Contains(p.text, at) {
			t.Error("who gave the first opinion is asked for the second")
		}
		blind := reviewer.get(at)
		blind.want(t, http.StatusOK, en.T("pair.second_words"), en.T("pair.judge"))
		main, _, _ := strings.Cut(blind.text[strings.Index(blind.text, "<main"):], "</main>")
		for _, word := range []string{"the same scar", string(homeward.RoleTracingOfficer), en.T("pair.opinions")} {
			if strings.Contains(main, word) {
				t.Errorf("the second reviewer reads %q", word)
			}
		}
		say(reviewer, "different", "another scar").want(t, http.StatusOK, en.T("notice.opinion.supervisor"))
		reviewer.post(at+"/withdraw", nil).want(t, http.StatusConflict, en.T("pair.opinion_final"))

		supervisor.get("/review").want(t, http.StatusOK, en.T("queue.section.disputed"), `href="`+at+`"`)
		supervisor.get(at).want(t, http.StatusOK, en.T("pair.settle_words"), "the same scar", "another scar")
		say(supervisor, "same", "the photograph shows it").want(t, http.StatusOK, en.T("notice.decided.same"))
		w.run()
		if n := w.joined(); n != 1 {
			t.Errorf("%d pairs are joined", n)
		}
		officer.get(at).want(t, http.StatusOK, en.T("basis.supervisor"), "the same scar", "another scar", "the photograph shows it")
		officer.get("/review?section=second").want(t, http.StatusOK, en.T("queue.section_none"))
	})
}

// TestAnOpinionIsWithdrawnAtTheDesk takes an opinion back: the pair waits for anybody again.
func TestAnOpinionIsWithdrawnAtTheDesk(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	at := "/pairs/" + string(w.gravePair())
	r := w.as(homeward.RoleTracingOfficer, "en")
	r.post(at+"/decide", url.Values{"judgement": {"same"}, "reason": {"the same scar"}}).want(t, http.StatusOK)
	w.as(homeward.RoleReviewer, "en").post(at+"/withdraw", nil).want(t, http.StatusConflict, en.T("pair.opinion_none"))
	r.post(at+"/withdraw", nil).want(t, http.StatusOK, en.T("notice.withdrawn"), en.T("pair.state.proposed"))
	if p := r.get(at); strings.Contains(p.text, "the same scar") {
		t.Error("a withdrawn opinion is on the page")
	}
}

// TestTheQueueBeginsWithWhatIsOnesOwnAndWhatIsDue assigns a child and puts a pair off: each has its section, and comes first.
func TestTheQueueBeginsWithWhatIsOnesOwnAndWhatIsDue(t *testing.T) {
	w := open(t, storetest.Open(t), 30)
	waiting := w.pairs(homeward.PairProposed)
	mine := waiting[len(waiting)-1]
	officer := w.team[homeward.RoleTracingOfficer]
	err := w.db.Update(ctx, w.team[homeward.RoleSupervisor], func(tx *store.Tx) error {
		_, err := tx.Assign(homeward.PersonID(mine.Left), officer.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	later := waiting[len(waiting)/2].ID
	err = w.db.Update(ctx, officer, func(tx *store.Tx) error { // put off some time ago, until today
		_, err := tx.PutDecision(homeward.Decision{Pair: later, Judgement: homeward.Unsure, Basis: homeward.BasisReview, Again: homeward.DayOf(time.Now())})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := w.as(homeward.RoleTracingOfficer, "en")
	p := r.get("/review")
	p.want(t, http.StatusOK, en.T("queue.section.mine"), en.T("queue.section.again"), en.T("queue.section.anybody"), en.T("queue.due"))
	_, begin, _ := strings.Cut(p.text, `class="button main" href="/pairs/`)
	begin, _, _ = strings.Cut(begin, `"`)
	if left, right, _ := homeward.PairID(begin).Records(); left != mine.Left && right != mine.Left {
		t.Error("one does not begin with one's own")
	}
	r.get("/review?section=again").want(t, http.StatusOK, "/pairs/"+string(later))
}
