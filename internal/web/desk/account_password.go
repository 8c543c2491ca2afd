package desk

import (
	"github.com/homeward-registry/homeward/internal/store"
)

// changePassword takes a new password from whoever knows the old one, after a code where there is an application.
func (d *Desk) changePassword(v *visit) error {
	problem, err := v.oldPassword()
	if err == nil && problem == "" {
		problem = v.passwordProblem(v.user.Name)
	}
	if err == nil && problem == "" {
		problem, err = v.codeOf()
	}
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	hash, err := hashPassword(v.ctx(), v.from(), v.r.PostFormValue("password"))
	if err != nil {
		return err
	}
	if err := v.update(func(tx *store.Tx) error { return tx.SetPassword(v.user.ID, hash) }); err != nil {
		return err
	}
	if err := v.stayOn(); err != nil {
		return err
	}
	v.tell("notice.password", "")
	return v.redirect("/account")
}

// oldPassword holds what was typed against the password in use, as slowly as at the door.
func (v *visit) oldPassword() (problem string, err error) {
	attempt := "password/" + string(v.user.ID)
	if !v.d.door.knock(attempt, v.from()) {
		return "code.slow", nil
	}
	right, err := checkPassword(v.ctx(), v.from(), v.user.Password, v.r.PostFormValue("old"))
	if err != nil {
		return "", err
	}
	if v.user.Password == "" || !right {
		return "account.password_wrong", nil
	}
	v.d.door.enter(attempt, v.from())
	return "", nil
}

// codeOf asks for a code where there is an application: the old password stands for a sign-in of just now.
func (v *visit) codeOf() (problem string, err error) {
	have, err := v.factors(v.user)
	if err != nil || have.app == nil {
		return "", err
	}
	return v.prove(v.user, v.r.PostFormValue("code"))
}
