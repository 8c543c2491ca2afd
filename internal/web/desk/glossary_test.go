package desk_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// TestTheGlossaryDefinesTheWordsOfThisHouse looks for every word of the page in GLOSSARY.md.
func TestTheGlossaryDefinesTheWordsOfThisHouse(t *testing.T) {
	text, err := os.ReadFile("../../../GLOSSARY.md")
	if err != nil {
		t.Fatal(err)
	}
	defined := strings.ToLower(strings.Join(regexp.MustCompile(`\*\*[^*]+\*\*`).FindAllString(string(text), -1), "\n"))
	words := 0
	for _, key := range i18n.Keys() {
		if !strings.HasPrefix(key, "word.") || strings.HasSuffix(key, ".means") {
			continue
		}
		words++
		if word := strings.ToLower(en.T(key)); !strings.Contains(defined, word) {
			t.Errorf("GLOSSARY.md does not define %q", word)
		}
		if !i18n.Has(key + ".means") {
			t.Errorf("the catalogs do not say what %s means", key)
		}
	}
	w := open(t, storetest.Open(t), 0)
	p := w.as(homeward.RoleAuditor, "en").get("/glossary")
	if got := strings.Count(p.text, "<dt>"); got != words {
		t.Errorf("the page defines %d words of %d", got, words)
	}
}

// TestTheTourOpensEveryRoomItNames takes every step of the tour in every language.
func TestTheTourOpensEveryRoomItNames(t *testing.T) {
	w := open(t, storetest.Open(t), 20)
	step := regexp.MustCompile(`name="next" value="([^"]+)"><button class="button" name="role" value="([^"]+)"`)
	for _, lang := range i18n.Languages {
		r := w.reader(string(lang))
		r.get("/sign-in").want(t, http.StatusOK, `href="/tour"`)
		tour := r.get("/tour")
		tour.want(t, http.StatusOK)
		steps := step.FindAllStringSubmatch(tour.text, -1)
		if len(steps) != 7 {
			t.Fatalf("%d steps", len(steps))
		}
		for _, s := range steps {
			r.post("/demo", map[string][]string{"next": {s[1]}, "role": {s[2]}}).want(t, http.StatusOK)
			r.get("/").want(t, http.StatusOK, `href="/tour"`)
		}
	}
}

// TestTheTourIsOfTheDemonstrationOnly asks for it in a register of real children.
func TestTheTourIsOfTheDemonstrationOnly(t *testing.T) {
	db := storetest.Open(t)
	w := open(t, db, 0, func(o *desk.Options) { o.Demo = false })
	if p := w.reader("en").get("/tour"); p.status == http.StatusOK || strings.Contains(p.text, `href="/tour"`) {
		t.Errorf("status %d", p.status)
	}
}

// TestGraveActionsSayWhatTheyDo reads the help beside each.
func TestGraveActionsSayWhatTheyDo(t *testing.T) {
	w := open(t, storetest.Open(t), 20)
	officer, admin := w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleAdministrator, "en")
	pairs := w.pairs(homeward.PairProposed)
	d, err := w.stages.Review.Decide(ctx, w.team[homeward.RoleTracingOfficer], pairs[0].ID, homeward.Unsure, "because")
	if err != nil {
		t.Fatal(err)
	}
	officer.get("/pairs/"+string(pairs[1].ID)).want(t, http.StatusOK, en.T("help.decide"))
	officer.get("/decisions/"+string(d.ID)).want(t, http.StatusOK, en.T("help.revoke"))
	officer.get("/glass").want(t, http.StatusOK, en.T("help.glass"))
	admin.get("/admin/users").want(t, http.StatusOK, en.T("help.disable"))
	w.view(func(tx *store.Tx) error {
		persons, err := tx.Persons("", 1)
		officer.get("/persons/"+string(persons[0].ID)).want(t, http.StatusOK, en.T("help.refer"))
		return err
	})
}
