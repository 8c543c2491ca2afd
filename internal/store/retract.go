package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Retract says that the source of a record took it back: every version of its row, or, with a claim's place, that one claim of
// it. It stays as history, and counts and links no longer. ErrNotFound for a record that the actor does not reach.
func (tx *Tx) Retract(record homeward.RecordID, claim int, reason string) ([]homeward.Mark, error) {
	m := homeward.Mark{Kind: homeward.Retraction, Record: record, Claim: claim, Ground: homeward.GroundSource, Reason: strings.TrimSpace(reason)}
	if claim == homeward.WholeRecord {
		return tx.markRows(m, record)
	}
	if err := tx.isClaim(record, claim); err != nil {
		return nil, err
	}
	return tx.markAll(m, []homeward.RecordID{record})
}

// isClaim fails unless a record has such a claim, and is one that counts at all.
func (tx *Tx) isClaim(record homeward.RecordID, claim int) error {
	list, err := tx.Claims(record)
	if err == nil && !slices.ContainsFunc(list, func(c PlacedClaim) bool { return c.Place == claim }) {
		err = fmt.Errorf("retract claim %d of record %s: %w", claim, record, homeward.ErrNotFound)
	}
	return err
}

// PlacedClaim is a claim with its place in the record, by which a mark names it.
type PlacedClaim struct {
	Place     int
	Claim     homeward.Claim
	TakenBack bool
}

// Claims returns the claims of a record, of the classes that the actor sees, those taken back as well. The read is audited.
func (tx *Tx) Claims(id homeward.RecordID) ([]PlacedClaim, error) {
	seen, err := tx.Record(id) // it is reached, and the read is on record
	if err != nil {
		return nil, err
	}
	reach, err := tx.reach(homeward.ActionReadRecord)
	if err != nil {
		return nil, err
	}
	whole, err := tx.records("where id = $1", id)
	if err != nil {
		return nil, err
	}
	standing, err := tx.standingOn([]homeward.RecordID{id})
	if err != nil {
		return nil, err
	}
	see, _ := reach.Sees(seen.Compartment, id)
	var out []PlacedClaim
	for i, c := range whole[0].Claims {
		gone := slices.ContainsFunc(standing[id], func(m homeward.Mark) bool { return m.Claim == i })
		if see.Has(c.Path.Class()) {
			out = append(out, PlacedClaim{i, c, gone})
		}
	}
	return out, nil
}

// markRows lays a mark upon every version of the rows of some records.
func (tx *Tx) markRows(m homeward.Mark, records ...homeward.RecordID) ([]homeward.Mark, error) {
	var all []homeward.RecordID
	for _, id := range records {
		row, err := tx.rowOf(id)
		if err != nil {
			return nil, err
		}
		all = append(all, row...)
	}
	slices.Sort(all)
	return tx.markAll(m, slices.Compact(all))
}

// markAll lays a mark upon records, but for those that bear such a one already; when all do that is ErrConflict.
func (tx *Tx) markAll(m homeward.Mark, records []homeward.RecordID) ([]homeward.Mark, error) {
	standing, err := tx.standingOn(records)
	if err != nil {
		return nil, err
	}
	var out []homeward.Mark
	for _, id := range records {
		m.Record = id
		if err := tx.mayMark(m); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(standing[id], func(x homeward.Mark) bool { return x.Kind == m.Kind && x.Claim == m.Claim }) {
			continue
		}
		laid, err := tx.putMark(m)
		if err != nil {
			return nil, err
		}
		out = append(out, laid)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("mark record %s: it is so marked already: %w", m.Record, homeward.ErrConflict)
	}
	return out, nil
}

// mayMark fails unless the actor reaches the record and may lay such a mark upon it.
func (tx *Tx) mayMark(m homeward.Mark) error {
	if err := expected(m); err != nil {
		return err
	}
	in, err := tx.placeOf(m.Record)
	if err != nil {
		return err
	}
	return tx.must(m.Kind.Action(), homeward.Resource{Compartment: in, Record: m.Record})
}
