package desk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestASourceThatMovesIsGoneForWhoIsNotThere moves a source as a supervisor of both compartments, and looks for it as others.
func TestASourceThatMovesIsGoneForWhoIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		x := w.furnish(homeward.Main, "Видименко")
		room := w.room(false)
		source := "/sources/" + x.of["source"][0]
		supervisor, officer, admin := w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleTracingOfficer, "en"), w.as(homeward.RoleAdministrator, "en")
		officer.get(source).want(t, http.StatusOK)
		officer.post(source+"/move", url.Values{"compartment": {string(room)}}).want(t, http.StatusForbidden)
		supervisor.post(source+"/move", url.Values{"compartment": {string(room)}}).want(t, http.StatusNotFound)
		admin.post("/admin/compartments/"+string(room), url.Values{"user": {string(w.team[homeward.RoleSupervisor].ID)}, "do": {"in"}}).want(t, http.StatusOK)
		supervisor.get(source).want(t, http.StatusOK, en.T("source.move_do"))
		supervisor.post(source+"/move", url.Values{"compartment": {string(room)}}).want(t, http.StatusOK, en.T("notice.moved"))
		officer.get(source).want(t, http.StatusNotFound)
		supervisor.get(source).want(t, http.StatusOK)
		supervisor.get("/sources").want(t, http.StatusOK, en.T("source.in", "compartment", "room"))
	})
}
