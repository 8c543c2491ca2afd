package openid_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/web/openid"
	"github.com/homeward-registry/homeward/internal/web/openid/openidtest"
)

var ctx = context.Background()

const back = "https://register.example/sign-in/linked/back"

// pair makes a provider and the register's side of it.
func pair(t *testing.T, change ...func(*openid.Settings)) (*openidtest.Provider, *openid.Provider) {
	t.Helper()
	there := openidtest.New(t)
	there.Back = back
	s := openid.Settings{Issuer: there.Issuer(), Client: openidtest.Client, Secret: openidtest.Secret, Back: back}
	for _, fn := range change {
		fn(&s)
	}
	here, err := openid.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return there, here
}

// visit goes to the provider as a browser does, and returns what it came back with.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	at, err := res.Location()
	if err != nil || !strings.HasPrefix(at.String(), back+"?") {
		t.Fatalf("status %d, not sent back to the exact address", res.StatusCode)
	}
	return at.Query()
}

// goes goes there and back.
func goes(t *testing.T, here *openid.Provider) (openid.Subject, error) {
	t.Helper()
	address, asked, err := here.Ask(ctx)
	if err != nil {
		return openid.Subject{}, err
	}
	sent := visit(t, address)
	if sent.Get("state") != asked.State {
		t.Fatal("another state came back")
	}
	return here.Answer(ctx, asked, sent.Get("code"))
}

func TestASubjectIsWhoTheProviderSays(t *testing.T) {
	there, here := pair(t)
	if len(there.Asked()) != 0 {
		t.Fatalf("before anybody signs in, the provider was asked: %v", there.Asked())
	}
	for range 2 {
		who, err := goes(t, here)
		if err != nil || who.Name != there.Subject || who.Issuer != there.Issuer() {
			t.Fatalf("%v", err)
		}
	}
	want := []string{"GET /.well-known/openid-configuration", "GET /authorize", "POST /token", "GET /keys", "GET /authorize", "POST /token"}
	if got := there.Asked(); !slices.Equal(got, want) {
		t.Errorf("asked: %v", got)
	}
}

// TestATokenThatDoesNotCountIsRefused lets the provider say what it may not.
func TestATokenThatDoesNotCountIsRefused(t *testing.T) {
	for name, lie := range map[string]func(map[string]any){
		"issuer":              func(c map[string]any) { c["iss"] = "https://elsewhere.example" },
		"audience":            func(c map[string]any) { c["aud"] = "another" },
		"audience of many":    func(c map[string]any) { c["aud"] = []string{openidtest.Client, "another"} },
		"authorized party":    func(c map[string]any) { c["azp"] = "another" },
		"nonce":               func(c map[string]any) { c["nonce"] = "another" },
		"no nonce":            func(c map[string]any) { delete(c, "nonce") },
		"expired":             func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"no end":              func(c map[string]any) { delete(c, "exp") },
		"of tomorrow":         func(c map[string]any) { c["nbf"] = time.Now().Add(24 * time.Hour).Unix() },
		"nobody":              func(c map[string]any) { c["sub"] = "" },
		"an enormous subject": func(c map[string]any) { c["sub"] = strings.Repeat("1", 256) },
	} {
		t.Run(name, func(t *testing.T) {
			there, here := pair(t)
			there.Set(func() { there.Says = lie })
			if who, err := goes(t, here); !errors.Is(err, openid.ErrRefused) || who != (openid.Subject{}) {
				t.Errorf("%v", err)
			}
			there.Set(func() { there.Says = nil })
			if _, err := goes(t, here); err != nil {
				t.Errorf("afterwards, the truth: %v", err)
			}
		})
	}
}

func TestKeysAreChangedAndForgedOnesRefused(t *testing.T) {
	there, here := pair(t)
	for _, kid := range []string{"first", "second", "third"} {
		there.Rotate(kid)
		if _, err := goes(t, here); err != nil {
			t.Fatalf("key %s: %v", kid, err)
		}
	}
	there.Forge("third") // the same name, and not the key
	if _, err := goes(t, here); !errors.Is(err, openid.ErrRefused) {
		t.Errorf("a forged token: %v", err)
	}
}

// TestACodeIsForWhoAskedForIt answers with codes that were made for another sign-in, twice, or never.
func TestACodeIsForWhoAskedForIt(t *testing.T) {
	_, here := pair(t)
	mine, asked, err := here.Ask(ctx)
	if err != nil {
		t.Fatal(err)
	}
	others, another, err := here.Ask(ctx)
	if err != nil || another == asked {
		t.Fatal("two sign-ins are one", err)
	}
	stolen := visit(t, others).Get("code")
	if _, err := here.Answer(ctx, asked, stolen); !errors.Is(err, openid.ErrRefused) {
		t.Errorf("a code of another browser: %v", err)
	}
	code := visit(t, mine).Get("code")
	if _, err := here.Answer(ctx, asked, code); err != nil {
		t.Errorf("one's own code: %v", err)
	}
	for _, c := range []string{code, "", "guessed", strings.Repeat("c", 3000)} {
		if _, err := here.Answer(ctx, asked, c); !errors.Is(err, openid.ErrRefused) {
			t.Errorf("a code of %d characters that is used or guessed: %v", len(c), err)
		}
	}
}

// TestErrorsHoldNoWordOfTheProvider looks for what the provider writes into its refusals.
func TestErrorsHoldNoWordOfTheProvider(t *testing.T) {
	there, here := pair(t)
	_, asked, err := here.Ask(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := here.Answer(ctx, asked, "guessed"); err == nil || strings.Contains(err.Error(), "olena") || !strings.Contains(err.Error(), "invalid_grant") {
		t.Error("the refusal does not say invalid_grant alone")
	}
	there.Set(func() { there.Says = func(c map[string]any) { c["aud"] = "olena@example.org" } })
	if _, err := goes(t, here); err == nil || strings.Contains(err.Error(), "olena") {
		t.Error("an error repeats a claim")
	}
}

// TestAProviderThatIsDownIsAskedAgainLater breaks it at each step.
func TestAProviderThatIsDownIsAskedAgainLater(t *testing.T) {
	late := time.Duration(0)
	there, here := pair(t, func(s *openid.Settings) { s.Now = func() time.Time { return time.Now().Add(late) } })
	there.Set(func() { there.Down = true })
	for range 3 {
		if _, _, err := here.Ask(ctx); !errors.Is(err, homeward.ErrUnavailable) {
			t.Errorf("a provider that is down: %v", err)
		}
	}
	if n := len(there.Asked()); n != 1 {
		t.Errorf("asked %d times within ten seconds", n)
	}
	there.Set(func() { there.Down = false })
	late = 11 * time.Second
	address, asked, err := here.Ask(ctx)
	if err != nil {
		t.Fatalf("a provider that is up again: %v", err)
	}
	code := visit(t, address).Get("code")
	there.Set(func() { there.Down = true })
	if _, err := here.Answer(ctx, asked, code); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("down before the exchange: %v", err)
	}
	there.Set(func() { there.Down, there.NoKeys = false, true })
	if _, err := here.Answer(ctx, asked, code); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("without keys: %v", err)
	}
	there.Set(func() { there.NoKeys = false })
	if _, err := goes(t, here); err != nil {
		t.Errorf("up for good: %v", err)
	}
}

// TestOnlyPrivateAddressesOfTheIssuerAreAsked lets discovery name what it may not.
func TestOnlyPrivateAddressesOfTheIssuerAreAsked(t *testing.T) {
	for name, lie := range map[string]func(map[string]any){
		"issuer":         func(d map[string]any) { d["issuer"] = "https://elsewhere.example" },
		"authorize":      func(d map[string]any) { d["authorization_endpoint"] = "http://elsewhere.example/authorize" },
		"script":         func(d map[string]any) { d["authorization_endpoint"] = "javascript:alert(1)" },
		"token":          func(d map[string]any) { d["token_endpoint"] = "http://elsewhere.example/token" },
		"keys":           func(d map[string]any) { d["jwks_uri"] = "" },
		"endless":        func(d map[string]any) { d["more"] = strings.Repeat("x", 2<<20) },
		"not a document": func(d map[string]any) { d["issuer"] = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			there, here := pair(t)
			there.Set(func() { there.Serves = lie })
			if _, _, err := here.Ask(ctx); !errors.Is(err, homeward.ErrUnavailable) {
				t.Errorf("%v", err)
			}
		})
	}
	for _, issuer := range []string{"", "login.example", "http://login.example", "https://", "https://a:b@login.example", "ftp://login.example", "https://login.example#x", "https://%zz"} {
		if _, err := openid.New(openid.Settings{Issuer: issuer, Client: "c", Secret: "s", Back: back}); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("issuer %q is taken", issuer)
		}
	}
}

// TestNothingIsSentOnByARedirect lets the token's address lead elsewhere.
func TestNothingIsSentOnByARedirect(t *testing.T) {
	elsewhere := openidtest.New(t)
	there, here := pair(t)
	there.Set(func() {
		there.Serves = func(d map[string]any) { d["token_endpoint"] = there.Issuer() + "/led" }
		there.Led = elsewhere.Issuer() + "/token"
	})
	if _, err := goes(t, here); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	if len(elsewhere.Asked()) != 0 {
		t.Error("a secret was sent on")
	}
}
