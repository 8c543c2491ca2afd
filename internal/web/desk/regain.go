package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// regainPage sets a new password by a link that two people granted.
type regainPage struct {
	frame
	Problem string
	Name    string
}

func (d *Desk) showRegain(v *visit) error {
	u, err := v.granted()
	if err != nil {
		return err
	}
	return v.showRegainPage(http.StatusOK, u, "")
}

func (v *visit) showRegainPage(status int, u store.User, problem string) error {
	p := &regainPage{Problem: problem, Name: u.Name}
	p.Narrow = true
	return v.show(status, "regain", p)
}

// granted returns whose access the link gives back, or errInvitation.
func (v *visit) granted() (u store.User, err error) {
	err = v.view(func(tx *store.Tx) error {
		r, err := tx.GrantedRecovery(invitationHash(v.r.PathValue("token")))
		if err == nil {
			u, err = tx.User(r.User)
		}
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) || err == nil && !u.Active {
		err = errInvitation
	}
	return u, err
}

// regain uses the link up: a new password, and nothing of before.
func (d *Desk) regain(v *visit) error {
	u, err := v.granted()
	if err != nil {
		return err
	}
	if problem := v.passwordProblem(u.Name); problem != "" {
		return v.showRegainPage(http.StatusUnprocessableEntity, u, problem)
	}
	hash, err := hashPassword(v.ctx(), v.from(), v.r.PostFormValue("password"))
	if err != nil {
		return err
	}
	err = d.DB.Update(v.ctx(), u.Actor(), func(tx *store.Tx) (err error) {
		u, err = tx.Regain(invitationHash(v.r.PathValue("token")), hash)
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) {
		return errInvitation
	}
	if err != nil {
		return err
	}
	v.regained = true
	return v.enter(u, v.onward())
}

// recoveredLately is how long somebody is told at every sign-in that their access was given back.
const recoveredLately = 14 * 24 * time.Hour

// tellOfRecovery tells who signs in that their access is being given back to somebody, or was lately.
func (v *visit) tellOfRecovery(tx *store.Tx) error {
	if v.regained {
		v.tell("notice.regained", "/account")
		return nil
	}
	list, err := tx.RecoveriesOf(v.user.ID)
	for _, r := range list {
		switch {
		case r.Stands(tx.Now):
			v.tell("notice.recovery_asked", "/account")
			return err
		case recovered(r, tx.Now):
			v.tell("notice.recovered", "/account")
			return err
		}
	}
	return err
}

func recovered(r homeward.Recovery, now time.Time) bool {
	return r.State == homeward.RecoveryUsed && now.Sub(r.MovedAt) < recoveredLately
}

// ownRecoveries are those the reader is told of at /account.
func (v *visit) ownRecoveries() (rows []recoveryRow, err error) {
	return rows, v.view(func(tx *store.Tx) error {
		list, err := tx.RecoveriesOf(v.user.ID)
		if err != nil {
			return err
		}
		var told []homeward.Recovery
		for _, r := range list {
			if r.Stands(tx.Now) || recovered(r, tx.Now) {
				told = append(told, r)
			}
		}
		rows, err = v.recoveryRows(tx, told)
		return err
	})
}

// stopRecovery ends what somebody else asked for in the reader's name.
func (d *Desk) stopRecovery(v *visit) error {
	id := homeward.RecoveryID(v.r.PostFormValue("recovery"))
	if err := v.update(func(tx *store.Tx) error { return tx.StopRecovery(id) }); err != nil {
		return err
	}
	v.tell("notice.recovery_stopped", "")
	return v.redirect("/account")
}
