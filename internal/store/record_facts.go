package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// RecordFact is what is known of a record without its words. Its state is the one its marks leave it in.
type RecordFact struct {
	ID         homeward.RecordID
	Source     homeward.SourceID
	Edition    homeward.EditionID
	State      homeward.RecordState
	Supersedes homeward.RecordID
	ReceivedAt time.Time
	Retracted  []Retracted // when its source had taken it back; see StateAt
}

// RecordFacts returns what is known of every record without its words, oldest first.
func (tx *Tx) RecordFacts() ([]RecordFact, error) {
	return tx.recordFacts("order by received_at, id")
}

// RecordFactsOf returns what is known of some records without their words, oldest first; one that is not there is left
// out.
func (tx *Tx) RecordFactsOf(ids []homeward.RecordID) ([]RecordFact, error) {
	var out []RecordFact
	for chunk := range chunks(ids, 400) {
		list, err := tx.recordFacts("where id in ("+placeholders(1, len(chunk))+")", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b RecordFact) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

func (tx *Tx) recordFacts(where string, args ...any) ([]RecordFact, error) {
	var out []RecordFact
	sources, editions, states := once[homeward.SourceID]{}, once[homeward.EditionID]{}, once[homeward.RecordState]{}
	err := tx.query("read record facts", `
		select id, source, edition, state, supersedes, received_at
		from records
		`+where, args, func(r *sql.Rows) error {
		var f RecordFact
		var at int64
		err := r.Scan(&f.ID, &f.Source, &f.Edition, &f.State, &f.Supersedes, &at)
		f.ReceivedAt = fromMicros(at)
		f.Source, f.Edition, f.State = sources.of(f.Source), editions.of(f.Edition), states.of(f.State)
		out = append(out, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, tx.heed(out)
}

// QuarantinedRecords returns the records in quarantine, of one source or, when it is empty, of all, newest first.
func (tx *Tx) QuarantinedRecords(source homeward.SourceID, limit int) ([]homeward.RecordID, error) {
	where := ""
	args := []any{limit}
	if source != "" {
		where, args = "and r.source = $2", append(args, source)
	}
	var out []homeward.RecordID
	return out, tx.query("read quarantine", strings.Replace(`
		select r.id
		from records r
		cross join current_rows c
		where r.state = 'quarantined' and r.state <> 'accepted' and c.record = r.id and c.state = 'listed' @where
		order by r.received_at desc, r.id desc
		limit $1`, "@where", where, 1), args, func(r *sql.Rows) error {
		var id homeward.RecordID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
}

// CountReasons returns how many new records of an edition are in quarantine, by reason.
func (tx *Tx) CountReasons(edition homeward.EditionID) (map[string]int, error) {
	out := map[string]int{}
	return out, tx.query("count reasons", `
		select reason, count(*)
		from records
		where edition = $1 and state = 'quarantined'
		group by reason`, []any{edition}, func(r *sql.Rows) error {
		var reason string
		var n int
		err := r.Scan(&reason, &n)
		out[reason] = n
		return err
	})
}
