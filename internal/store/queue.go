package store

import (
	"fmt"

	"github.com/homeward-registry/homeward"
)

// rankedAtOnce is how many pairs one statement gives their urgency.
const rankedAtOnce = 5000

// RankPairs works out the urgency of pairs that have none, at most 5,000 of them, and returns how many it were: the machine's doubt, p (1 − p),
// times the records that would be one child, twice that where a grave event hangs on it.
func (tx *Tx) RankPairs() (int, error) {
	return tx.execCount("rank pairs", `
		update pairs
		set urgency = probability * (1 - probability)
			* (coalesce((
				select p.amount
				from memberships m
				join persons p on p.id = m.person
				where m.record = pairs.left_record), 1)
			+ coalesce((
				select p.amount
				from memberships m
				join persons p on p.id = m.person
				where m.record = pairs.right_record), 1))
			* case when exists (
				select 1
				from memberships a
				join memberships b on b.person = a.person
				join events e on e.record = b.record
				where a.record in (pairs.left_record, pairs.right_record) and e.type in (`+placeholders(2, len(homeward.GraveEvents))+`))
			then 2 else 1 end
		where id in (
			select id
			from pairs
			where urgency < 0
			order by id
			limit $1)`,
		append([]any{rankedAtOnce}, anys(homeward.GraveEvents)...)...)
}

// UnrankPairs takes the urgency from the pairs of some records and of all that are one person with them.
func (tx *Tx) UnrankPairs(records []homeward.RecordID) error {
	for chunk := range chunks(records, 400) {
		in := `select b.record from memberships a join memberships b on b.person = a.person where a.record in (` + placeholders(1, len(chunk)) + `)`
		err := tx.exec("unrank pairs", fmt.Sprintf(`
			update pairs
			set urgency = -1
			where left_record in (%s) or right_record in (%s)`, in, in), anys(chunk)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// UnrankAllPairs takes the urgency from every pair.
func (tx *Tx) UnrankAllPairs() error {
	return tx.exec("unrank pairs", `
		update pairs
		set urgency = -1`)
}

// Unranked reports whether a pair has no urgency yet.
func (tx *Tx) Unranked() (bool, error) {
	var n int
	err := tx.row("look for unranked pairs", `
		select count(*)
		from (select id from pairs where urgency < 0 limit 1) x`, nil, &n)
	return n > 0, err
}
