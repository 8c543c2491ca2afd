package desk_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

var endable = regexp.MustCompile(`name="stay" value="([0-9a-f-]+)"`)

// in reports whether the reader is signed in.
func (r *reader) in() bool { return r.get("/").status == http.StatusOK }

func TestASessionIsEndedFromAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db)
		here, there, third := w.withPassword(t), w.withPassword(t), w.withPassword(t)
		p := here.get("/account")
		p.want(t, http.StatusOK, en.T("account.stay_here"), en.T("account.stay_local"))
		ids := endable.FindAllStringSubmatch(p.text, -1)
		if len(ids) != 2 {
			t.Fatalf("%d other sessions are listed", len(ids))
		}
		here.post("/account/stays/end", url.Values{"stay": {ids[0][1]}}).want(t, http.StatusOK, en.T("notice.stay_ended"))
		if !here.in() || !there.in() || third.in() {
			t.Errorf("in: %t, %t, %t; the newest other was ended", here.in(), there.in(), third.in())
		}
		here.post("/account/stays/end", url.Values{"stay": {ids[0][1]}}).want(t, http.StatusNotFound)
		here.post("/account/stays/end", url.Values{"stay": {"others"}}).want(t, http.StatusOK)
		if !here.in() || there.in() {
			t.Error("all others were ended, and not this one")
		}
		// Nobody ends a session of another user.
		mine := endable.FindAllStringSubmatch(w.withPassword(t).get("/account").text, -1)[0][1]
		stranger := w.colleagueWithPassword(t, "Інша")
		stranger.post("/account/stays/end", url.Values{"stay": {mine}}).want(t, http.StatusNotFound)
		stranger.post("/account/stays/end", url.Values{"stay": {"others"}}).want(t, http.StatusOK)
		if !here.in() || !stranger.in() {
			t.Error("another's session was ended")
		}
	})
}

// colleagueWithPassword adds a supervisor and signs them in.
func (w *world) colleagueWithPassword(t *testing.T, name string) *reader {
	t.Helper()
	hash, err := desk.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	err = w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		_, err := tx.PutUser(name, homeward.RoleSupervisor, hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := w.reader("en")
	r.post("/sign-in", credentials(name, password)).want(t, http.StatusOK)
	return r
}

// TestASessionIsOverAtOnce changes what a sign-in stood on, and asks with the cookie of before.
func TestASessionIsOverAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db)
		var id homeward.UserID
		w.view(func(tx *store.Tx) error {
			u, err := tx.UserNamed("Олена")
			id = u.ID
			return err
		})
		as := func(who homeward.Actor, fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Update(ctx, who, fn); err != nil {
				t.Fatal(err)
			}
		}
		self := homeward.Actor{ID: id, Role: homeward.RoleSupervisor}
		var key store.Credential
		for _, change := range []struct {
			what string
			do   func()
		}{
			{"sign-out", nil},
			{"a password", func() {
				hash, _ := desk.HashPassword(password)
				as(homeward.Operator, func(tx *store.Tx) error { return tx.SetPassword(id, hash) })
			}},
			{"a passkey added", func() {
				as(self, func(tx *store.Tx) (err error) {
					key, err = tx.PutCredential(store.Credential{Kind: store.CredentialPasskey, State: store.CredentialActive, Name: "x", Secret: "{}"})
					return err
				})
			}},
			{"a role", func() {
				as(homeward.Operator, func(tx *store.Tx) error { _, err := tx.SetRole(id, homeward.RoleAuditor); return err })
			}},
		} {
			r := w.withPassword(t)
			if change.do == nil {
				r.post("/sign-out", nil)
			} else {
				change.do()
			}
			if r.in() {
				t.Errorf("%s leaves a session open", change.what)
			}
			if change.what == "a passkey added" {
				as(self, func(tx *store.Tx) error { return tx.SetCredentialState(key, store.CredentialEnded) })
			}
		}
	})
}

// TestAStolenCookieIsWorthNothingAfterSigningOut keeps the cookie that a browser throws away.
func TestAStolenCookieIsWorthNothingAfterSigningOut(t *testing.T) {
	w := real(t, storetest.Open(t))
	r := w.withPassword(t)
	home, _ := url.Parse(w.server.URL)
	stolen := r.client.Jar.Cookies(home)
	r.post("/sign-out", nil)
	thief := w.reader("en")
	thief.client.Jar.SetCookies(home, stolen)
	if thief.in() {
		t.Error("the cookie still lets in")
	}
}

func TestAChangeOfOnesOwnEndsOnlyTheOtherSessions(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r, other := w.withPassword(t), w.withPassword(t)
		r.enrol(t, p, nil)
		if !r.in() || other.in() {
			t.Error("an application was added: this session goes on, others end")
		}
		fields := url.Values{"old": {"wrong"}, "password": {"another long password"}, "again": {"another long password"}}
		r.post("/account/password", fields).want(t, http.StatusUnprocessableEntity, en.T("account.password_wrong"))
		fields.Set("old", password)
		r.post("/account/password", fields).want(t, http.StatusUnprocessableEntity, en.T("code.wrong"))
		fields.Set("code", p.next(t))
		fields.Set("again", "something else")
		r.post("/account/password", fields).want(t, http.StatusUnprocessableEntity, en.T("invitation.differ"))
		fields.Set("again", "another long password")
		r.post("/account/password", fields).want(t, http.StatusOK, en.T("notice.password"))
		if !r.in() {
			t.Error("this session goes on")
		}
		w.reader("en").post("/sign-in", credentials("Олена", password)).want(t, http.StatusUnauthorized)
		w.reader("en").post("/sign-in", credentials("Олена", "another long password")).want(t, http.StatusOK, en.T("code.title"))
		r.post("/account/totp/end", answer(p.next(t))).want(t, http.StatusOK, en.T("notice.totp_ended"))
	})
}

// TestASessionEndsAtAnEmptyDesk leaves a desk empty.
func TestASessionEndsAtAnEmptyDesk(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		p.late.Add(29 * 60)
		if !r.in() {
			t.Error("a session is over before half an hour")
		}
		p.late.Add(31 * 60)
		if r.in() {
			t.Error("a session stays open at an empty desk")
		}
	})
}

// TestASessionHasAnEnd works without a pause.
func TestASessionHasAnEnd(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		for range 14 {
			p.late.Add(29 * 60)
			if !r.in() {
				t.Fatal("who works is signed out")
			}
		}
		p.late.Add(29 * 60)
		if !r.in() {
			t.Fatal("seven hours are not eight")
		}
		p.late.Add(29 * 60)
		if !r.in() {
			t.Fatal("seven and a half hours are not eight")
		}
		p.late.Add(20 * 60)
		if r.in() {
			t.Error("a session has no end")
		}
	})
}

// TestWhereARequestComesFromIsNotWhatItSays tells proxies we trust from everybody else.
func TestWhereARequestComesFromIsNotWhatItSays(t *testing.T) {
	w := real(t, storetest.Open(t), func(o *desk.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")} })
	for told, want := range map[string]string{
		"203.0.113.9":                                "203.0.113.9",
		"192.0.2.1, 203.0.113.9":                     "203.0.113.9", // the first was written by who asks
		"192.0.2.1, 203.0.113.9, 198.51.100.7":       "203.0.113.9",
		"2001:db8::7":                                "2001:db8::7",
		"<b>nonsense</b>":                            "",
		strings.Repeat("198.51.100.7,", 50) + "junk": "",
	} {
		r := w.reader("en")
		req, err := http.NewRequest(http.MethodPost, w.server.URL+"/sign-in", strings.NewReader(credentials("Олена", password).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-For", told)
		req.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
		r.send(req).want(t, http.StatusOK)
		p := r.get("/account")
		if want == "" {
			want = "Firefox, Windows"
		}
		if p.want(t, http.StatusOK, want, "Firefox, Windows"); strings.Contains(p.text, "192.0.2.1") || strings.Contains(p.text, "nonsense") {
			t.Errorf("%q is believed", told)
		}
		r.post("/account/stays/end", url.Values{"stay": {"others"}})
		r.post("/sign-out", nil)
	}
	if strings.Contains(w.log.String(), "203.0.113.9") {
		t.Error("an address is in the log")
	}
}
