package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
)

// rolesPage shows the table of permissions as it is in force.
type rolesPage struct {
	frame
	Roles   []homeward.Role
	Actions []roleRow
	Classes []roleRow
}

type roleRow struct {
	Key string
	May []bool // by role
}

// matrix is one table of the page.
type matrix struct {
	Label string
	Roles []homeward.Role
	Rows  []roleRow
}

func (d *Desk) showRoles(v *visit) error {
	p := &rolesPage{Roles: homeward.Roles}
	for _, a := range homeward.Actions {
		row := roleRow{Key: "action." + string(a)}
		for _, role := range homeward.Roles {
			row.May = append(row.May, homeward.Actor{Role: role}.Can(a))
		}
		p.Actions = append(p.Actions, row)
	}
	for _, c := range homeward.FieldClasses {
		row := roleRow{Key: "class." + string(c)}
		for _, role := range homeward.Roles {
			who := homeward.Access{Actor: homeward.Actor{ID: "someone", Role: role}, Compartments: []homeward.CompartmentID{homeward.Main}}
			on := homeward.Resource{Compartment: homeward.Main, Class: c, State: string(homeward.RecordAccepted)}
			row.May = append(row.May, homeward.Can(who, homeward.ActionReadRecord, on))
		}
		p.Classes = append(p.Classes, row)
	}
	return v.show(http.StatusOK, "roles", p)
}
