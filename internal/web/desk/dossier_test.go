package desk_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestADossierIsSeenBeforeItIsFrozenAndDownloaded makes a dossier as a legal officer does, of one child and of two.
func TestADossierIsSeenBeforeItIsFrozenAndDownloaded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		records := storetest.Put(t, db, "one list",
			[]homeward.Claim{
				{Path: "name.full", Value: "Правненко Марія", Grade: homeward.Grade{Reliability: "B", Credibility: "2"}}, {Path: "home.place", Value: "Ізюм"},
				{Path: "event.taken.place", Value: "Токмак", Grade: homeward.Grade{Reliability: "A", Credibility: "1"}},
				{Path: "contact.phone", Value: "+380500000001", Grade: homeward.Grade{Reliability: "A", Credibility: "1"}},
			},
			[]homeward.Claim{{Path: "name.full", Value: "Правненко Остап", Grade: homeward.Grade{Reliability: "C", Credibility: "3"}}})
		w.run()
		at := "/persons/" + string(records[0]) + "/dossier"
		counsel := w.as(homeward.RoleLegalOfficer, "en")
		counsel.get("/persons/"+string(records[0])).want(t, http.StatusOK, at)

		seen := counsel.get(at)
		seen.want(t, http.StatusOK, "Правненко Марія", "Ізюм", en.T("dossier.left.uncited"), en.T("dossier.page.past.none"), en.T("dossier.page.unseen", "classes", en.T("class.contact")), `value="B" selected`)
		if !strings.Contains(seen.text, `<svg role="img"`) || !strings.Contains(seen.text, "Токмак") {
			t.Error("the map that it would hold is not shown")
		}
		if strings.Contains(seen.text, "+380500000001") {
			t.Error("it shows what the role does not see")
		}
		two := url.Values{"do": {"look"}, "reliability": {"C"}, "credibility": {"3"}, "others": {string(records[1])}}
		counsel.post(at, two).want(t, http.StatusOK, "Правненко Остап", "pattern-", `value="C" selected`, string(records[1])+"</textarea>")
		two.Set("others", homeward.NewID(db.Now()))
		counsel.post(at, two).want(t, http.StatusUnprocessableEntity, en.T("dossier.problem.others"), "Правненко Марія")
		counsel.post(at, url.Values{"do": {"look"}, "reliability": {"Z"}}).want(t, http.StatusBadRequest)

		order := url.Values{"do": {"freeze"}, "reliability": {"B"}, "credibility": {"2"}}
		counsel.post(at, order).want(t, http.StatusUnprocessableEntity, en.T("export.problem.words"))
		order.Set("purpose", "proceedings 12/26")
		order.Set("recipient", "District court")
		res, err := counsel.client.PostForm(counsel.server.URL+at, order)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		got, err := io.ReadAll(res.Body)
		found := bundle.Verify(bytes.NewReader(got), db.Verifier())
		if err != nil || found.Verdict != bundle.Verified || !bytes.Contains(got, []byte("data/dossier/uk.pdf")) || bytes.Contains(got, []byte("+380500000001")) {
			t.Errorf("the browser got a dossier that is %s %v: %v", found.Verdict, found.Findings, err)
		}
		if name := res.Header.Get("Content-Disposition"); !strings.Contains(name, "homeward-dossier.zip") {
			t.Errorf("it is handed over as %q", name)
		}
		counsel.get(at).want(t, http.StatusOK, "District court", "proceedings 12/26", en.T("dossier.version")+" 1")

		for _, role := range []homeward.Role{homeward.RoleCaseworker, homeward.RoleReviewer, homeward.RoleAuditor} {
			w.as(role, "en").get(at).want(t, http.StatusForbidden)
		}
		counsel.get("/persons/"+homeward.NewID(db.Now())+"/dossier").want(t, http.StatusNotFound)
	})
}
