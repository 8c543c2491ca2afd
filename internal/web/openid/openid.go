// Package openid asks a provider elsewhere who somebody is: OpenID Connect Core 1.0
// (https://openid.net/specs/openid-connect-core-1_0.html), the code flow, with PKCE (RFC 7636), state, nonce and one exact
// address to come back to.
//
// What flows in: the address that a browser is sent to ([Provider.Ask]) and what the provider sent it back with
// ([Provider.Answer]). What flows out: a [Subject], which is an issuer and the name that the issuer has for somebody, and
// nothing else. No scope but openid is asked for: no name, no address. Who a subject is in a register, and whether
// it is anybody, is for the caller.
//
// Invariants.
//   - Nothing is asked of anybody before somebody wants to sign in: the provider is discovered when it is first used, and
//     again after it could not be, at most once in ten seconds.
//   - Only the issuer, and what its discovery names, is asked; over TLS, or on this machine; no redirect is followed, and no
//     answer of more than a megabyte is read.
//   - A token counts when it is signed by a key that the issuer publishes now, names this issuer, this client and this
//     nonce, and has not expired. Keys are read anew when a token names one that is not known, so they may be changed.
//   - Errors hold no word of what the provider said: that may be about a person.
package openid

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/homeward-registry/homeward"
	"golang.org/x/oauth2"
)

// ErrRefused is an answer that lets nobody in: a code that is not good, or a token that does not count.
var ErrRefused = errors.New("the provider's answer does not count")

// Settings name a provider, and this register as the provider knows it.
type Settings struct {
	Issuer string           // as the provider calls itself: https://login.example
	Client string           // the name under which the provider knows this register
	Secret string           // that goes with it
	Back   string           // the exact address that browsers come back to
	Now    func() time.Time // nil means the machine's
}

// Host is the issuer's, for people to read.
func (s Settings) Host() string {
	u, err := url.Parse(s.Issuer)
	if err != nil {
		return ""
	}
	return u.Host
}

// Subject is somebody, as an issuer knows them.
type Subject struct{ Issuer, Name string }

// Asked is what an answer is held against. It stays on the server, bound to the browser that was sent.
type Asked struct{ State, Nonce, Verifier string }

// Provider is a provider elsewhere, discovered when it is first used.
type Provider struct {
	Settings

	client *http.Client

	mu     sync.Mutex
	known  *discovered
	failed time.Time // when it could last not be discovered
}

type discovered struct {
	oauth      oauth2.Config
	keys       oidc.KeySet
	algorithms []string
}

// signed are the algorithms whose keys a provider publishes. A secret that both sides hold signs nothing for us, and "none" nothing at all.
var signed = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

const (
	patience     = 10 * time.Second
	rediscovery  = 10 * time.Second
	longestSent  = 2048 // characters of a code
	longestNamed = 255  // of a subject: section 2 of the norm
)

// New returns a provider. It asks nothing yet; settings that do not do are ErrInvalid.
func New(s Settings) (*Provider, error) {
	if s.Client == "" || s.Secret == "" || s.Back == "" || !private(s.Issuer) {
		return nil, fmt.Errorf("settings of a provider: %w", homeward.ErrInvalid)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	return &Provider{Settings: s, client: newClient()}, nil
}

// Ask returns where a browser is sent, and what its answer will be held against. ErrUnavailable when the provider does not
// answer, or not as one does.
func (p *Provider) Ask(ctx context.Context) (address string, a Asked, err error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", a, err
	}
	a = Asked{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return d.oauth.AuthCodeURL(a.State, oauth2.S256ChallengeOption(a.Verifier), oidc.Nonce(a.Nonce)), a, nil
}

// Answer exchanges the code that a browser came back with for a subject. ErrRefused when the code or the token does not
// count, ErrUnavailable when the provider does not answer.
func (p *Provider) Answer(ctx context.Context, a Asked, code string) (Subject, error) {
	if code == "" || len(code) > longestSent {
		return Subject{}, fmt.Errorf("exchange a code: there is none: %w", ErrRefused)
	}
	d, err := p.discover(ctx)
	if err != nil {
		return Subject{}, err
	}
	token, err := d.oauth.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Subject{}, exchangeFault(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.verify(ctx, d, raw)
	if err != nil {
		return Subject{}, err
	}
	return p.subject(id, a)
}

func (p *Provider) verify(ctx context.Context, d *discovered, raw string) (*oidc.IDToken, error) {
	keys := &watched{KeySet: d.keys}
	id, err := oidc.NewVerifier(p.Issuer, keys, &oidc.Config{ClientID: p.Client, SupportedSigningAlgs: d.algorithms, Now: p.Now}).Verify(ctx, raw)
	var expired *oidc.TokenExpiredError
	switch {
	case err == nil:
		return id, nil
	case errors.As(err, &expired):
		return nil, fmt.Errorf("read a token: it has expired: %w", ErrRefused)
	case keys.unread:
		return nil, fmt.Errorf("read the keys of the provider: no answer: %w", homeward.ErrUnavailable)
	}
	return nil, fmt.Errorf("read a token: its signature, issuer or audience is another: %w", ErrRefused)
}

// watched tells keys that could not be read from a signature that is not theirs: the library's verifier tells both alike.
type watched struct {
	oidc.KeySet
	unread bool
}

func (w *watched) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, token)
	var lost *url.Error
	w.unread = errors.As(err, &lost)
	return payload, err
}

// subject checks what the library leaves to its caller: sections 2 and 3.1.3.7 of the norm.
func (p *Provider) subject(id *oidc.IDToken, a Asked) (Subject, error) {
	var party struct {
		Authorized string `json:"azp"`
	}
	switch err := id.Claims(&party); {
	case err != nil:
		return Subject{}, fmt.Errorf("read a token: %w", ErrRefused)
	case a.Nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1:
		return Subject{}, fmt.Errorf("read a token: it answers another sign-in: %w", ErrRefused)
	case party.Authorized != "" && party.Authorized != p.Client, party.Authorized == "" && len(id.Audience) > 1:
		return Subject{}, fmt.Errorf("read a token: it was made for another client: %w", ErrRefused)
	case id.Subject == "" || len(id.Subject) > longestNamed:
		return Subject{}, fmt.Errorf("read a token: it names nobody: %w", ErrRefused)
	}
	return Subject{Issuer: p.Issuer, Name: id.Subject}, nil
}

// exchangeFault keeps of a failed exchange what is no word of the provider's.
func exchangeFault(err error) error {
	var lost *url.Error
	if errors.As(err, &lost) {
		return fmt.Errorf("exchange a code: no answer: %w", homeward.ErrUnavailable)
	}
	said := "no token"
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) && slices.Contains(refusals, answered.ErrorCode) {
		said = answered.ErrorCode
	}
	return fmt.Errorf("exchange a code: %s: %w", said, ErrRefused)
}

// refusals are the words for them of RFC 6749, section 5.2: they tell who runs a register what to mend.
var refusals = []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}

// discover reads what the issuer says of itself, once it has answered for good.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	if p.Now().Sub(p.failed) < rediscovery {
		return nil, fmt.Errorf("discover the provider: it did not answer just now: %w", homeward.ErrUnavailable)
	}
	d, err := p.read(ctx)
	if err != nil {
		if ctx.Err() == nil { // who went away says nothing of the provider
			p.failed = p.Now()
		}
		return nil, err
	}
	p.known = d
	return d, nil
}

func (p *Provider) read(ctx context.Context) (*discovered, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover the provider: no answer, or another issuer's: %w", homeward.ErrUnavailable)
	}
	var says struct {
		Keys       string   `json:"jwks_uri"`
		Clients    []string `json:"token_endpoint_auth_methods_supported"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	end := found.Endpoint()
	if err := found.Claims(&says); err != nil || !private(end.AuthURL) || !private(end.TokenURL) || !private(says.Keys) {
		return nil, fmt.Errorf("discover the provider: an address of it is not over TLS: %w", homeward.ErrUnavailable)
	}
	end.AuthStyle = oauth2.AuthStyleInHeader // what the norm takes for said when nothing is
	if len(says.Clients) > 0 && !slices.Contains(says.Clients, "client_secret_basic") {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	return &discovered{
		oauth:      oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: end, RedirectURL: p.Back, Scopes: []string{oidc.ScopeOpenID}},
		keys:       oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), p.client), says.Keys),
		algorithms: slices.DeleteFunc(says.Algorithms, func(a string) bool { return !slices.Contains(signed, a) }),
	}, nil
}
