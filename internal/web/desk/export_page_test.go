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

// TestABundleIsChosenSeenAndDownloaded takes a child out as a legal officer does, and verifies what the browser got.
func TestABundleIsChosenSeenAndDownloaded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		x := w.furnish(w.room(true), "Пакетенко")
		at := "/persons/" + x.of["person"][0] + "/export"
		counsel := w.as(homeward.RoleLegalOfficer, "en")
		counsel.get(strings.TrimSuffix(at, "/export")).want(t, http.StatusOK, en.T("export.title"))
		counsel.get(at).want(t, http.StatusOK, "Пакетенко", en.T("export.would"), en.T("export.past.none"))

		chosen := url.Values{"do": {"look"}, "class": {"identity"}, "other": {"record/line"}}
		seen := counsel.post(at, chosen)
		seen.want(t, http.StatusOK, en.T("export.why.chosen"), `value="identity" checked`)
		if strings.Contains(seen.text, "Пакетенко Дитина") {
			t.Error("what was chosen is shown all the same")
		}

		chosen.Set("do", "export")
		counsel.post(at, chosen).want(t, http.StatusUnprocessableEntity, en.T("export.problem.words"), `value="record/line"`)
		chosen.Set("purpose", "proceedings 12/26")
		chosen.Set("recipient", "District court")
		chosen.Set("to", "no key")
		counsel.post(at, chosen).want(t, http.StatusUnprocessableEntity, en.T("export.problem.key"), "District court")
		chosen.Del("to")
		res, err := counsel.client.PostForm(counsel.server.URL+at, chosen)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		got, err := io.ReadAll(res.Body)
		found := bundle.Verify(bytes.NewReader(got), db.Verifier())
		if err != nil || found.Verdict != bundle.Verified || bytes.Contains(got, []byte("Пакетенко Дитина")) {
			t.Errorf("the browser got a bundle that is %s %v: %v", found.Verdict, found.Findings, err)
		}
		if name := res.Header.Get("Content-Disposition"); !strings.Contains(name, "homeward-bundle.zip") {
			t.Errorf("it is handed over as %q", name)
		}
		counsel.get(at).want(t, http.StatusOK, "District court", "proceedings 12/26")

		for _, role := range []homeward.Role{homeward.RoleCaseworker, homeward.RoleReviewer, homeward.RoleAuditor} {
			w.as(role, "en").get(at).want(t, http.StatusForbidden)
		}
		counsel.get("/persons/"+homeward.NewID(db.Now())+"/export").want(t, http.StatusNotFound)
	})
}
