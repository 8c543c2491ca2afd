package desk

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

type compartmentsPage struct {
	frame
	Rows []compartmentRow
}

type compartmentRow struct {
	homeward.Compartment
	Members, Sources int
}

func (d *Desk) showCompartments(v *visit) error {
	p := &compartmentsPage{}
	err := v.view(func(tx *store.Tx) error {
		p.Rows = nil
		sources, err := tx.CountSources()
		if err != nil {
			return err
		}
		list, err := tx.Compartments()
		for _, c := range list {
			members, err := tx.Members(c.ID)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, compartmentRow{c, len(members), sources[c.ID]})
		}
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Rows[min(1, len(p.Rows)):], func(r compartmentRow) string { return r.Name }) // after main
	return v.show(http.StatusOK, "compartments", p)
}

func (d *Desk) addCompartment(v *visit) error {
	name := strings.TrimSpace(v.r.PostFormValue("name"))
	if name == "" || utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, unprintable) {
		return homeward.ErrInvalid
	}
	var made homeward.Compartment
	err := v.update(func(tx *store.Tx) (err error) {
		made, err = tx.PutCompartment(name)
		return err
	})
	if err != nil {
		return err
	}
	v.tell("notice.compartment", "")
	return v.redirect("/admin/compartments/" + string(made.ID))
}

type compartmentPage struct {
	frame
	Compartment homeward.Compartment
	Members     []colleague
	Others      []colleague // who could be members
}

func (d *Desk) showCompartment(v *visit) error {
	p := &compartmentPage{}
	err := v.view(func(tx *store.Tx) (err error) {
		p.Members, p.Others = nil, nil
		if p.Compartment, err = tx.Compartment(homeward.CompartmentID(v.r.PathValue("compartment"))); err != nil {
			return err
		}
		members, err := tx.Members(p.Compartment.ID)
		if err != nil {
			return err
		}
		in := map[homeward.UserID]bool{}
		for _, u := range members {
			in[u.ID] = true
			p.Members = append(p.Members, colleague{u.ID, u.Name, u.Role})
		}
		users, err := tx.Users()
		for _, u := range users {
			if !in[u.ID] && u.Active && u.Role.WorksOnChildren() {
				p.Others = append(p.Others, colleague{u.ID, u.Name, u.Role})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Members, func(c colleague) string { return c.Name })
	i18n.Sort(v.l, p.Others, func(c colleague) string { return c.Name })
	return v.show(http.StatusOK, "compartment", p)
}

// setMember puts a user in, or takes one out.
func (d *Desk) setMember(v *visit) error {
	in, member := homeward.CompartmentID(v.r.PathValue("compartment")), v.r.PostFormValue("do") == "in"
	err := v.update(func(tx *store.Tx) error {
		return tx.SetMember(in, homeward.UserID(v.r.PostFormValue("user")), member)
	})
	if err != nil {
		return err
	}
	v.tell("notice.member", "")
	return v.redirect("/admin/compartments/" + string(in))
}
