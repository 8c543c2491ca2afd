package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// tourPage leads through the demonstration in three minutes: seven rooms, each opened as the role that works there.
type tourPage struct {
	frame
	Steps []tourStep
}

// tourStep is one room. Its words are in the catalogs, "tour." and its key.
type tourStep struct {
	Key  string
	Role homeward.Role
	Path string
}

func (d *Desk) showTour(v *visit) error {
	p := &tourPage{Steps: []tourStep{
		{"sources", homeward.RoleIntakeClerk, "/sources"},
		{"pairs", homeward.RoleTracingOfficer, "/review"},
		{"child", homeward.RoleCaseworker, "/search"},
		{"counts", homeward.RoleReleaseOfficer, "/counts?definition=deported&drawn=1"},
		{"roles", homeward.RoleAdministrator, "/admin/roles"},
		{"fence", homeward.RoleSupervisor, "/sources"},
		{"ledger", homeward.RoleAuditor, "/ledger"},
	}}
	p.Narrow = true
	most, err := d.toldMost(v)
	if err != nil {
		return err
	}
	if most != "" {
		p.Steps[2].Path = "/persons/" + string(most)
	}
	return v.show(http.StatusOK, "tour", p)
}

// tourLooks is how many children the tour looks among.
const tourLooks = 500

// toldMost returns the invented child of whom most records tell. It reads ids and nothing of what they say.
func (d *Desk) toldMost(v *visit) (most homeward.PersonID, err error) {
	return most, d.DB.View(v.ctx(), homeward.System, func(tx *store.Tx) error {
		list, err := tx.Persons("", tourLooks)
		records := 0
		for _, p := range list {
			if len(p.Records) > records {
				most, records = p.ID, len(p.Records)
			}
		}
		return err
	})
}
