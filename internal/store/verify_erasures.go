package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// What was erased is told from what was lost: an erasure is in the log, object by object, and each destroyed key has a tombstone that
// only who holds the root secret can make. A key that is gone without either is a finding; so is one that is there again.

// doubt is an entry that cannot be opened: erased, or lost.
type doubt struct {
	key, object string
	index       int64
	place, what string
}

func (v *verification) doubts(e storedEntry, what string) {
	v.doubtful = append(v.doubtful, doubt{e.keyd, e.obj, e.index, "keys", what})
}

// gone reports whether an object was erased.
func (v *verification) gone(object string) bool { return v.erasedIn[object] != "" || v.buried[object] }

// settle decides the doubts, once every entry is read.
func (v *verification) settle() (err error) {
	if v.buried, err = v.tx.db.buried(v.tx.ctx); err != nil {
		return err
	}
	for _, d := range v.doubtful {
		if v.gone(d.key) || v.gone(d.object) {
			v.Erased++
			continue
		}
		v.found(d.place, d.key, d.index, d.what)
	}
	return nil
}

// erasures compares the requests, their acts and what was erased with what the entries said, and looks for keys that came back.
func (v *verification) erasures() error {
	return errors.Join(
		v.rows("erasures", entryErasure, v.erasureRow), v.rows("erasure_acts", entryErasureAct, v.actRow), v.erasedRows(), v.cameBack(),
	)
}

// erasureRow takes the digest of words that are gone from the entry.
func (v *verification) erasureRow(id string) (map[string]string, error) {
	e, words, err := v.tx.wholeErasure(homeward.ErasureID(id))
	if err != nil {
		return nil, err
	}
	body := erasureBody(e, v.digest(entryErasure+id, e, words))
	body["at"], body["by"] = fmt.Sprint(micros(e.At)), string(e.By)
	return body, nil
}

func (v *verification) digest(entry string, e homeward.Erasure, words passingWords) string {
	if words == (passingWords{}) && len(e.Records) > 0 && v.gone(string(e.Records[0])) {
		return v.saidWords[entry]
	}
	if words == (passingWords{}) {
		return ""
	}
	return words.digest()
}

func (v *verification) actRow(id string) (map[string]string, error) {
	var of homeward.ErasureID
	var a homeward.ErasureAct
	var at int64
	var sealed []byte
	err := v.tx.row("read act "+id, `
		select erasure, turn, act, actor, at, sealed
		from erasure_acts
		where id = $1`, []any{id}, &of, &a.Turn, &a.Kind, &a.By, &at, &sealed)
	if err != nil {
		return nil, err
	}
	e, _, err := v.tx.wholeErasure(of)
	if err != nil && !missing(err) {
		return nil, err
	}
	words, err := v.tx.openPassing(e, "erasure_acts", id, sealed)
	if err != nil {
		return nil, err
	}
	body := actBody(of, a, v.digest(entryErasureAct+id, e, words))
	body["at"], body["by"] = fmt.Sprint(at), string(a.By)
	return body, nil
}

// wholeErasure returns a request with the words of who asks.
func (tx *Tx) wholeErasure(id homeward.ErasureID) (e homeward.Erasure, w passingWords, err error) {
	if e, err = tx.Erasure(id); err != nil {
		return e, w, err
	}
	var sealed []byte
	err = tx.row("read erasure "+string(id), `
		select sealed
		from erasures
		where id = $1`, []any{id}, &sealed)
	if err == nil {
		w, err = tx.openPassing(e, "erasures", string(id), sealed)
	}
	return e, w, err
}

// erasedRows compares what the table says was erased with the entries.
func (v *verification) erasedRows() error {
	said := maps.Clone(v.erasedIn)
	err := v.tx.query("read what is erased", `
		select object, erasure, at
		from erased
		order by object`, nil, func(r *sql.Rows) error {
		var object, erasure string
		var at int64
		if err := r.Scan(&object, &erasure, &at); err != nil {
			return err
		}
		if said[object] != erasure+" "+fmt.Sprint(at) {
			v.found("erased", object, -1, "it is said to be erased otherwise than the entry tells of it")
		}
		delete(said, object)
		return nil
	})
	for _, object := range slices.Sorted(maps.Keys(said)) {
		v.found("erased", object, -1, "an entry tells that this was erased, the row is gone")
	}
	return err
}

// cameBack finds keys that an erasure destroyed and that are there again, once it is done.
func (v *verification) cameBack() error {
	done := map[string]bool{}
	err := v.tx.query("read erasures that are done", `
		select erasure
		from erasure_acts
		where act = 'done'`, nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		done[id] = true
		return err
	})
	if err != nil {
		return err
	}
	var objects []string
	for object, in := range v.erasedIn {
		if erasure, _, _ := strings.Cut(in, " "); done[erasure] {
			objects = append(objects, object)
		}
	}
	slices.Sort(objects)
	keys, err := v.tx.db.objectKeys(v.tx.ctx, objects)
	if err != nil && !tampered(err) {
		return err
	}
	for _, object := range slices.Sorted(maps.Keys(keys)) {
		v.found("keys", object, -1, "an erasure destroyed this key, and it is there again")
	}
	return nil
}
