package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// lists are two that name one invented child, and contradict each other about her mother.
var lists = map[string]string{
	"Список А": "id;ПІБ;дата народження;мати;місто\n1;Вигаданенко Марія Іванівна;13.4.2014;Вигаданенко Ганна;Ізюм\n",
	"Список Б": "id;ПІБ;дата народження;мати\n1;Вигаданенко Марія Іванівна;13.4.2014;Вигаданенко Оксана\n",
}

// oneChild brings both lists in and joins their records.
func (w *world) oneChild() string {
	w.t.Helper()
	for _, source := range []string{"Список А", "Список Б"} {
		text := lists[source]
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
	w.decide(w.team[homeward.RoleTracingOfficer], pairs[0].ID, homeward.Same, "because")
	w.run()
	return string(pairs[0].Left)
}

// TestAChildsPageSaysHowFarEachFactIsSupported wants two sources counted where two say it, one where one does, the
// contradiction with both its sides, the family, and what is left to do.
func TestAChildsPageSaysHowFarEachFactIsSupported(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	id := w.oneChild()
	l := i18n.For(i18n.English)
	for _, path := range []string{"/persons/" + id, "/persons/" + id + "/print"} {
		p := w.as(homeward.RoleSupervisor, "en").get(path)
		p.want(t, http.StatusOK, l.N("person.origins", 2), "Вигаданенко Ганна", "Вигаданенко Оксана", `class="kin doubtful"`, l.T("person.contradiction"))
	}
	w.as(homeward.RoleSupervisor, "en").get("/persons/"+id).want(t, http.StatusOK,
		l.N("person.origins", 1), l.N("todo.contradictions", 1), "≠")
}

// TestWhoLookedStandsOnThePageOfASupervisorAlone has an officer open a child first.
func TestWhoLookedStandsOnThePageOfASupervisorAlone(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	id := w.oneChild()
	title := i18n.For(i18n.English).T("looks.title")
	for _, role := range []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleCaseworker, homeward.RoleLegalOfficer} {
		if p := w.as(role, "en").get("/persons/" + id); strings.Contains(p.text, title) {
			t.Errorf("a %s is told who looked", role)
		}
	}
	_, looks, _ := strings.Cut(w.as(homeward.RoleSupervisor, "en").get("/persons/"+id).text, title)
	for _, who := range []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleCaseworker, homeward.RoleLegalOfficer} {
		if !strings.Contains(looks, string(who)) {
			t.Errorf("the look of the %s is not told", who)
		}
	}
}
