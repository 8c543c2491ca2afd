package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var endsRepetition = regexp.MustCompile(`name="end" value="([0-9a-f-]+)"`)

// TestASourceThatRepeatsAnotherCorroboratesNothing brings one child in from two lists, says that one list repeats the other from its second
// edition on, then wholly, and takes it back.
func TestASourceThatRepeatsAnotherCorroboratesNothing(t *testing.T) {
	b := browser(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		list := "id;ПІБ;дата народження;місто\n1;Вигаданова Марія Іванівна;13.4.2014;Ізюм\n"
		w.bringList("Перший", list)
		w.bringList("Другий", list)
		pair := w.pairs(homeward.PairProposed)[0]
		w.decide(w.team[homeward.RoleTracingOfficer], pair.ID, homeward.Same, "because")
		w.run()
		source := w.sourceNamed("Другий")
		second := intake.Input{File: strings.NewReader(list + "2;Інша Дитина;2015;Ізюм\n"), Source: "Другий", Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 3, 1))}
		report, err := intake.Import(ctx, w.db, homeward.Operator, second)
		if err != nil {
			t.Fatal(err)
		}
		w.run()
		at, child := "/sources/"+string(source), "/persons/"+string(pair.Left)
		boss, officer, counter := w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleTracingOfficer, "en"), w.as(homeward.RoleReleaseOfficer, "en")
		officer.get(child).want(t, http.StatusOK, en.N("person.origins", 2))
		counter.get("/counts?definition=children").wantNot(t, en.N("counts.origins", 1))
		officer.get(at).wantNot(t, en.T("source.repeats_do"))
		officer.post(at+"/repeats", url.Values{"original": {string(w.sourceNamed("Перший"))}, "reason": {"x"}}).want(t, http.StatusForbidden)
		say := func(since string) url.Values {
			return url.Values{"original": {string(w.sourceNamed("Перший"))}, "since": {since}, "reason": {"the same misprints"}}
		}
		blank := say("")
		blank.Set("reason", " ")
		boss.post(at+"/repeats", blank).want(t, http.StatusUnprocessableEntity, en.T("mark.no_reason"))
		boss.post(at+"/repeats", say(string(report.Edition))).want(t, http.StatusOK, en.T("notice.repeats"), "the same misprints", en.T("source.repeats_since"))
		officer.get(child).want(t, http.StatusOK, en.N("person.origins", 2)) // what it said before is its own
		take := func() {
			boss.post(at+"/repeats", url.Values{"end": {endsRepetition.FindStringSubmatch(boss.get(at).text)[1]}, "reason": {"they are others"}}).want(t, http.StatusOK, en.T("notice.repeats_ended"))
		}
		take()
		boss.post(at+"/repeats", say("")).want(t, http.StatusOK, en.T("notice.repeats"), en.T("source.repeats_wholly"))
		boss.post(at+"/repeats", say("")).want(t, http.StatusConflict, en.T("source.repeats_not"))
		p := officer.get(child)
		p.want(t, http.StatusOK, en.T("person.repeats"), "Другий")
		p.wantNot(t, en.N("person.origins", 2))
		counter.get("/counts?definition=children").want(t, http.StatusOK, en.N("counts.origins", 1), en.N("counts.sources", 2))
		boss.get("/state").want(t, http.StatusOK, "<dt>"+en.T("state.one_source")+"</dt><dd>2</dd>")
		boss.get("/sources/"+string(w.sourceNamed("Перший"))).want(t, http.StatusOK, en.T("source.repeated_by"), "Другий")
		for _, lang := range []string{"uk", "en", "ru"} {
			x := w.tab(t, b, w.as(homeward.RoleSupervisor, lang), look{lang: lang, width: 1280})
			x.open(at)
			x.audit("repeats " + lang)
			x.see(look{lang: lang, width: 360})
			x.fits("repeats "+lang, 360)
		}
		take()
		officer.get(child).want(t, http.StatusOK, en.N("person.origins", 2))
		counter.get("/counts?definition=children").wantNot(t, en.N("counts.origins", 1))
		if strings.Contains(w.log.String(), "misprints") {
			t.Error("the words of a repetition are in the log")
		}
	})
}

// relate says that one of the lists of the camp was copied from the other.
func (s *staged) relate() {
	s.t.Helper()
	s.copied = s.sourceNamed("Табір, список 2 (вигаданий)")
	said := homeward.Repetition{Source: s.copied, Original: s.sourceNamed("Табір, список 1 (вигаданий)"), Reason: "Ті самі описки в тих самих рядках; директорка табору каже, що список переписали."}
	err := s.db.Update(ctx, s.team[homeward.RoleSupervisor], func(tx *store.Tx) error {
		_, err := tx.PutRepetition(said)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// sourceNamed returns the source of a name.
func (w *world) sourceNamed(name string) (id homeward.SourceID) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		s, err := tx.SourceNamed(name)
		id = s.ID
		return err
	})
	return id
}
