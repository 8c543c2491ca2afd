package desk_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestTheStateTellsWhatVanishedAndWhatWasRenamed brings two editions of a list, and two lists that contradict each other.
func TestTheStateTellsWhatVanishedAndWhatWasRenamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		w.oneChild()
		for day, text := range []string{
			"id;ПІБ\n1;Зниклий Вигаданий\n2;Перейменований Вигаданий\n3;Сталий Вигаданий\n", "id;ПІБ\n2;Інакший Вигаданий\n3;Сталий Вигаданий\n",
		} {
			in := intake.Input{File: strings.NewReader(text), Source: "В", Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1+27*day))}
			if _, err := intake.Import(ctx, db, homeward.Operator, in); err != nil {
				t.Fatal(err)
			}
		}
		w.run()
		p := w.surveyed("/state")
		p.want(t, http.StatusOK, "Зниклий Вигаданий", "Перейменований Вигаданий", "Інакший Вигаданий", i18n.For(i18n.English).T("path.mother.name"))
		if strings.Contains(p.text, "Сталий") {
			t.Error("a row that stayed as it was is told of")
		}
		contradicted := i18n.For(i18n.English).T("state.contradicted") + "</dt><dd>1</dd>"
		if !strings.Contains(p.text, contradicted) {
			t.Error("one child of whom the sources contradict each other is not counted")
		}
		if p := w.as(homeward.RoleCaseworker, "en").get("/state"); strings.Contains(p.text, " В · ") {
			t.Error("a caseworker is told the source")
		}
	})
}

// TestTheTeamIsListedByName and not by what anybody did.
func TestTheTeamIsListedByName(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	w.oneChild()
	p := w.as(homeward.RoleSupervisor, "en").get("/team")
	p.want(t, http.StatusOK)
	names := regexp.MustCompile(`<th scope="row"><span dir="auto">([^<]*)`).FindAllStringSubmatch(p.text, -1)
	if len(names) != 6 {
		t.Fatalf("%d members of a team of six", len(names))
	}
	for i := range names[1:] {
		if names[i][1] > names[i+1][1] {
			t.Error("the team is not in the order of names")
		}
	}
}

// surveyed reads the page as a supervisor until its contradictions are counted.
func (w *world) surveyed(path string) page {
	w.t.Helper()
	r := w.as(homeward.RoleSupervisor, "en")
	for range 100 {
		if p := r.get(path); !strings.Contains(p.text, en.T("state.counting")) {
			return p
		}
	}
	w.t.Fatal("contradictions are never counted")
	return page{}
}
