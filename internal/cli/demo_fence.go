package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/synth"
)

// demoFenced is how many children the demonstration's second compartment tells of.
const demoFenced = 12

// fenceSome makes a second compartment with a list of its own, of children whom other lists name too. A supervisor and a legal
// officer are in it; for everybody else of the team it does not exist.
func fenceSome(ctx context.Context, db *store.DB, team map[homeward.Role]homeward.Actor) error {
	children, err := named(ctx, db, demoFenced)
	if err != nil {
		return err
	}
	var list bytes.Buffer
	w := csv.NewWriter(&list)
	w.Write([]string{"id", "ПІБ", "дата народження", "проживання"}) // a buffer never fails to be written to
	for i, c := range children {
		w.Write([]string{"W-" + strconv.Itoa(i+1), c.Name, c.Birth, c.Home})
	}
	w.Flush()
	var room homeward.Compartment
	err = db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		if room, err = tx.PutCompartment("Захист свідків (вигаданий)"); err != nil {
			return err
		}
		for _, role := range []homeward.Role{homeward.RoleSupervisor, homeward.RoleLegalOfficer} {
			if err := tx.SetMember(room.ID, team[role].ID, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = intake.Import(ctx, db, team[homeward.RoleSupervisor], intake.Input{
		File: bytes.NewReader(list.Bytes()), Source: "Свідчення під захистом (вигадані)", Compartment: room.ID, Lang: "uk", Edition: homeward.Exact(synth.EditionDay),
	})
	return err
}
