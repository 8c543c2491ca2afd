package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// Cosignature is a witness's word for a checkpoint of the log.
type Cosignature struct {
	ID      string
	Size    int64
	Witness string // its verifier key
	Line    []byte // of a signed note
	At      time.Time
}

// PutCosignature keeps what a witness answered. The same witness twice for one size changes nothing. ErrTampered when
// the line is not the witness's signature under the checkpoint.
func (tx *Tx) PutCosignature(c Cosignature) error {
	text, err := tx.CheckpointAt(c.Size)
	if err != nil {
		return err
	}
	if err := ledger.VerifyCosignature(text, c.Line, c.Witness); err != nil {
		return fmt.Errorf("keep cosignature of size %d: %w", c.Size, err)
	}
	c.ID = homeward.NewID(tx.Now)
	n, err := tx.execCount("put cosignature", `
		insert into cosignatures (id, size, witness, line, at)
		values ($1, $2, $3, $4, $5)
		on conflict (size, witness) do nothing`, c.ID, c.Size, c.Witness, c.Line, micros(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return tx.putOpen(entryCosignature, c.ID, cosignatureBody(c))
}

func cosignatureBody(c Cosignature) map[string]string {
	return map[string]string{"size": strconv.FormatInt(c.Size, 10), "witness": c.Witness, "line": string(c.Line)}
}

// CosignedOver returns the sizes of the oldest checkpoints that cover a leaf and that somebody cosigned, a hundred at most.
func (tx *Tx) CosignedOver(index int64) (sizes []int64, err error) {
	return sizes, tx.query(fmt.Sprintf("read cosignatures over leaf %d", index), `
		select distinct size
		from cosignatures
		where size > $1
		order by size
		limit 100`, []any{index}, func(r *sql.Rows) error {
		var size int64
		err := r.Scan(&size)
		sizes = append(sizes, size)
		return err
	})
}

// Cosignatures returns what witnesses said of the checkpoint of a size, oldest first.
func (tx *Tx) Cosignatures(size int64) ([]Cosignature, error) {
	return tx.cosignatures("where size = $1", size)
}

// cosignatures selects by a clause written in this file, oldest first.
func (tx *Tx) cosignatures(where string, args ...any) ([]Cosignature, error) {
	var out []Cosignature
	return out, tx.query("read cosignatures", `
		select id, size, witness, line, at
		from cosignatures
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var c Cosignature
		var at int64
		err := r.Scan(&c.ID, &c.Size, &c.Witness, &c.Line, &at)
		c.At = fromMicros(at)
		out = append(out, c)
		return err
	})
}

// LastCosigned returns the largest size that each witness cosigned, by its verifier key.
func (tx *Tx) LastCosigned() (map[string]int64, error) {
	out := map[string]int64{}
	return out, tx.query("read newest cosignatures", `
		select witness, max(size)
		from cosignatures
		group by witness`, nil, func(r *sql.Rows) error {
		var witness string
		var size int64
		err := r.Scan(&witness, &size)
		out[witness] = size
		return err
	})
}

// CosignedCheckpoint returns the checkpoint of a size with every cosignature that was collected for it.
func (tx *Tx) CosignedCheckpoint(size int64) ([]byte, error) {
	text, err := tx.CheckpointAt(size)
	if err != nil {
		return nil, err
	}
	list, err := tx.Cosignatures(size)
	for _, c := range list {
		text = append(text, c.Line...)
	}
	return text, err
}

func (v *verification) cosignatureRow(id string) (map[string]string, error) {
	list, err := v.tx.cosignatures("where id = $1", id)
	if err != nil {
		return nil, err
	}
	c := list[0]
	if text, err := v.tx.CheckpointAt(c.Size); err != nil || ledger.VerifyCosignature(text, c.Line, c.Witness) != nil {
		v.found("cosignatures", id, c.Size, "it is not the witness's signature under the checkpoint")
	}
	body := cosignatureBody(c)
	body["at"] = fmt.Sprint(micros(c.At))
	return body, nil
}
