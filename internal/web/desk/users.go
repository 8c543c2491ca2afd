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
}

func (d *Desk) showUsers(v *visit) error { return v.showUsersPage("", "") }

func (v *visit) showUsersPage(link string, invited homeward.Role) error {
	p := &usersPage{Link: link, Invited: invited, Roles: homeward.Roles}
	err := v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		if err != nil {
			return err
		}
		list, err := tx.Users()
		p.Users = nil
		for _, u := range list {
			p.Users = append(p.Users, userRow{u.ID, u.Name, u.Role, u.CreatedAt, u.Active, u.Active && homeward.Can(who, homeward.ActionManageUsers, homeward.Resource{By: u.ID})})
		}
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Users, func(u userRow) string { return u.Name })
	return v.show(http.StatusOK, "users", p)
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

// changeRole gives another user a role. From the next page on they see what the new role sees.
func (d *Desk) changeRole(v *visit) error {
	id, role := homeward.UserID(v.r.PathValue("user")), homeward.Role(v.r.PostFormValue("role"))
	if id == v.user.ID {
		return homeward.ErrConflict
	}
	if err := v.update(func(tx *store.Tx) error { return tx.SetRole(id, role) }); err != nil {
		return err
	}
	v.tell("notice.role", "")
	return v.redirect("/admin/users")
}
