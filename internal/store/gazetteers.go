package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
)

// Gazetteer is a list of places that was read in. Its places are public, so that nothing of it is sealed.
type Gazetteer struct {
	ID     string
	Format string   // katotth, geonames
	Digest [32]byte // SHA-256 of the file as received
	Amount int      // of places
	ReadAt time.Time
	Body   []byte // the places, in the form of their writer
}

// PutGazetteer keeps a list. The newest of its format twice changes nothing: added is false.
func (tx *Tx) PutGazetteer(g Gazetteer) (added bool, err error) {
	newest, err := tx.Gazetteers()
	if err != nil {
		return false, err
	}
	for _, n := range newest {
		if n.Format == g.Format && n.Digest == g.Digest {
			return false, nil
		}
	}
	g.ID, g.ReadAt = homeward.NewID(tx.Now), tx.Now
	err = tx.exec("put gazetteer", `
		insert into gazetteers (id, format, digest, amount, read_at, body)
		values ($1, $2, $3, $4, $5, $6)`, g.ID, g.Format, g.Digest[:], g.Amount, micros(g.ReadAt), g.Body)
	if err != nil {
		return false, err
	}
	key, err := tx.newKey(g.ID)
	if err != nil {
		return false, err
	}
	return true, tx.put(draft{typ: entryGazetteer, object: g.ID, keyID: g.ID, key: key, body: gazetteerBody(g)})
}

// gazetteerBody holds a digest of the places, not the places: there may be hundreds of thousands.
func gazetteerBody(g Gazetteer) map[string]string {
	places := sha256.Sum256(g.Body)
	return map[string]string{
		"format": g.Format, "file": hex.EncodeToString(g.Digest[:]), "amount": strconv.Itoa(g.Amount), "places": hex.EncodeToString(places[:]),
	}
}

// Gazetteers returns the newest list of each format, in the order of formats, without its places.
func (tx *Tx) Gazetteers() ([]Gazetteer, error) {
	var out []Gazetteer
	return out, tx.query("read gazetteers", `
		select id, format, digest, amount, read_at
		from gazetteers g
		where id = (
			select max(id)
			from gazetteers
			where format = g.format)
		order by format`, nil, func(r *sql.Rows) error {
		var g Gazetteer
		var digest []byte
		var at int64
		err := r.Scan(&g.ID, &g.Format, &digest, &g.Amount, &at)
		g.ReadAt = fromMicros(at)
		copy(g.Digest[:], digest)
		out = append(out, g)
		return err
	})
}

// Gazetteer returns one list with its places, or ErrNotFound.
func (tx *Tx) Gazetteer(id string) (g Gazetteer, err error) {
	var digest []byte
	var at int64
	err = tx.row("read gazetteer "+id, `
		select id, format, digest, amount, read_at, body
		from gazetteers
		where id = $1`, []any{id}, &g.ID, &g.Format, &digest, &g.Amount, &at, &g.Body)
	g.ReadAt = fromMicros(at)
	copy(g.Digest[:], digest)
	return g, err
}

func (v *verification) gazetteerRow(id string) (map[string]string, error) {
	g, err := v.tx.Gazetteer(id)
	body := gazetteerBody(g)
	body["at"] = fmt.Sprint(micros(g.ReadAt))
	return body, err
}
