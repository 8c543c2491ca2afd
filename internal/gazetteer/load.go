package gazetteer

import (
	"context"
	"fmt"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// Load returns the register's gazetteer.
func Load(ctx context.Context, db *store.DB, actor homeward.Actor) (*places.Gazetteer, error) {
	return (&Keeper{}).Current(ctx, db, actor)
}

// Keeper holds the register's gazetteer in memory, and reads it again when a list has come. The zero Keeper is ready; it may
// be used by many at once.
type Keeper struct {
	mu   sync.Mutex
	of   string // the ids of the lists it holds
	held *places.Gazetteer
}

// Current returns the gazetteer as the register has it now. Looking is one small query; only when a list has come are places
// read.
func (k *Keeper) Current(ctx context.Context, db *store.DB, actor homeward.Actor) (*places.Gazetteer, error) {
	var lists []store.Gazetteer
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		lists, err = tx.Gazetteers()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read gazetteer: %w", err)
	}
	of := ""
	for _, l := range lists {
		of += l.ID + " "
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held == nil || k.of != of {
		g, err := joined(ctx, db, actor, lists)
		if err != nil {
			return nil, fmt.Errorf("read gazetteer: %w", err)
		}
		k.of, k.held = of, g
	}
	return k.held, nil
}

// joined takes the lists into our own. The official codifier comes last in the alphabet and first here: what lies in what
// is told by it, whereabouts by the other.
func joined(ctx context.Context, db *store.DB, actor homeward.Actor, lists []store.Gazetteer) (*places.Gazetteer, error) {
	g := places.Ours()
	for i := len(lists) - 1; i >= 0; i-- {
		var full store.Gazetteer
		err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
			full, err = tx.Gazetteer(lists[i].ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		list, err := unpack(full.Body)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w: %w", full.ID, homeward.ErrTampered, err)
		}
		g = g.With(list)
	}
	return g, nil
}
