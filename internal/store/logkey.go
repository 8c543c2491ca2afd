package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
)

// logKey is the key that speaks for the log, and those that did before.
type logKey struct {
	signer   note.Signer
	verifier string
	chain    ledger.Keys
}

// loadLogKey reads the log's key and the keys before it. Successions that do not hold together leave the newest key
// alone: the register opens, and verify names them.
func (db *DB) loadLogKey(ctx context.Context) error {
	values := map[string][]byte{}
	for _, name := range []string{"origin", "verifier", "signer", "signer-key"} {
		v, err := db.setting(ctx, name)
		if err != nil {
			return err
		}
		values[name] = v
	}
	k := &logKey{verifier: string(values["verifier"])}
	var err error
	if k.signer, err = db.openSigner("signer", values["signer-key"], values["signer"]); err != nil {
		return err
	}
	if k.chain, err = db.followKeys(ctx, k.verifier); err != nil {
		return err
	}
	if db.origin == "" { // it never changes, and others read it while a key is loaded anew
		db.origin = string(values["origin"])
	}
	db.speaks.Store(k)
	return nil
}

func (db *DB) setting(ctx context.Context, name string) (v []byte, err error) {
	// One setting.
	err = db.data.read.QueryRowContext(ctx, `
		select value
		from settings
		where name = $1`, name).Scan(&v)
	if err != nil {
		return nil, fmt.Errorf("read setting %s: %w", name, notFound(err))
	}
	return v, nil
}

// openSigner opens a signing key that is kept as a setting.
func (db *DB) openSigner(setting string, wrapped, sealed []byte) (note.Signer, error) {
	key, err := db.held.OpenObjectKey(logKeyObject, wrapped)
	if err != nil {
		return nil, fmt.Errorf("open log key: %w", err)
	}
	text, err := key.Open("settings", "value", setting, sealed)
	if err != nil {
		return nil, fmt.Errorf("open log key: %w", err)
	}
	signer, err := note.NewSigner(string(text))
	if err != nil {
		return nil, fmt.Errorf("open log key: %w", homeward.ErrTampered)
	}
	return signer, nil
}

// followKeys returns the log's keys; the newest alone when there are no successions, or they do not hold together.
func (db *DB) followKeys(ctx context.Context, newest string) (ledger.Keys, error) {
	alone, err := ledger.FollowKeys(newest, "", nil)
	if err != nil {
		return alone, err
	}
	var list []succession
	var identity string
	err = db.View(ctx, homeward.System, func(tx *Tx) (err error) {
		if list, err = tx.successions(""); err == nil && len(list) > 0 {
			identity, err = tx.Identity()
		}
		return err
	})
	if err != nil || len(list) == 0 {
		return alone, err
	}
	first, steps := list[0].old, make([]ledger.Succession, len(list))
	for i, s := range list {
		steps[i] = s.Succession
	}
	chain, err := ledger.FollowKeys(first, identity, steps)
	if err != nil || chain.Newest() != newest {
		return alone, nil
	}
	return chain, nil
}

// Identity returns the verifier key of the identity that names the log's successors, or ErrNotFound.
func (tx *Tx) Identity() (string, error) {
	t, err := tx.Trust(TrustIdentity)
	return string(t.Text), err
}

// LogKeys returns the keys that spoke for the log.
func (db *DB) LogKeys() ledger.Keys { return db.speaks.Load().chain }

// speaking returns the key that speaks for the log by what is committed: another server may have handed it over.
func (db *DB) speaking(ctx context.Context, t *sql.Tx) (*logKey, error) {
	var verifier []byte
	// The verifier key of the log.
	err := t.QueryRowContext(ctx, `
		select value
		from settings
		where name = 'verifier'`).Scan(&verifier)
	if err != nil {
		return nil, fmt.Errorf("read setting verifier: %w", err)
	}
	if k := db.speaks.Load(); k.verifier == string(verifier) {
		return k, nil
	}
	if err := db.loadLogKey(ctx); err != nil {
		return nil, err
	}
	return db.speaks.Load(), nil
}

// NextKey makes the key that is to follow, keeps it sealed, and returns the statement that the identity has to sign. Asked
// again before it was signed, it returns the same.
func (db *DB) NextKey(ctx context.Context) (statement []byte, err error) {
	err = db.View(ctx, homeward.Operator, func(tx *Tx) error {
		_, err := tx.Identity()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("next key: no identity is trusted: %w", err)
	}
	next, err := db.setting(ctx, "next-verifier")
	if errors.Is(err, homeward.ErrNotFound) {
		next, err = db.makeNextKey(ctx)
	}
	return ledger.FormatSuccession(db.origin, db.Verifier(), string(next)), err
}

func (db *DB) makeNextKey(ctx context.Context) (verifier []byte, err error) {
	skey, vkey, err := ledger.NewKey(db.origin)
	if err != nil {
		return nil, err
	}
	key, err := db.signerKey(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := key.Seal("settings", "value", "signer", []byte(skey))
	if err != nil {
		return nil, err
	}
	return []byte(vkey), db.data.transact(ctx, func(t *sql.Tx) error {
		return errors.Join(putSetting(ctx, t, "next-signer", sealed), putSetting(ctx, t, "next-verifier", []byte(vkey)))
	})
}

func putSetting(ctx context.Context, t *sql.Tx, name string, value []byte) error {
	_, err := t.ExecContext(ctx, `
		insert into settings (name, value)
		values ($1, $2)
		on conflict (name) do update set value = excluded.value`, name, value)
	if err != nil {
		return fmt.Errorf("write setting %s: %w", name, err)
	}
	return nil
}
