package desk_test

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestADecisionIsTakenSeenAndTakenBack follows one pair from the queue to a decision and back.
func TestADecisionIsTakenSeenAndTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 20)
		r := w.as(homeward.RoleTracingOfficer, "en")
		pair := w.light()
		at := "/pairs/" + string(pair.ID)
		r.get("/review").want(t, http.StatusOK, `href="`+at+`"`)
		r.get(at).want(t, http.StatusOK, en.T("pair.judge"), en.T("pair.joins_words"))
		r.post(at+"/decide", url.Values{"judgement": {"same"}, "reason": {"  "}}).want(t, http.StatusUnprocessableEntity, en.T("pair.no_reason"))
		r.post(at+"/decide", url.Values{"judgement": {"perhaps"}, "reason": {"x"}}).want(t, http.StatusBadRequest)
		p := r.post(at+"/decide", url.Values{"judgement": {"same"}, "reason": {"the same scar"}})
		p.want(t, http.StatusOK, en.T("notice.decided.same"))
		if !strings.HasPrefix(p.at, "/pairs/") || p.at == at {
			t.Errorf("led to %s instead of the next pair", p.at)
		}
		w.run()
		r.get(at).want(t, http.StatusOK, "the same scar", en.T("pair.state.same"))
		person := r.get("/persons/" + string(pair.Left))
		person.want(t, http.StatusOK, "the same scar", string(homeward.RoleTracingOfficer))
		r.post(at+"/decide", url.Values{"judgement": {"different"}, "reason": {"no"}}).want(t, http.StatusConflict, en.T("review.conflict.standing"))

		var decision homeward.Decision
		w.view(func(tx *store.Tx) error {
			list, err := tx.DecisionsOf(pair.ID)
			decision = list[0]
			return err
		})
		undo := "/decisions/" + string(decision.ID)
		r.get(undo).want(t, http.StatusOK, en.T("decision.moves_words"), en.N("joins.person", 1), en.N("joins.person", 2))
		r.post(undo+"/revoke", url.Values{"reason": {""}}).want(t, http.StatusUnprocessableEntity)
		r.post(undo+"/revoke", url.Values{"reason": {"two scars"}}).want(t, http.StatusOK, en.T("notice.revoked"), "two scars")
		r.post(undo+"/revoke", url.Values{"reason": {"again"}}).want(t, http.StatusConflict)
		w.run()
		if n := w.joined(); n != 0 {
			t.Errorf("%d pairs are joined still", n)
		}
		if strings.Contains(w.log.String(), "scar") {
			t.Error("the log holds words of a decision")
		}
	})
}

// TestReadersOfOtherRolesCannotDecide posts what only some may.
func TestReadersOfOtherRolesCannotDecide(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	pair := w.pairs(homeward.PairProposed)[0]
	for _, role := range homeward.Roles {
		if (homeward.Actor{Role: role}).Can(homeward.ActionDecide) {
			continue
		}
		p := w.as(role, "en").post("/pairs/"+string(pair.ID)+"/decide", url.Values{"judgement": {"same"}, "reason": {"x"}})
		p.want(t, http.StatusForbidden, en.T("fault.denied"), en.T("role.tracing-officer"))
	}
}

func TestTheQueueIsPagedWithoutLossOrRepetition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 60)
		want := w.pairs(homeward.PairProposed)
		if len(want) <= 25 {
			t.Fatalf("%d pairs fit one page", len(want))
		}
		r := w.as(homeward.RoleReviewer, "en")
		met, at := map[string]bool{}, "/review?state=proposed"
		for at != "" {
			p := r.get(at)
			at = ""
			for _, part := range strings.Split(p.text, `href="`)[1:] {
				link, _, _ := strings.Cut(part, `"`)
				if strings.HasPrefix(link, "/review?after=") {
					at = strings.ReplaceAll(link, "&amp;", "&")
				}
				if strings.HasPrefix(link, "/pairs/") && !strings.Contains(part, "button main") {
					met[link] = true
				}
			}
		}
		if len(met) != len(want) {
			t.Errorf("%d pairs met, %d there are", len(met), len(want))
		}
	})
}

// TestNeighboursWalkTheWholeQueue follows "next" from the first pair to the last, and "previous" back.
func TestNeighboursWalkTheWholeQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 20)
		pairs := w.pairs(homeward.PairProposed)
		actor := w.team[homeward.RoleReviewer]
		at, steps := pairs[0].ID, 1
		for {
			_, next, err := w.stages.Review.Neighbours(ctx, actor, at)
			if err != nil {
				t.Fatal(err)
			}
			if next == "" {
				break
			}
			before, _, err := w.stages.Review.Neighbours(ctx, actor, next)
			if err != nil || before != at {
				t.Fatalf("the one before the next is another: %v", err)
			}
			at = next
			steps++
		}
		if steps != len(pairs) {
			t.Errorf("%d steps through %d pairs", steps, len(pairs))
		}
	})
}

// TestWordsOfASearchStayInMemory searches, and looks where the words must not be.
func TestWordsOfASearchStayInMemory(t *testing.T) {
	w := open(t, storetest.Open(t), 20)
	r := w.as(homeward.RoleCaseworker, "en")
	word := w.familyName()
	p := r.post("/search", url.Values{"words": {word}})
	p.want(t, http.StatusOK, word)
	if strings.Contains(p.at, word) || strings.Contains(p.at, url.QueryEscape(word)) {
		t.Error("the address holds the words of a search")
	}
	if strings.Contains(w.log.String(), word) || strings.Contains(w.log.String(), url.QueryEscape(word)) {
		t.Error("the log holds the words of a search")
	}
	w.as(homeward.RoleSupervisor, "en").get(p.at).want(t, http.StatusGone, en.T("search.gone"))
	r.get("/search").want(t, http.StatusOK)
}

func TestSubtractionIsRefusedWithTheReason(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	r := w.as(homeward.RoleReleaseOfficer, "en")
	p := r.get("/counts?definition=" + url.QueryEscape("deported minus returned"))
	p.want(t, http.StatusUnprocessableEntity, en.T("counts.refused"), en.T("definition.deported-not-returned"))
	r.get("/counts?definition=deported&valid=2023-01-01&known=").want(t, http.StatusOK, "1 January 2023")
	r.get("/counts?definition=deported&valid=yesterday").want(t, http.StatusBadRequest, en.T("import.baddate"))
	r.get("/counts?definition=nonsense").want(t, http.StatusUnprocessableEntity)
}

func TestTheLedgerPageNamesWhatWasAltered(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleAuditor, "en")
	w.run()
	r.get("/ledger").want(t, http.StatusOK, w.db.Verifier())
	r.post("/ledger/verify", nil).want(t, http.StatusOK, en.T("ledger.verified"))
}

// familyName returns the first word of a name that some record tells.
func (w *world) familyName() string {
	w.t.Helper()
	word := ""
	err := w.db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		if c, ok := r.First(homeward.PathNameFull); ok && word == "" {
			word, _, _ = strings.Cut(c.Value, " ")
		}
		return nil
	})
	if err != nil || word == "" {
		w.t.Fatalf("no record tells a name: %v", err)
	}
	return word
}

// TestTheCountOfWaitingPairsIsThatOfTheQueue joins three records by two decisions: the third pair waits for nobody.
func TestTheCountOfWaitingPairsIsThatOfTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		row := func(id string) []homeward.Claim {
			return []homeward.Claim{
				{Path: homeward.PathRowID, Value: id}, {Path: homeward.PathNameFull, Value: "Коваленко Марія Іванівна"},
				{Path: homeward.PathBirthDate, Value: "13.4.2014", When: homeward.Exact(homeward.YMD(2014, 4, 13))},
			}
		}
		ids := storetest.Put(t, db, "one", row("1"), row("2"), row("3"))
		w.run()
		if n := len(w.pairs(homeward.PairProposed)); n != 3 {
			t.Fatalf("%d pairs", n)
		}
		for _, other := range ids[1:] {
			if _, err := w.stages.Review.Decide(ctx, w.team[homeward.RoleReviewer], homeward.PairOf(ids[0], other), homeward.Same, "because"); err != nil {
				t.Fatal(err)
			}
		}
		w.run()
		r := w.as(homeward.RoleReviewer, "en")
		r.get("/review").want(t, http.StatusOK, en.T("queue.none.proposed"))
		r.get("/").want(t, http.StatusOK, en.T("start.lead_nothing"))
	})
}

// TestAPairIsPutOffUntilADay is unsure of a pair, and names the day to look again.
func TestAPairIsPutOffUntilADay(t *testing.T) {
	w := open(t, storetest.Open(t), 20)
	r := w.as(homeward.RoleTracingOfficer, "en")
	at := "/pairs/" + string(w.light().ID)
	today := homeward.DayOf(time.Now())
	said := func(judgement string, again string) page {
		return r.post(at+"/decide", url.Values{"judgement": {judgement}, "reason": {"the aunt will write"}, "again": {again}})
	}
	r.get(at).want(t, http.StatusOK, en.T("pair.again"))
	said("unsure", "soon").want(t, http.StatusBadRequest)
	said("unsure", (today-1).String()).want(t, http.StatusUnprocessableEntity, "from tomorrow", "the aunt will write")
	said("unsure", (today+7).String()).want(t, http.StatusOK, en.T("notice.decided.unsure"))
	r.get(at).want(t, http.StatusOK, en.T("decision.again", "day", en.Day(today+7)))
	said("different", (today-1).String()).want(t, http.StatusOK, en.T("notice.decided.different"))
}

// TestAPairTellsWhatContradictsAndWhoWouldJoin reads pairs of children with brothers, sisters and other records.
func TestAPairTellsWhatContradictsAndWhoWouldJoin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 40)
		r := w.as(homeward.RoleReviewer, "en")
		told := map[string]int{}
		w.decided()
		for _, p := range w.pairs(homeward.PairProposed) {
			page := r.get("/pairs/" + string(p.ID))
			page.want(t, http.StatusOK, en.T("pair.contradictions"))
			against, rest, _ := strings.Cut(page.text, `<div class="pair">`)
			for _, key := range []string{"pair.siblings", "pair.times", "pair.counts"} {
				if strings.Contains(rest, en.T(key)) {
					told[key]++
				}
			}
			if strings.Contains(against, en.T("pair.contradictions_none")) {
				told["none"]++
			}
			if strings.Contains(against, en.T("reason.birth.digit")) {
				told["digit"]++
			}
			if strings.Index(rest, en.T("pair.joins")) > strings.Index(rest, en.T("pair.judge")) && strings.Contains(rest, en.T("pair.judge")) {
				t.Fatal("what would change stands after the decision")
			}
		}
		for _, key := range []string{"pair.siblings", "pair.times", "pair.counts", "none", "digit"} {
			if told[key] == 0 {
				t.Errorf("no page tells of %s: %v", key, told)
			}
		}
	})
}

// TestAPairThatCannotBeJoinedSaysSo keeps two rows apart that a third is joined to.
func TestAPairThatCannotBeJoinedSaysSo(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	row := []byte("id;ПІБ;дата народження\n1;Вигадана Марія Іванівна;13.4.2014\n")
	for _, source := range []string{"one", "two", "three"} {
		in := intake.Input{File: bytes.NewReader(row), Source: source, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
		if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	list := w.pairs(homeward.PairProposed)
	for i, j := range []homeward.Judgement{homeward.Same, homeward.Different} {
		if _, err := w.stages.Review.Decide(ctx, homeward.Operator, list[i].ID, j, "because"); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	p := w.as(homeward.RoleReviewer, "en").get("/pairs/" + string(list[2].ID))
	p.want(t, http.StatusOK, en.T("pair.joins_refused"))
	if strings.Contains(p.text, en.T("pair.joins_nothing")) {
		t.Error("two children are said to stand on one page")
	}
}

// TestAChildTellsWhyItIsOneAndIsSplitAtItsWeakestLink joins three records by two decisions and takes the weaker one back.
func TestAChildTellsWhyItIsOneAndIsSplitAtItsWeakestLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		for source, row := range map[string]string{"one": "Вигадана Марія Іванівна;13.4.2014", "two": "Вигадана Марія Іванівна;13.4.2014", "three": "Вигадана Марія;2014"} {
			in := intake.Input{File: strings.NewReader("id;ПІБ;дата народження\n1;" + row + "\n"), Source: source, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
			if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
				t.Fatal(err)
			}
		}
		w.run()
		list := w.pairs(homeward.PairProposed)
		slices.SortFunc(list, func(a, b homeward.Pair) int { return cmp.Compare(b.Weight, a.Weight) })
		if len(list) != 3 {
			t.Fatalf("%d pairs", len(list))
		}
		var taken []homeward.Decision
		for _, p := range list[:2] {
			d, err := w.stages.Review.Decide(ctx, homeward.Operator, p.ID, homeward.Same, "because")
			if err != nil {
				t.Fatal(err)
			}
			taken = append(taken, d.Decision)
		}
		w.run()
		r := w.as(homeward.RoleSupervisor, "en")
		child := "/persons/" + string(list[0].Left)
		r.get(child).want(t, http.StatusOK, en.T("links.open"))
		p := r.get(child + "/links")
		p.want(t, http.StatusOK, en.T("links.lead"), en.T("links.hangs"), "/decisions/"+string(taken[0].ID), "/decisions/"+string(taken[1].ID))
		_, after, _ := strings.Cut(p.text, en.T("links.weakest"))
		if strings.Count(p.text, en.T("links.weakest")) != 1 || !strings.Contains(after, string(taken[1].ID)) || strings.Contains(after, string(taken[0].ID)) {
			t.Error("the weakest link is not the one for which least speaks")
		}
		if _, err := w.stages.Review.Decide(ctx, homeward.Operator, list[2].ID, homeward.Same, "because"); err != nil {
			t.Fatal(err)
		}
		w.run()
		p = r.get(child + "/links")
		p.want(t, http.StatusOK, en.T("links.held"))
		if strings.Contains(p.text, en.T("links.hangs")) || strings.Contains(p.text, en.T("links.weakest")) {
			t.Error("a link that others replace is called the one on which the child hangs")
		}
	})
}

// light returns the first pair of the queue on which nothing grave hangs.
func (w *world) light() homeward.Pair {
	w.t.Helper()
	for _, p := range w.pairs(homeward.PairProposed) {
		if v, err := w.stages.Review.Pair(ctx, homeward.System, p.ID); err != nil {
			w.t.Fatal(err)
		} else if !v.Grave {
			return p
		}
	}
	w.t.Fatal("something grave hangs on every pair")
	return homeward.Pair{}
}
