package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
)

// PutDetermination records what is in the best interests of a sought child, or a supervisor's waiver. ErrDenied when that is not
// the actor's, or not where the request stands; ErrInvalid when the child is not of the request, or the grounds are missing, or
// of a determination the child's wishes; ErrConflict when somebody worked on the request in the meantime.
func (tx *Tx) PutDetermination(r homeward.Request, d homeward.Determination) (homeward.Determination, error) {
	d.ID, d.By, d.At = homeward.DeterminationID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	d.Grounds, d.Wishes = strings.TrimSpace(d.Grounds), strings.TrimSpace(d.Wishes)
	missing := d.Grounds == "" || d.Wishes == "" && d.Outcome != homeward.InterestsWaived
	if !slices.Contains(homeward.AllInterests, d.Outcome) || !slices.Contains(r.Sought, d.Child) || missing {
		return d, fmt.Errorf("put determination of request %s: %w", r.ID, homeward.ErrInvalid)
	}
	if err := tx.must(d.Outcome.Action(), homeward.Resource{Compartment: r.Compartment, State: string(r.State())}); err != nil {
		return d, err
	}
	if err := tx.asItStands(r); err != nil {
		return d, err
	}
	id := string(d.ID)
	turn, err := tx.nextTurn("determinations", r.ID)
	if err != nil {
		return d, err
	}
	key, err := tx.key(string(r.ID))
	if err != nil {
		return d, err
	}
	sealed, err := sealJSON(key, "determinations", id, requestWords{d.Grounds, d.Wishes})
	if err != nil {
		return d, err
	}
	err = tx.exec("put determination of request "+string(r.ID), `
		insert into determinations (id, request, turn, child, outcome, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, r.ID, turn, d.Child, d.Outcome, d.By, micros(d.At), sealed)
	if err != nil {
		return d, err
	}
	return d, tx.put(draft{typ: entryBID, object: id, keyID: string(r.ID), key: key, body: determinationBody(r.ID, turn, d)})
}

func determinationBody(request homeward.RequestID, turn int, d homeward.Determination) map[string]string {
	return map[string]string{
		"request": string(request), "turn": strconv.Itoa(turn), "child": string(d.Child), "outcome": string(d.Outcome),
		"grounds": d.Grounds, "wishes": d.Wishes,
	}
}

const selectDeterminations = `
		select id, request, turn, outcome, child, actor, at, sealed
		from determinations
		`

func (tx *Tx) determinations(of homeward.RequestID) (out []homeward.Determination, err error) {
	return out, tx.ofRequests("read determinations", selectDeterminations+"where request = $1 order by turn", "determinations", []any{of}, func(x requestRow) {
		out = append(out, x.determination())
	})
}

func (x requestRow) determination() homeward.Determination {
	return homeward.Determination{
		ID: homeward.DeterminationID(x.id), Child: homeward.RecordID(x.second), Outcome: homeward.Interests(x.first),
		Grounds: x.Words, Wishes: x.Wishes, By: x.by, At: fromMicros(x.at),
	}
}
