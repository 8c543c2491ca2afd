package store

import (
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Restrict restricts the processing of records, every version of their rows and those to come (GDPR art. 18): they are kept,
// seen by the roles of [homeward.ActionSeeRestricted], and neither linked, searched nor counted until the mark is lifted.
func (tx *Tx) Restrict(records []homeward.RecordID, ground homeward.MarkGround, reason string) ([]homeward.Mark, error) {
	m := homeward.Mark{Kind: homeward.Restriction, Claim: homeward.WholeRecord, Ground: ground, Reason: strings.TrimSpace(reason)}
	return tx.markRows(m, records...)
}

// Hold holds records for a legal claim, every version of their rows and those to come: until the mark is lifted they cannot be
// erased. It changes nothing else.
func (tx *Tx) Hold(records []homeward.RecordID, reason string) ([]homeward.Mark, error) {
	m := homeward.Mark{Kind: homeward.LegalHold, Claim: homeward.WholeRecord, Ground: homeward.GroundClaim, Reason: strings.TrimSpace(reason)}
	return tx.markRows(m, records...)
}

// OnHold returns those of some records that the law holds.
func (tx *Tx) OnHold(records []homeward.RecordID) (out []homeward.RecordID, err error) {
	standing, err := tx.standingOn(records)
	for _, id := range records {
		for _, m := range standing[id] {
			if m.Kind == homeward.LegalHold {
				out = append(out, id)
				break
			}
		}
	}
	return out, err
}

// seesRestricted reports whether the actor's role sees what is restricted.
func (tx *Tx) seesRestricted() bool { return tx.Actor.Can(homeward.ActionSeeRestricted) }

// anyRestricted reports whether a restriction stands anywhere.
func (tx *Tx) anyRestricted() (bool, error) {
	var n int
	err := tx.row("look for restrictions", `
		select count(*)
		from (select 1 from marks where kind = 'restriction' and lifted_at = 0 limit 1) x`, nil, &n)
	if err != nil {
		return false, fmt.Errorf("read access of %s: %w", tx.Actor.ID, err)
	}
	return n > 0, nil
}

// restricted selects the records whose processing is restricted, behind the fence; "@" stands for the table's place behind it.
const restricted = `(select record from @marks where kind = 'restriction' and lifted_at = 0)`

// heeded are the pairs of which neither record is taken back or restricted, and among those that wait for people, or are to be
// looked at again, only such as no child is in whom nobody may look for. It stands where the table would.
const heeded = `(
			select x.*
			from pairs x
			where x.left_record not in (select record from marks where kind <> 'hold' and claim = -1 and lifted_at = 0)
				and x.right_record not in (select record from marks where kind <> 'hold' and claim = -1 and lifted_at = 0)
				and (x.state in ('same', 'different')
					or x.left_record not in (select record from resting) and x.right_record not in (select record from resting))
		)`

// unheeded are the ids of all other pairs, found by their records: they are few.
const unheeded = `(
			select id
			from pairs
			where left_record in (select record from marks where kind <> 'hold' and claim = -1 and lifted_at = 0)
			union
			select id
			from pairs
			where right_record in (select record from marks where kind <> 'hold' and claim = -1 and lifted_at = 0)
			union
			select id
			from pairs
			where left_record in (select record from resting) and state not in ('same', 'different')
			union
			select id
			from pairs
			where right_record in (select record from resting) and state not in ('same', 'different')
		)`
