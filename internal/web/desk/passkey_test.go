package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// keyring is a tab whose browser holds an authenticator.
type keyring struct {
	*tab
	id webauthn.AuthenticatorID
}

// keyring opens a tab of a reader beside a new authenticator that recognises its owner.
func (w *world) keyring(t *testing.T, b context.Context, r *reader) *keyring {
	t.Helper()
	x := w.tab(t, b, r, look{lang: "en", width: 1280, scripts: true})
	_, err := chromedp.Call(x.ctx, webauthn.Enable, webauthn.EnableParams{})
	x.must(err)
	made, err := chromedp.Call(x.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	x.must(err)
	return &keyring{x, made.AuthenticatorID}
}

func (k *keyring) keys() []*webauthn.Credential {
	k.Helper()
	got, err := chromedp.Call(k.ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: k.id})
	k.must(err)
	return got.Credentials
}

// recognises sets whether the authenticator recognises its owner.
func (k *keyring) recognises(owner bool) {
	k.Helper()
	_, err := chromedp.Call(k.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: k.id, IsUserVerified: owner})
	k.must(err)
}

// sends sends a form of the page.
func (k *keyring) sends(action string) {
	k.Helper()
	evaluate[any](k.tab, `document.querySelector("form[action='`+action+`']").requestSubmit(), null`)
}

// says waits until the page says a text.
func (k *keyring) says(text string) {
	k.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		said, err := chromedp.Run(k.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? document.body.innerText : ""`))
		if err == nil && strings.Contains(said, text) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	k.Fatalf("the page does not say %q", text)
}

// adds makes a passkey of a name, as the reader who is signed in.
func (k *keyring) adds(name string) {
	k.Helper()
	k.open("/account")
	evaluate[any](k.tab, `document.getElementById("key-name").value = "`+name+`", null`)
	k.sends("/account/passkeys")
}

func (k *keyring) signsOut() {
	k.Helper()
	k.sends("/sign-out")
}

func (k *keyring) signsIn() {
	k.Helper()
	k.open("/sign-in")
	k.sends("/sign-in/passkey")
}

// eachWithKeyring runs a test on both databases, with a reader who has signed in by password.
func eachWithKeyring(t *testing.T, test func(t *testing.T, w *world, r *reader, k *keyring), change ...func(*desk.Options)) {
	b := browser(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db, change...)
		r := w.withPassword(t)
		test(t, w, r, w.keyring(t, b, r))
	})
}

func TestAPasskeyIsAddedNamedShownAndRemoved(t *testing.T) {
	eachWithKeyring(t, func(t *testing.T, w *world, r *reader, k *keyring) {
		k.adds("work laptop")
		k.says(en.T("recovery.title"))
		k.open("/account")
		k.says("work laptop")
		k.signsOut()
		k.says(en.T("signin.passkey_do"))
		k.signsIn()
		k.arrives("/")
		k.says("Олена")
		if keys := k.keys(); len(keys) != 1 || keys[0].SignCount != 2 || string(keys[0].UserHandle) == "" {
			t.Errorf("the authenticator holds %d passkeys", len(keys))
		}
		k.open("/account")
		evaluate[any](k.tab, `document.querySelector("button[name=passkey]").click(), null`)
		k.says(en.T("notice.passkey_ended"))
		k.signsOut()
		k.says(en.T("signin.passkey_do"))
		k.signsIn()
		k.says(en.T("passkey.refused"))
		w.withPassword(t).get("/counts").want(t, http.StatusOK) // what is removed is not asked for
	})
}

func TestWhoHasAPasskeyDoesNotComeInByPasswordAlone(t *testing.T) {
	eachWithKeyring(t, func(t *testing.T, w *world, r *reader, k *keyring) {
		k.adds("key ring")
		k.says(en.T("recovery.title"))
		var codes []string
		for _, m := range shownCode.FindAllStringSubmatch(evaluate[string](k.tab, `document.body.innerHTML`), -1) {
			codes = append(codes, m[1])
		}
		guest := w.reader("en")
		guest.post("/sign-in", credentials("Олена", password)).want(t, http.StatusOK, en.T("code.passkey"))
		guest.get("/counts").want(t, http.StatusUnauthorized)
		guest.post("/sign-in/code", answer("123456")).want(t, http.StatusUnauthorized, en.T("code.wrong"))
		guest.post("/sign-in/code", answer(codes[0])).want(t, http.StatusOK, en.T("counts.title"))
	})
}

func TestADeviceThatDoesNotRecogniseItsOwnerLetsNobodyIn(t *testing.T) {
	eachWithKeyring(t, func(t *testing.T, w *world, r *reader, k *keyring) {
		k.adds("key ring")
		k.says(en.T("recovery.title"))
		k.recognises(false)
		k.open("/account")
		k.signsOut()
		k.says(en.T("signin.passkey_do"))
		k.signsIn()
		k.says(en.T("passkey.failed"))
		k.open("/counts")
		k.says(en.T("signin.title"))
	})
}

// TestAnAnswerIsHeldAgainstWhatWasAsked sends answers that nobody asked for, twice, or of no passkey.
func TestAnAnswerIsHeldAgainstWhatWasAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := real(t, db)
		r := w.reader("en")
		for _, a := range []string{"", "{}", "null", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`, strings.Repeat("[", 10000), "\x00"} {
			r.post("/sign-in/passkey/answer", url.Values{"answer": {a}}).want(t, http.StatusUnauthorized, en.T("passkey.refused"))
			r.post("/sign-in/passkey", nil).want(t, http.StatusOK, en.T("passkey.get"))
			r.post("/sign-in/passkey/answer", url.Values{"answer": {a}}).want(t, http.StatusUnauthorized, en.T("passkey.refused"))
		}
		own := w.withPassword(t)
		own.post("/account/passkeys", url.Values{"name": {""}}).want(t, http.StatusUnprocessableEntity, en.T("passkey.nameless"))
		own.post("/account/passkeys/answer", url.Values{"answer": {"{}"}, "name": {"x"}}).want(t, http.StatusUnprocessableEntity, en.T("passkey.unmade"))
		own.post("/account/passkeys/end", url.Values{"passkey": {"another's"}}).want(t, http.StatusNotFound)
	})
}

// TestTheHostOfARequestBindsNothing asks under a host that is not the desk's.
func TestTheHostOfARequestBindsNothing(t *testing.T) {
	w := real(t, storetest.Open(t), func(o *desk.Options) { o.Public = "https://register.example" })
	r := w.reader("en")
	r.get("/sign-in").want(t, http.StatusOK, `href="https://register.example/sign-in"`, en.T("passkey.place", "place", "https://register.example"))
	p := r.post("/sign-in/passkey", nil)
	p.want(t, http.StatusOK, `"rpId":"register.example"`, `"userVerification":"required"`)
	if strings.Contains(p.text, "allowCredentials") {
		t.Error("the page tells which passkeys there are")
	}
}

func TestThereAreNoPasskeysUnderAnAddressInNumbers(t *testing.T) {
	for _, public := range []string{"http://192.0.2.7:8080", "https://192.0.2.7", "http://register.example"} {
		w := real(t, storetest.Open(t), func(o *desk.Options) { o.Public = public })
		p := w.reader("en").get("/sign-in")
		if p.want(t, http.StatusOK); strings.Contains(p.text, "/sign-in/passkey") {
			t.Errorf("passkeys are offered at %s", public)
		}
		w.reader("en").post("/sign-in/passkey", nil).want(t, http.StatusNotFound)
	}
}

// TestALongOpenDeskDoesNotChangeTheSignIn waits after a sign-in without a second factor.
func TestALongOpenDeskDoesNotChangeTheSignIn(t *testing.T) {
	eachWithPhone(t, func(t *testing.T, w *world, p *phone) {
		r := w.withPassword(t)
		p.late.Add(601)
		r.post("/account/passkeys", url.Values{"name": {"x"}}).want(t, http.StatusUnprocessableEntity, en.T("account.stale"))
		r.post("/account/totp", nil).want(t, http.StatusUnprocessableEntity, en.T("account.stale"))
		r.post("/sign-out", nil)
		w.withPassword(t).post("/account/totp", nil).want(t, http.StatusOK, `class="qr"`)
	})
}

func TestPasskeyPagesPassAxe(t *testing.T) {
	b := browser(t)
	for _, lang := range i18n.Languages {
		w := real(t, storetest.Open(t))
		r := w.withPassword(t)
		k := w.keyring(t, b, r)
		k.adds(strings.Repeat("Дуже довга назва ключа ", 4))
		k.says(en.T("recovery.title"))
		k.see(look{lang: string(lang), width: 360, scripts: true})
		k.open("/account")
		k.fits("account", 360)
		k.audit("account")
		k.recognises(false) // the page stays, and says what failed
		k.signsOut()
		k.says(i18n.For(lang).T("signin.passkey_do"))
		k.signsIn()
		k.says(i18n.For(lang).T("passkey.failed"))
		k.fits("passkey", 360)
		k.audit("passkey")
	}
}
