package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/pquerna/otp/totp"
)

// phone is an application that gives codes, with a clock that the test turns.
type phone struct {
	secret string
	late   atomic.Int64 // seconds
}

func (p *phone) now() time.Time { return time.Now().Add(time.Duration(p.late.Load()) * time.Second) }

// next waits for the next code and returns it.
func (p *phone) next(t *testing.T) string {
	t.Helper()
	p.late.Add(30)
	return p.code(t)
}

func (p *phone) code(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(p.secret, p.now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// other is a code that fits at no time near.
func (p *phone) other(t *testing.T) string {
	t.Helper()
	for _, wrong := range []string{"000000", "111111", "222222", "333333"} {
		fits := false
		for step := -2; step <= 2; step++ {
			code, err := totp.GenerateCode(p.secret, p.now().Add(time.Duration(30*step)*time.Second))
			fits = fits || err != nil || code == wrong
		}
		if !fits {
			return wrong
		}
	}
	t.Fatal("four codes fit at once")
	return ""
}

var (
	shownSecret = regexp.MustCompile(`<pre>([A-Z2-7 ]+)</pre>`)
	shownCode   = regexp.MustCompile(`<code>([A-Z2-7-]+)</code>`)
)

// eachWithPhone runs a test on both databases, over a desk whose clocks are the phone's.
func eachWithPhone(t *testing.T, test func(t *testing.T, w *world, p *phone), change ...func(*desk.Options)) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		p := &phone{}
		s.Clock = p.now
		test(t, real(t, storetest.OpenAt(t, s), append(change, func(o *desk.Options) { o.Now = p.now })...), p)
	})
}

// enrol adds the phone to whoever is signed in, and returns the recovery codes.
func (r *reader) enrol(t *testing.T, p *phone, first url.Values) (codes []string) {
	t.Helper()
	at := r.post("/account/totp", first)
	at.want(t, http.StatusOK, `class="qr"`)
	p.secret = strings.ReplaceAll(shownSecret.FindStringSubmatch(at.text)[1], " ", "")
	r.post("/account/totp/confirm", answer(p.other(t))).want(t, http.StatusUnprocessableEntity)
	done := r.post("/account/totp/confirm", answer(p.next(t)))
	done.want(t, http.StatusOK)
	for _, m := range shownCode.FindAllStringSubmatch(done.text, -1) {
		codes = append(codes, m[1])
	}
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	return codes
}

func (w *world) withPassword(t *testing.T) *reader {
	t.Helper()
	r := w.reader("en")
	r.post("/sign-in", credentials("Олена", password)).want(t, http.StatusOK)
	return r
}

func answer(code string) url.Values { return url.Values{"code": {code}, "next": {"/counts"}} }

func TestAnApplicationIsAskedForOnceItIsConfirmed(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		r.post("/account/totp", nil)
		w.withPassword(t).get("/counts").want(t, http.StatusOK) // offered, not confirmed: not asked for
		r.enrol(t, p, nil)
		guest := w.reader("en")
		guest.post("/sign-in", credentials("Олена", password)).want(t, http.StatusOK, en.T("code.title"), `name="next" value="/counts"`)
		guest.get("/counts").want(t, http.StatusUnauthorized)
		guest.get("/sign-in/code").want(t, http.StatusOK, en.T("code.title"))
		guest.post("/sign-in/code", answer(p.other(t))).want(t, http.StatusUnauthorized, en.T("code.wrong"))
		guest.get("/counts").want(t, http.StatusUnauthorized)
		code := p.next(t)
		in := guest.post("/sign-in/code", answer(code[:3]+" "+code[3:]))
		in.want(t, http.StatusOK, en.T("counts.title"))
		if in.at != "/counts" {
			t.Errorf("led to %s", in.at)
		}
		if strings.Contains(w.log.String(), code) || strings.Contains(w.log.String(), p.secret) {
			t.Error("a code or a secret is in the log")
		}
	})
}

func TestACodeWorksOnce(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		w.withPassword(t).enrol(t, p, nil)
		code := p.code(t) // confirmed the application
		w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusUnauthorized, en.T("code.used"))
		code = p.next(t)
		w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusOK, en.T("counts.title"))
		w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusUnauthorized, en.T("code.used"))
		p.late.Add(120)
		w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusUnauthorized, en.T("code.wrong"))
	})
}

func TestEachRecoveryCodeLetsInOnce(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		codes := r.enrol(t, p, nil)
		for _, code := range []string{codes[0], strings.ToLower(codes[1])} {
			w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusOK, en.T("counts.title"))
			w.withPassword(t).post("/sign-in/code", answer(code)).want(t, http.StatusUnauthorized, en.T("code.wrong"))
		}
		r.get("/account").want(t, http.StatusOK, en.N("account.recovery_left", 8), "8 recovery codes")
		r.post("/account/recovery", answer(p.next(t))).want(t, http.StatusOK, en.T("recovery.title"))
		w.withPassword(t).post("/sign-in/code", answer(codes[2])).want(t, http.StatusUnauthorized, en.T("code.wrong"))
	})
}

func TestGuessingCodesIsSlowedDownAndThenShut(t *testing.T) {
	p := &phone{}
	w := real(t, storetest.OpenAt(t, store.Settings{Dir: t.TempDir(), Clock: p.now}), func(o *desk.Options) { o.Now = p.now })
	codes := w.withPassword(t).enrol(t, p, nil)
	p.late.Add(61)
	guest := w.withPassword(t)
	for range 5 {
		guest.post("/sign-in/code", answer(p.other(t))).want(t, http.StatusUnauthorized, en.T("code.wrong"))
	}
	guest.post("/sign-in/code", answer(p.next(t))).want(t, http.StatusTooManyRequests, en.T("code.slow"))
	for i := range 95 {
		if i%5 == 0 {
			p.late.Add(61)
			guest = w.withPassword(t)
		}
		guest.post("/sign-in/code", answer(p.other(t))).want(t, http.StatusUnauthorized)
	}
	p.late.Add(61)
	guest = w.withPassword(t)
	guest.post("/sign-in/code", answer(p.next(t))).want(t, http.StatusUnauthorized, en.T("code.shut"))
	guest.post("/sign-in/code", answer(codes[0])).want(t, http.StatusOK, en.T("counts.title"))
}

func TestThePasswordIsForgottenBeforeALateCode(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		w.withPassword(t).enrol(t, p, nil)
		guest := w.withPassword(t)
		p.late.Add(301)
		guest.post("/sign-in/code", answer(p.next(t))).want(t, http.StatusUnauthorized, en.T("code.late"))
		guest.get("/counts").want(t, http.StatusUnauthorized)
		w.reader("en").post("/sign-in/code", answer(p.next(t))).want(t, http.StatusUnauthorized, en.T("code.late"))
	})
}

// TestAnOpenDeskIsNotTakenOver changes an application as someone who found a desk without its user.
func TestAnOpenDeskIsNotTakenOver(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		r.enrol(t, p, nil)
		for _, path := range []string{"/account/totp", "/account/totp/end", "/account/recovery"} {
			r.post(path, nil).want(t, http.StatusUnprocessableEntity, en.T("code.wrong"))
		}
		p.late.Add(61)
		old := p.secret
		r.enrol(t, p, answer(p.next(t)))
		if old == p.secret {
			t.Error("the application was not replaced")
		}
		r.post("/account/totp/end", answer(p.next(t))).want(t, http.StatusOK, en.T("notice.totp_ended"))
		w.withPassword(t).get("/counts").want(t, http.StatusOK)
	})
}

// TestWhoMustShowMoreIsLedThereAndNowhereElse signs in with a password where the operator asks for more.
func TestWhoMustShowMoreIsLedThereAndNowhereElse(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		for _, path := range []string{"/", "/search", "/counts", "/ledger"} {
			if at := r.get(path); at.at != "/account" || !strings.Contains(at.text, en.T("account.required")) {
				t.Errorf("%s leads to %s", path, at.at)
			}
		}
		if at := r.post("/search", url.Values{"words": {"x"}}); at.at != "/account" {
			t.Errorf("a search leads to %s", at.at)
		}
		r.enrol(t, p, nil)
		r.get("/counts").want(t, http.StatusOK, en.T("counts.title"))
		r.post("/account/totp/end", answer(p.next(t))).want(t, http.StatusConflict, en.T("account.required_stays"))
		w.withPassword(t).get("/counts").want(t, http.StatusUnauthorized)
	}, func(o *desk.Options) { o.SecondFactor = true })
}

func TestSignInsAreInTheAudit(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		w.withPassword(t).enrol(t, p, nil)
		guest := w.withPassword(t)
		guest.post("/sign-in/code", answer(p.other(t)))
		guest.post("/sign-in/code", answer(p.next(t)))
		did := map[string]int{}
		err := w.db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
			rows, err := tx.Audit(store.AuditFilter{Limit: 100})
			for _, row := range rows {
				did[row.Action]++
			}
			return err
		})
		if err != nil || did["sign-in"] != 2 || did["sign-in-refused"] != 1 {
			t.Errorf("the audit holds %v: %v", did, err)
		}
		if v, err := w.db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("the register does not verify: %v %v", v.Findings, err)
		}
	})
}

// TestSignInPagesPassAxe looks at the pages of signing in, in every language, loaded with scripts off.
func TestSignInPagesPassAxe(t *testing.T) {
	b := browser(t)
	for _, lang := range i18n.Languages {
		p := &phone{}
		w := real(t, storetest.OpenAt(t, store.Settings{Dir: t.TempDir(), Clock: p.now}), func(o *desk.Options) { o.Now = p.now })
		r := w.withPassword(t)
		r.lang = string(lang)
		x := w.looker(t, b, r, lang)
		x("/account")
		r.post("/account/totp", nil)
		x("/account/totp")
		r.enrol(t, p, nil)
		w.looker(t, b, r, lang)("/account")
		guest := w.withPassword(t)
		w.looker(t, b, guest, lang)("/sign-in/code")
	}
}

// looker returns how a reader's pages are looked at: wide, and narrow.
func (w *world) looker(t *testing.T, b context.Context, r *reader, lang i18n.Lang) func(path string) {
	t.Helper()
	x := w.tab(t, b, r, look{lang: string(lang), width: 1280})
	return func(path string) {
		t.Helper()
		x.see(look{lang: string(lang), width: 1280, dark: lang == i18n.Russian})
		x.open(path)
		x.audit(path)
		if at := evaluate[string](x, `location.pathname`); at != path {
			t.Errorf("%s leads to %s", path, at)
		}
		x.see(look{lang: string(lang), width: 360})
		x.open(path)
		x.fits(path, 360)
	}
}
