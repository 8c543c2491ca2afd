package desk

import (
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// grantsPage lists the roles that somebody asked for and that wait for a second person.
type grantsPage struct {
	frame
	Rows []grantRow
}

type grantRow struct {
	ID         homeward.GrantID
	User, By   string // names
	Role       homeward.Role
	Now        homeward.Role // what they are until it is confirmed
	At         time.Time
	Shut       bool // access was closed; confirming opens it again
	MayConfirm bool
	MayRefuse  bool // or take back what one asked oneself
}

func (d *Desk) showGrants(v *visit) error {
	p := &grantsPage{}
	err := v.view(func(tx *store.Tx) (err error) {
		p.Rows, err = grantRows(tx)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "grants", p)
}

func grantRows(tx *store.Tx) ([]grantRow, error) {
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	list, err := tx.GrantsWaiting()
	if err != nil {
		return nil, err
	}
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	var out []grantRow
	for _, g := range list {
		u, err := tx.User(g.User)
		if err != nil {
			return nil, err
		}
		may := homeward.Can(who, homeward.ActionConfirmRole, grantAsked(g))
		mine := g.By == who.ID && who.Can(homeward.ActionManageUsers)
		out = append(out, grantRow{g.ID, u.Name, names[g.By], g.Role, u.Role, g.At, !u.Active, may, may || mine})
	}
	return out, nil
}

// grantAsked is a grant as far as permission hangs on it.
func grantAsked(g homeward.Grant) homeward.Resource {
	return homeward.Resource{State: string(g.State), By: g.By, For: g.User}
}

// countGrants counts the roles that wait for the reader to confirm.
func countGrants(tx *store.Tx) (n int, err error) {
	list, err := grantRows(tx)
	for _, g := range list {
		if g.MayConfirm {
			n++
		}
	}
	return n, err
}

// answerGrant confirms or refuses a role.
func (d *Desk) answerGrant(v *visit) error {
	answer := homeward.GrantState(v.r.PostFormValue("answer"))
	err := v.update(func(tx *store.Tx) error { return tx.AnswerGrant(homeward.GrantID(v.r.PathValue("grant")), answer) })
	if err != nil {
		return err
	}
	v.tell("notice.grant_"+string(answer), "")
	return v.redirect("/admin/grants")
}
