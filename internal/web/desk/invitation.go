package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// shortestPassword is in characters (NIST SP 800-63B asks for 8; a register of children deserves more).
const shortestPassword = 12

// longestName of a user is in characters.
const longestName = 200

// unprintable reports characters that would let a name look like another one on the pages it signs: those that are not
// seen, and those that turn the direction of writing.
func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// InvitationPath returns the address of a one-time link on the desk.
func InvitationPath(token string) string { return "/invitation/" + token }

// invitationHash returns what the store keeps of a link's token.
func invitationHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

type invitationPage struct {
	frame
	Invited homeward.Role
	Problem string // key of the catalogs
	Name    string
}

func (d *Desk) showInvitation(v *visit) error {
	role, err := v.invitation()
	if err != nil {
		return err
	}
	return v.showInvitationPage(http.StatusOK, invitationPage{Invited: role})
}

func (v *visit) showInvitationPage(status int, p invitationPage) error {
	p.Narrow = true
	return v.show(status, "invitation", &p)
}

// invitation returns the role that the link gives, or errInvitation.
func (v *visit) invitation() (role homeward.Role, err error) {
	err = v.view(func(tx *store.Tx) error {
		in, err := tx.Invitation(invitationHash(v.r.PathValue("token")))
		role = in.Role
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) {
		return "", errInvitation
	}
	return role, err
}

func (d *Desk) acceptInvitation(v *visit) error {
	role, err := v.invitation()
	if err != nil {
		return err
	}
	p := invitationPage{Invited: role, Name: v.name()}
	if p.Problem = v.passwordProblem(p.Name); p.Problem != "" {
		return v.showInvitationPage(http.StatusUnprocessableEntity, p)
	}
	u, err := v.useInvitation(p.Name, v.r.PostFormValue("password"))
	if errors.Is(err, homeward.ErrConflict) {
		p.Problem = "invitation.taken"
		return v.showInvitationPage(http.StatusConflict, p)
	}
	if err != nil {
		return err
	}
	v.tell("notice.welcome", "")
	return v.enter(u, v.onward())
}

func (v *visit) passwordProblem(name string) string {
	password := v.r.PostFormValue("password")
	switch {
	case name == "" || utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, unprintable):
		return "invitation.nameless"
	case utf8.RuneCountInString(password) < shortestPassword:
		return "invitation.short"
	case password != v.r.PostFormValue("again"):
		return "invitation.differ"
	}
	return ""
}

// useInvitation uses the link up and makes its user, both or neither.
func (v *visit) useInvitation(name, password string) (u store.User, err error) {
	hash, err := hashPassword(v.ctx(), v.from(), password)
	if err != nil {
		return u, err
	}
	err = v.update(func(tx *store.Tx) (err error) {
		u, err = tx.Join(invitationHash(v.r.PathValue("token")), name, hash)
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) {
		err = errInvitation
	}
	return u, err
}
