package desk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"golang.org/x/text/unicode/norm"
)

var en = i18n.For(i18n.English)

const password = "correct horse battery staple"

// real makes a desk that is no demonstration, with one supervisor who has a password.
func real(t *testing.T, db *store.DB, change ...func(*desk.Options)) *world {
	t.Helper()
	hash, err := desk.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		_, err := tx.PutUser("Олена", homeward.RoleSupervisor, hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return open(t, db, 0, append(change, func(o *desk.Options) { o.Demo = false })...)
}

func credentials(name, word string) url.Values {
	return url.Values{"name": {name}, "password": {word}, "next": {"/counts"}}
}

func TestOnlyTheRightPasswordLetsIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db)
		wrong := w.reader("en").post("/sign-in", credentials("Олена", "wrong"))
		wrong.want(t, http.StatusUnauthorized, en.T("signin.wrong"))
		nobody := w.reader("en").post("/sign-in", credentials("Nobody", password))
		nobody.want(t, http.StatusUnauthorized, en.T("signin.wrong"))
		if wrong.text != nobody.text {
			t.Error("the answer tells a user who exists from one who does not")
		}
		r := w.reader("en")
		p := r.post("/sign-in", credentials("олена", password))
		p.want(t, http.StatusOK, en.T("counts.title"))
		if p.at != "/counts" {
			t.Errorf("led to %s", p.at)
		}
		r.post("/sign-out", nil).want(t, http.StatusOK, en.T("signin.title"))
		r.get("/").want(t, http.StatusUnauthorized)
		// A user without a password, as in a demonstration, comes in by no password, the empty one included.
		w.reader("en").post("/sign-in", credentials(string(homeward.RoleAuditor), "")).want(t, http.StatusUnauthorized)
		w.reader("en").post("/demo", url.Values{"role": {"release-officer"}}).want(t, http.StatusUnauthorized)
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	now := time.Now()
	w := open(t, storetest.Open(t), 0, func(o *desk.Options) { o.Now = func() time.Time { return now } })
	r := w.reader("en")
	for range 5 {
		r.post("/sign-in", credentials("Олена", "wrong")).want(t, http.StatusUnauthorized)
	}
	r.post("/sign-in", credentials("ОЛЕНА", password)).want(t, http.StatusTooManyRequests, en.T("signin.slow"))
	now = now.Add(2 * time.Minute)
	r.post("/sign-in", credentials("Олена", "wrong")).want(t, http.StatusUnauthorized)
}

// TestASessionEndsAndNothingIsLost lets a session expire while someone writes a reason.
func TestASessionEndsAndNothingIsLost(t *testing.T) {
	late := false
	settings := store.Settings{Dir: t.TempDir(), Clock: func() time.Time {
		if late {
			return time.Now().Add(31 * time.Minute)
		}
		return time.Now()
	}}
	w := open(t, storetest.OpenAt(t, settings), 15)
	r := w.as(homeward.RoleTracingOfficer, "en")
	pair := w.light()
	path := "/pairs/" + string(pair.ID)
	r.get(path).want(t, http.StatusOK)
	late = true
	p := r.post(path+"/decide", url.Values{"judgement": {"same"}, "reason": {"the same scar"}})
	p.want(t, http.StatusUnauthorized, en.T("signin.ended"), en.T("signin.ended_kept"), "the same scar")
	late = false
	if w.joined() != 0 {
		t.Fatal("a decision was taken without a session")
	}
	p = r.post("/demo", url.Values{"role": {"tracing-officer"}, "next": {path + "/decide"}, "kept.reason": {"the same scar"}, "kept.judgement": {"same"}})
	p.want(t, http.StatusOK, en.T("again.title"), "the same scar", `value="same"`, `action="`+path+`/decide"`)
	r.post(path+"/decide", url.Values{"judgement": {"same"}, "reason": {"the same scar"}}).want(t, http.StatusOK, en.T("notice.decided.same"))
	if n := w.joined(); n != 1 {
		t.Errorf("%d decisions were taken", n)
	}
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		officer, admin := w.as(homeward.RoleTracingOfficer, "en"), w.as(homeward.RoleAdministrator, "en")
		officer.get("/search").want(t, http.StatusOK)
		admin.post("/admin/users/"+string(w.team[homeward.RoleTracingOfficer].ID)+"/disable", nil).want(t, http.StatusOK, en.T("notice.disabled"))
		officer.get("/search").want(t, http.StatusUnauthorized)
		admin.post("/admin/users/"+string(w.team[homeward.RoleAdministrator].ID)+"/disable", nil).want(t, http.StatusConflict)
	})
}

func TestAnInvitationWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		admin := w.as(homeward.RoleAdministrator, "en")
		p := admin.post("/admin/users", url.Values{"role": {"caseworker"}})
		p.want(t, http.StatusOK, en.T("users.invited_words"))
		_, link, _ := strings.Cut(p.text, w.server.URL)
		link, _, _ = strings.Cut(link, "<")
		guest := w.reader("en")
		guest.get(link).want(t, http.StatusOK, en.T("role.caseworker"))
		fields := url.Values{"name": {"Марія"}, "password": {"short"}, "again": {"short"}}
		guest.post(link, fields).want(t, http.StatusUnprocessableEntity, en.T("invitation.short"))
		fields = url.Values{"name": {"Марія"}, "password": {password}, "again": {password + "?"}}
		guest.post(link, fields).want(t, http.StatusUnprocessableEntity, en.T("invitation.differ"))
		fields = url.Values{"name": {"caseworker"}, "password": {password}, "again": {password}}
		guest.post(link, fields).want(t, http.StatusConflict, en.T("invitation.taken"))
		fields = url.Values{"name": {"Марія"}, "password": {password}, "again": {password}}
		guest.post(link, fields).want(t, http.StatusOK, en.T("notice.welcome"), "Марія")
		w.reader("en").get(link).want(t, http.StatusNotFound, en.T("fault.invitation"))
		w.reader("en").post(link, fields).want(t, http.StatusNotFound)
		w.reader("en").get(desk.InvitationPath("guessed")).want(t, http.StatusNotFound)
		if strings.Contains(w.log.String(), strings.TrimPrefix(link, "/invitation/")) {
			t.Error("the token is in the log")
		}
	})
}

func TestAnExpiredInvitationIsRefused(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	sum := sha256.Sum256([]byte("old"))
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		return tx.PutInvitation(hex.EncodeToString(sum[:]), homeward.RoleAuditor, tx.Now.Add(-time.Second))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.reader("en").get(desk.InvitationPath("old")).want(t, http.StatusNotFound, en.T("fault.invitation"))
}

// TestAnotherSiteCannotAct sends what a browser sends when another site makes it post.
func TestAnotherSiteCannotAct(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	r := w.as(homeward.RoleTracingOfficer, "en")
	pair := w.pairs(homeward.PairProposed)[0]
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://example.org"}} {
		form := url.Values{"judgement": {"same"}, "reason": {"because"}}.Encode()
		req, err := http.NewRequest(http.MethodPost, w.server.URL+"/pairs/"+string(pair.ID)+"/decide", strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept-Language", "en")
		req.Header.Set(header[0], header[1])
		r.send(req).want(t, http.StatusForbidden, en.T("fault.crosssite"))
	}
	if w.joined() != 0 {
		t.Error("another site took a decision")
	}
}

func TestAnEnormousFieldIsRefused(t *testing.T) {
	w := open(t, storetest.Open(t), 15)
	r := w.as(homeward.RoleTracingOfficer, "en")
	pair := w.pairs(homeward.PairProposed)[0]
	form := url.Values{"judgement": {"same"}, "reason": {strings.Repeat("a", 10<<20)}}
	r.post("/pairs/"+string(pair.ID)+"/decide", form).want(t, http.StatusRequestEntityTooLarge, en.T("fault.toolarge"))
	form.Set("reason", strings.Repeat("a", 3000))
	r.post("/pairs/"+string(pair.ID)+"/decide", form).want(t, http.StatusBadRequest)
	r.post("/search", url.Values{"words": {strings.Repeat("a", 400)}}).want(t, http.StatusBadRequest)
	if w.joined() != 0 {
		t.Error("a decision was taken")
	}
}

func TestCookiesAreClosed(t *testing.T) {
	w := open(t, storetest.Open(t), 0, func(o *desk.Options) { o.Secure = true })
	req, err := http.NewRequest(http.MethodPost, w.server.URL+"/demo", strings.NewReader("role=auditor"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	cookies := res.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(c.Name, "__Host-") {
		t.Errorf("cookie %s: http-only %t, secure %t, same-site %v", c.Name, c.HttpOnly, c.Secure, c.SameSite)
	}
}

// TestANameAndAPasswordAreTheSameOnEveryKeyboard joins from a machine that writes й as two characters and signs in from one
// that writes it as one, and the other way round.
func TestANameAndAPasswordAreTheSameOnEveryKeyboard(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	for _, forms := range [][2]norm.Form{{norm.NFD, norm.NFC}, {norm.NFC, norm.NFD}} {
		name, secret := "Сергій"+strconv.Itoa(int(forms[0])), "мій дуже довгий пароль"
		p := w.as(homeward.RoleAdministrator, "en").post("/admin/users", url.Values{"role": {"auditor"}})
		_, link, _ := strings.Cut(p.text, w.server.URL)
		link, _, _ = strings.Cut(link, "<")
		joins, signs := forms[0].String(secret), forms[1].String(secret)
		w.reader("en").post(link, url.Values{"name": {forms[0].String(name)}, "password": {joins}, "again": {joins}}).want(t, http.StatusOK)
		w.reader("en").post("/sign-in", url.Values{"name": {forms[1].String(name)}, "password": {signs}}).want(t, http.StatusOK, en.T("start.title"))
	}
}

// TestAClosedRegisterIsToldInTheReadersLanguage closes the store under a desk that serves.
func TestAClosedRegisterIsToldInTheReadersLanguage(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleSupervisor, "uk")
	w.db.Close()
	r.get("/").want(t, http.StatusServiceUnavailable, i18n.For(i18n.Ukrainian).T("fault.unavailable"))
}
