package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// publishedMultiple is what the size of a checkpoint that is given out is a multiple of: how much was done since the
// last one cannot be read from it, and every tile of the lowest level is full.
const publishedMultiple = ledger.TileWidth

// Publication is a checkpoint that was signed over a padded log, to be given out.
type Publication struct {
	ID   string
	Size int64
	At   time.Time
}

// Publish pads the log with leaves that say nothing, signs it and returns the checkpoint, which may be given to anyone.
// It is called at fixed times. Leaves of padding are entries like all others: who sees only the log cannot tell them
// apart. What was published at or after the due time is returned as it is, so that of several servers one publishes; the
// zero time publishes always. While an alarm stands nothing is given out: ErrTampered.
func (db *DB) Publish(ctx context.Context, due time.Time) (text []byte, err error) {
	if err := db.sequence(ctx); err != nil {
		return nil, err
	}
	known, err := db.remembered(ctx)
	if err != nil {
		return nil, err
	}
	var signed ledger.Checkpoint
	err = db.data.transact(ctx, func(t *sql.Tx) (err error) {
		mine, err := db.data.sequencer(ctx, t)
		if err == nil && !mine {
			err = fmt.Errorf("another server sequences now, try again: %w", homeward.ErrUnavailable)
		}
		if err == nil {
			text, signed, err = db.publish(ctx, t, known, due)
		}
		return err
	})
	if err == nil {
		err = errors.Join(db.remember(ctx, signed), db.sequence(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("publish: %w", db.alarmed(ctx, err))
	}
	return text, nil
}

// publish pads, signs and notes the publication in one transaction: nothing comes in between.
func (db *DB) publish(ctx context.Context, t *sql.Tx, known ledger.Checkpoint, due time.Time) (text []byte, signed ledger.Checkpoint, err error) {
	tx := db.tx(ctx, homeward.System, t, true)
	if err := tx.unalarmed(); err != nil {
		return nil, signed, err
	}
	last, err := tx.Publications(1)
	if err == nil && len(last) > 0 && !due.IsZero() && !last[0].At.Before(due) {
		text, err = tx.CheckpointAt(last[0].Size)
		return text, signed, err
	}
	if err != nil {
		return nil, signed, err
	}
	if err := tx.pad(); err != nil {
		return nil, signed, err
	}
	if text, signed, err = db.sign(ctx, t, known); err != nil {
		return nil, signed, err
	}
	return text, signed, errors.Join(tx.putPublication(signed.Size), tx.flushKeys())
}

// unalarmed fails while an alarm stands, or the clock stands behind what was written before.
func (tx *Tx) unalarmed() error {
	if mark := tx.db.highest.behind(tx.Now); !mark.IsZero() {
		return alarming{AlarmClock, micros(mark), "the clock was set back"}
	}
	standing, err := tx.OpenAlarms()
	if err != nil {
		return err
	}
	if len(standing) > 0 {
		return fmt.Errorf("an alarm stands (%s), nothing is given out: %w", standing[0].Kind, homeward.ErrTampered)
	}
	return nil
}

// pad sequences what waits and fills the log up.
func (tx *Tx) pad() error {
	if err := tx.sequenceAll(); err != nil {
		return err
	}
	size, err := treeSize(tx.ctx, tx.sql)
	missing := (publishedMultiple - size%publishedMultiple) % publishedMultiple
	if err != nil || missing == 0 && size > 0 {
		return err
	}
	if size == 0 {
		missing = publishedMultiple
	}
	id := homeward.NewID(tx.Now)
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	entries := make([]sealedEntry, missing)
	for i := range entries {
		d := draft{typ: entryPadding, object: id, keyID: id, key: key, body: map[string]string{}}
		if entries[i], err = d.seal(tx.Actor, tx.Now); err != nil {
			return err
		}
	}
	if err := tx.putSealed(entries); err != nil {
		return err
	}
	_, err = sequenceSome(tx.ctx, tx.sql)
	return err
}

// sequenceAll sequences what waits, within this transaction.
func (tx *Tx) sequenceAll() error {
	for moved := sequenceBatch; moved == sequenceBatch; {
		var err error
		if moved, err = sequenceSome(tx.ctx, tx.sql); err != nil {
			return err
		}
	}
	return nil
}

// putPublication notes a publication; one of a size that was published changes nothing.
func (tx *Tx) putPublication(size int64) error {
	p := Publication{ID: homeward.NewID(tx.Now), Size: size}
	n, err := tx.execCount("put publication", `
		insert into publications (id, size, at)
		values ($1, $2, $3)
		on conflict (size) do nothing`, p.ID, p.Size, micros(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return tx.putOpen(entryPublication, p.ID, publicationBody(p))
}

func publicationBody(p Publication) map[string]string {
	return map[string]string{"size": strconv.FormatInt(p.Size, 10)}
}

// Publications returns the newest publications, newest first.
func (tx *Tx) Publications(limit int) ([]Publication, error) {
	return tx.publications(`
		order by size desc
		limit $1`, limit)
}

// publications selects by a clause written in this file.
func (tx *Tx) publications(clause string, args ...any) ([]Publication, error) {
	var out []Publication
	return out, tx.query("read publications", `
		select id, size, at
		from publications
		`+clause, args, func(r *sql.Rows) error {
		var p Publication
		var at int64
		err := r.Scan(&p.ID, &p.Size, &at)
		p.At = fromMicros(at)
		out = append(out, p)
		return err
	})
}

func (v *verification) publicationRow(id string) (map[string]string, error) {
	list, err := v.tx.publications("where id = $1", id)
	if err != nil {
		return nil, err
	}
	body := publicationBody(list[0])
	body["at"] = fmt.Sprint(micros(list[0].At))
	return body, nil
}
