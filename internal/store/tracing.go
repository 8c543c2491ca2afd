package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
)

// sealedRequest is what a request's sealed column holds.
type sealedRequest struct {
	Inquirer      homeward.Inquirer
	Circumstances string
}

// PutRequest writes a tracing request and opens it. Its id is made by the caller; its source and records are there. It
// lies where its source does, and so do they.
func (tx *Tx) PutRequest(r homeward.Request) (homeward.Request, error) {
	r.Compartment, r.At, r.By = cmp.Or(r.Compartment, homeward.Main), tx.Now, tx.Actor.ID
	if err := tx.mayPutRequest(r); err != nil {
		return r, fmt.Errorf("put request %s: %w", r.ID, err)
	}
	id := string(r.ID)
	key, err := tx.newKeyIn(r.Compartment, id)
	if err != nil {
		return r, err
	}
	sealed, err := sealJSON(key, "requests", id, sealedRequest{r.Inquirer, r.Circumstances})
	if err != nil {
		return r, err
	}
	err = tx.exec("put request", `
		insert into requests (id, compartment, source, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6)`, id, r.Compartment, r.Source, r.By, micros(r.At), sealed)
	if err != nil {
		return r, err
	}
	rows := make([][]any, len(r.Sought))
	for i, record := range r.Sought {
		rows[i] = []any{id, i, record}
	}
	if err := tx.insert(`insert into sought (request, turn, record)`, rows, ""); err != nil {
		return r, err
	}
	if err := tx.put(draft{typ: entryRequest, object: id, keyID: id, key: key, body: requestBody(r)}); err != nil {
		return r, err
	}
	m, err := tx.putMove(r, homeward.RequestOpen, "")
	r.Moves = append(r.Moves, m)
	return r, err
}

func (tx *Tx) mayPutRequest(r homeward.Request) error {
	if r.ID == "" || len(r.Sought) == 0 || r.Inquirer.Name == "" {
		return fmt.Errorf("nobody asks, or nobody is sought: %w", homeward.ErrInvalid)
	}
	in, err := tx.compartmentOf(r.Source)
	if err != nil {
		return err
	}
	var theirs int
	err = tx.row("count sought records", `
		select count(*)
		from records
		where source = $1 and id in (`+placeholders(2, len(r.Sought))+`)`, append([]any{r.Source}, anys(r.Sought)...), &theirs)
	if err != nil {
		return err
	}
	if in != r.Compartment || theirs != len(r.Sought) {
		return fmt.Errorf("what is sought lies elsewhere: %w", homeward.ErrInvalid)
	}
	return tx.must(homeward.ActionTrace, homeward.Resource{Compartment: r.Compartment})
}

func requestBody(r homeward.Request) map[string]string {
	body := map[string]string{
		"compartment": string(r.Compartment), "source": string(r.Source), "inquirer/name": r.Inquirer.Name,
		"inquirer/relationship": string(r.Inquirer.Relationship), "inquirer/contact": r.Inquirer.Contact, "circumstances": r.Circumstances,
	}
	for i, record := range r.Sought {
		body[numbered("sought", i, "record")] = string(record)
	}
	return body
}

// Request returns a tracing request with its words, moves and consents, or ErrNotFound, which is also said of one that
// the actor does not reach. The read is audited.
func (tx *Tx) Request(id homeward.RequestID) (homeward.Request, error) {
	reach, err := tx.reach(homeward.ActionSeeRequests)
	if err != nil {
		return homeward.Request{}, err
	}
	list, err := tx.requests("where id = $1", id)
	if err != nil {
		return homeward.Request{}, err
	}
	if len(list) == 0 || !reach.Admits(homeward.Resource{Compartment: list[0].Compartment}) {
		return homeward.Request{}, fmt.Errorf("read request: %w", homeward.ErrNotFound)
	}
	// Only what is there is written into the audit: what somebody types for an id may be a child's name.
	return list[0], tx.audited("read", string(list[0].ID), 1)
}

// RequestFact is a request without its words.
type RequestFact struct {
	ID      homeward.RequestID
	State   homeward.RequestState
	At      time.Time
	MovedAt time.Time
	Sought  []homeward.RecordID
}

// RequestFacts returns the requests of the actor's compartments that stand in a state (in any when it is empty), newest
// first, older than the given one when it is not nil.
func (tx *Tx) RequestFacts(state homeward.RequestState, before *RequestFact, limit int) ([]RequestFact, error) {
	reach, err := tx.reach(homeward.ActionSeeRequests)
	if err != nil || reach.Nothing {
		return nil, err
	}
	if before == nil {
		before = &RequestFact{ID: "~", At: tx.Now.Add(time.Hour)}
	}
	return tx.requestFacts(`
		where ($1 = '' or m.state = $1) and (r.at, r.id) < ($2, $3)
		order by r.at desc, r.id desc
		limit $4`, string(state), micros(before.At), string(before.ID), limit)
}

// RequestsSeeking returns the requests of the actor's compartments that seek a child of whom one of some records tells, newest first.
func (tx *Tx) RequestsSeeking(records []homeward.RecordID) ([]RequestFact, error) {
	of, err := tx.RequestsOf(records)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	ids := slices.Compact(slices.Sorted(maps.Values(of)))
	return tx.requestFacts("where r.id in ("+placeholders(1, len(ids))+") order by r.at desc, r.id desc", anys(ids)...)
}

func (tx *Tx) requestFacts(where string, args ...any) ([]RequestFact, error) {
	var out []RequestFact
	err := tx.query("read requests", `
		select r.id, m.state, r.at, m.at
		from requests r
		join request_moves m on m.request = r.id and m.turn = (select max(x.turn) from request_moves x where x.request = r.id)
		`+where, args, func(r *sql.Rows) error {
		var f RequestFact
		var at, moved int64
		err := r.Scan(&f.ID, &f.State, &at, &moved)
		f.At, f.MovedAt = fromMicros(at), fromMicros(moved)
		out = append(out, f)
		return err
	})
	for i := range out {
		if err == nil {
			out[i].Sought, err = tx.sought(out[i].ID)
		}
	}
	return out, err
}

// CountRequests returns how many requests of the actor's compartments stand in each state.
func (tx *Tx) CountRequests() (map[homeward.RequestState]int, error) {
	out := map[homeward.RequestState]int{}
	reach, err := tx.reach(homeward.ActionSeeRequests)
	if err != nil || reach.Nothing {
		return out, err
	}
	return out, tx.query("count requests", `
		select m.state, count(*)
		from request_moves m
		where m.turn = (select max(x.turn) from request_moves x where x.request = m.request)
		group by m.state`, nil, func(r *sql.Rows) error {
		var state homeward.RequestState
		var n int
		err := r.Scan(&state, &n)
		out[state] = n
		return err
	})
}

// RequestsOf returns, of some records, the requests that seek the child of which they tell.
func (tx *Tx) RequestsOf(records []homeward.RecordID) (map[homeward.RecordID]homeward.RequestID, error) {
	out := map[homeward.RecordID]homeward.RequestID{}
	reach, err := tx.reach(homeward.ActionSeeRequests)
	if err != nil || reach.Nothing {
		return out, err
	}
	for chunk := range chunks(records, 400) {
		err := tx.query("read requests of records", `
			select record, request
			from sought
			where record in (`+placeholders(1, len(chunk))+`)`, anys(chunk), func(r *sql.Rows) error {
			var record homeward.RecordID
			var id homeward.RequestID
			err := r.Scan(&record, &id)
			out[record] = id
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) sought(id homeward.RequestID) (out []homeward.RecordID, err error) {
	return out, tx.query("read who is sought by request "+string(id), `
		select record
		from sought
		where request = $1
		order by turn`, []any{id}, func(r *sql.Rows) error {
		var record homeward.RecordID
		err := r.Scan(&record)
		out = append(out, record)
		return err
	})
}

func (tx *Tx) requests(where string, args ...any) ([]homeward.Request, error) {
	var out []homeward.Request
	var sealed [][]byte
	err := tx.query("read requests", `
		select id, compartment, source, actor, at, sealed
		from requests
		`+where, args, func(r *sql.Rows) error {
		var x homeward.Request
		var at int64
		var s []byte
		err := r.Scan(&x.ID, &x.Compartment, &x.Source, &x.By, &at, &s)
		x.At = fromMicros(at)
		out, sealed = append(out, x), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := tx.openRequest(&out[i], sealed[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) openRequest(r *homeward.Request, sealed []byte) error {
	err := tx.openWords(r, sealed)
	if err != nil {
		return err
	}
	if r.Sought, err = tx.sought(r.ID); err != nil {
		return err
	}
	if r.Moves, err = tx.moves(r.ID); err != nil {
		return err
	}
	if r.Consents, err = tx.consents(r.ID); err != nil {
		return err
	}
	r.Determined, err = tx.determinations(r.ID)
	return err
}

func (tx *Tx) openWords(r *homeward.Request, sealed []byte) error {
	id := string(r.ID)
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	if !key.LiesIn(string(r.Compartment)) {
		return fmt.Errorf("open request %s: it was moved to another compartment: %w", id, homeward.ErrTampered)
	}
	var words sealedRequest
	if err := openJSON(key, "requests", id, sealed, &words); err != nil {
		return err
	}
	r.Inquirer, r.Circumstances = words.Inquirer, words.Circumstances
	return nil
}
