package store

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Erasure is asked for, checked, approved by two and, after days of reflection, carried out (erase_carry.go). The entries about
// it are sealed with a key of the erasure's own and hold no word, so that they can be verified for ever; what people wrote on the
// way is sealed with the key of the first record, and goes with it. The entries bind those words by a salted digest.

const (
	entryErasure    = "erasure"
	entryErasureAct = "act-of-erasure"
	entryErased     = "erased"

	entryErasedAgain = "erased-again" // from a restored copy that did not know of it
)

// passingWords are words that are erased with the child, and the salt of their digest.
type passingWords struct{ Salt, Words string }

func newPassing(words string) passingWords {
	return passingWords{rand.Text(), strings.TrimSpace(words)}
}

func (w passingWords) digest() string {
	sum := sha256.Sum256([]byte(w.Salt + "\x00" + w.Words))
	return hex.EncodeToString(sum[:])
}

// AskErasure enters a request to erase records, every version of their rows. asker says who asks, what for, and how they can be
// reached. ErrNotFound unless the actor reaches all of them; ErrConflict when one is asked for already.
func (tx *Tx) AskErasure(person homeward.PersonID, records []homeward.RecordID, ground homeward.ErasureGround, asker string) (homeward.Erasure, error) {
	e := homeward.Erasure{ID: homeward.ErasureID(homeward.NewID(tx.Now)), Person: person, Ground: ground, By: tx.Actor.ID, At: tx.Now, Asker: asker}
	if strings.TrimSpace(asker) == "" || !slices.Contains(homeward.ErasureGrounds, ground) || len(records) == 0 {
		return e, fmt.Errorf("ask for an erasure: nobody who asks, no ground, or no record: %w", homeward.ErrInvalid)
	}
	var err error
	if e.Records, err = tx.rowsOf(records); err != nil {
		return e, err
	}
	if err := tx.mayErase(homeward.ActionAskErasure, e.Records); err != nil {
		return e, err
	}
	if err := tx.erasedOnce(e.Records); err != nil {
		return e, err
	}
	return e, tx.putErasure(e)
}

// rowsOf returns every version of the rows of some records, in the order of their ids.
func (tx *Tx) rowsOf(records []homeward.RecordID) ([]homeward.RecordID, error) {
	var all []homeward.RecordID
	for _, id := range records {
		row, err := tx.rowOf(id)
		if err != nil {
			return nil, err
		}
		all = append(all, row...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// mayErase fails unless the actor may do the action on each of the records.
func (tx *Tx) mayErase(action homeward.Action, records []homeward.RecordID) error {
	for _, id := range records {
		in, err := tx.placeOf(id)
		if err != nil {
			return err
		}
		if err := tx.must(action, homeward.Resource{Compartment: in, Record: id}); err != nil {
			return err
		}
	}
	return nil
}

// erasedOnce fails when an open request asks for one of the records.
func (tx *Tx) erasedOnce(records []homeward.RecordID) error {
	for chunk := range chunks(records, 400) {
		list, err := tx.erasures("where id in (select erasure from erasure_records where record in ("+placeholders(1, len(chunk))+"))", anys(chunk)...)
		if err != nil {
			return err
		}
		for _, e := range list {
			if e.Open() {
				return fmt.Errorf("ask for an erasure: erasure %s asks for it already: %w", e.ID, homeward.ErrConflict)
			}
		}
	}
	return nil
}

func (tx *Tx) putErasure(e homeward.Erasure) error {
	id := string(e.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	words := newPassing(e.Asker)
	sealed, err := tx.sealPassing(e, "erasures", id, words)
	if err != nil {
		return err
	}
	err = tx.exec("put erasure", `
		insert into erasures (id, person, ground, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6)`, id, e.Person, e.Ground, e.By, micros(e.At), sealed)
	if err != nil {
		return err
	}
	rows := make([][]any, len(e.Records))
	for i, record := range e.Records {
		in, err := tx.placeOf(record)
		if err != nil {
			return err
		}
		rows[i] = []any{id, record, in}
	}
	if err := tx.insert(`insert into erasure_records (erasure, record, compartment)`, rows, ""); err != nil {
		return err
	}
	return tx.put(draft{typ: entryErasure, object: id, keyID: id, key: key, body: erasureBody(e, words.digest())})
}

func erasureBody(e homeward.Erasure, digest string) map[string]string {
	body := map[string]string{"person": string(e.Person), "ground": string(e.Ground), "words": digest}
	for i, r := range e.Records {
		body[numbered("record", i, "id")] = string(r)
	}
	return body
}

// sealPassing seals words under the key of the first record.
func (tx *Tx) sealPassing(e homeward.Erasure, table, id string, words passingWords) ([]byte, error) {
	key, err := tx.key(string(e.Records[0]))
	if err != nil {
		return nil, err
	}
	return sealJSON(key, table, id, words)
}

// CheckIdentity records how it was checked who asks, and by what right.
func (tx *Tx) CheckIdentity(id homeward.ErasureID, how string) error {
	return tx.act(id, homeward.IdentityChecked, how, func(e homeward.Erasure) bool { return e.State() == homeward.ErasureAsked })
}

// ApproveErasure approves a request. ErrDenied for who entered it; ErrConflict when identity was not checked, or the actor has
// approved it.
func (tx *Tx) ApproveErasure(id homeward.ErasureID, why string) error {
	return tx.act(id, homeward.ErasureApproved, why, func(e homeward.Erasure) bool { return e.Approvable(tx.Actor.ID) })
}

// RefuseErasure refuses a request, or takes it back: until it is carried out anyone who may enter one may stop one.
func (tx *Tx) RefuseErasure(id homeward.ErasureID, why string) error {
	return tx.act(id, homeward.ErasureRefused, why, func(e homeward.Erasure) bool { return e.Open() && e.State() != homeward.ErasureRunning })
}

// act adds an act that people take, where the state allows it.
func (tx *Tx) act(id homeward.ErasureID, kind homeward.ErasureActKind, words string, allowed func(homeward.Erasure) bool) error {
	e, err := tx.Erasure(id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return fmt.Errorf("%s erasure %s: no words: %w", kind, id, homeward.ErrInvalid)
	}
	if err := tx.mayAct(e, kind); err != nil {
		return err
	}
	if !allowed(e) {
		return fmt.Errorf("%s erasure %s, which is %s: %w", kind, id, e.State(), homeward.ErrConflict)
	}
	return tx.putAct(e, kind, words)
}

func (tx *Tx) mayAct(e homeward.Erasure, kind homeward.ErasureActKind) error {
	action := homeward.ActionAskErasure
	if kind == homeward.ErasureApproved {
		action = homeward.ActionApproveErasure
	}
	rooms, err := tx.erasureRooms(e.ID)
	if err != nil {
		return err
	}
	for _, in := range rooms {
		if err := tx.must(action, homeward.Resource{Compartment: in, By: e.By}); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) erasureRooms(id homeward.ErasureID) (out []homeward.CompartmentID, err error) {
	return out, tx.query("read compartments of erasure "+string(id), `
		select distinct compartment
		from erasure_records
		where erasure = $1`, []any{id}, func(r *sql.Rows) error {
		var in homeward.CompartmentID
		err := r.Scan(&in)
		out = append(out, in)
		return err
	})
}

// putAct writes an act. The machine's own acts have no words.
func (tx *Tx) putAct(e homeward.Erasure, kind homeward.ErasureActKind, words string) error {
	a := homeward.ErasureAct{ID: homeward.NewID(tx.Now), Turn: len(e.Acts), Kind: kind, By: tx.Actor.ID, At: tx.Now}
	var sealed []byte
	digest := ""
	if words != "" {
		passing := newPassing(words)
		var err error
		if sealed, err = tx.sealPassing(e, "erasure_acts", a.ID, passing); err != nil {
			return err
		}
		digest = passing.digest()
	}
	if sealed == nil {
		sealed = []byte{}
	}
	err := tx.exec("put act of erasure", `
		insert into erasure_acts (id, erasure, turn, act, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7)`, a.ID, e.ID, a.Turn, a.Kind, a.By, micros(a.At), sealed)
	if err != nil {
		return err
	}
	key, err := tx.key(string(e.ID))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryErasureAct, object: a.ID, keyID: string(e.ID), key: key, body: actBody(e.ID, a, digest)})
}

func actBody(of homeward.ErasureID, a homeward.ErasureAct, digest string) map[string]string {
	return map[string]string{"erasure": string(of), "turn": strconv.Itoa(a.Turn), "act": string(a.Kind), "words": digest}
}

// Erasure returns a request that the actor reaches, or ErrNotFound.
func (tx *Tx) Erasure(id homeward.ErasureID) (homeward.Erasure, error) {
	list, err := tx.erasures("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read erasure: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Erasure{}, err
	}
	return list[0], nil
}

// ErasurePage selects requests.
type ErasurePage struct {
	Before homeward.ErasureID // only older ones
	Limit  int
}

// Erasures returns the requests that the actor reaches, newest first.
func (tx *Tx) Erasures(p ErasurePage) ([]homeward.Erasure, error) {
	return tx.erasures(`
		where $1 = '' or id < $1
		order by id desc
		limit $2`, string(p.Before), p.Limit)
}

// ErasureOf returns the open request that takes a record; ErrNotFound when there is none.
func (tx *Tx) ErasureOf(record homeward.RecordID) (homeward.Erasure, error) {
	list, err := tx.erasures("where id in (select erasure from erasure_records where record = $1) order by id desc", record)
	for _, e := range list {
		if err == nil && e.Open() {
			return e, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("read erasure of record %s: %w", record, homeward.ErrNotFound)
	}
	return homeward.Erasure{}, err
}

func (tx *Tx) erasures(where string, args ...any) ([]homeward.Erasure, error) {
	reach, err := tx.reach(homeward.ActionAskErasure)
	if err != nil || reach.Nothing && !tx.who.Everywhere {
		return nil, err
	}
	var out []homeward.Erasure
	var sealed [][]byte
	err = tx.query("read erasures", `
		select id, person, ground, actor, at, sealed
		from erasures
		`+where, args, func(r *sql.Rows) error {
		var e homeward.Erasure
		var at int64
		var s []byte
		err := r.Scan(&e.ID, &e.Person, &e.Ground, &e.By, &at, &s)
		e.At = fromMicros(at)
		out, sealed = append(out, e), append(sealed, s)
		return err
	})
	for i := range out {
		if err == nil {
			err = tx.fillErasure(&out[i], sealed[i])
		}
	}
	return out, err
}

// fillErasure reads the records and acts of a request, and its words while they are there.
func (tx *Tx) fillErasure(e *homeward.Erasure, sealed []byte) error {
	err := tx.query("read records of erasure", `
		select record
		from erasure_records
		where erasure = $1
		order by record`, []any{e.ID}, func(r *sql.Rows) error {
		var id homeward.RecordID
		err := r.Scan(&id)
		e.Records = append(e.Records, id)
		return err
	})
	if err != nil {
		return err
	}
	words, err := tx.openPassing(*e, "erasures", string(e.ID), sealed)
	if err != nil {
		return err
	}
	e.Asker = words.Words
	return tx.fillActs(e)
}

func (tx *Tx) fillActs(e *homeward.Erasure) error {
	var sealed [][]byte
	err := tx.query("read acts of erasure", `
		select id, turn, act, actor, at, sealed
		from erasure_acts
		where erasure = $1
		order by turn`, []any{e.ID}, func(r *sql.Rows) error {
		var a homeward.ErasureAct
		var at int64
		var s []byte
		err := r.Scan(&a.ID, &a.Turn, &a.Kind, &a.By, &at, &s)
		a.At = fromMicros(at)
		e.Acts, sealed = append(e.Acts, a), append(sealed, s)
		return err
	})
	for i, s := range sealed {
		if err != nil {
			return err
		}
		var words passingWords
		words, err = tx.openPassing(*e, "erasure_acts", e.Acts[i].ID, s)
		e.Acts[i].Words = words.Words
	}
	return err
}

// openPassing opens words that are erased with the child; none when they are.
func (tx *Tx) openPassing(e homeward.Erasure, table, id string, sealed []byte) (w passingWords, err error) {
	if len(sealed) == 0 || len(e.Records) == 0 {
		return w, nil
	}
	key, err := tx.key(string(e.Records[0]))
	if missing(err) {
		return w, nil
	}
	if err != nil {
		return w, err
	}
	return w, openJSON(key, table, id, sealed, &w)
}

// ErasureAsked reports whether an open request asks to erase one of some records that the actor sees: whoever works with a child is
// told, and can object.
func (tx *Tx) ErasureAsked(records []homeward.RecordID) (bool, error) {
	for chunk := range chunks(records, 400) {
		var n int
		err := tx.row("look for erasures", `
			select count(*)
			from erasure_records r
			where r.record in (`+placeholders(1, len(chunk))+`) and not exists (
				select 1 from erasure_acts a where a.erasure = r.erasure and a.act in ('done', 'refused'))`, anys(chunk), &n)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
