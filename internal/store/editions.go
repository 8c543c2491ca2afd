package store

import (
	"database/sql"
	"fmt"
	"strconv"

	"github.com/homeward-registry/homeward"
)

// sealedEdition is what an edition's sealed column holds. The file's hash is sealed too: a plain one would let anyone
// test whether the register holds a file.
type sealedEdition struct {
	Date     homeward.Date
	SHA256   string
	Size     int64
	Format   string
	Encoding string
}

// PutEdition opens an edition of a source, in state reading. The same file of the same source is the same edition:
// ask [Tx.EditionOf] first; a second one is ErrConflict.
func (tx *Tx) PutEdition(e homeward.Edition) (homeward.Edition, error) {
	if _, err := tx.EditionOf(e.Source, e.SHA256); err == nil {
		return e, fmt.Errorf("put edition: the same file is there: %w", homeward.ErrConflict)
	}
	e.ID, e.ReceivedAt, e.State = homeward.EditionID(homeward.NewID(tx.Now)), tx.Now, homeward.EditionReading
	in, err := tx.compartmentOf(e.Source)
	if err != nil {
		return e, err
	}
	key, err := tx.newKeyIn(in, string(e.ID))
	if err != nil {
		return e, err
	}
	sealed, err := sealJSON(key, "editions", string(e.ID), sealedEdition{e.Date, e.SHA256, e.Size, e.Format, e.Encoding})
	if err != nil {
		return e, err
	}
	f := tx.Fingerprint("edition", string(e.Source), e.SHA256)
	err = tx.exec("put edition", `
		insert into editions (id, source, fingerprint, state, received_at, total, added, changed, unchanged, removed, quarantined, sealed)
		values ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, 0, $6)`, e.ID, e.Source, f[:], e.State, micros(tx.Now), sealed)
	if err != nil {
		return e, err
	}
	return e, tx.put(draft{typ: entryEdition, object: string(e.ID), keyID: string(e.ID), key: key, body: editionBody(e)})
}

func editionBody(e homeward.Edition) map[string]string {
	return map[string]string{
		"source": string(e.Source), "sha256": e.SHA256, "size": strconv.FormatInt(e.Size, 10),
		"format": e.Format, "encoding": e.Encoding, "date": dateText(e.Date),
	}
}

// FinishEdition says that every row of the edition is accounted for.
func (tx *Tx) FinishEdition(id homeward.EditionID, t homeward.Tally) error {
	err := tx.exec("finish edition", `
		update editions
		set state = 'complete', total = $2, added = $3, changed = $4, unchanged = $5, removed = $6, quarantined = $7
		where id = $1`, id, t.Rows, t.Added, t.Changed, t.Unchanged, t.Removed, t.Quarantined)
	if err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryComplete, object: string(id), keyID: string(id), key: key, body: tallyBody(t)})
}

func tallyBody(t homeward.Tally) map[string]string {
	return map[string]string{
		"rows": strconv.Itoa(t.Rows), "added": strconv.Itoa(t.Added), "changed": strconv.Itoa(t.Changed),
		"unchanged": strconv.Itoa(t.Unchanged), "removed": strconv.Itoa(t.Removed), "quarantined": strconv.Itoa(t.Quarantined),
	}
}

// Edition returns an edition, or ErrNotFound.
func (tx *Tx) Edition(id homeward.EditionID) (homeward.Edition, error) {
	return tx.oneEdition("where id = $1", id)
}

// EditionOf returns the edition that is this very file of the source, or ErrNotFound.
func (tx *Tx) EditionOf(source homeward.SourceID, sha256 string) (homeward.Edition, error) {
	f := tx.Fingerprint("edition", string(source), sha256)
	return tx.oneEdition("where source = $1 and fingerprint = $2", source, f[:])
}

// Editions returns the editions of a source, newest first; of every source when it is empty.
func (tx *Tx) Editions(source homeward.SourceID) ([]homeward.Edition, error) {
	if source == "" {
		return tx.editions("order by received_at desc, id desc")
	}
	return tx.editions("where source = $1 order by received_at desc, id desc", source)
}

func (tx *Tx) oneEdition(where string, args ...any) (homeward.Edition, error) {
	out, err := tx.editions(where, args...)
	if err != nil {
		return homeward.Edition{}, err
	}
	if len(out) == 0 {
		return homeward.Edition{}, fmt.Errorf("read edition: %w", homeward.ErrNotFound)
	}
	return out[0], nil
}

func (tx *Tx) editions(where string, args ...any) ([]homeward.Edition, error) {
	var out []homeward.Edition
	var payloads [][]byte
	err := tx.query("read editions", `
		select id, source, state, received_at, total, added, changed, unchanged, removed, quarantined, sealed
		from editions
		`+where, args, func(r *sql.Rows) error {
		var e homeward.Edition
		var at int64
		var sealed []byte
		t := &e.Tally
		err := r.Scan(&e.ID, &e.Source, &e.State, &at, &t.Rows, &t.Added, &t.Changed, &t.Unchanged, &t.Removed, &t.Quarantined, &sealed)
		e.ReceivedAt = fromMicros(at)
		out, payloads = append(out, e), append(payloads, sealed)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		key, err := tx.key(string(out[i].ID))
		if err != nil {
			return nil, err
		}
		var s sealedEdition
		if err := openJSON(key, "editions", string(out[i].ID), payloads[i], &s); err != nil {
			return nil, err
		}
		out[i].Date, out[i].SHA256, out[i].Size, out[i].Format, out[i].Encoding = s.Date, s.SHA256, s.Size, s.Format, s.Encoding
	}
	return out, nil
}
