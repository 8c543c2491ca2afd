package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// What a session holds between the password and the code.
const (
	keyPending   = "pending"
	keyPendingAt = "pending-at"
	pendingLife  = 5 * time.Minute
)

type codePage struct {
	frame
	Problem string // key of the catalogs
	Passkey bool   // the user has no application, and signs in with a passkey
	onward
}

// passed leads on whoever knew the password, or is known to the provider elsewhere: to what the user shows beside it, or in when there is nothing.
func (v *visit) passed(u store.User, to onward) error {
	have, err := v.factors(u)
	if err != nil {
		return err
	}
	if !have.any() {
		return v.enter(u, to)
	}
	if err := v.d.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.d.sessions.Remove(v.ctx(), keyUser)
	v.d.sessions.Put(v.ctx(), keyPending, string(u.ID))
	v.d.sessions.Put(v.ctx(), keyPendingAt, v.d.Now().Unix())
	return v.showCodePage(u, http.StatusOK, "", to)
}

func (v *visit) showCodePage(u store.User, status int, problem string, to onward) error {
	have, err := v.factors(u)
	if err != nil {
		return err
	}
	p := &codePage{Problem: problem, Passkey: have.app == nil, onward: to}
	p.Narrow = true
	return v.show(status, "code", p)
}

// pending returns who has shown the password and not yet the code; ErrNotFound when nobody has, or too long ago.
func (v *visit) pending() (u store.User, err error) {
	id := homeward.UserID(v.d.sessions.GetString(v.ctx(), keyPending))
	since := time.Unix(v.d.sessions.GetInt64(v.ctx(), keyPendingAt), 0)
	if id == "" || v.d.Now().Sub(since) > pendingLife {
		return u, homeward.ErrNotFound
	}
	err = v.view(func(tx *store.Tx) (err error) {
		u, err = tx.User(id)
		return err
	})
	if err == nil && !u.Active {
		err = homeward.ErrNotFound
	}
	return u, err
}

func (d *Desk) showCode(v *visit) error {
	u, err := v.pending()
	if errors.Is(err, homeward.ErrNotFound) {
		return v.redirect("/sign-in")
	}
	if err != nil {
		return err
	}
	return v.showCodePage(u, http.StatusOK, "", v.onward())
}

// receiveCode takes the code that follows the password.
func (d *Desk) receiveCode(v *visit) error {
	u, err := v.pending()
	if errors.Is(err, homeward.ErrNotFound) {
		return v.signInAgain(http.StatusUnauthorized, "code.late")
	}
	if err != nil {
		return err
	}
	problem, err := v.prove(u, v.r.PostFormValue("code"))
	if err != nil {
		return err
	}
	if problem == "code.slow" {
		return v.showCodePage(u, http.StatusTooManyRequests, problem, v.onward())
	}
	if problem != "" {
		return v.showCodePage(u, http.StatusUnauthorized, problem, v.onward())
	}
	d.sessions.Remove(v.ctx(), keyPending)
	d.sessions.Remove(v.ctx(), keyPendingAt)
	return v.enter(u, v.onward())
}

func applicationOf(tx *store.Tx, owner homeward.UserID, state store.CredentialState) (*store.Credential, error) {
	list, err := tx.Credentials(owner)
	for i := range list {
		if list[i].Kind == store.CredentialTOTP && list[i].State == state {
			return &list[i], err
		}
	}
	return nil, err
}

// prove takes a code of the user's application, or one of the recovery codes, and uses it up. A problem is a key of the
// catalogs; there is none when the code was right.
func (v *visit) prove(u store.User, typed string) (problem string, err error) {
	attempt := "code/" + string(u.ID)
	if !v.d.door.knock(attempt, v.from()) {
		return "code.slow", nil
	}
	code := plainCode(typed)
	err = v.d.DB.Update(v.ctx(), u.Actor(), func(tx *store.Tx) (err error) {
		if problem, err = useCode(tx, u.ID, code); err == nil && problem != "" {
			err = tx.AuditSignIn(u.ID, true)
		}
		return err
	})
	if err == nil && problem == "" {
		v.d.door.enter(attempt, v.from())
	}
	return problem, err
}

func useCode(tx *store.Tx, owner homeward.UserID, code string) (problem string, err error) {
	if len(code) != codeDigits {
		err := tx.UseRecovery(code)
		if errors.Is(err, homeward.ErrNotFound) {
			return "code.wrong", nil
		}
		return "", err
	}
	app, err := applicationOf(tx, owner, store.CredentialActive)
	if err != nil {
		return "", err
	}
	if app == nil {
		return "code.wrong", nil
	}
	if app.Failed >= codesMissed {
		return "code.shut", nil
	}
	return tryCode(tx, app, code)
}

// tryCode holds a code against an application. A code that was used once is refused.
func tryCode(tx *store.Tx, app *store.Credential, code string) (problem string, err error) {
	step, ok := stepOf(app.Secret, code, tx.Now)
	if !ok {
		return "code.wrong", tx.MissCredential(app.ID)
	}
	err = tx.AdvanceCredential(app.ID, step)
	if errors.Is(err, homeward.ErrConflict) {
		return "code.used", nil
	}
	return "", err
}
