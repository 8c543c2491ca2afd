package desk

import (
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

type teamPage struct {
	frame
	Members []member
	Days    int
}

// member is a colleague with their work. The list is in the order of names: it measures nobody against another.
type member struct {
	colleague
	store.Worker
	Active bool
}

// teamDays is how many days of decisions the page counts.
const teamDays = 7

// showTeam tells a supervisor what the team has in hand, over the children the supervisor reaches.
func (d *Desk) showTeam(v *visit) error {
	p := &teamPage{Days: teamDays}
	err := v.view(func(tx *store.Tx) error {
		p.Members = nil
		work, err := tx.Team(tx.Now.Add(-teamDays * 24 * time.Hour))
		if err != nil {
			return err
		}
		users, err := tx.Users()
		for _, u := range users {
			w := work[u.ID]
			if u.Active && u.Actor().Can(homeward.ActionSeePerson) || w.Assigned > 0 {
				p.Members = append(p.Members, member{colleague{u.ID, u.Name, u.Role}, w, u.Active})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Members, func(m member) string { return m.Name })
	return v.show(http.StatusOK, "team", p)
}
