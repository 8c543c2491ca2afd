package store

import (
	"database/sql"
	"fmt"
	"strconv"

	"github.com/homeward-registry/homeward"
)

// MayTrace fails with ErrDenied unless the actor may work on a request.
func (tx *Tx) MayTrace(r homeward.Request) error {
	return tx.must(homeward.ActionTrace, homeward.Resource{Compartment: r.Compartment})
}

// PutSought adds a child to those that a request seeks: a record of the request's source. ErrConflict when the request takes no
// more children where it stands, or somebody worked on it in the meantime; ErrInvalid when the record is another source's.
func (tx *Tx) PutSought(r homeward.Request, child homeward.RecordID) error {
	if err := tx.MayTrace(r); err != nil {
		return err
	}
	if !r.State().TakesChildren() {
		return fmt.Errorf("add child to request %s, which is %s: %w", r.ID, r.State(), homeward.ErrConflict)
	}
	facts, err := tx.RecordFactsOf([]homeward.RecordID{child})
	if err == nil && (len(facts) == 0 || facts[0].Source != r.Source || facts[0].Supersedes != "") {
		err = fmt.Errorf("add child to request %s: its record lies elsewhere: %w", r.ID, homeward.ErrInvalid)
	}
	if err == nil {
		err = tx.asItStands(r)
	}
	if err != nil {
		return err
	}
	turn, err := tx.nextTurn("sought", r.ID)
	if err != nil {
		return err
	}
	err = tx.exec("add child to request "+string(r.ID), `
		insert into sought (request, turn, record, actor, at)
		values ($1, $2, $3, $4, $5)`, r.ID, turn, child, tx.Actor.ID, micros(tx.Now))
	if err != nil {
		return err
	}
	key, err := tx.key(string(r.ID))
	if err != nil {
		return err
	}
	body := map[string]string{"request": string(r.ID), "turn": strconv.Itoa(turn)}
	return tx.put(draft{typ: entrySought, object: string(child), keyID: string(r.ID), key: key, body: body})
}

// Unseen returns how many children a request seeks that the actor does not see, and the turn that the next one takes.
func (tx *Tx) Unseen(r homeward.Request) (n, next int, err error) {
	all, err := tx.behindFence().sought(r.ID)
	if err == nil {
		next, err = tx.nextTurn("sought", r.ID)
	}
	return len(all) - len(r.Sought), next, err
}

// nextTurn returns the turn of what comes next to a request in one of its tables, whatever of it the actor sees.
func (tx *Tx) nextTurn(table string, request homeward.RequestID) (turn int, err error) {
	err = tx.behindFence().row("read turns of request "+string(request), `
		select coalesce(max(turn), -1) + 1
		from `+table+`
		where request = $1`, []any{request}, &turn)
	return turn, err
}

// soughtAdded says who added a sought child and when, as verify compares it; empty for a child the request was opened with.
func soughtAdded(by string, at int64) string {
	if at == 0 && by == "" {
		return ""
	}
	return fields(by, strconv.FormatInt(at, 10))
}

// Told returns of each sought child of a request the record that the family says now: the newest of those that correct each
// other, in the order of the request. The read is audited.
func (tx *Tx) Told(r homeward.Request) ([]homeward.Record, error) {
	newest, err := tx.newestOf(r.Source)
	if err != nil {
		return nil, err
	}
	ids := make([]homeward.RecordID, len(r.Sought))
	for i, id := range r.Sought {
		for ids[i] = id; newest[ids[i]] != ""; {
			ids[i] = newest[ids[i]]
		}
	}
	return tx.RecordsByID(ids)
}

// newestOf returns the accepted records of a source that correct another, by what they correct.
func (tx *Tx) newestOf(source homeward.SourceID) (map[homeward.RecordID]homeward.RecordID, error) {
	out := map[homeward.RecordID]homeward.RecordID{}
	return out, tx.query("read corrections of source "+string(source), `
		select id, supersedes
		from records
		where source = $1 and supersedes <> '' and state = 'accepted'`, []any{source}, func(r *sql.Rows) error {
		var id, of homeward.RecordID
		err := r.Scan(&id, &of)
		out[of] = id
		return err
	})
}

// Resting returns the records of the sought children whom nobody may look for now, because consent to tracing does not stand. It
// is the same for every actor.
func (tx *Tx) Resting() (map[homeward.RecordID]bool, error) {
	out := map[homeward.RecordID]bool{}
	return out, tx.query("read who rests", `select record from resting`, nil, func(r *sql.Rows) error {
		var id homeward.RecordID
		err := r.Scan(&id)
		out[id] = true
		return err
	})
}

// SoughtUnder returns the records of whom the request of an answer about consent seeks.
func (tx *Tx) SoughtUnder(id homeward.ConsentID) (out []homeward.RecordID, err error) {
	return out, tx.query("read who is sought under consent "+string(id), `
		select r.id
		from consents c
		join requests q on q.id = c.request
		join records r on r.source = q.source
		where c.id = $1
		order by r.id`, []any{id}, func(r *sql.Rows) error {
		var record homeward.RecordID
		err := r.Scan(&record)
		out = append(out, record)
		return err
	})
}
