package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Passkeys follow W3C Web Authentication Level 3 (https://www.w3.org/TR/webauthn-3/): discoverable credentials, so that no
// name is typed, and the user verified by the device, so that a passkey is two factors. The relying party is the host of
// [Options.Public]. What a ceremony is held against stays in the session, on the server, and is good for one answer.

// keyCeremony holds what the answer of a browser is held against.
const keyCeremony = "ceremony"

// relyingParty returns the desk as browsers know it by its public address; nil where they make no passkeys: under an
// address in numbers, and over HTTP elsewhere than on this machine.
func relyingParty(public string) *webauthn.WebAuthn {
	u, err := url.Parse(public)
	if err != nil || net.ParseIP(u.Hostname()) != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil
	}
	limit := webauthn.TimeoutConfig{Enforce: true, Timeout: pendingLife, TimeoutUVD: pendingLife}
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Homeward", RPOrigins: []string{public},
		AttestationPreference: protocol.PreferNoAttestation, // which device it is, is nobody's business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: limit, Registration: limit},
	})
	if err != nil {
		return nil
	}
	return party
}

// publicPlace is where passkeys work, and where a provider elsewhere sends browsers back to, when the reader is not there.
func (v *visit) publicPlace() string {
	if v.d.Public == "http://"+v.r.Host || v.d.Public == "https://"+v.r.Host {
		return ""
	}
	return v.d.Public
}

// holder is a user as the ceremonies know one.
type holder struct {
	user store.User
	keys []store.Credential // active passkeys
}

func (h *holder) WebAuthnID() []byte          { return []byte(h.user.ID) }
func (h *holder) WebAuthnName() string        { return h.user.Name }
func (h *holder) WebAuthnDisplayName() string { return h.user.Name }

func (h *holder) WebAuthnCredentials() (list []webauthn.Credential) {
	for _, k := range h.keys {
		var c webauthn.Credential
		if json.Unmarshal([]byte(k.Secret), &c) == nil {
			c.Authenticator.SignCount = uint32(k.Counter)
			list = append(list, c)
		}
	}
	return list
}

// holderOf reads an active user with the passkeys; ErrNotFound when there is none such.
func (v *visit) holderOf(id homeward.UserID) (h *holder, err error) {
	return h, v.view(func(tx *store.Tx) (err error) {
		h = &holder{}
		if h.user, err = tx.User(id); err != nil {
			return err
		}
		if !h.user.Active {
			return fmt.Errorf("user %s is disabled: %w", id, homeward.ErrNotFound)
		}
		h.keys, err = passkeysOf(tx, id)
		return err
	})
}

func passkeysOf(tx *store.Tx, owner homeward.UserID) (keys []store.Credential, err error) {
	list, err := tx.Credentials(owner)
	for _, c := range list {
		if isPasskey(c) {
			keys = append(keys, c)
		}
	}
	return keys, err
}

func isPasskey(c store.Credential) bool {
	return c.Kind == store.CredentialPasskey && c.State == store.CredentialActive
}

// ceremonyPage asks the browser for a passkey: to make one, or to show one. Its form carries the answer.
type ceremonyPage struct {
	frame
	Do      string // "create" or "get"
	Options string // of the browser's call, as JSON
	Action  string // where the answer goes
	Back    string
	Name    string // of a new passkey
	onward
}

// begin keeps what the answer will be held against, and asks the browser.
func (v *visit) begin(p ceremonyPage, options any, held *webauthn.SessionData) error {
	text, err := json.Marshal(options)
	if err != nil {
		return fmt.Errorf("write the options of a passkey: %w", err)
	}
	kept, err := json.Marshal(held)
	if err != nil {
		return fmt.Errorf("keep a ceremony: %w", err)
	}
	v.d.sessions.Put(v.ctx(), keyCeremony, kept)
	p.Options, p.Narrow = string(text), true
	return v.show(http.StatusOK, "passkey", &p)
}

// held returns what an answer is held against, once; ErrInvalid when nothing was begun.
func (v *visit) held() (s webauthn.SessionData, err error) {
	kept := v.d.sessions.PopBytes(v.ctx(), keyCeremony)
	if len(kept) == 0 || json.Unmarshal(kept, &s) != nil {
		return s, fmt.Errorf("answer of a passkey: nothing was asked: %w", homeward.ErrInvalid)
	}
	return s, nil
}

// askPasskey begins a sign-in by passkey.
func (d *Desk) askPasskey(v *visit) error {
	if d.passkeys == nil {
		return homeward.ErrNotFound
	}
	options, held, err := d.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	page := ceremonyPage{Do: "get", Action: "/sign-in/passkey/answer", Back: "/sign-in", onward: v.onward()}
	return v.begin(page, options.Response, held)
}

// receivePasskey lets in whoever showed a passkey. Why one was refused is not told.
func (d *Desk) receivePasskey(v *visit) error {
	u, err := v.shown()
	if errors.Is(err, errPasskey) {
		return v.signInAgain(http.StatusUnauthorized, "passkey.refused")
	}
	if err != nil {
		return err
	}
	return v.enter(u, v.onward())
}

// errPasskey is an answer that lets nobody in.
var errPasskey = errors.New("passkey refused")

// shown returns the user whose passkey was shown, and moves its counter.
func (v *visit) shown() (u store.User, err error) {
	if v.d.passkeys == nil {
		return u, errPasskey
	}
	held, err := v.held()
	if err != nil {
		return u, errPasskey
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(v.r.PostFormValue("answer")))
	if err != nil {
		return u, errPasskey
	}
	var h *holder
	var trouble error // of the store: not the answer's fault
	find := func(_, handle []byte) (webauthn.User, error) {
		if !utf8.Valid(handle) || bytes.ContainsRune(handle, 0) {
			return nil, errPasskey
		}
		if h, trouble = v.holderOf(homeward.UserID(handle)); errors.Is(trouble, homeward.ErrNotFound) {
			trouble = nil
			return nil, errPasskey
		}
		return h, trouble
	}
	_, right, err := v.d.passkeys.ValidatePasskeyLogin(find, held, answer)
	if trouble != nil {
		return u, trouble
	}
	if err != nil {
		return u, errPasskey
	}
	return h.user, v.usePasskey(h, right)
}

// usePasskey moves the counter of the passkey that was shown. One that was copied counts twice, and is refused.
func (v *visit) usePasskey(h *holder, right *webauthn.Credential) error {
	err := v.d.DB.Update(v.ctx(), h.user.Actor(), func(tx *store.Tx) error {
		k, err := tx.Passkey(right.ID)
		if err != nil {
			return err
		}
		return tx.UsePasskey(k.ID, int64(right.Authenticator.SignCount))
	})
	if errors.Is(err, homeward.ErrConflict) || errors.Is(err, homeward.ErrNotFound) {
		return errPasskey
	}
	return err
}
