package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// The types of entries about credentials.
const (
	entryCredential      = "credential"
	entryCredentialState = "credential-state"
)

// CredentialKind says what a credential is.
type CredentialKind string

const (
	CredentialTOTP     CredentialKind = "totp"     // a secret shared with an application (RFC 6238)
	CredentialRecovery CredentialKind = "recovery" // a code that works once
	CredentialPasskey  CredentialKind = "passkey"  // a public key (W3C Web Authentication)
	CredentialLinked   CredentialKind = "linked"   // a subject of an issuer elsewhere (OpenID Connect)
)

// CredentialState is offered until its owner has shown that it works, then active, then ended.
type CredentialState string

const (
	CredentialOffered CredentialState = "offered"
	CredentialActive  CredentialState = "active"
	CredentialEnded   CredentialState = "ended"
)

// CredentialID names a credential.
type CredentialID string

// Credential is what a user shows to sign in beside, or instead of, a password.
type Credential struct {
	ID        CredentialID
	Owner     homeward.UserID
	Kind      CredentialKind
	State     CredentialState
	Name      string      // that the owner gave it; sealed
	Secret    string      // of an application, in base32; of a passkey, its public part; of a link, the subject; sealed
	Print     Fingerprint // finds a recovery code, a passkey or a link
	Counter   int64       // the last time step of an application that was used; a passkey's signature counter
	Failed    int         // wrong codes since the last right one
	CreatedAt time.Time
	UsedAt    time.Time // zero when it was not
}

// String returns the id alone.
func (c Credential) String() string { return "credential " + string(c.ID) }

type sealedCredential struct{ Name, Secret string }

// PutCredential adds a credential of the actor's own: nobody gives another one.
func (tx *Tx) PutCredential(c Credential) (Credential, error) {
	c.ID, c.Owner, c.CreatedAt = CredentialID(homeward.NewID(tx.Now)), homeward.UserID(tx.Actor.ID), tx.Now
	key, err := tx.key(string(c.Owner))
	if err != nil {
		return c, fmt.Errorf("put credential: %w", err)
	}
	sealed, err := sealJSON(key, "credentials", string(c.ID), sealedCredential{c.Name, c.Secret})
	if err != nil {
		return c, err
	}
	err = tx.exec("put credential", `
		insert into credentials (id, owner, kind, state, fingerprint, counter, failed, used_at, created_at, sealed)
		values ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8)`, c.ID, c.Owner, c.Kind, c.State, c.Print[:], c.Counter, micros(tx.Now), sealed)
	if err != nil {
		return c, err
	}
	return c, errors.Join(tx.putCredentialEntry(entryCredential, c, credentialBody(c)), tx.endStaysFor(c, c.State))
}

// endStaysFor signs the owner out everywhere when what is asked for at sign-in begins or ends to count: who came in
// before, on other terms, does not stay. Recovery codes are used up one by one, and change no terms.
func (tx *Tx) endStaysFor(c Credential, now CredentialState) error {
	if c.Kind == CredentialRecovery || now == CredentialOffered || now == CredentialEnded && c.State == CredentialOffered {
		return nil
	}
	return tx.endStays(c.Owner, "")
}

// credentialBody is what the log holds of a credential: enough to find out that it was exchanged, and nothing to sign in with.
func credentialBody(c Credential) map[string]string {
	sum := sha256.Sum256([]byte(c.Secret))
	return map[string]string{
		"owner": string(c.Owner), "kind": string(c.Kind), "state": string(c.State), "name": c.Name,
		"secret": hex.EncodeToString(sum[:]), "print": hex.EncodeToString(c.Print[:]),
	}
}

func (tx *Tx) putCredentialEntry(typ string, c Credential, body map[string]string) error {
	key, err := tx.key(string(c.Owner))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: typ, object: string(c.ID), keyID: string(c.Owner), key: key, body: body})
}

// Credentials returns a user's credentials that have not ended, oldest first.
func (tx *Tx) Credentials(owner homeward.UserID) ([]Credential, error) {
	return tx.credentials("where owner = $1 and state <> 'ended' order by created_at, id", owner)
}

// SetCredentialState confirms or ends a credential. ErrNotFound when it has ended. Only its owner may confirm it; it is
// ended by its owner, or by who manages users.
func (tx *Tx) SetCredentialState(c Credential, state CredentialState) error {
	if c.Owner != tx.Actor.ID {
		if err := tx.must(homeward.ActionManageUsers, homeward.Resource{By: c.Owner}); err != nil || state != CredentialEnded {
			return fmt.Errorf("set state of credential %s: %w", c.ID, errors.Join(err, homeward.ErrDenied))
		}
	}
	return tx.setCredentialState(c, state)
}

func (tx *Tx) setCredentialState(c Credential, state CredentialState) error {
	err := tx.row("read state of credential "+string(c.ID), `
		select state
		from credentials
		where id = $1 and state <> 'ended'`, []any{c.ID}, &c.State)
	if err != nil {
		return err
	}
	err = tx.exec("set state of credential", `
		update credentials
		set state = $2
		where id = $1`, c.ID, state)
	if err != nil {
		return err
	}
	return errors.Join(tx.putCredentialEntry(entryCredentialState, c, map[string]string{"state": string(state)}), tx.endStaysFor(c, state))
}

// AdvanceCredential says that a credential was used, up to a counter. ErrConflict when that counter, or a later one, was
// used before: a code that somebody looked at is worth nothing.
func (tx *Tx) AdvanceCredential(id CredentialID, counter int64) error {
	n, err := tx.execCount("advance credential", `
		update credentials
		set counter = $2, failed = 0, used_at = $3
		where id = $1 and counter < $2 and state <> 'ended'`, id, counter, micros(tx.Now))
	if err == nil && n == 0 {
		err = fmt.Errorf("advance credential %s: %w", id, homeward.ErrConflict)
	}
	return err
}

// Passkey returns the active passkey of that id, which its device gave it; ErrNotFound when there is none.
func (tx *Tx) Passkey(id []byte) (Credential, error) {
	return tx.shown(CredentialPasskey, tx.PasskeyPrint(id))
}

// Link returns the active link to a subject of an issuer; ErrNotFound when there is none.
func (tx *Tx) Link(issuer, subject string) (Credential, error) {
	return tx.shown(CredentialLinked, tx.LinkPrint(issuer, subject))
}

// LinkPrint finds a link by the issuer and the name that the issuer has for its owner.
func (tx *Tx) LinkPrint(issuer, subject string) Fingerprint {
	return tx.Fingerprint("linked", issuer, subject)
}

// shown returns the active credential of a kind that has a fingerprint: no two have.
func (tx *Tx) shown(kind CredentialKind, f Fingerprint) (Credential, error) {
	list, err := tx.credentials("where fingerprint = $1 and kind = $2 and state = 'active'", f[:], kind)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read %s: %w", kind, homeward.ErrNotFound)
	}
	if err != nil {
		return Credential{}, err
	}
	return list[0], nil
}

// UseLink says that a link let its owner in. ErrNotFound when it has ended meanwhile.
func (tx *Tx) UseLink(id CredentialID) error {
	n, err := tx.execCount("use link", `
		update credentials
		set used_at = $2
		where id = $1 and kind = 'linked' and state = 'active'`, id, micros(tx.Now))
	if err == nil && n == 0 {
		err = fmt.Errorf("use link %s: %w", id, homeward.ErrNotFound)
	}
	return err
}

// PasskeyPrint finds a passkey by the id that its device gave it.
func (tx *Tx) PasskeyPrint(id []byte) Fingerprint { return tx.Fingerprint("passkey", string(id)) }

// UsePasskey says that a passkey was shown, with the device's count of signatures. ErrConflict when that count, or a
// higher one, was seen before: there may be a copy. Devices that do not count say 0.
func (tx *Tx) UsePasskey(id CredentialID, count int64) error {
	n, err := tx.execCount("use passkey", `
		update credentials
		set counter = $2, used_at = $3
		where id = $1 and (counter < $2 or counter = 0 and $2 = 0) and state = 'active'`, id, count, micros(tx.Now))
	if err == nil && n == 0 {
		err = fmt.Errorf("use passkey %s: %w", id, homeward.ErrConflict)
	}
	return err
}

// MissCredential counts a wrong code.
func (tx *Tx) MissCredential(id CredentialID) error {
	return tx.exec("count a wrong code", `
		update credentials
		set failed = failed + 1
		where id = $1`, id)
}

// UseRecovery uses up a recovery code of the actor. ErrNotFound when there is none such, or it was used.
func (tx *Tx) UseRecovery(code string) error {
	f := tx.RecoveryPrint(code)
	list, err := tx.credentials("where fingerprint = $1 and owner = $2 and kind = 'recovery' and state = 'active'", f[:], tx.Actor.ID)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("use recovery code: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return err
	}
	return tx.SetCredentialState(list[0], CredentialEnded)
}

// RecoveryPrint is what is kept of a recovery code of the actor.
func (tx *Tx) RecoveryPrint(code string) Fingerprint {
	return tx.Fingerprint("recovery", string(tx.Actor.ID), code)
}

// AuditSignIn writes the audit row of a sign-in, or of one that was refused after the password was right.
func (tx *Tx) AuditSignIn(user homeward.UserID, refused bool) error {
	action := "sign-in"
	if refused {
		action = "sign-in-refused"
	}
	return tx.audited(action, string(user), 1)
}

func (tx *Tx) credentials(where string, args ...any) ([]Credential, error) {
	var out []Credential
	var sealed [][]byte
	err := tx.query("read credentials", `
		select id, owner, kind, state, fingerprint, counter, failed, used_at, created_at, sealed
		from credentials
		`+where, args, func(r *sql.Rows) error {
		var c Credential
		var used, at int64
		var print, s []byte
		err := r.Scan(&c.ID, &c.Owner, &c.Kind, &c.State, &print, &c.Counter, &c.Failed, &used, &at, &s)
		copy(c.Print[:], print)
		if c.CreatedAt = fromMicros(at); used > 0 {
			c.UsedAt = fromMicros(used)
		}
		out, sealed = append(out, c), append(sealed, s)
		return err
	})
	for i := 0; err == nil && i < len(out); i++ {
		err = tx.openCredential(&out[i], sealed[i])
	}
	return out, err
}

func (tx *Tx) openCredential(c *Credential, sealed []byte) error {
	key, err := tx.key(string(c.Owner))
	if err != nil {
		return err
	}
	var s sealedCredential
	if err := openJSON(key, "credentials", string(c.ID), sealed, &s); err != nil {
		return err
	}
	c.Name, c.Secret = s.Name, s.Secret
	return nil
}
