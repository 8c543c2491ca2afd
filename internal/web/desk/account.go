package desk

import (
	"net/http"
	"time"

	"github.com/homeward-registry/homeward/internal/store"
)

// ownRoutes are open to anyone signed in, about how they sign in, also while that is not yet set up.
func (d *Desk) ownRoutes() []route {
	own := func(pattern string, h func(*visit) error) route { return route{pattern, needsSelf, "", h} }
	return []route{
		own("POST /sign-out", d.signOut),
		own("GET /account", d.showAccount),
		own("POST /account/totp", d.offerTOTP),
		own("GET /account/totp", d.showTOTP),
		own("POST /account/totp/confirm", d.confirmTOTP),
		own("POST /account/totp/end", d.endTOTP),
		own("POST /account/recovery", d.renewRecovery),
	}
}

// accountPage is how the reader signs in.
type accountPage struct {
	frame
	Required bool // the operator asks for a code, and the reader has no application yet
	Problem  string
	Since    time.Time // of the application; zero when there is none
	Left     int       // recovery codes not used
}

func (d *Desk) showAccount(v *visit) error { return v.showAccountPage(http.StatusOK, "") }

func (v *visit) showAccountPage(status int, problem string) error {
	p := &accountPage{Required: v.bare, Problem: problem}
	p.Narrow = true
	err := v.view(func(tx *store.Tx) error {
		p.Since, p.Left = time.Time{}, 0
		list, err := tx.Credentials(v.user.ID)
		for _, c := range list {
			switch {
			case c.Kind == store.CredentialTOTP && c.State == store.CredentialActive:
				p.Since = c.CreatedAt
			case c.Kind == store.CredentialRecovery:
				p.Left++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "account", p)
}

// protected reports whether the user shows more than a password to sign in.
func protected(tx *store.Tx, u store.User) (bool, error) {
	app, err := applicationOf(tx, u.ID, store.CredentialActive)
	return app != nil, err
}

// stepUp asks for a code before what the user signs in with is changed, when there is an application: who finds an open
// desk does not take it over.
func (v *visit) stepUp() (problem string, err error) {
	app, err := v.application(v.user)
	if err != nil || app == nil {
		return "", err
	}
	return v.prove(v.user, v.r.PostFormValue("code"))
}

// codeStatus is the status of a problem with a code.
func codeStatus(problem string) int {
	if problem == "code.slow" {
		return http.StatusTooManyRequests
	}
	return http.StatusUnprocessableEntity
}
