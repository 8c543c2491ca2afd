package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// lawForm is a whole assessment of an act.
func lawForm(act, replaces string) url.Values {
	return url.Values{
		"act": {act}, "law": {"gc4-49"}, "standard": {"reasonable-grounds"}, "replaces": {replaces}, "do": {"enter"},
		"element-0": {"protected person"}, "finding-0": {"met"}, "element-grounds-0": {"born there"},
		"element-2": {"no military reasons"}, "finding-2": {"open"}, "element-grounds-2": {"nobody said"},
		"party-1": {"one state"}, "applies-1": {"contested"}, "party-grounds-1": {"it says so"},
		"conclusion": {"it was a deportation"}, "author": {"О. Висновенко, юрисконсульт"},
	}
}

var firstAct = regexp.MustCompile(`<option value="([0-9a-f-]{36} [a-z-]+)"`)

// TestAnAssessmentIsEnteredShownAndReplaced does a legal officer's day with the law, and looks who sees it.
func TestAnAssessmentIsEnteredShownAndReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		records := storetest.Put(t, db, "one list",
			[]homeward.Claim{{Path: "name.full", Value: "Правненко Марія"}, {Path: "event.deported.date", Value: "2022-10-21"}},
			[]homeward.Claim{{Path: "name.full", Value: "Інша Дитина"}, {Path: "event.deported.date", Value: "2022-10-21"}})
		w.run()
		at := "/persons/" + string(records[0])
		counsel := w.as(homeward.RoleLegalOfficer, "en")
		counsel.get(at).want(t, http.StatusOK, en.T("law.none"), at+"/law/new")
		act := firstAct.FindStringSubmatch(counsel.get(at + "/law/new").text)
		if act == nil || act[1] != string(records[0])+" deported" {
			t.Fatalf("the form offers %v", act)
		}

		missing := lawForm(act[1], "")
		missing.Del("author")
		counsel.post(at+"/law", missing).want(t, http.StatusUnprocessableEntity, en.T("newlaw.wrong.part"), "it was a deportation", "nobody said", `value="open" selected`)
		more := lawForm(act[1], "")
		more.Set("do", "more")
		counsel.post(at+"/law", more).want(t, http.StatusOK, `name="element-4"`, "born there")
		counsel.post(at+"/law", lawForm(string(records[1])+" deported", "")).want(t, http.StatusUnprocessableEntity, en.T("newlaw.wrong.part"))
		counsel.post(at+"/law", lawForm(string(records[0])+" renamed", "")).want(t, http.StatusNotFound)
		counsel.get(at+"/law").want(t, http.StatusOK, en.T("law.none"))

		p := counsel.post(at+"/law", lawForm(act[1], ""))
		p.want(t, http.StatusOK, en.T("notice.assessed"), "О. Висновенко", "it was a deportation", "protected person", en.T("finding.open"), en.T("application.contested"), "one list")
		old := regexp.MustCompile(`replaces=([0-9a-f-]{36})`).FindStringSubmatch(p.text)
		counsel.get(at+"/law/new?replaces="+old[1]).want(t, http.StatusOK, "nobody said", "it says so", `value="gc4-49" selected`)
		counsel.get(at+"/law/new?replaces="+string(records[0])).want(t, http.StatusNotFound)
		next := lawForm(act[1], old[1])
		next.Set("conclusion", "it was none")
		counsel.post(at+"/law", next).want(t, http.StatusOK, "it was none", en.T("law.is_replaced"), "it was a deportation")
		counsel.post(at+"/law", next).want(t, http.StatusConflict, en.T("newlaw.wrong.replaced"), "it was none")

		for role, sees := range map[homeward.Role]bool{
			homeward.RoleCaseworker: true, homeward.RoleSupervisor: true, homeward.RoleEvidenceCustodian: true, homeward.RoleTracingOfficer: false, homeward.RoleReviewer: false,
		} {
			r := w.as(role, "en")
			for _, path := range []string{at, at + "/law"} {
				p := r.get(path)
				p.want(t, http.StatusOK)
				if strings.Contains(p.text, "Висновенко") != sees || strings.Contains(p.text, at+"/law/new") {
					t.Errorf("%s of a %s: whether it shows the conclusion is not %v, or it offers to add one", strings.TrimPrefix(path, at), role, sees)
				}
			}
			r.post(at+"/law", lawForm(act[1], "")).want(t, http.StatusForbidden)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("the ledger: %v, %v", v.Findings, err)
		}
	})
}
