package store

import (
	"github.com/homeward-registry/homeward"
)

// What hangs on a pair does not depend on who looks at it: a child may be tied by a decision to a record behind somebody's
// fence. So what is asked here is asked of the register as a whole. No word of a record leaves, nor which record it was.

// everyone returns this transaction as the machine reads it.
func (tx *Tx) everyone() *Tx {
	all := *tx
	all.Actor = homeward.System
	all.whole()
	return &all
}

// Tied returns the records that standing decisions "same" tie to some records, whatever the actor reaches.
func (tx *Tx) Tied(records []homeward.RecordID) (out []homeward.RecordID, err error) {
	all := tx.everyone()
	for chunk := range chunks(records, 400) {
		in := placeholders(1, len(chunk))
		list, err := all.decisions(false, "where (left_record in ("+in+") or right_record in ("+in+")) and revoked_at = 0 and judgement = 'same'", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out = append(out, d.Left, d.Right)
		}
	}
	return out, nil
}

// Ties returns every two records that standing decisions "same" tie, whatever the actor reaches.
func (tx *Tx) Ties() (out []homeward.Decision, err error) {
	return tx.everyone().decisions(false, "where revoked_at = 0 and judgement = 'same' order by at, id")
}

// GraveAmong returns those of some accepted records that tell of a grave event, whatever the actor reaches.
func (tx *Tx) GraveAmong(records []homeward.RecordID) (map[homeward.RecordID]bool, error) {
	all, out := tx.everyone(), map[homeward.RecordID]bool{}
	for chunk := range chunks(records, 400) {
		list, err := all.records("where id in ("+placeholders(1, len(chunk))+") and state = 'accepted'", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.TellsGrave() {
				out[r.ID] = true
			}
		}
	}
	return out, nil
}

// TellGrave reports whether one of some accepted records tells of a grave event, whatever the actor reaches. The claims
// themselves are asked, so that no stage need have run.
func (tx *Tx) TellGrave(records []homeward.RecordID) (bool, error) {
	all := tx.everyone()
	for chunk := range chunks(records, 400) {
		list, err := all.records("where id in ("+placeholders(1, len(chunk))+") and state = 'accepted'", anys(chunk)...)
		if err != nil {
			return false, err
		}
		for _, r := range list {
			if r.TellsGrave() {
				return true, nil
			}
		}
	}
	return false, nil
}
