package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// TestARoleIsGivenByTwoPeople asks for roles as an administrator: each takes effect when another confirms it, and nobody answers
// for themselves.
func TestARoleIsGivenByTwoPeople(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	admin, worker, supervisor := w.as(homeward.RoleAdministrator, "en"), w.as(homeward.RoleCaseworker, "en"), w.as(homeward.RoleSupervisor, "en")
	to := func(role homeward.Role, as homeward.Role) page {
		return admin.post("/admin/users/"+string(w.team[role].ID)+"/role", url.Values{"role": {string(as)}})
	}
	to(homeward.RoleCaseworker, homeward.RoleReviewer).want(t, http.StatusOK, en.T("notice.role_asked"))
	worker.get("/review").want(t, http.StatusForbidden)
	admin.post("/admin/grants/"+w.asked(homeward.RoleCaseworker), url.Values{"answer": {"confirmed"}}).want(t, http.StatusForbidden)
	worker.post("/admin/grants/"+w.asked(homeward.RoleCaseworker), url.Values{"answer": {"confirmed"}}).want(t, http.StatusForbidden)
	supervisor.get("/").want(t, http.StatusOK, en.T("await.grants.do"))
	supervisor.post("/admin/grants/"+w.asked(homeward.RoleCaseworker), url.Values{"answer": {"confirmed"}}).want(t, http.StatusOK, en.T("notice.grant_confirmed"))
	worker.get("/review").want(t, http.StatusUnauthorized) // a new role is a new sign-in
	w.as(homeward.RoleCaseworker, "en").get("/review").want(t, http.StatusOK)
	to(homeward.RoleSupervisor, homeward.RoleAdministrator).want(t, http.StatusOK, en.T("notice.role_asked"))
	supervisor.post("/admin/grants/"+w.asked(homeward.RoleSupervisor), url.Values{"answer": {"confirmed"}}).want(t, http.StatusForbidden)
	admin.post("/admin/grants/"+w.asked(homeward.RoleSupervisor), url.Values{"answer": {"refused"}}).want(t, http.StatusOK, en.T("notice.grant_refused"))
	to(homeward.RoleTracingOfficer, homeward.RoleAuditor).want(t, http.StatusOK, en.T("notice.role"))
	to(homeward.RoleAdministrator, homeward.RoleSupervisor).want(t, http.StatusConflict)
	to(homeward.RoleReviewer, "no such role").want(t, http.StatusBadRequest)
}

// TestAnInvitationSaysWhoConfirmsTheRole makes the first links of a register, when nobody but the administrator is there: a role
// that takes two people says how it is confirmed then, to who invites and to who was invited.
func TestAnInvitationSaysWhoConfirmsTheRole(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	admin := w.as(homeward.RoleAdministrator, "en")
	made := admin.post("/admin/users", url.Values{"role": {string(homeward.RoleTracingOfficer)}})
	made.want(t, http.StatusOK, "homeward user confirm NAME")
	_, link, _ := strings.Cut(made.words(), desk.InvitationPath(""))
	link = desk.InvitationPath(strings.Fields(link)[0])
	joined := w.reader("en").post(link, url.Values{"name": {"taras"}, "password": {"four random words here"}, "again": {"four random words here"}})
	joined.want(t, http.StatusOK, "homeward user confirm")
	alone := admin.post("/admin/users", url.Values{"role": {string(homeward.RoleAuditor)}})
	if alone.want(t, http.StatusOK); strings.Contains(alone.words(), "homeward user confirm NAME") {
		t.Error("a role that takes one person is said to take two")
	}
}

// asked returns the role that waits for a member of the team.
func (w *world) asked(of homeward.Role) (id string) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		list, err := tx.GrantsWaiting()
		for _, g := range list {
			if g.User == w.team[of].ID {
				id = string(g.ID)
			}
		}
		return err
	})
	return id
}

// TestASecondAccountGetsNobodyRoundTheTable invites oneself: what joins can do nothing until somebody else confirms it, and a
// closed account is not opened again by one person either.
func TestASecondAccountGetsNobodyRoundTheTable(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	admin := w.as(homeward.RoleAdministrator, "en")
	p := admin.post("/admin/users", url.Values{"role": {"supervisor"}})
	_, link, _ := strings.Cut(p.text, w.server.URL)
	link, _, _ = strings.Cut(link, "<")
	second := w.reader("en")
	second.post(link, url.Values{"name": {"Друга"}, "password": {password}, "again": {password}}).want(t, http.StatusOK, en.T("start.lead_asking"))
	for _, path := range []string{"/search", "/review", "/admin/users", "/admin/grants", "/sources", "/counts", "/glass"} {
		second.get(path).want(t, http.StatusForbidden)
	}
	id := string(w.team[homeward.RoleReviewer].ID)
	admin.post("/admin/users/"+id+"/enable", nil).want(t, http.StatusConflict)
	admin.post("/admin/users/"+id+"/disable", nil).want(t, http.StatusOK, en.T("notice.disabled"))
	admin.post("/admin/users/"+id+"/enable", nil).want(t, http.StatusOK, en.T("notice.role_asked"))
	w.as(homeward.RoleSupervisor, "en").post("/admin/grants/"+w.asked(homeward.RoleReviewer), url.Values{"answer": {"confirmed"}}).want(t, http.StatusOK)
	w.view(func(tx *store.Tx) error {
		u, err := tx.User(w.team[homeward.RoleReviewer].ID)
		if !u.Active || u.Role != homeward.RoleReviewer {
			t.Error("the reviewer is not back")
		}
		return err
	})
}

// waitingGrants asks for a role for newcomers, one for each role to answer.
func (w *world) waitingGrants() (out []string) {
	for range homeward.Roles {
		out = append(out, w.newcomer("newcomer "+homeward.NewID(time.Now())))
	}
	return out
}

// newcomer asks, as an administrator, for a role for somebody new, and returns what waits.
func (w *world) newcomer(name string) (grant string) {
	w.t.Helper()
	err := w.db.Update(ctx, w.team[homeward.RoleAdministrator], func(tx *store.Tx) error {
		u, err := tx.AddUser(name, homeward.RoleReviewer, "")
		if err != nil {
			return err
		}
		list, err := tx.GrantsWaiting()
		for _, g := range list {
			if g.User == u.ID {
				grant = string(g.ID)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return grant
}
