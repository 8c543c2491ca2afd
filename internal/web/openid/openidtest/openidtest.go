// Package openidtest is a provider of OpenID Connect on this machine, for tests: it speaks as the norm says, with keys of its
// own, and lies where a test tells it to.
//
// What flows in: the requests of a browser and of a register. What flows out: redirects with codes, tokens that [Provider.Says]
// shaped, and a list of what was asked. Whoever comes is signed in as [Provider.Subject] without being asked.
//
// Invariants.
//   - A code is good once, for the client, the address and the verifier of the challenge (RFC 7636) it was made for.
//   - It listens on loopback only, and ends with the test.
package openidtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The register, as the provider knows it.
const (
	Client = "homeward"
	Secret = "between the two of them"
)

// Provider is a provider under test. Change its fields under [Provider.Set] only.
type Provider struct {
	Server  *httptest.Server
	Subject string                        // whoever comes is this one
	Says    func(claims map[string]any)   // changes what a token says; nil leaves it true
	Serves  func(document map[string]any) // changes what discovery says; nil leaves it true
	Down    bool                          // nothing is answered but that something is broken
	NoKeys  bool                          // of the keys
	Refuses bool                          // the browser is sent back with an error
	Back    string                        // the only address that browsers are sent back to
	Led     string                        // where POST /led leads

	t     testing.TB
	mu    sync.Mutex
	key   *rsa.PrivateKey
	kid   string
	known *rsa.PrivateKey // published; another than signs when a test says so
	codes map[string]grant
	asked []string
}

// grant is what a code was made for.
type grant struct{ challenge, nonce, back, subject string }

// New starts a provider.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t, Subject: "248289761001", codes: map[string]grant{}}
	p.Rotate("first")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("POST /led", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, p.Led, http.StatusTemporaryRedirect) })
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked = append(p.asked, r.Method+" "+r.URL.Path)
		if p.Down {
			http.Error(w, "broken", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Server.Close)
	return p
}

// Issuer is what the provider calls itself.
func (p *Provider) Issuer() string { return p.Server.URL }

// Set changes the provider between two requests.
func (p *Provider) Set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// Asked lists what was asked so far, as "GET /keys".
func (p *Provider) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

// Rotate signs with a new key of that name from now on, and publishes it instead of the old one.
func (p *Provider) Rotate(kid string) { p.Forge(kid); p.Set(func() { p.known = p.key }) }

// Forge signs with a new key of that name that is published nowhere.
func (p *Provider) Forge(kid string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Set(func() { p.key, p.kid = key, kid })
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	at := p.Server.URL
	document := map[string]any{
		"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	}
	if p.Serves != nil {
		p.Serves(document)
	}
	p.answer(w, http.StatusOK, document)
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	if p.NoKeys {
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	}
	p.answer(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": p.kid,
		"n": raw(p.known.N.Bytes()), "e": raw(big.NewInt(int64(p.known.E)).Bytes()),
	}}})
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != Client || q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != p.Back {
		http.Error(w, "the request is none of ours", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if p.Refuses {
		back.Set("error", "access_denied")
	} else {
		code := rand.Text()
		p.codes[code] = grant{q.Get("code_challenge"), q.Get("nonce"), q.Get("redirect_uri"), p.Subject}
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, secret, _ := r.BasicAuth()
	made, there := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch plain, err := url.QueryUnescape(secret); {
	case err != nil || client != Client || plain != Secret:
		p.answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	case !there || made.back != r.PostFormValue("redirect_uri") || made.challenge != raw(sum[:]):
		p.answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "of Олена <olena@example.org>"})
	default:
		p.answer(w, http.StatusOK, map[string]any{"access_token": "unused", "token_type": "Bearer", "id_token": p.sign(made)})
	}
}

// sign makes a token, by RFC 7519 and RFC 7515.
func (p *Provider) sign(made grant) string {
	now := time.Now()
	claims := map[string]any{
		"iss": p.Server.URL, "sub": made.subject, "aud": Client, "nonce": made.nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"email": "olena@example.org", "email_verified": true, "name": "Олена",
	}
	if p.Says != nil {
		p.Says(claims)
	}
	head, body := p.part(map[string]any{"alg": "RS256", "kid": p.kid}), p.part(claims)
	sum := sha256.Sum256([]byte(head + "." + body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return head + "." + body + "." + raw(signature)
}

func (p *Provider) part(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		p.t.Error(err)
	}
	return raw(text)
}

func (p *Provider) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func raw(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
