package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// succession is how one key of the log followed another.
type succession struct {
	ledger.Succession
	id       string
	size     int64
	old      string
	verifier string
	at       time.Time
}

// Succeed hands the log over to the key that NextKey made, once the identity has signed the statement: both keys sign one
// checkpoint, and the old one is overwritten. ErrTampered when the identity did not sign it; ErrConflict when it is of
// another key.
func (db *DB) Succeed(ctx context.Context, statement []byte) error {
	known, err := db.remembered(ctx)
	if err != nil {
		return err
	}
	var signed ledger.Checkpoint
	err = db.data.transact(ctx, func(t *sql.Tx) error {
		mine, err := db.data.sequencer(ctx, t)
		if err == nil && !mine {
			err = fmt.Errorf("another server sequences now, try again: %w", homeward.ErrUnavailable)
		}
		if err == nil {
			signed, err = db.succeed(ctx, t, statement, known)
		}
		return err
	})
	if err == nil {
		err = errors.Join(db.remember(ctx, signed), db.loadLogKey(ctx), db.sequence(ctx))
	}
	if err != nil {
		return fmt.Errorf("hand the log over: %w", db.alarmed(ctx, err))
	}
	return nil
}

func (db *DB) succeed(ctx context.Context, t *sql.Tx, statement []byte, known ledger.Checkpoint) (c ledger.Checkpoint, err error) {
	tx := db.tx(ctx, homeward.Operator, t, true)
	old, err := db.speaking(ctx, t)
	if err != nil {
		return c, err
	}
	next, sealed, err := tx.nextKey(statement, old.verifier)
	if err != nil {
		return c, err
	}
	if err := tx.sequenceAll(); err != nil {
		return c, err
	}
	size, err := treeSize(ctx, t)
	if err == nil {
		_, _, err = db.guard(ctx, t, size, known)
	}
	if err != nil {
		return c, err
	}
	c = ledger.Checkpoint{Origin: db.origin, Size: size}
	if c.Root, err = tlog.TreeHash(size, hashReader{ctx, t}); err != nil {
		return c, err
	}
	s := succession{size: size, verifier: verifierOf(statement), Succession: ledger.Succession{Statement: statement}}
	if s.Handover, err = ledger.SignHandover(old.signer, next, c); err != nil {
		return c, err
	}
	return c, errors.Join(
		putSetting(ctx, t, "signer", sealed), putSetting(ctx, t, "verifier", []byte(s.verifier)),
		tx.exec("forget the next key", `
			delete from settings
			where name in ('next-signer', 'next-verifier')`),
		tx.putSuccession(s), tx.flushKeys())
}

// verifierOf returns the new verifier key of a statement that was opened before.
func verifierOf(statement []byte) string { return lineOf(statement, 3) }

// nextKey checks the statement and opens the key that it names.
func (tx *Tx) nextKey(statement []byte, old string) (next note.Signer, sealed []byte, err error) {
	identity, err := tx.Identity()
	if err != nil {
		return nil, nil, err
	}
	origin, of, to, err := ledger.OpenSuccession(statement, identity)
	if err != nil {
		return nil, nil, err
	}
	made, err := tx.db.setting(tx.ctx, "next-verifier")
	if err != nil || origin != tx.db.origin || of != old || to != string(made) {
		return nil, nil, fmt.Errorf("the statement is not of the key that was made to follow: %w", homeward.ErrConflict)
	}
	if sealed, err = tx.db.setting(tx.ctx, "next-signer"); err != nil {
		return nil, nil, err
	}
	wrapped, err := tx.db.setting(tx.ctx, "signer-key")
	if err != nil {
		return nil, nil, err
	}
	next, err = tx.db.openSigner("signer", wrapped, sealed)
	return next, sealed, err
}

// signerKey opens the key that seals the log's signing keys.
func (db *DB) signerKey(ctx context.Context) (key seal.ObjectKey, err error) {
	wrapped, err := db.setting(ctx, "signer-key")
	if err != nil {
		return key, err
	}
	return db.held.OpenObjectKey(logKeyObject, wrapped)
}

func (tx *Tx) putSuccession(s succession) error {
	s.id = homeward.NewID(tx.Now)
	err := tx.exec("put succession", `
		insert into successions (id, size, verifier, statement, handover, at)
		values ($1, $2, $3, $4, $5, $6)`, s.id, s.size, s.verifier, s.Statement, s.Handover, micros(tx.Now))
	if err != nil {
		return err
	}
	return tx.putOpen(entrySuccession, s.id, successionBody(s))
}

func successionBody(s succession) map[string]string {
	return map[string]string{
		"size": strconv.FormatInt(s.size, 10), "verifier": s.verifier, "statement": string(s.Statement), "handover": string(s.Handover),
	}
}

// Successions returns how the log's keys followed one another, and the first of them.
func (tx *Tx) Successions() (first string, steps []ledger.Succession, err error) {
	list, err := tx.successions("")
	for _, s := range list {
		steps = append(steps, s.Succession)
	}
	if len(list) > 0 {
		return list[0].old, steps, err
	}
	return tx.db.Verifier(), nil, err
}

// successions selects by a clause written in this file, oldest first.
func (tx *Tx) successions(where string, args ...any) ([]succession, error) {
	var out []succession
	return out, tx.query("read successions", `
		select id, size, verifier, statement, handover, at
		from successions
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var s succession
		var at int64
		err := r.Scan(&s.id, &s.size, &s.verifier, &s.Statement, &s.Handover, &at)
		s.at, s.old = fromMicros(at), lineOf(s.Statement, 2)
		out = append(out, s)
		return err
	})
}

func (v *verification) successionRow(id string) (map[string]string, error) {
	list, err := v.tx.successions("where id = $1", id)
	if err != nil {
		return nil, err
	}
	body := successionBody(list[0])
	body["at"] = fmt.Sprint(micros(list[0].at))
	return body, nil
}

// logKeys returns the log's keys as the tables tell them, and names a chain that does not hold together.
func (v *verification) logKeys() ledger.Keys {
	first, steps, err := v.tx.Successions()
	identity := ""
	if err == nil && len(steps) > 0 {
		identity, err = v.tx.Identity()
	}
	chain := v.tx.db.LogKeys()
	if err == nil {
		chain, err = ledger.FollowKeys(first, identity, steps)
	}
	if err != nil || chain.Newest() != v.tx.db.Verifier() {
		v.found("successions", "", int64(len(steps)), "the log's keys do not follow one another")
		return v.tx.db.LogKeys()
	}
	return chain
}
