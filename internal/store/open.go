package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/blobs"
	"github.com/homeward-registry/homeward/internal/seal"
	"github.com/homeward-registry/homeward/ledger"
)

// Settings say where the store is.
type Settings struct {
	Dir      string // the folder: passphrase, blobs and, by default, both databases
	Database string // postgres://…, or empty for Dir/homeward.db
	Keys     string // postgres://…, or empty for Dir/keys.db
	// Root wraps the keys of compartments, a key management service for example; nil means the passphrase file in Dir.
	Root seal.Root
	// Blobs keeps the sealed bytes of exhibits; nil means the folder blobs in Dir.
	Blobs Blobs
	// Clock is the time source; nil means the machine's clock.
	Clock func() time.Time
}

func (s Settings) database() string   { return orPath(s.Database, s.Dir, "homeward.db") }
func (s Settings) keys() string       { return orPath(s.Keys, s.Dir, "keys.db") }
func (s Settings) passphrase() string { return filepath.Join(s.Dir, "passphrase") }

func orPath(url, dir, name string) string {
	if url != "" {
		return url
	}
	return filepath.Join(dir, name)
}

func (s Settings) blobs() Blobs {
	if s.Blobs != nil {
		return s.Blobs
	}
	return blobs.In(filepath.Join(s.Dir, "blobs"))
}

// compartment is where everything is kept that lies in no other.
const compartment = string(homeward.Main)

// DB is an open store. It is safe for concurrent use.
type DB struct {
	data    *engine
	keys    *engine
	held    seal.Compartment // main
	rooms   rooms            // the others
	root    seal.Root
	speaks  atomic.Pointer[logKey]
	origin  string
	clock   func() time.Time
	highest highest
	dir     string
	blobs   Blobs
	fences  fences
}

// Created says what Init made.
type Created struct {
	Passphrase string // path of the passphrase file; empty when the store was there already and only brought up to date
	Verifier   string // the log's verifier key: give it to whoever should check the ledger
}

// Init makes a store, or brings the schema of the one that is there up to date. A passphrase file is made with mode
// 0600; who loses it loses every word in the register.
func Init(ctx context.Context, s Settings) (Created, error) {
	if err := os.MkdirAll(filepath.Join(s.Dir, "blobs"), 0o700); err != nil {
		return Created{}, fmt.Errorf("make folder: %w", err)
	}
	data, keys, err := openEngines(ctx, s)
	if err != nil {
		return Created{}, err
	}
	defer func() { data.close(); keys.close() }()
	if err := errors.Join(data.migrate(ctx, schema, "schema"), keys.migrate(ctx, keySchema, "keyschema")); err != nil {
		return Created{}, err
	}
	db := &DB{data: data, keys: keys, clock: clockOf(s), dir: s.Dir, blobs: s.blobs()}
	header, err := db.rootHeader(ctx)
	if err == nil {
		if err := db.unlock(ctx, s, header); err != nil {
			return Created{}, err
		}
		return Created{Verifier: db.Verifier()}, nil
	}
	if !errors.Is(err, homeward.ErrNotFound) {
		return Created{}, err
	}
	return db.create(ctx, s)
}

// create makes the root secret, the compartment and the log's key, in that order: each rests on the one before, and
// a crash in between leaves a store that a second Init completes or that holds nothing.
func (db *DB) create(ctx context.Context, s Settings) (Created, error) {
	root, header, err := s.newRoot()
	if err != nil {
		return Created{}, err
	}
	wrapped, held, err := seal.NewCompartment(ctx, root, compartment)
	if err != nil {
		return Created{}, err
	}
	db.held, db.root = held, root
	if err := db.putLogKey(ctx, "homeward.local/"+homeward.NewID(db.clock())); err != nil {
		return Created{}, err
	}
	if err := db.putRoot(ctx, header, wrapped); err != nil {
		return Created{}, err
	}
	if err := db.loadLogKey(ctx); err != nil {
		return Created{}, err
	}
	made := Created{Verifier: db.Verifier()}
	if s.Root == nil {
		made.Passphrase = s.passphrase()
	}
	return made, nil
}

// ownRoot is the header of a store whose root secret is kept by Settings.Root.
const ownRoot = `{"kdf":"none"}`

// newRoot returns the root of a new store, and the header that tells how it is opened.
func (s Settings) newRoot() (seal.Root, []byte, error) {
	if s.Root != nil {
		return s.Root, []byte(ownRoot), nil
	}
	return seal.NewPassphrase(s.passphrase())
}

// root opens the root of a store.
func (s Settings) root(header []byte) (seal.Root, error) { return s.rootBy(s.passphrase(), header) }

// rootBy opens the root of a store by a passphrase file. ErrInvalid when the store was made with a root of its own and none is
// given, or the other way round.
func (s Settings) rootBy(passphrase string, header []byte) (seal.Root, error) {
	switch own := string(header) == ownRoot; {
	case own != (s.Root != nil):
		return nil, fmt.Errorf("open root: the store was made with another kind of root secret: %w", homeward.ErrInvalid)
	case own:
		return s.Root, nil
	}
	return seal.OpenPassphrase(passphrase, header)
}

// Open opens a store made by Init: asserts the settings durability rests on, unlocks the keys, sweeps keys that a
// crash left without data, and sequences what is pending.
func Open(ctx context.Context, s Settings) (*DB, error) {
	db, err := open(ctx, s)
	if err != nil {
		return nil, err
	}
	var shut int
	err = db.data.read.QueryRowContext(ctx, `
		select count(*)
		from settings
		where name = $1`, restoring).Scan(&shut)
	if err == nil && shut > 0 {
		err = fmt.Errorf("this store was restored from a backup that did not verify: restore into another place: %w", homeward.ErrTampered)
	}
	if err == nil {
		err = db.catchUp(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// catchUp finishes what a process that ended left: copies half made, pending leaves, erasures, keys without data.
func (db *DB) catchUp(ctx context.Context) error {
	if err := SweepPartial(db.dir, "*"); err != nil {
		return err
	}
	if err := db.sequence(ctx); err != nil {
		return err
	}
	if err := db.finishErasures(ctx); err != nil {
		return err
	}
	return errors.Join(db.settleKeys(ctx), db.sweepKeys(ctx), db.loadHighest(ctx))
}

// open opens a store, whatever is in it.
func open(ctx context.Context, s Settings) (_ *DB, err error) {
	if s.Database == "" {
		if _, err := os.Stat(s.database()); err != nil {
			return nil, fmt.Errorf("no store in this folder: run homeward init first: %w", homeward.ErrNotFound)
		}
	}
	data, keys, err := openEngines(ctx, s)
	if err != nil {
		return nil, err
	}
	db := &DB{data: data, keys: keys, clock: clockOf(s), dir: s.Dir, blobs: s.blobs()}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	if err := errors.Join(data.settings(ctx), keys.settings(ctx)); err != nil {
		return nil, err
	}
	if err := errors.Join(data.current(ctx, schema, "schema"), keys.current(ctx, keySchema, "keyschema")); err != nil {
		return nil, err
	}
	header, err := db.rootHeader(ctx)
	if err != nil {
		return nil, fmt.Errorf("no store here: run homeward init first: %w", err)
	}
	return db, db.unlock(ctx, s, header)
}

// Close closes both databases.
func (db *DB) Close() error { return errors.Join(db.data.close(), db.keys.close()) }

// Dir returns the store's folder.
func (db *DB) Dir() string { return db.dir }

// Verifier returns the verifier key that speaks for the log now, in the form of x/mod/sumdb/note.
func (db *DB) Verifier() string { return db.speaks.Load().verifier }

// Now returns the store's clock, truncated to microseconds.
func (db *DB) Now() time.Time { return db.clock().UTC().Truncate(time.Microsecond) }

func clockOf(s Settings) func() time.Time {
	if s.Clock != nil {
		return s.Clock
	}
	return time.Now
}

func openEngines(ctx context.Context, s Settings) (data, keys *engine, err error) {
	if data, err = openEngine(ctx, s.database()); err != nil {
		return nil, nil, err
	}
	if keys, err = openEngine(ctx, s.keys()); err != nil {
		data.close()
		return nil, nil, err
	}
	return data, keys, nil
}

// unlock opens the compartment with the root secret and loads the log's key.
func (db *DB) unlock(ctx context.Context, s Settings, header []byte) error {
	root, err := s.root(header)
	if err != nil {
		return err
	}
	db.root = root
	if db.held, err = openMain(ctx, db.keys, root); err != nil {
		return err
	}
	return db.loadLogKey(ctx)
}

// openMain opens the compartment where everything is kept that lies in no other.
func openMain(ctx context.Context, keys *engine, root seal.Root) (seal.Compartment, error) {
	var wrapped []byte
	// The compartment's key, wrapped by the root secret.
	err := keys.read.QueryRowContext(ctx, `
		select wrapped
		from compartments
		where name = $1`, compartment).Scan(&wrapped)
	if err != nil {
		return seal.Compartment{}, fmt.Errorf("read compartment %s: %w", compartment, notFound(err))
	}
	return seal.OpenCompartment(ctx, root, compartment, wrapped)
}

// logKeyObject names the object key that seals the log's signing key.
const logKeyObject = "log-key"

// putLogKey makes the log's signing key. Settings are written once: a second Init after a crash writes them anew only
// while no root exists, that is, while nothing has been signed.
func (db *DB) putLogKey(ctx context.Context, origin string) error {
	skey, vkey, err := ledger.NewKey(origin)
	if err != nil {
		return err
	}
	key, wrapped, err := db.held.NewObjectKey(logKeyObject)
	if err != nil {
		return err
	}
	sealed, err := key.Seal("settings", "value", "signer", []byte(skey))
	if err != nil {
		return err
	}
	for name, value := range map[string][]byte{"origin": []byte(origin), "verifier": []byte(vkey), "signer": sealed, "signer-key": wrapped} {
		_, err := db.data.write.ExecContext(ctx, `
			insert into settings (name, value)
			values ($1, $2)
			on conflict (name) do update set value = excluded.value`, name, value)
		if err != nil {
			return fmt.Errorf("write setting %s: %w", name, err)
		}
	}
	return nil
}
