package desk

import (
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// look is one person's looking at a child: all records that were read within a minute.
type look struct {
	Who    string
	Action string
	At     time.Time
	Amount int // of records
}

const (
	// looksShown is how many looks a child's page lists.
	looksShown = 20
	// looksRead is how many rows of the audit they are made of at most.
	looksRead = 500
)

// looks reads who looked at a child, as far as the reader may know: nil where they may not.
func (v *visit) looks(tx *store.Tx, records []homeward.Record) ([]look, error) {
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	ids := make([]homeward.RecordID, len(records))
	for i, r := range records {
		on := placed(r)
		on.State = ""
		if ids[i] = r.ID; !homeward.Can(who, homeward.ActionSeeLooks, on) {
			return nil, nil
		}
	}
	rows, err := tx.LooksAt(ids, looksRead)
	if err != nil {
		return nil, err
	}
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	return v.groupLooks(rows, names), nil
}

// groupLooks makes one look of what one person read within a minute: a page opens every record of a child.
func (v *visit) groupLooks(rows []store.AuditRow, names map[homeward.UserID]string) []look {
	type sitting struct {
		actor  homeward.Actor
		action string
		minute time.Time
	}
	var out []look
	met := map[sitting][]string{}
	at := map[sitting]int{}
	for _, r := range rows {
		s := sitting{r.Actor, r.Action, r.At.Truncate(time.Minute)}
		if _, ok := at[s]; !ok {
			if len(out) == looksShown {
				continue
			}
			at[s] = len(out)
			out = append(out, look{Who: v.who(r.Actor, names), Action: r.Action, At: r.At})
		}
		if !slices.Contains(met[s], r.Object) {
			met[s] = append(met[s], r.Object)
			out[at[s]].Amount++
		}
	}
	return out
}
