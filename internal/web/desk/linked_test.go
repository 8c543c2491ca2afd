package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/homeward-registry/homeward/internal/web/openid"
	"github.com/homeward-registry/homeward/internal/web/openid/openidtest"
)

// office is a desk whose people sign in elsewhere.
type office struct {
	*world
	provider *openidtest.Provider
}

// eachWithProvider runs a test on both databases, with a provider elsewhere and a telephone.
func eachWithProvider(t *testing.T, test func(t *testing.T, o *office, p *phone), change ...func(*desk.Options)) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		test(t, w.employ(t, change...), p)
	})
}

// employ serves the same register with a provider elsewhere.
func (w *world) employ(t *testing.T, change ...func(*desk.Options)) *office {
	t.Helper()
	o := w.desk.Options
	for _, fn := range change {
		fn(&o)
	}
	provider := openidtest.New(t)
	w.serveAt(func(public string) desk.Options {
		o.Public = public
		provider.Back = public + desk.LinkedBack
		var err error
		o.Provider, err = openid.New(openid.Settings{Issuer: provider.Issuer(), Client: openidtest.Client, Secret: openidtest.Secret, Back: provider.Back})
		if err != nil {
			t.Fatal(err)
		}
		return o
	})
	return &office{w, provider}
}

var led = regexp.MustCompile(`href="(http://127\.0\.0\.1:\d+/authorize\?[^"]*)"`)

// leave begins a way to the provider and returns where the page leads.
func (r *reader) leave(t *testing.T, from string, form url.Values) string {
	t.Helper()
	p := r.post(from, form)
	p.want(t, http.StatusOK, en.T("leaving.title"))
	m := led.FindStringSubmatch(p.text)
	if m == nil || p.header.Get("Refresh") != "0; url="+m[1] {
		t.Fatal("the page does not lead to the provider")
	}
	return m[1]
}

// follow goes to an address on any host, and on from there.
func (r *reader) follow(t *testing.T, address string) page {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", r.lang)
	return r.send(req)
}

// elsewhere signs in at the provider.
func (r *reader) elsewhere(t *testing.T) page {
	t.Helper()
	return r.follow(t, r.leave(t, "/sign-in/linked", url.Values{"next": {"/counts"}}))
}

// links links the account of who is signed in.
func (r *reader) links(t *testing.T, form url.Values) page {
	t.Helper()
	return r.follow(t, r.leave(t, "/account/linked", form))
}

// subject changes whom the provider takes whoever comes for.
func (o *office) subject(name string) { o.provider.Set(func() { o.provider.Subject = name }) }

func (o *office) people() (n int) {
	o.view(func(tx *store.Tx) error {
		list, err := tx.Users()
		n = len(list)
		return err
	})
	return n
}

func TestAnAccountIsLinkedByItsOwnerAndOnlyThenLetsIn(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		if n := len(o.provider.Asked()); n != 0 {
			t.Fatalf("%d requests were made before anybody signed in", n)
		}
		before := o.people()
		guest := o.reader("en")
		guest.elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.unknown"), en.T("signin.with_password"))
		if o.people() != before {
			t.Error("a token made a user")
		}
		r := o.withPassword(t)
		r.links(t, nil).want(t, http.StatusOK, en.T("notice.linked"), o.provider.Issuer())
		p := guest.elsewhere(t)
		if p.want(t, http.StatusOK, en.T("counts.title")); p.at != "/counts" {
			t.Errorf("led to %s", p.at)
		}
		o.subject("another") // with the same e-mail and name
		o.reader("en").elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.unknown"))
		for _, word := range []string{"olena", "248289761001", "code="} {
			if strings.Contains(o.log.String(), word) {
				t.Errorf("the log says %q", word)
			}
		}
		if n := o.audited("sign-in"); n != 2 { // by password, and by the provider
			t.Errorf("%d sign-ins are in the audit", n)
		}
	})
}

// audited counts rows of the audit by what was done.
func (w *world) audited(action string) (n int) {
	w.t.Helper()
	err := w.db.View(ctx, w.team[homeward.RoleAuditor], func(tx *store.Tx) error {
		rows, err := tx.Audit(store.AuditFilter{Action: action, Limit: 1000})
		n = len(rows)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestASubjectIsLinkedToOneAccountAndAnAccountToOneSubject(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		hash, err := desk.HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		err = o.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			_, err := tx.PutUser("Богдан", homeward.RoleCaseworker, hash)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		o.withPassword(t).links(t, nil).want(t, http.StatusOK, en.T("notice.linked"))
		second := o.reader("en")
		second.post("/sign-in", credentials("Богдан", password)).want(t, http.StatusOK)
		second.links(t, nil).want(t, http.StatusConflict, en.T("linked.taken"))
		o.subject("another")
		second.links(t, nil).want(t, http.StatusOK, en.T("notice.linked"))
		second.post("/account/linked", nil).want(t, http.StatusConflict, en.T("linked.there"))
	})
}

var linkID = regexp.MustCompile(`name="link" value="([0-9a-f-]+)"`)

func TestALinkEndsWithItsSessions(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		r := o.withPassword(t)
		r.links(t, nil).want(t, http.StatusOK)
		other := o.reader("en")
		other.elsewhere(t).want(t, http.StatusOK)
		id := linkID.FindStringSubmatch(r.get("/account").text)[1]
		o.withPassword(t).post("/account/linked/end", url.Values{"link": {"another's"}}).want(t, http.StatusNotFound)
		r.post("/account/linked/end", url.Values{"link": {id}}).want(t, http.StatusOK, en.T("notice.unlinked"))
		if !r.in() || other.in() {
			t.Error("who came in by the link stayed, or who ended it did not")
		}
		other.elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.unknown"))
		r.links(t, nil).want(t, http.StatusOK, en.T("notice.linked")) // the same subject again
		report, err := o.db.Verify(ctx, homeward.Operator, nil)
		if err != nil || !report.OK() {
			t.Errorf("verify: %v, %v", err, report.Findings)
		}
	})
}

func TestAClosedAccountIsNotOpenedElsewhere(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		r := o.withPassword(t)
		r.links(t, nil).want(t, http.StatusOK)
		err := o.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			u, err := tx.UserNamed("Олена")
			if err == nil {
				err = tx.Disable(u.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.in() {
			t.Error("who was signed in stayed")
		}
		o.reader("en").elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.unknown"))
	})
}

// TestAProviderStandsForThePasswordAlone asks for the application's code after it, also where the operator asks everybody.
func TestAProviderStandsForThePasswordAlone(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, p *phone) {
		r := o.withPassword(t)
		r.links(t, nil)
		bare := o.reader("en")
		bare.elsewhere(t).want(t, http.StatusOK, en.T("account.required"))
		bare.get("/counts").want(t, http.StatusOK, en.T("account.required"))
		r = o.withPassword(t)
		r.enrol(t, p, nil)
		p.late.Add(60)
		guest := o.reader("en")
		guest.elsewhere(t).want(t, http.StatusOK, en.T("code.title"), `value="/counts"`)
		guest.get("/counts").want(t, http.StatusUnauthorized)
		guest.post("/sign-in/code", answer(p.code(t))).want(t, http.StatusOK, en.T("counts.title"))
		p.late.Add(60)
		guest.post("/account/linked/end", url.Values{"link": {linkID.FindStringSubmatch(guest.get("/account").text)[1]}, "code": {"000000"}}).want(t, http.StatusUnprocessableEntity)
	}, func(o *desk.Options) { o.SecondFactor = true })
}

// TestAnAnswerIsForTheBrowserThatAsked comes back with what another browser, or nobody, was sent away with.
func TestAnAnswerIsForTheBrowserThatAsked(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, p *phone) {
		o.withPassword(t).links(t, nil)
		attacker, victim := o.reader("en"), o.reader("en")
		stop := *attacker.client
		stop.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := stop.Get(attacker.leave(t, "/sign-in/linked", nil))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		back := res.Header.Get("Location")
		victim.follow(t, back).want(t, http.StatusUnauthorized, en.T("linked.late"))
		if victim.in() {
			t.Fatal("a browser was let in with another's answer")
		}
		victim.leave(t, "/sign-in/linked", nil) // one of its own, and still another's answer
		victim.follow(t, back).want(t, http.StatusUnauthorized, en.T("linked.late"))
		attacker.follow(t, back).want(t, http.StatusOK)
		attacker.follow(t, back).want(t, http.StatusUnauthorized, en.T("linked.late")) // once
		slow := o.reader("en")
		address := slow.leave(t, "/sign-in/linked", nil)
		p.late.Add(int64((11 * time.Minute).Seconds()))
		slow.follow(t, address).want(t, http.StatusUnauthorized, en.T("linked.late"))
		for _, path := range []string{"", "?state=", "?code=x", "?state=x&code=x", "?error=access_denied"} {
			o.reader("en").get(desk.LinkedBack+path).want(t, http.StatusUnauthorized, en.T("linked.late"))
		}
	})
}

// TestWhoLinksIsWhoBegan changes who is signed in between the way there and the way back, and lets the desk stand open.
func TestWhoLinksIsWhoBegan(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, p *phone) {
		r := o.withPassword(t)
		address := r.leave(t, "/account/linked", nil)
		r.post("/sign-out", nil)
		r.follow(t, address).want(t, http.StatusUnauthorized, en.T("linked.late"))
		r = o.withPassword(t)
		p.late.Add(601)
		r.post("/account/linked", nil).want(t, http.StatusUnprocessableEntity, en.T("account.stale"))
		o.reader("en").post("/account/linked", nil).want(t, http.StatusUnauthorized)
		o.reader("en").elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.unknown"))
	})
}

// TestAProviderThatFailsLeavesTheOtherWaysOpen breaks it before, between and by refusal.
func TestAProviderThatFailsLeavesTheOtherWaysOpen(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		o.withPassword(t).links(t, nil)
		guest := o.reader("en")
		address := guest.leave(t, "/sign-in/linked", nil)
		stop := *guest.client
		stop.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := stop.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		o.provider.Set(func() { o.provider.Down = true })
		guest.follow(t, res.Header.Get("Location")).want(t, http.StatusServiceUnavailable, en.T("linked.down"), en.T("signin.with_password"))
		o.withPassword(t).get("/counts").want(t, http.StatusOK)
		o.provider.Set(func() { o.provider.Down, o.provider.Refuses = false, true })
		guest.elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.refused"))
		o.provider.Set(func() { o.provider.Refuses = false })
		o.provider.Forge("first")
		guest.elsewhere(t).want(t, http.StatusUnauthorized, en.T("linked.refused"))
		o.provider.Rotate("second")
		guest.elsewhere(t).want(t, http.StatusOK, en.T("counts.title"))
	})
	down := openidtest.New(t)
	down.Set(func() { down.Down = true })
	p, err := openid.New(openid.Settings{Issuer: down.Issuer(), Client: openidtest.Client, Secret: openidtest.Secret, Back: "http://localhost" + desk.LinkedBack})
	if err != nil {
		t.Fatal(err)
	}
	w := real(t, storetest.Open(t), func(o *desk.Options) { o.Provider = p })
	w.reader("en").post("/sign-in/linked", nil).want(t, http.StatusServiceUnavailable, en.T("linked.down"), en.T("signin.with_password"))
	w.withPassword(t).post("/account/linked", nil).want(t, http.StatusServiceUnavailable, en.T("linked.down"))
}

// TestGuessedCodesAreSlowedDown sends codes that are not good, each of which is a question to the provider.
func TestGuessedCodesAreSlowedDown(t *testing.T) {
	w := real(t, storetest.Open(t))
	o := w.employ(t)
	r := o.reader("en")
	status := 0
	for range 7 {
		u, err := url.Parse(r.leave(t, "/sign-in/linked", nil))
		if err != nil {
			t.Fatal(err)
		}
		status = r.get(desk.LinkedBack + "?" + url.Values{"state": {u.Query().Get("state")}, "code": {"guessed"}}.Encode()).status
	}
	asked := 0
	for _, a := range o.provider.Asked() {
		if a == "POST /token" {
			asked++
		}
	}
	if status != http.StatusTooManyRequests || asked != 5 {
		t.Errorf("the seventh answers %d; the provider was asked %d times", status, asked)
	}
	o.withPassword(t).get("/counts").want(t, http.StatusOK)
}

// TestWhatWasWrittenWaitsForASignInElsewhere lets a session expire while somebody writes a reason.
func TestWhatWasWrittenWaitsForASignInElsewhere(t *testing.T) {
	eachWithProvider(t, func(t *testing.T, o *office, _ *phone) {
		o.withPassword(t).links(t, nil)
		r := o.reader("en")
		address := r.leave(t, "/sign-in/linked", url.Values{"next": {"/pairs/x/decide"}, "kept.reason": {"the same scar"}, "kept.judgement": {"same"}})
		r.follow(t, address).want(t, http.StatusOK, en.T("again.title"), "the same scar", `value="same"`, `action="/pairs/x/decide"`)
	})
}

func TestNothingIsOfferedWithoutAProvider(t *testing.T) {
	w := real(t, storetest.Open(t))
	p := w.reader("en").get("/sign-in")
	own := w.withPassword(t)
	if p.want(t, http.StatusOK); strings.Contains(p.text, "linked") || strings.Contains(own.get("/account").text, "linked") {
		t.Error("a page offers what is not there")
	}
	w.reader("en").post("/sign-in/linked", nil).want(t, http.StatusNotFound)
	w.reader("en").get(desk.LinkedBack+"?state=x&code=y").want(t, http.StatusNotFound)
	own.post("/account/linked", nil).want(t, http.StatusNotFound)
	o := w.employ(t)
	own = o.withPassword(t)
	own.links(t, nil).want(t, http.StatusOK)
	off := w.desk.Options
	off.Provider, off.Public = nil, ""
	o.serve(off) // the provider was taken away: the link is there, to be removed, and lets nobody in
	own = o.withPassword(t)
	p = own.get("/account")
	p.want(t, http.StatusOK, o.provider.Issuer())
	if strings.Contains(p.text, `action="/account/linked"`) {
		t.Error("a link is offered where there is no provider")
	}
	own.post("/account/linked/end", url.Values{"link": {linkID.FindStringSubmatch(p.text)[1]}}).want(t, http.StatusOK, en.T("notice.unlinked"))
}

// TestSignInElsewhereInABrowser signs in and links as people do, without script and with it, and audits the pages.
func TestSignInElsewhereInABrowser(t *testing.T) {
	b := browser(t)
	for _, scripts := range []bool{false, true} {
		for _, lang := range i18n.Languages {
			l := i18n.For(lang)
			o := real(t, storetest.Open(t)).employ(t)
			x := &keyring{o.tab(t, b, o.withPassword(t), look{lang: string(lang), width: 360, scripts: scripts}), ""}
			x.open("/account")
			x.fits("account", 360)
			x.audit("account")
			x.sends("/account/linked")
			x.says(l.T("notice.linked"))

			x.audit("account, linked")
			x.sends("/sign-out")
			x.says(l.T("signin.linked"))
			x.fits("signin", 360)
			x.audit("signin")
			x.sends("/sign-in/linked")
			x.arrives("/")
			x.sends("/sign-out")
			x.says(l.T("signin.linked"))
			o.provider.Set(func() { o.provider.Refuses = true })
			x.sends("/sign-in/linked")
			x.says(l.T("linked.refused"))
			x.audit("signin, refused")
		}
	}
}
