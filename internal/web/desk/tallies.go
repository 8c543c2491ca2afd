package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// largeRegister is from how many rows on counting them takes longer than a page may.
	largeRegister = 20_000
	// talliesKept is how long the counts of a large register stand while it grows.
	talliesKept = time.Minute
)

// amounts are counts over everything that a reader reaches, without a word of any child.
type amounts struct {
	rows    map[homeward.SourceID]map[homeward.RecordState]int
	pairs   map[homeward.PairState]int // of the proposed ones, those that wait for a decision
	persons int
	size    int64 // of the log
	at      time.Time
}

// isLarge reports whether the counts may be shown for a while.
func (t *tallies) isLarge(c amounts) bool {
	n := 0
	for _, of := range c.rows {
		for _, rows := range of {
			n += rows
		}
	}
	return n >= t.large
}

// tallies keep what was counted, by what a reader reaches: who reaches the same shares the counts. Those of a small register are
// always of now; those of a large one may be a minute old, and are counted anew behind the page.
type tallies struct {
	mu       sync.Mutex
	first    sync.Mutex // held while somebody counts for the first time: who reaches the same waits for it
	large    int        // from how many rows on a register is large
	told     map[string]amounts
	counting map[string]bool
}

// counted returns the counts for the reader.
func (d *Desk) counted(tx *store.Tx) (amounts, error) {
	who, err := tx.Access()
	if err != nil {
		return amounts{}, err
	}
	size, err := tx.TreeSize()
	if err != nil {
		return amounts{}, err
	}
	key := reachKey(who)
	t := &d.tallies
	t.mu.Lock()
	was, ok := t.told[key]
	t.mu.Unlock()
	switch {
	case ok && was.size == size:
		return was, nil
	case !ok:
		return d.tallyFirst(tx, key, size)
	case !t.isLarge(was):
		return d.tally(tx, key, size)
	case d.Now().Sub(was.at) >= talliesKept:
		d.tallyBehind(who.Actor, key, size)
	}
	return was, nil
}

// tallyFirst counts unless somebody has meanwhile.
func (d *Desk) tallyFirst(tx *store.Tx, key string, size int64) (amounts, error) {
	t := &d.tallies
	t.first.Lock()
	defer t.first.Unlock()
	t.mu.Lock()
	was, ok := t.told[key]
	t.mu.Unlock()
	if ok && (t.isLarge(was) || was.size == size) {
		return was, nil
	}
	return d.tally(tx, key, size)
}

// reachKey names what an actor reaches.
func reachKey(who homeward.Access) string {
	return fmt.Sprint(who.Role, who.Everywhere, who.Compartments, slices.Sorted(maps.Keys(who.Opened)))
}

// tally counts and keeps the counts.
func (d *Desk) tally(tx *store.Tx, key string, size int64) (c amounts, err error) {
	c.size, c.at = size, d.Now()
	if c.rows, err = tx.CountRows(); err != nil {
		return c, err
	}
	if c.pairs, err = tx.CountPairs(); err != nil {
		return c, err
	}
	joined, err := tx.CountJoined()
	if err != nil {
		return c, err
	}
	c.pairs[homeward.PairProposed] -= joined
	if c.persons, err = tx.CountPersons(); err != nil {
		return c, err
	}
	t := &d.tallies
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told == nil {
		t.told, t.counting = map[string]amounts{}, map[string]bool{}
	}
	t.told[key] = c
	return c, nil
}

// tallyBehind counts behind the page, once at a time for who reaches the same.
func (d *Desk) tallyBehind(actor homeward.Actor, key string, size int64) {
	t := &d.tallies
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counting[key] {
		return
	}
	t.counting[key] = true
	d.work.Go(func() {
		d.behind.Lock()
		defer d.behind.Unlock()
		err := d.DB.View(d.life, actor, func(tx *store.Tx) error {
			who, err := tx.Access()
			if err != nil || reachKey(who) != key { // what was opened or closed meanwhile is for nobody else to see
				return err
			}
			_, err = d.tally(tx, key, size)
			return err
		})
		if err != nil && d.life.Err() == nil {
			d.Logger.Warn("counting postponed", "error", err)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.counting, key)
	})
}

// standing is how the register stands, as far as it takes long to count.
type standing struct {
	store.Quality
	stuck store.Stuck
}

func (d *Desk) standing(ctx context.Context, actor homeward.Actor) (s standing, err error) {
	return s, d.DB.View(ctx, actor, func(tx *store.Tx) (err error) {
		if s.Quality, err = tx.Quality(tx.Now.AddDate(0, 0, -staleAfter)); err != nil {
			return err
		}
		s.stuck, err = tx.Stuck()
		return err
	})
}
