package desk

import (
	"errors"
	"net/http"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// totpPage shows the secret of a new application, as a picture and as text, until a code has confirmed it.
type totpPage struct {
	frame
	Problem string
	Secret  string // in groups of four
	QR      square
}

// recoveryPage shows recovery codes, this once.
type recoveryPage struct {
	frame
	Codes []string
}

// offerTOTP makes the secret of a new application. The one in use stays until the new one is confirmed.
func (d *Desk) offerTOTP(v *visit) error {
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	err = v.update(func(tx *store.Tx) error {
		if err := endCredentials(tx, v.user.ID, isOffered); err != nil {
			return err
		}
		_, err := tx.PutCredential(store.Credential{Kind: store.CredentialTOTP, State: store.CredentialOffered, Secret: newSecret()})
		return err
	})
	if err != nil {
		return err
	}
	return v.redirect("/account/totp")
}

func isOffered(c store.Credential) bool { return c.State == store.CredentialOffered }

// endCredentials ends those of a user that fit.
func endCredentials(tx *store.Tx, owner homeward.UserID, fit func(store.Credential) bool) error {
	list, err := tx.Credentials(owner)
	if err != nil {
		return err
	}
	for _, c := range list {
		if !fit(c) {
			continue
		}
		if err := tx.SetCredentialState(c, store.CredentialEnded); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) showTOTP(v *visit) error { return v.showTOTPPage(http.StatusOK, "") }

func (v *visit) showTOTPPage(status int, problem string) error {
	var app *store.Credential
	err := v.view(func(tx *store.Tx) (err error) {
		app, err = applicationOf(tx, v.user.ID, store.CredentialOffered)
		return err
	})
	if err != nil {
		return err
	}
	if app == nil {
		return v.redirect("/account")
	}
	p := &totpPage{Problem: problem, Secret: strings.ReplaceAll(inFours(app.Secret), "-", " ")}
	p.Narrow = true
	if p.QR, err = drawQR(keyURI(v.user.Name, app.Secret)); err != nil {
		return err
	}
	return v.show(status, "totp", p)
}

// confirmTOTP takes a first code of the new application. From then on it is asked for, and the one before gives none.
func (d *Desk) confirmTOTP(v *visit) error {
	attempt := "code/" + string(v.user.ID)
	if !d.door.knock(attempt, v.from()) {
		return v.showTOTPPage(http.StatusTooManyRequests, "code.slow")
	}
	var problem string
	var codes []string
	err := v.update(func(tx *store.Tx) (err error) {
		problem, codes, err = confirm(tx, v.user.ID, plainCode(v.r.PostFormValue("code")))
		return err
	})
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showTOTPPage(http.StatusUnprocessableEntity, problem)
	}
	d.door.enter(attempt, v.from())
	if err := v.stayOn(); err != nil {
		return err
	}
	v.bare = false
	return v.showRecovery(codes)
}

func confirm(tx *store.Tx, owner homeward.UserID, code string) (problem string, codes []string, err error) {
	app, err := applicationOf(tx, owner, store.CredentialOffered)
	if err != nil || app == nil {
		return "code.wrong", nil, err
	}
	if problem, err = tryCode(tx, app, code); err != nil || problem != "" {
		return problem, nil, err
	}
	if err = endCredentials(tx, owner, isApplication); err != nil {
		return "", nil, err
	}
	if err = tx.SetCredentialState(*app, store.CredentialActive); err != nil {
		return "", nil, err
	}
	codes, err = newRecovery(tx, owner)
	return "", codes, err
}

func isApplication(c store.Credential) bool {
	return c.Kind == store.CredentialTOTP && c.State == store.CredentialActive
}

// newRecovery replaces the recovery codes of the actor.
func newRecovery(tx *store.Tx, owner homeward.UserID) (codes []string, err error) {
	if err := endCredentials(tx, owner, isRecovery); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := newRecoveryCode()
		_, err := tx.PutCredential(store.Credential{Kind: store.CredentialRecovery, State: store.CredentialActive, Print: tx.RecoveryPrint(code)})
		if err != nil {
			return nil, err
		}
		codes = append(codes, inFours(code))
	}
	return codes, nil
}

func isRecovery(c store.Credential) bool { return c.Kind == store.CredentialRecovery }

func (v *visit) showRecovery(codes []string) error {
	p := &recoveryPage{Codes: codes}
	p.Narrow = true
	return v.show(http.StatusOK, "recovery", p)
}

// renewRecovery gives new recovery codes; those of before end.
func (d *Desk) renewRecovery(v *visit) error {
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	var codes []string
	err = v.update(func(tx *store.Tx) error {
		have, err := factorsOf(tx, v.user.ID)
		if err == nil && !have.any() {
			err = homeward.ErrConflict // there is nothing to recover
		}
		if err == nil {
			codes, err = newRecovery(tx, v.user.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.showRecovery(codes)
}

// endTOTP ends the application; see [visit.endFactor].
func (d *Desk) endTOTP(v *visit) error { return v.endFactor(isApplication, "notice.totp_ended") }

// endFactor ends what fits, after a step up, and the recovery codes when nothing is left to recover. Where the operator
// asks everybody for more than a password, the last of it stays.
func (v *visit) endFactor(fit func(store.Credential) bool, notice string) error {
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	err = v.update(func(tx *store.Tx) error {
		if err := endCredentials(tx, v.user.ID, fit); err != nil {
			return err
		}
		have, err := factorsOf(tx, v.user.ID)
		if err != nil || have.any() {
			return err
		}
		if v.d.SecondFactor {
			return errLastFactor
		}
		return endCredentials(tx, v.user.ID, isRecovery)
	})
	if errors.Is(err, errLastFactor) {
		return v.showAccountPage(http.StatusConflict, "account.required_stays")
	}
	if err != nil {
		return err
	}
	if err := v.stayOn(); err != nil {
		return err
	}
	v.tell(notice, "")
	return v.redirect("/account")
}

// errLastFactor takes a change back that would leave a password alone where more is asked for.
var errLastFactor = errors.New("the last of what is asked for beside a password")
