package desk_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var toldByAunt = url.Values{
	"teller": {"тітка"}, "as_of": {"2025-03-01"}, "name": {"Марійка Вигаданенко"}, "event": {"located"}, "event_place": {"Вигаданськ"},
	"event_date": {"лютий 2025"}, "note": {"бачила на ринку"},
}

// TestWhatWeLearnedIsARecordThatWaitsForReview is told of by a caseworker, decided by an officer, and stands on the child's
// page with its source; until then the child's page is as it was.
func TestWhatWeLearnedIsARecordThatWaitsForReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		id := w.oneChild()
		worker := w.as(homeward.RoleCaseworker, "en")
		before := w.recordsOf(id)
		p := worker.post("/persons/"+id+"/learned", toldByAunt)
		p.want(t, http.StatusOK, i18n.For(i18n.English).T("notice.learned"))
		if p.at != "/persons/"+id || strings.Contains(p.text, "Вигаданськ") {
			t.Errorf("the page %s shows what nobody decided", p.at)
		}
		w.run()
		pairs := w.pairs(homeward.PairProposed)
		if w.recordsOf(id) != before || len(pairs) == 0 {
			t.Fatalf("%d records instead of %d; %d pairs wait", w.recordsOf(id), before, len(pairs))
		}
		for _, pair := range pairs {
			if string(pair.Left) == id || string(pair.Right) == id {
				w.as(homeward.RoleTracingOfficer, "en").post("/pairs/"+string(pair.ID)+"/decide", url.Values{"judgement": {"same"}, "reason": {"the aunt knows her"}}).want(t, http.StatusOK)
				w.as(homeward.RoleReviewer, "en").post("/pairs/"+string(pair.ID)+"/decide", url.Values{"judgement": {"same"}, "reason": {"and so do I"}})
			}
		}
		w.run()
		w.as(homeward.RoleSupervisor, "en").get("/persons/"+id).want(t, http.StatusOK, "Вигаданськ", i18n.For(i18n.English).T("source.own"), "тітка")
	})
}

func (w *world) recordsOf(person string) (n int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		p, err := tx.Person(homeward.PersonID(person))
		n = len(p.Records)
		return err
	})
	return n
}

// TestAnOfficerIsLedToThePair and finds both records there.
func TestAnOfficerIsLedToThePair(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	id := w.oneChild()
	p := w.as(homeward.RoleTracingOfficer, "uk").post("/persons/"+id+"/learned", toldByAunt)
	p.want(t, http.StatusOK, "Марійка", "Марія", "Вигаданськ")
	if !strings.HasPrefix(p.at, "/pairs/") {
		t.Errorf("led to %s", p.at)
	}
}

// TestWhatTellsNothingIsNotKept sends forms that lack who told, whom it is about, what was told, or tell of tomorrow.
func TestWhatTellsNothingIsNotKept(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	id := w.oneChild()
	r, before := w.as(homeward.RoleSupervisor, "en"), w.recordsOf(id)
	for _, lacks := range []url.Values{
		{"teller": nil}, {"name": nil}, {"as_of": {"2999-01-01"}}, {"as_of": nil}, {"event": nil, "note": nil},
		{"note": {strings.Repeat("a", 3000)}},
	} {
		form := url.Values{}
		for k, v := range toldByAunt {
			form[k] = v
		}
		for k, v := range lacks {
			form[k] = v
		}
		r.post("/persons/"+id+"/learned", form).want(t, http.StatusUnprocessableEntity, i18n.For(i18n.English).T("learn.wrong"))
	}
	told := maps.Clone(toldByAunt)
	told.Set("as_of", "2999-01-01")
	r.post("/persons/"+id+"/learned", told).want(t, http.StatusUnprocessableEntity,
		`value="тітка"`, `value="Марійка Вигаданенко"`, `value="2999-01-01"`, `value="located" selected`, `value="лютий 2025"`, `value="бачила на ринку"`)
	if n := w.recordsOf(id); n != before {
		t.Errorf("%d records, %d before", n, before)
	}
}
