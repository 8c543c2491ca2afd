package desk

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/openid"
)

// Sign-in at a provider elsewhere (OpenID Connect; package openid does the asking). A provider says who somebody is, the
// register says whether that is anybody here: an account is linked to a subject by its owner, who is signed in
// (account_linked.go). Nobody is made by a token. It stands for the password: what else a user shows is asked for as ever.

// LinkedBack is where a provider sends browsers back to, below [Options.Public]: the address that it is told exactly.
const LinkedBack = "/sign-in/linked/back"

// keyElsewhere holds what the answer of a provider is held against.
const keyElsewhere = "elsewhere"

// elsewhereLife is how long somebody has to sign in at the provider.
const elsewhereLife = 10 * time.Minute

// elsewhere is a way to the provider that was begun in this browser.
type elsewhere struct {
	openid.Asked
	At      int64           // when, in seconds
	Next    string          // where the reader was going
	Waiting string          // token of what the reader wrote
	Links   homeward.UserID // whom it is to link; empty when it is to sign somebody in
}

// providerHost is the host of the provider; empty when there is none.
func (d *Desk) providerHost() string {
	if d.Provider == nil {
		return ""
	}
	return d.Provider.Host()
}

// leavingPage leads to the provider. A form cannot: the content security policy sends forms nowhere else, and that holds for
// where their answers lead.
type leavingPage struct {
	frame
	Host, Address, Back string
}

// leave sends the browser to the provider, and keeps what its answer will be held against.
func (v *visit) leave(held elsewhere, back string) error {
	address, asked, err := v.d.Provider.Ask(v.ctx())
	if err != nil {
		return err
	}
	held.Asked, held.At = asked, v.d.Now().Unix()
	kept, err := json.Marshal(held)
	if err != nil {
		return fmt.Errorf("keep a way elsewhere: %w", err)
	}
	v.d.sessions.Put(v.ctx(), keyElsewhere, kept)
	p := &leavingPage{Host: v.d.providerHost(), Address: address, Back: back}
	p.Narrow = true
	v.w.Header().Set("Refresh", "0; url="+address)
	return v.show(http.StatusOK, "leaving", p)
}

// askProvider begins a sign-in elsewhere.
func (d *Desk) askProvider(v *visit) error {
	if d.Provider == nil {
		return homeward.ErrNotFound
	}
	to := v.onward()
	held := elsewhere{Next: to.Next}
	if len(to.Keep) > 0 {
		held.Waiting = d.waiting.put("", to.Keep, size(to.Keep))
	}
	err := v.leave(held, "/sign-in")
	if errors.Is(err, homeward.ErrUnavailable) {
		d.Logger.Warn("sign-in elsewhere", "error", err)
		return v.signInAgain(http.StatusServiceUnavailable, "linked.down")
	}
	return err
}

func size(list []field) (bytes int) {
	for _, f := range list {
		bytes += len(f.Name) + len(f.Value)
	}
	return bytes
}

// receiveSubject takes the browser back from the provider: a sign-in goes on, or the account of who is signed in is linked.
func (d *Desk) receiveSubject(v *visit) error {
	if d.Provider == nil {
		return homeward.ErrNotFound
	}
	sent := v.r.URL.Query()
	held, ok := v.returned(sent.Get("state"))
	to := onward{Next: local(held.Next)}
	to.Keep, _ = d.waiting.take("", held.Waiting)
	d.waiting.drop(held.Waiting)
	v.r.URL = &url.URL{Path: "/sign-in"} // what came in the address is used up, and is on no page
	if v.signedIn() && (!ok || held.Links != "") {
		v.r.URL.Path = "/account"
		return v.receiveLink(held, sent)
	}
	problem := "linked.late"
	var u store.User
	if ok && held.Links == "" {
		var err error
		if u, problem, err = v.known(held, sent); err != nil {
			return err
		}
	}
	if problem != "" {
		return v.showSignInPage(linkedStatus(problem), signInPage{Problem: problem, onward: to})
	}
	return v.passed(u, to)
}

// returned returns the way that was begun in this browser under a state, once; ok is false when none was, or too long
// ago: then nothing but where the reader was going is left of it.
func (v *visit) returned(state string) (held elsewhere, ok bool) {
	kept := v.d.sessions.GetBytes(v.ctx(), keyElsewhere)
	if len(kept) == 0 || json.Unmarshal(kept, &held) != nil || subtle.ConstantTimeCompare([]byte(held.State), []byte(state)) != 1 {
		return elsewhere{}, false
	}
	v.d.sessions.Remove(v.ctx(), keyElsewhere)
	if v.d.Now().Sub(time.Unix(held.At, 0)) > elsewhereLife {
		return elsewhere{Next: held.Next, Waiting: held.Waiting}, false
	}
	return held, true
}

// known returns the active user whose account is linked to who the provider says it is. A problem is a key of the catalogs.
func (v *visit) known(held elsewhere, sent url.Values) (u store.User, problem string, err error) {
	who, problem, err := v.subject(held, sent)
	if err != nil || problem != "" {
		return u, problem, err
	}
	var link store.Credential
	err = v.view(func(tx *store.Tx) (err error) {
		if link, err = tx.Link(who.Issuer, who.Name); err == nil {
			u, err = tx.User(link.Owner)
		}
		return err
	})
	if err == nil && !u.Active {
		err = homeward.ErrNotFound
	}
	if err == nil {
		err = v.d.DB.Update(v.ctx(), u.Actor(), func(tx *store.Tx) error { return tx.UseLink(link.ID) })
	}
	if errors.Is(err, homeward.ErrNotFound) {
		return store.User{}, "linked.unknown", nil
	}
	return u, "", err
}

// subject asks the provider whom it sent back. Who sends codes that are not good is slowed down: each is a question to
// the provider.
func (v *visit) subject(held elsewhere, sent url.Values) (who openid.Subject, problem string, err error) {
	if from := sent.Get("iss"); sent.Has("error") || from != "" && from != v.d.Provider.Issuer { // RFC 9207
		return who, "linked.refused", nil
	}
	attempt := "linked/" + v.from()
	if !v.d.door.knock(attempt, v.from()) {
		return who, "signin.slow", nil
	}
	who, err = v.d.Provider.Answer(v.ctx(), held.Asked, sent.Get("code"))
	if err == nil {
		v.d.door.enter(attempt, v.from())
		return who, "", nil
	}
	if errors.Is(err, context.Canceled) {
		return who, "", err
	}
	v.d.Logger.Warn("sign-in elsewhere", "error", err)
	if errors.Is(err, openid.ErrRefused) {
		return who, "linked.refused", nil
	}
	return who, "linked.down", nil
}

// linkedStatus is the status of a problem with a provider's answer.
func linkedStatus(problem string) int {
	switch problem {
	case "linked.down":
		return http.StatusServiceUnavailable
	case "signin.slow":
		return http.StatusTooManyRequests
	case "linked.taken", "linked.there":
		return http.StatusConflict
	}
	return http.StatusUnauthorized
}
