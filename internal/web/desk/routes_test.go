package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// places are every page that can be asked for by GET, with the action it needs; an empty action means anyone signed in.
func (w *world) places() map[string]homeward.Action {
	w.t.Helper()
	out := map[string]homeward.Action{
		"/": "", "/design": "", "/glossary": "", "/sources": homeward.ActionSeeSources, "/import": homeward.ActionImport, "/quarantine": homeward.ActionImport,
		"/search": homeward.ActionSearch, "/searches": homeward.ActionSearch, "/state": homeward.ActionSeePerson, "/team": homeward.ActionSeeTeam, "/review": homeward.ActionReview, "/review?state=same": homeward.ActionReview,
		"/counts": homeward.ActionCount, "/counts?definition=deported": homeward.ActionCount, "/counts?definition=children&drawn=1": homeward.ActionCount, "/figures": homeward.ActionCount,
		"/requests": homeward.ActionSeeRequests, "/requests?state=open": homeward.ActionSeeRequests, "/requests/new": homeward.ActionTrace,
		"/exhibits": homeward.ActionReadExhibit, "/exhibits?kind=photo": homeward.ActionReadExhibit, "/exhibits/new": homeward.ActionAddExhibit, "/captures/new": homeward.ActionCapture,
		"/ledger": homeward.ActionVerify, "/referrals": homeward.ActionAcceptReferral, "/glass": homeward.ActionBreakGlass,
		"/admin/users": homeward.ActionManageUsers, "/admin/roles": homeward.ActionManageUsers, "/admin/grants": homeward.ActionConfirmRole, "/recoveries": homeward.ActionCheckIdentity, "/admin/compartments": homeward.ActionManageRooms,
		"/marks":       homeward.ActionSeePerson,
		"/erasures":    homeward.ActionAskErasure,
		"/batches":     homeward.ActionBatch,
		"/batches/new": homeward.ActionBatch,
		"/batches/new?bound=0.9&bears=50&told=birth.day": homeward.ActionBatch,
		"/admin/compartments/main":                       homeward.ActionManageRooms, "/admin/audit": homeward.ActionReadAudit,
		"/account": "",
	}
	w.view(func(tx *store.Tx) error {
		sources, err := tx.Sources()
		if err != nil {
			return err
		}
		for _, s := range sources {
			out["/sources/"+string(s.ID)] = homeward.ActionSeeSources
		}
		editions, err := tx.Editions("")
		if err != nil {
			return err
		}
		for _, e := range editions {
			out["/editions/"+string(e.ID)] = homeward.ActionSeeSources
		}
		persons, err := tx.Persons("", 3)
		if err != nil {
			return err
		}
		for _, p := range persons {
			out["/persons/"+string(p.ID)] = homeward.ActionSeePerson
			out["/persons/"+string(p.ID)+"/export"] = homeward.ActionExport
			out["/records/"+string(p.ID)] = homeward.ActionSeePerson
			out["/persons/"+string(p.ID)+"/print"] = homeward.ActionSeePerson
			out["/persons/"+string(p.ID)+"/dossier"] = homeward.ActionExport
			out["/persons/"+string(p.ID)+"/law"] = homeward.ActionSeePerson
			out["/persons/"+string(p.ID)+"/law/new"] = homeward.ActionAssess
			out["/persons/"+string(p.ID)+"/near"] = homeward.ActionSearch
			out["/persons/"+string(p.ID)+"/links"] = homeward.ActionReview
		}
		pairs, err := tx.Pairs(store.PairFilter{Limit: 3})
		if err != nil {
			return err
		}
		for _, p := range pairs {
			out["/pairs/"+string(p.ID)] = homeward.ActionReview
		}
		requests, err := tx.RequestFacts("", nil, 3)
		if err != nil {
			return err
		}
		for _, r := range requests {
			out["/requests/"+string(r.ID)] = homeward.ActionSeeRequests
			out["/requests/"+string(r.ID)+"/children"] = homeward.ActionTrace
			out["/requests/"+string(r.ID)+"/children/"+string(r.Sought[0])] = homeward.ActionTrace
		}
		exhibits, err := tx.Exhibits(store.ExhibitFilter{Limit: 3})
		if err != nil {
			return err
		}
		for _, e := range exhibits {
			out["/exhibits/"+string(e.ID)] = homeward.ActionReadExhibit
			if e.Kind == homeward.ExhibitCapture {
				out["/exhibits/"+string(e.ID)+"/capture"] = homeward.ActionReadExhibit
			}
			out["/exhibits/new?parent="+string(e.ID)] = homeward.ActionAddExhibit
		}
		decisions, err := tx.DecisionFacts()
		for _, d := range decisions {
			out["/decisions/"+string(d.ID)] = homeward.ActionReview
		}
		return err
	})
	return out
}

// decided takes one decision of each kind.
func (w *world) decided() {
	w.t.Helper()
	pairs := w.pairs(homeward.PairProposed)
	if len(pairs) < 6 {
		w.t.Fatalf("%d pairs are too few", len(pairs))
	}
	for i, j := range []homeward.Judgement{homeward.Same, homeward.Different, homeward.Unsure} {
		w.decide(w.team[homeward.RoleTracingOfficer], pairs[2*i].ID, j, "because")
	}
	r := w.seek(homeward.Main, "Вигаданенко")
	w.exhibit(homeward.Exhibit{Kind: homeward.ExhibitPhoto, Class: homeward.ClassIdentity, Request: r.ID, Record: r.Sought[0]}, "a")
	w.capture(homeward.Exhibit{Class: homeward.ClassIdentity}, "<p>one")
	w.run()
}

var missingKey = regexp.MustCompile(`\[[a-z_]+(\.[a-z_-]+)+\]`)

// TestEveryRoleSeesItsPagesAndNoOther asks for every page as every role: it is shown when the role may, and otherwise
// refused with the roles that may.
func TestEveryRoleSeesItsPagesAndNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 20)
		w.decided()
		places := w.places()
		for i, role := range homeward.Roles {
			r := w.as(role, string(i18n.Languages[i%3]))
			for path, action := range places {
				p := r.get(path)
				want := http.StatusForbidden
				if action == "" || (homeward.Actor{Role: role}).Can(action) {
					want = http.StatusOK
				}
				if p.status != want {
					t.Errorf("%s asks for %s: status %d, want %d", role, path, p.status, want)
				}
				if m := missingKey.FindString(p.words()); m != "" || strings.Contains(p.text, "ZgotmplZ") {
					t.Errorf("%s: a word is missing: %s", path, m)
				}
			}
		}
		stranger := w.reader("en")
		for path := range places {
			stranger.get(path).want(t, http.StatusUnauthorized, `action="/sign-in"`)
		}
	})
}

// TestEveryPageSpeaksEveryLanguage reads every page as someone who may see it, in each language.
func TestEveryPageSpeaksEveryLanguage(t *testing.T) {
	w := open(t, storetest.Open(t), 20)
	w.decided()
	for _, lang := range i18n.Languages {
		readers := map[homeward.Role]*reader{}
		for path, action := range w.places() {
			role := homeward.RoleSupervisor
			for _, other := range []homeward.Role{homeward.RoleAdministrator, homeward.RoleAuditor, homeward.RoleLegalOfficer} {
				if !(homeward.Actor{Role: role}).Can(action) && (homeward.Actor{Role: other}).Can(action) {
					role = other
				}
			}
			if readers[role] == nil {
				readers[role] = w.as(role, string(lang))
			}
			p := readers[role].get(path)
			p.want(t, http.StatusOK, `<html lang="`+string(lang)+`"`, i18n.For(lang).T("frame.skip"))
			if m := missingKey.FindString(p.words()); m != "" {
				t.Errorf("%s in %s: a word is missing: %s", path, lang, m)
			}
			if !strings.Contains(p.header.Get("Content-Security-Policy"), "default-src 'none'") || p.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", path, p.header)
			}
			if strings.Contains(p.text, "style=\"") || strings.Contains(p.text, "onclick") || strings.Contains(p.text, "https://") && path != "/figures" && !strings.HasSuffix(path, "/capture") { // both name where words come from
				t.Errorf("%s holds an inline style, a script or an address elsewhere", path)
			}
		}
	}
}

// TestNothingIsChangedByGet asks for every page and compares the log before and after.
func TestNothingIsChangedByGet(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	w.decided()
	size := func() (n int64) {
		w.view(func(tx *store.Tx) (err error) {
			n, err = tx.TreeSize()
			return err
		})
		return n
	}
	before := size()
	for _, role := range homeward.Roles {
		r := w.as(role, "uk")
		for path := range w.places() {
			if !strings.HasSuffix(path, "/capture") { // shows what an exhibit holds: its custody says so first
				r.get(path)
			}
		}
	}
	if after := size(); after != before {
		t.Errorf("%d entries were written by reading", after-before)
	}
}

func TestLanguageIsRememberedAndComesBackToThePage(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleSupervisor, "uk")
	p := r.post("/language", url.Values{"lang": {"en"}, "back": {"/counts"}})
	p.want(t, http.StatusOK, `<html lang="en"`)
	if p.at != "/counts" {
		t.Errorf("came back to %s", p.at)
	}
	r.get("/").want(t, http.StatusOK, `<html lang="en"`)
	for _, elsewhere := range []string{"https://example.org/", "//example.org", `/\example.org`, "x"} {
		if p := r.post("/language", url.Values{"lang": {"ru"}, "back": {elsewhere}}); p.at != "/" {
			t.Errorf("a redirect led to %s", p.at)
		}
	}
}

func TestAnEmptyRegisterSaysWhatToDo(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleSupervisor, "en")
	for path, words := range map[string]string{
		"/": "start.lead_nothing", "/sources": "sources.none", "/review": "queue.none.proposed", "/quarantine": "quarantine.none",
		"/figures": "figures.none", "/requests": "requests.none", "/ledger": "ledger.lead",
	} {
		r.get(path).want(t, http.StatusOK, i18n.For(i18n.English).T(words))
	}
	r.post("/search", url.Values{"words": {"Nobody"}}).want(t, http.StatusOK, i18n.For(i18n.English).T("search.none"))
	r.get("/persons/nobody").want(t, http.StatusNotFound, i18n.For(i18n.English).T("fault.notfound"))
	r.get("/no-such-page").want(t, http.StatusNotFound)
}

// TestHostileAddressesLeadNowhere asks for what no id is made of: neither database may stumble over it.
func TestHostileAddressesLeadNowhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		r, admin := w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleAdministrator, "en")
		for _, id := range []string{"%00", "%ff", "a.b", "%27", "..%2f..%2fetc", strings.Repeat("a", 2000), "%E2%80%AE"} {
			for _, path := range []string{"/persons/", "/pairs/", "/decisions/", "/sources/", "/editions/", "/requests/"} {
				r.get(path+id).want(t, http.StatusNotFound)
			}
			r.get("/import?source="+id).want(t, http.StatusNotFound)
			status := http.StatusOK
			if id == "%00" || id == "%ff" {
				status = http.StatusNotFound
			}
			r.get("/quarantine?source="+id).want(t, status)
			r.get("/review?state="+id+"&after=NaN_"+id).want(t, status)
			r.post("/pairs/"+id+"/decide", url.Values{"judgement": {"same"}, "reason": {"x"}}).want(t, http.StatusNotFound)
			r.post("/decisions/"+id+"/revoke", url.Values{"reason": {"x"}}).want(t, http.StatusNotFound)
			admin.post("/admin/users/"+id+"/disable", nil).want(t, http.StatusNotFound)
			w.reader("en").get("/invitation/"+id).want(t, http.StatusNotFound)
		}
		if strings.Contains(w.log.String(), "level=ERROR") {
			t.Error("an address is told as a fault of ours")
		}
	})
}
