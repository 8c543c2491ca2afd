package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// longestKeyName of a passkey is in characters; mostKeys is how many one user has.
const (
	longestKeyName = 100
	mostKeys       = 20
)

// offerPasskey asks the browser to make a passkey, after a step up. Devices that hold one already are told so.
func (d *Desk) offerPasskey(v *visit) error {
	if d.passkeys == nil {
		return homeward.ErrNotFound
	}
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	name := v.name()
	if problem == "" && (name == "" || utf8.RuneCountInString(name) > longestKeyName || strings.ContainsFunc(name, unprintable)) {
		problem = "passkey.nameless"
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	h, err := v.holderOf(v.user.ID)
	if err != nil {
		return err
	}
	if len(h.keys) >= mostKeys {
		return v.showAccountPage(http.StatusConflict, "passkey.enough")
	}
	var there []protocol.CredentialDescriptor
	for _, c := range h.WebAuthnCredentials() {
		there = append(there, c.Descriptor())
	}
	options, held, err := d.passkeys.BeginRegistration(h, webauthn.WithExclusions(there))
	if err != nil {
		return err
	}
	return v.begin(ceremonyPage{Do: "create", Action: "/account/passkeys/answer", Back: "/account", Name: name}, options.Response, held)
}

// keepPasskey takes in the passkey that the browser made. With the first thing beside the password come recovery codes.
func (d *Desk) keepPasskey(v *visit) error {
	made, err := v.made()
	if errors.Is(err, errPasskey) {
		return v.showAccountPage(http.StatusUnprocessableEntity, "passkey.unmade")
	}
	if err != nil {
		return err
	}
	var codes []string
	err = v.update(func(tx *store.Tx) error {
		codes = nil
		have, err := factorsOf(tx, v.user.ID)
		if err != nil {
			return err
		}
		if err := putPasskey(tx, v.name(), made); err != nil || have.any() {
			return err
		}
		codes, err = newRecovery(tx, v.user.ID)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.stayOn(); err != nil {
		return err
	}
	if v.bare = false; codes != nil {
		return v.showRecovery(codes)
	}
	v.tell("notice.passkey", "")
	return v.redirect("/account")
}

// made holds the browser's answer against what was asked, and returns the passkey.
func (v *visit) made() (*webauthn.Credential, error) {
	if v.d.passkeys == nil {
		return nil, errPasskey
	}
	held, err := v.held()
	if err != nil {
		return nil, errPasskey
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(v.r.PostFormValue("answer")))
	if err != nil {
		return nil, errPasskey
	}
	h, err := v.holderOf(v.user.ID)
	if err != nil {
		return nil, err
	}
	made, err := v.d.passkeys.CreateCredential(h, held, answer)
	if err != nil {
		return nil, errPasskey
	}
	return made, nil
}

// putPasskey keeps a passkey: its public part, without what the device says of itself.
func putPasskey(tx *store.Tx, name string, made *webauthn.Credential) error {
	if name == "" || utf8.RuneCountInString(name) > longestKeyName || strings.ContainsFunc(name, unprintable) {
		return fmt.Errorf("keep a passkey: no name: %w", homeward.ErrInvalid)
	}
	if _, err := tx.Passkey(made.ID); !errors.Is(err, homeward.ErrNotFound) {
		return errors.Join(err, fmt.Errorf("keep a passkey: it is known: %w", homeward.ErrConflict))
	}
	kept := *made
	kept.Attestation = webauthn.CredentialAttestation{}
	secret, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep a passkey: %w", err)
	}
	_, err = tx.PutCredential(store.Credential{
		Kind: store.CredentialPasskey, State: store.CredentialActive, Name: name, Secret: string(secret),
		Print: tx.PasskeyPrint(made.ID), Counter: int64(made.Authenticator.SignCount),
	})
	return err
}

// endPasskey removes one of the reader's passkeys; see [visit.endFactor].
func (d *Desk) endPasskey(v *visit) error {
	id := store.CredentialID(v.r.PostFormValue("passkey"))
	have, err := v.factors(v.user)
	if err != nil {
		return err
	}
	for _, k := range have.passkeys {
		if k.ID == id {
			return v.endFactor(func(c store.Credential) bool { return c.ID == id }, "notice.passkey_ended")
		}
	}
	return homeward.ErrNotFound
}
