package desk

import (
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"golang.org/x/text/unicode/norm"
)

type signInPage struct {
	frame
	Ended   bool   // a session was there and has ended
	Kept    bool   // and what was being sent is kept
	Problem string // key of the catalogs
	Roles   []homeward.Role
	Passkey bool   // browsers make passkeys here
	Linked  string // the host of the provider elsewhere; empty when there is none
	Place   string // where both work, when the reader is elsewhere
	onward
}

// onward is where somebody who signs in was going, and what they were sending.
type onward struct {
	Next string
	Keep []field
}

// onward reads it from the form.
func (v *visit) onward() onward {
	return onward{local(v.r.PostFormValue("next")), fields(v.r.PostForm, "kept.")}
}

// field is one field of a form that outlives its session.
type field struct{ Name, Value string }

// keptFields are the fields that people write in: what was in them when a session ended is offered again.
var keptFields = []string{"reason", "judgement", "words"}

func (d *Desk) showSignIn(v *visit) error {
	if v.signedIn() {
		return v.redirect("/")
	}
	return v.showSignInPage(http.StatusOK, signInPage{onward: onward{Next: "/"}})
}

func (v *visit) showSignInPage(status int, p signInPage) error {
	p.Narrow, p.Passkey, p.Place, p.Linked = true, v.d.passkeys != nil, v.publicPlace(), v.d.providerHost()
	if v.d.Demo {
		p.Roles = homeward.Roles
	}
	return v.show(status, "signin", &p)
}

// askToSignIn answers what needs a user, when there is none. What was being sent is carried along.
func (v *visit) askToSignIn() error {
	p := signInPage{onward: onward{Next: "/"}}
	if c, err := v.r.Cookie(v.d.sessions.Cookie.Name); err == nil && c.Value != "" {
		p.Ended = true
	}
	switch v.r.Method {
	case http.MethodGet:
		p.Next = local(v.r.URL.RequestURI())
	case http.MethodPost:
		p.Next, p.Keep = local(v.r.URL.Path), fields(v.r.PostForm, "")
		if p.Kept = len(p.Keep) > 0; !p.Kept {
			p.Next = v.cameFrom() // there is nothing to send again, and no page at this path
		}
	}
	return v.showSignInPage(http.StatusUnauthorized, p)
}

// fields returns the fields of a form that are kept; prefix stands before their names.
func fields(form url.Values, prefix string) []field {
	var out []field
	for _, name := range keptFields {
		if value := form.Get(prefix + name); value != "" {
			out = append(out, field{name, value})
		}
	}
	return out
}

// dummyHash is checked when there is no such user, so that the answer takes as long.
var dummyHash = sync.OnceValue(func() string {
	hash, err := HashPassword("nobody has this password")
	if err != nil {
		panic("hash password: " + err.Error())
	}
	return hash
})

func (d *Desk) signIn(v *visit) error {
	name := v.name()
	print := d.DB.Fingerprint("sign-in", strings.ToLower(name))
	attempt := hex.EncodeToString(print[:])
	if !d.door.knock(attempt, v.from()) {
		return v.signInAgain(http.StatusTooManyRequests, "signin.slow")
	}
	u, err := v.userNamed(name)
	if err != nil && !errors.Is(err, homeward.ErrNotFound) {
		return err
	}
	hash := u.Password
	if err != nil || hash == "" || !u.Active {
		hash = dummyHash()
	}
	right, err := checkPassword(v.ctx(), v.from(), hash, v.r.PostFormValue("password"))
	if errors.Is(err, homeward.ErrUnavailable) {
		return v.signInAgain(http.StatusTooManyRequests, "signin.slow")
	}
	if err != nil {
		return err
	}
	if !right || hash != u.Password {
		return v.signInAgain(http.StatusUnauthorized, "signin.wrong")
	}
	d.door.enter(attempt, v.from())
	return v.passed(u, v.onward())
}

// name returns the user name that was typed, in one form of Unicode.
func (v *visit) name() string { return norm.NFC.String(strings.TrimSpace(v.r.PostFormValue("name"))) }

func (v *visit) userNamed(name string) (u store.User, err error) {
	return u, v.view(func(tx *store.Tx) (err error) {
		u, err = tx.UserNamed(name)
		return err
	})
}

func (v *visit) signInAgain(status int, problem string) error {
	return v.showSignInPage(status, signInPage{Problem: problem, onward: v.onward()})
}

// signInAsRole lets a demonstration's visitor in with one click. The route exists in a demonstration only.
func (d *Desk) signInAsRole(v *visit) error {
	role := homeward.Role(v.r.PostFormValue("role"))
	if !slices.Contains(homeward.Roles, role) {
		return homeward.ErrInvalid
	}
	u, err := v.userNamed(string(role))
	if err != nil {
		return err
	}
	return v.enter(u, v.onward())
}

// enter begins the session of a user under a new token, and leads on to where the user was going.
func (v *visit) enter(u store.User, to onward) error {
	if err := v.d.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.d.sessions.Put(v.ctx(), keyUser, string(u.ID))
	v.d.sessions.Put(v.ctx(), keyEntered, v.d.Now().Unix())
	v.user = u
	if err := v.update(func(tx *store.Tx) error {
		return errors.Join(tx.AuditSignIn(u.ID, false), v.stayHere(tx, tx.Now), v.tellOfRecovery(tx))
	}); err != nil {
		return err
	}
	if len(to.Keep) > 0 {
		return v.show(http.StatusOK, "again", newAgainPage(to.Next, to.Keep))
	}
	return v.redirect(to.Next)
}

// againPage offers to send again what was being sent when the session ended.
type againPage struct {
	frame
	Next   string
	Words  []field // what people wrote, to look at
	Hidden []field // what goes with it
}

func newAgainPage(next string, keep []field) *againPage {
	p := &againPage{Next: next}
	p.Narrow = true
	for _, f := range keep {
		if f.Name == "judgement" {
			p.Hidden = append(p.Hidden, f)
		} else {
			p.Words = append(p.Words, f)
		}
	}
	return p
}

func (d *Desk) signOut(v *visit) error {
	if v.stay != "" {
		err := v.update(func(tx *store.Tx) error { return tx.EndStay(v.stay) })
		if err != nil && !errors.Is(err, homeward.ErrNotFound) {
			return err
		}
	}
	if err := d.sessions.Destroy(v.ctx()); err != nil {
		return err
	}
	return v.redirect("/sign-in")
}
