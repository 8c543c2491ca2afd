package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// rooms are the open keys of the compartments beside main, each opened when it is first needed: another server may have
// made it.
type rooms struct {
	mu   sync.RWMutex
	open map[homeward.CompartmentID]seal.Compartment
}

// room returns the open key of a compartment, or ErrNotFound.
func (db *DB) room(ctx context.Context, id homeward.CompartmentID) (seal.Compartment, error) {
	if id == homeward.Main || id == "" {
		return db.held, nil
	}
	db.rooms.mu.RLock()
	c, ok := db.rooms.open[id]
	db.rooms.mu.RUnlock()
	if ok {
		return c, nil
	}
	var wrapped []byte
	// A compartment's key, wrapped by the root secret.
	err := db.keys.read.QueryRowContext(ctx, `
		select wrapped
		from compartments
		where name = $1`, id).Scan(&wrapped)
	if err != nil {
		return c, fmt.Errorf("read key of compartment %s: %w", id, notFound(err))
	}
	if c, err = seal.OpenCompartment(ctx, db.root, string(id), wrapped); err == nil {
		db.rooms.keep(id, c)
	}
	return c, err
}

func (r *rooms) keep(id homeward.CompartmentID, c seal.Compartment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		r.open = map[homeward.CompartmentID]seal.Compartment{}
	}
	r.open[id] = c
}

// newRoom makes the key of a new compartment. It is committed before the compartment: a key that nothing uses harms
// nobody.
func (db *DB) newRoom(ctx context.Context, id homeward.CompartmentID) error {
	wrapped, c, err := seal.NewCompartment(ctx, db.root, string(id))
	if err != nil {
		return err
	}
	err = db.keys.transact(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `
			insert into compartments (name, wrapped, created_at)
			values ($1, $2, $3)`, id, wrapped, micros(db.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("write key of compartment %s: %w", id, err)
	}
	db.rooms.keep(id, c)
	return nil
}

// wrappedKey is the key of an object as the key database holds it.
type wrappedKey struct {
	id      string
	in      homeward.CompartmentID
	bound   string // the compartment its payloads are bound to; empty: the one it lies in
	wrapped []byte
	next    homeward.CompartmentID // that it is on its way to, and its key wrapped by that
	again   []byte
}

// selectKeys reads the columns of wrappedKey.
const selectKeys = `
	select k.id, k.compartment, k.bound, k.wrapped, coalesce(m.compartment, ''), m.wrapped
	from keys k
	left join moves m on m.id = k.id`

func (w *wrappedKey) columns() []any {
	return []any{&w.id, &w.in, &w.bound, &w.wrapped, &w.next, &w.again}
}

// openKey opens the wrapped key of an object.
func (db *DB) openKey(ctx context.Context, w wrappedKey) (seal.ObjectKey, error) {
	room, err := db.room(ctx, w.in)
	if err != nil {
		return seal.ObjectKey{}, err
	}
	key, err := room.OpenObjectKey(w.id, w.wrapped)
	if w.bound != "" {
		key = key.BoundTo(w.bound)
	}
	if err != nil || w.next == "" {
		return key, err
	}
	to, err := db.room(ctx, w.next)
	if err != nil {
		return key, err
	}
	return key.Moving(to, w.id, w.again)
}
