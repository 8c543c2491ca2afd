package desk

import (
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
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
		own("POST /account/recovery/stop", d.stopRecovery),
		own("POST /account/password", d.changePassword),
		own("POST /account/stays/end", d.endStays),
		own("POST /account/passkeys", d.offerPasskey),
		own("POST /account/passkeys/answer", d.keepPasskey),
		own("POST /account/passkeys/end", d.endPasskey),
		own("POST /account/linked", d.offerLink),
		own("POST /account/linked/end", d.endLink),
	}
}

// factors are what a user shows beside the password, or instead of it.
type factors struct {
	app      *store.Credential // that gives codes; nil when there is none
	passkeys []store.Credential
	links    []store.Credential // to who the user is elsewhere: they stand for the password, not beside it
	recovery int                // codes not used
}

// any reports whether the user shows more than a password.
func (f factors) any() bool { return f.app != nil || len(f.passkeys) > 0 }

func factorsOf(tx *store.Tx, owner homeward.UserID) (f factors, err error) {
	list, err := tx.Credentials(owner)
	for i, c := range list {
		switch {
		case isApplication(c):
			f.app = &list[i]
		case isPasskey(c):
			f.passkeys = append(f.passkeys, c)
		case isLink(c):
			f.links = append(f.links, c)
		case isRecovery(c):
			f.recovery++
		}
	}
	return f, err
}

func (v *visit) factors(u store.User) (f factors, err error) {
	return f, v.view(func(tx *store.Tx) (err error) {
		f, err = factorsOf(tx, u.ID)
		return err
	})
}

// accountPage is how the reader signs in.
type accountPage struct {
	frame
	Required bool // the operator asks for more than a password, and the reader has no more
	Problem  string
	Since    time.Time // of the application; zero when there is none
	Left     int       // recovery codes not used
	Passkeys []store.Credential
	Password bool // the reader has one
	Stays    []stayRow
	Back     []recoveryRow // of the reader's own access: under way, or of late
	Passkey  bool          // browsers make passkeys here
	Links    []store.Credential
	Linked   string // the host of the provider elsewhere; empty when there is none
	Linkable bool   // and the reader is not linked to it yet
	Place    string // where passkeys and the provider work, when the reader is elsewhere
}

func (d *Desk) showAccount(v *visit) error { return v.showAccountPage(http.StatusOK, "") }

func (v *visit) showAccountPage(status int, problem string) error {
	have, err := v.factors(v.user)
	if err != nil {
		return err
	}
	p := &accountPage{Required: v.bare, Problem: problem, Left: have.recovery, Passkeys: have.passkeys, Passkey: v.d.passkeys != nil, Place: v.publicPlace(), Links: have.links, Linked: v.d.providerHost()}
	p.Narrow, p.Password = true, v.user.Password != ""
	p.Linkable = v.d.Provider != nil && !v.d.linkedIn(have)
	if have.app != nil {
		p.Since = have.app.CreatedAt
	}
	if p.Stays, err = v.stays(); err != nil {
		return err
	}
	if p.Back, err = v.ownRecoveries(); err != nil {
		return err
	}
	return v.show(status, "account", p)
}

// freshFor is how long after signing in what one signs in with may be changed without a code.
const freshFor = 10 * time.Minute

// stepUp asks for a code before what the user signs in with is changed, or, without an application, that the user has
// signed in just now: who finds an open desk does not take it over.
func (v *visit) stepUp() (problem string, err error) {
	have, err := v.factors(v.user)
	if err != nil {
		return "", err
	}
	if have.app != nil {
		return v.prove(v.user, v.r.PostFormValue("code"))
	}
	if entered := time.Unix(v.d.sessions.GetInt64(v.ctx(), keyEntered), 0); v.d.Now().Sub(entered) > freshFor {
		return "account.stale", nil
	}
	return "", nil
}

// codeStatus is the status of a problem with a code.
func codeStatus(problem string) int {
	if problem == "code.slow" {
		return http.StatusTooManyRequests
	}
	return http.StatusUnprocessableEntity
}
