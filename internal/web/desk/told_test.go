package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// three brings in three rows and returns their records.
func (w *world) three() []homeward.RecordID {
	w.t.Helper()
	text := "id;ПІБ;коли\n1;Коваль Марія Іванівна;на початку весни, за словами сусідки\n2;Коваль Марія Іванівна;восени, за словами вчительки\n3;Бойко Петро;\n"
	in := intake.Input{
		File: strings.NewReader(text), Source: "Сусіди, школа", Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1)),
		Mapping: homeward.Mapping{"коли": homeward.EventPath(homeward.EventTaken, "date")},
	}
	if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
		w.t.Fatal(err)
	}
	w.run()
	var ids []homeward.RecordID
	err := w.db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		ids = append(ids, r.ID)
		return nil
	})
	if err != nil || len(ids) != 3 {
		w.t.Fatalf("%d records: %v", len(ids), err)
	}
	return ids
}

func (w *world) judge(a, b homeward.RecordID, j homeward.Judgement) homeward.Decision {
	w.t.Helper()
	d := w.decide(w.team[homeward.RoleTracingOfficer], homeward.PairOf(a, b), j, "because")
	w.run()
	return d
}

// TestWordsOfADateThatCannotBeReadAreBothShown joins two records that tell of one act at times no calendar knows.
func TestWordsOfADateThatCannotBeReadAreBothShown(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	ids := w.three()
	w.judge(ids[0], ids[1], homeward.Same)
	timeline, _, _ := strings.Cut(w.as(homeward.RoleCaseworker, "en").get("/persons/"+string(ids[0])).text, `id="who"`)
	for _, words := range []string{"на початку весни, за словами сусідки", "восени, за словами вчительки"} {
		if !strings.Contains(timeline, words) {
			t.Errorf("the timeline lost %q", words)
		}
	}
}

// TestAPersonSaysWhichDecisionIsNotApplied decides three pairs that cannot all be true.
func TestAPersonSaysWhichDecisionIsNotApplied(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	ids := w.three()
	w.judge(ids[0], ids[1], homeward.Same)
	w.judge(ids[1], ids[2], homeward.Same)
	r := w.as(homeward.RoleTracingOfficer, "en")
	if strings.Contains(r.get("/persons/"+string(ids[0])).text, en.T("decision.unheeded")) {
		t.Error("a decision that is applied is said not to be")
	}
	w.judge(ids[0], ids[2], homeward.Different)
	said := r.get("/persons/"+string(ids[0])).text + r.get("/persons/"+string(ids[2])).text
	if !strings.Contains(said, en.T("decision.unheeded")) {
		t.Error("no page says that a decision is not applied")
	}
}

// TestADecidedPairOffersNothingThatIsRefused looks at a pair that stands decided, as one who may decide and as one who
// may only see the child.
func TestADecidedPairOffersNothingThatIsRefused(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	ids := w.three()
	d := w.judge(ids[0], ids[1], homeward.Different)
	p := w.as(homeward.RoleTracingOfficer, "en").get("/pairs/" + string(d.Pair))
	p.want(t, http.StatusOK, "because")
	for _, key := range []string{"pair.joins", "pair.may_not", "pair.judge"} {
		if strings.Contains(p.text, en.T(key)) {
			t.Errorf("the page of a decided pair says %q", en.T(key))
		}
	}
	p = w.as(homeward.RoleCaseworker, "en").get("/persons/" + string(ids[0]))
	p.want(t, http.StatusOK, "because")
	if strings.Contains(p.text, `href="/pairs/`) || strings.Contains(p.text, `href="/decisions/`) {
		t.Error("a caseworker is led to a page that is closed to caseworkers")
	}
}

// TestAReasonOfManyLinesIsCountedAsItIsShown sends the longest reason as browsers do.
func TestAReasonOfManyLinesIsCountedAsItIsShown(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	r := w.as(homeward.RoleTracingOfficer, "en")
	at := "/pairs/" + string(w.pairs(homeward.PairProposed)[0].ID)
	reason := strings.Repeat("a\r\n", 999) + "aa"
	r.post(at+"/decide", url.Values{"judgement": {"unsure"}, "reason": {reason}}).want(t, http.StatusOK, en.T("notice.decided.unsure"))
}
