package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/stamp"
)

// Stamp is an authority's time-stamp over a checkpoint of the log: over the note as the log signed it, without
// cosignatures.
type Stamp struct {
	ID        string
	Size      int64
	Authority string
	Answer    []byte    // TimeStampResp, as it came
	At        time.Time // when the authority saw it; of a stamp that was read
}

// Authorities returns the authorities of time-stamps that the operator named; none when nothing was said.
func (tx *Tx) Authorities() ([]stamp.Authority, error) {
	t, err := tx.Trust(TrustAuthorities)
	if errors.Is(err, homeward.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return stamp.ParseAuthorities(t.Text)
}

// PutStamp keeps what an authority answered. The same authority twice for one size changes nothing. ErrTampered when
// it does not verify under the roots of any authority of this name.
func (tx *Tx) PutStamp(s Stamp) error {
	if _, err := tx.stampedAt(s); err != nil {
		return err
	}
	s.ID = homeward.NewID(tx.Now)
	n, err := tx.execCount("put time-stamp", `
		insert into stamps (id, size, authority, token, at)
		values ($1, $2, $3, $4, $5)
		on conflict (size, authority) do nothing`, s.ID, s.Size, s.Authority, s.Answer, micros(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return tx.putOpen(entryStamp, s.ID, stampBody(s))
}

func stampBody(s Stamp) map[string]string {
	sum := sha256.Sum256(s.Answer)
	return map[string]string{"size": strconv.FormatInt(s.Size, 10), "authority": s.Authority, "answer": hex.EncodeToString(sum[:])}
}

// stampedAt verifies a stamp under the roots that the operator trusted for the authority, now or before: an authority
// that is not asked any more still said what it said.
func (tx *Tx) stampedAt(s Stamp) (time.Time, error) {
	text, err := tx.CheckpointAt(s.Size)
	if err != nil {
		return time.Time{}, err
	}
	trusts, err := tx.trusts("where kind = $1", TrustAuthorities)
	if err != nil {
		return time.Time{}, err
	}
	failed := fmt.Errorf("verify time-stamp of %s: nobody of this name is trusted: %w", s.Authority, homeward.ErrTampered)
	for i := len(trusts) - 1; i >= 0; i-- {
		list, err := stamp.ParseAuthorities(trusts[i].Text)
		if err != nil {
			continue // an altered text is named where trusts are verified
		}
		for _, a := range list {
			if a.Name != s.Authority {
				continue
			}
			at, err := stamp.Verify(s.Answer, text, a.Roots)
			if err == nil {
				return at, nil
			}
			failed = err
		}
	}
	return time.Time{}, failed
}

// Stamps returns the time-stamps over the checkpoint of a size, with the time that each proves.
func (tx *Tx) Stamps(size int64) ([]Stamp, error) {
	list, err := tx.stamps("where size = $1", size)
	for i := range list {
		if list[i].At, err = tx.stampedAt(list[i]); err != nil {
			return nil, err
		}
	}
	return list, err
}

// FirstStampedOver returns the size of the oldest checkpoint that covers a leaf and has a time-stamp, or ErrNotFound.
func (tx *Tx) FirstStampedOver(index int64) (size int64, err error) {
	return size, tx.row(fmt.Sprintf("read first time-stamp over leaf %d", index), `
		select size
		from stamps
		where size > $1
		order by size
		limit 1`, []any{index}, &size)
}

// stamps selects by a clause written in this file, oldest first. At is when the answer was kept.
func (tx *Tx) stamps(where string, args ...any) ([]Stamp, error) {
	var out []Stamp
	return out, tx.query("read time-stamps", `
		select id, size, authority, token, at
		from stamps
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var s Stamp
		var at int64
		err := r.Scan(&s.ID, &s.Size, &s.Authority, &s.Answer, &at)
		s.At = fromMicros(at)
		out = append(out, s)
		return err
	})
}

func (v *verification) stampRow(id string) (map[string]string, error) {
	list, err := v.tx.stamps("where id = $1", id)
	if err != nil {
		return nil, err
	}
	s := list[0]
	if _, err := v.tx.stampedAt(s); tampered(err) || missing(err) {
		v.found("stamps", id, s.Size, "the time-stamp does not verify under a root that was trusted")
	} else if err != nil {
		return nil, err
	}
	body := stampBody(s)
	body["at"] = fmt.Sprint(micros(s.At))
	return body, nil
}
