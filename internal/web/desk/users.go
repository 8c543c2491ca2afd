package desk

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// inviteLife is how long a link to join works.
const inviteLife = 3 * 24 * time.Hour

type usersPage struct {
	frame
	Link    string // of the invitation just made; shown once
	Invited homeward.Role
	Second  bool // somebody else has to confirm the role of the invitation
	Users   []userRow
	Roles   []homeward.Role
}

type userRow struct {
	ID        homeward.UserID
	Name      string
	Role      homeward.Role
	Since     time.Time
	Active    bool
	MayChange bool // nobody changes themselves, or locks themselves out
	MayEnable bool
	Asked     homeward.Role // that waits for a second person; empty when none does
}

func (d *Desk) showUsers(v *visit) error { return v.showUsersPage("", "") }

func (v *visit) showUsersPage(link string, invited homeward.Role) error {
	p := &usersPage{Link: link, Invited: invited, Second: invited.NeedsSecond(), Roles: homeward.Roles}
	err := v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		if err != nil {
			return err
		}
		waiting, err := tx.GrantsWaiting()
		if err != nil {
			return err
		}
		list, err := tx.Users()
		p.Users = userRows(who, list, waiting)
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Users, func(u userRow) string { return u.Name })
	return v.show(http.StatusOK, "users", p)
}

func userRows(who homeward.Access, list []store.User, waiting []homeward.Grant) (out []userRow) {
	asked := map[homeward.UserID]homeward.Role{}
	for _, g := range waiting {
		asked[g.User] = g.Role
	}
	for _, u := range list {
		may := homeward.Can(who, homeward.ActionManageUsers, homeward.Resource{By: u.ID})
		out = append(out, userRow{u.ID, u.Name, u.Role, u.CreatedAt, u.Active, may && u.Active, may && !u.Active && asked[u.ID] == "", asked[u.ID]})
	}
	return out
}

// invite makes a one-time link for a role. The store keeps the token's hash only; the link is shown this once.
func (d *Desk) invite(v *visit) error {
	role := homeward.Role(v.r.PostFormValue("role"))
	if !slices.Contains(homeward.Roles, role) {
		return homeward.ErrInvalid
	}
	token := rand.Text()
	err := v.update(func(tx *store.Tx) error {
		return tx.PutInvitation(invitationHash(token), role, tx.Now.Add(inviteLife))
	})
	if err != nil {
		return err
	}
	return v.showUsersPage(v.d.Public+InvitationPath(token), role)
}

func (d *Desk) disable(v *visit) error {
	id := homeward.UserID(v.r.PathValue("user"))
	if id == v.user.ID {
		return homeward.ErrConflict
	}
	if err := v.update(func(tx *store.Tx) error { return tx.Disable(id) }); err != nil {
		return err
	}
	v.tell("notice.disabled", "")
	return v.redirect("/admin/users")
}

// enable lets a user in again who was shut out.
func (d *Desk) enable(v *visit) error {
	id := homeward.UserID(v.r.PathValue("user"))
	var waits bool
	err := v.update(func(tx *store.Tx) (err error) {
		waits, err = tx.Enable(id)
		return err
	})
	if err != nil {
		return err
	}
	return v.toldOfRole(waits, "notice.enabled")
}

// changeRole gives another user a role, or asks for it where a second person has to confirm it. With its taking effect
// they are signed out, and come back to what the new role sees.
func (d *Desk) changeRole(v *visit) error {
	id, role := homeward.UserID(v.r.PathValue("user")), homeward.Role(v.r.PostFormValue("role"))
	if id == v.user.ID {
		return homeward.ErrConflict
	}
	var waits bool
	err := v.update(func(tx *store.Tx) (err error) {
		waits, err = tx.SetRole(id, role)
		return err
	})
	if err != nil {
		return err
	}
	return v.toldOfRole(waits, "notice.role")
}

// toldOfRole says that a role is in effect, or that it waits for somebody else.
func (v *visit) toldOfRole(waits bool, done string) error {
	if waits {
		v.tell("notice.role_asked", "/admin/grants")
	} else {
		v.tell(done, "")
	}
	return v.redirect("/admin/users")
}
