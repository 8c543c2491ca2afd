package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// lostAccess gives each role somebody who lost access.
func (w *world) lostAccess() (out []string) {
	w.t.Helper()
	err := w.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
		for range homeward.Roles {
			u, err := tx.PutUser("lost "+homeward.NewID(time.Now()), homeward.RoleReviewer, "")
			if err != nil {
				return err
			}
			r, err := tx.AskRecovery(u.ID)
			if err != nil {
				return err
			}
			out = append(out, string(r.ID))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// waiting returns the one recovery that waits, once the desk has taken it in.
func (w *world) waiting() string {
	w.t.Helper()
	for range 500 {
		var list []homeward.Recovery
		w.view(func(tx *store.Tx) (err error) {
			list, err = tx.RecoveriesWaiting()
			return err
		})
		if len(list) == 1 {
			return "/recoveries/" + string(list[0].ID)
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatal("nothing waits")
	return ""
}

func verdict(v, words string) url.Values { return url.Values{"verdict": {v}, "words": {words}} }

// TestTwoSupervisorsGiveAccessBack goes the whole way: Олена lost everything, two colleagues check who she is.
func TestTwoSupervisorsGiveAccessBack(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		before := w.withPassword(t)
		before.enrol(t, p, nil)
		first, second := w.colleagueWithPassword(t, "Петро"), w.colleagueWithPassword(t, "Ганна")
		guest := w.reader("en")
		guest.get("/sign-in").want(t, http.StatusOK, `href="/sign-in/lost"`)
		guest.get("/sign-in/lost").want(t, http.StatusOK, en.T("lost.lead"))
		guest.post("/sign-in/lost", url.Values{"name": {"олена"}}).want(t, http.StatusOK, en.T("lost.asked"))
		at := w.waiting()
		first.get("/").want(t, http.StatusOK, en.T("await.recoveries.do"))
		first.get("/recoveries").want(t, http.StatusOK, "Олена", en.T("recoveries.door"))
		first.post(at, verdict("confirmed", " ")).want(t, http.StatusUnprocessableEntity, en.T("recoveries.wordless"))
		before.post(at, verdict("confirmed", "it is me")).want(t, http.StatusForbidden)
		lines := "we worked together for years\r\n" + strings.Repeat("x\r\n", 900) // a browser counts the end of a line as one
		first.post(at, verdict("confirmed", lines)).want(t, http.StatusOK, en.T("notice.identity_confirmed"))
		first.post(at, verdict("confirmed", "once more")).want(t, http.StatusConflict)
		second.get("/recoveries").want(t, http.StatusOK, "Петро")
		if strings.Contains(second.get("/recoveries").text, "worked together") {
			t.Error("the second sees how the first checked, before checking")
		}
		granted := second.post(at, verdict("confirmed", "passport, in person"))
		granted.want(t, http.StatusOK, en.T("recoveries.granted", "name", "Олена"))
		_, link, _ := strings.Cut(granted.text, w.server.URL)
		link, _, _ = strings.Cut(link, "<")
		if strings.Contains(second.get("/recoveries").text, link) {
			t.Error("the link is shown twice")
		}
		if !before.in() {
			t.Error("a session ended before the link was used")
		}
		guest.get(link).want(t, http.StatusOK, en.T("regain.name", "name", "Олена"))
		guest.post(link, url.Values{"password": {"short"}, "again": {"short"}}).want(t, http.StatusUnprocessableEntity, en.T("invitation.short"))
		fields := url.Values{"password": {"a quite different one"}, "again": {"a quite different one"}}
		guest.post(link, fields).want(t, http.StatusOK, en.T("notice.regained"))
		if before.in() || !guest.in() {
			t.Error("the session of before is open, or the new one is not")
		}
		w.reader("en").post(link, fields).want(t, http.StatusNotFound, en.T("fault.invitation"))
		w.reader("en").post("/sign-in", credentials("Олена", password)).want(t, http.StatusUnauthorized)
		again := w.reader("en")
		again.post("/sign-in", credentials("Олена", "a quite different one")).want(t, http.StatusOK, en.T("notice.recovered")) // no code of the lost telephone
		again.get("/account").want(t, http.StatusOK, "Петро", "Ганна", en.T("account.totp_none"))
		w.wholesome(t)
		if strings.Contains(w.log.String(), strings.TrimPrefix(link, "/recovery/")) {
			t.Error("the token is in the log")
		}
	})
}

// wholesome verifies the register.
func (w *world) wholesome(t *testing.T) {
	t.Helper()
	v, err := w.db.Verify(ctx, homeward.Operator, nil)
	if err != nil || !v.OK() {
		t.Fatalf("verify: %v, %v", v.Findings, err)
	}
}

func TestAnAdministratorAloneGivesNoAccessBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		admin, supervisor := w.as(homeward.RoleAdministrator, "en"), w.as(homeward.RoleSupervisor, "en")
		user := "/admin/users/" + string(w.team[homeward.RoleCaseworker].ID) + "/recover"
		admin.post(user, nil).want(t, http.StatusOK, en.T("notice.recovery_begun"))
		admin.post(user, nil).want(t, http.StatusConflict)
		admin.post("/admin/users/"+string(w.team[homeward.RoleAdministrator].ID)+"/recover", nil).want(t, http.StatusForbidden)
		at := w.waiting()
		admin.get("/recoveries").want(t, http.StatusForbidden)
		admin.post(at, verdict("confirmed", "I know them")).want(t, http.StatusForbidden)
		supervisor.post(at, verdict("confirmed", "I know them")).want(t, http.StatusOK, en.T("notice.identity_confirmed"))
		supervisor.get("/recoveries").want(t, http.StatusOK, en.T("recoveries.done"))
		// Who made themselves a second supervisor meanwhile still is who asked.
		err := db.Update(ctx, homeward.Actor{ID: w.team[homeward.RoleAdministrator].ID, Role: homeward.RoleSupervisor}, func(tx *store.Tx) error {
			_, err := tx.CheckRecovery(homeward.RecoveryID(strings.TrimPrefix(at, "/recoveries/")), homeward.IdentityConfirmed, "x", "hash")
			return err
		})
		if err == nil {
			t.Error("who asked also confirmed")
		}
	})
}

func TestWhoIsThereStopsARecoveryTheyDidNotAskFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db)
		w.reader("en").post("/sign-in/lost", url.Values{"name": {"Олена"}}).want(t, http.StatusOK)
		at := w.waiting()
		owner := w.reader("en")
		owner.post("/sign-in", credentials("Олена", password)).want(t, http.StatusOK, en.T("notice.recovery_asked"))
		id := strings.TrimPrefix(at, "/recoveries/")
		other := w.colleagueWithPassword(t, "Петро")
		other.post("/account/recovery/stop", url.Values{"recovery": {id}}).want(t, http.StatusNotFound)
		owner.post("/account/recovery/stop", url.Values{"recovery": {id}}).want(t, http.StatusOK, en.T("notice.recovery_stopped"))
		other.post(at, verdict("confirmed", "x")).want(t, http.StatusForbidden)
		w.wholesome(t)
	})
}

func TestAskingForAccessTellsNothing(t *testing.T) {
	w := real(t, storetest.Open(t))
	known := w.reader("en").post("/sign-in/lost", url.Values{"name": {"Олена"}})
	nobody := w.reader("en").post("/sign-in/lost", url.Values{"name": {"Nobody"}})
	if known.status != nobody.status || known.text != nobody.text {
		t.Error("the answer tells a user who exists from one who does not")
	}
	w.waiting()
	for i := range 7 {
		p := w.reader("en").post("/sign-in/lost", url.Values{"name": {"Олена"}})
		if i > 4 {
			p.want(t, http.StatusTooManyRequests, en.T("signin.slow"))
		}
	}
	w.waiting()
}

func TestRecoveryPagesPassAxe(t *testing.T) {
	b := browser(t)
	w := real(t, storetest.Open(t))
	w.lostAccess()
	w.reader("en").post("/sign-in/lost", url.Values{"name": {"Олена"}})
	for _, lang := range i18n.Languages {
		guest, r := w.reader(string(lang)), w.withPassword(t)
		w.looker(t, b, guest, lang)("/sign-in/lost")
		look := w.looker(t, b, r, lang)
		look("/recoveries")
		look("/account")
	}
}
