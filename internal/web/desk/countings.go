package desk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// countingsHeld bounds how many tables are kept: days are chosen freely.
	countingsHeld = 64
	// countingKept is how old a count of a large register may be that is shown. One that is older than talliesKept is counted anew
	// behind the page meanwhile; pairs are proposed without an entry of the log.
	countingKept = 10 * time.Minute
	// countingLeisure is how many times as long as it took to count the counting of the same rests.
	countingLeisure = 10
	// countingPatience is how long a page waits for a count that is under way; a small register is counted sooner.
	countingPatience = 100 * time.Millisecond
)

// countings keep tables of a large register by days and what a reader reaches, each of which answers every definition and says as of
// when it was known. A small register is always counted anew.
type countings struct {
	mu   sync.Mutex
	told map[string]*counting
}

// counting is one table: the last that was made, and whether one is being made.
type counting struct {
	table *statistics.Table // nil while there is none
	err   error             // of the last counting
	size  int64             // of the log
	at    time.Time
	took  time.Duration
	ready chan struct{} // closed when the counting under way is done; nil when none is
}

// asked is what a table is asked for.
type asked struct {
	valid, known time.Time
	drawn        bool   // children are to be divided
	reach        string // of who asks
}

// table returns a table for the reader; nil while the first one of a large register is being made. kept says that it may be some
// minutes old.
func (d *Desk) table(v *visit, a asked) (t *statistics.Table, kept bool, err error) {
	reach, size, large, err := d.reachOf(v)
	if err != nil {
		return nil, false, err
	}
	if !large {
		t, err = d.tabulate(v.ctx(), v.user.Actor(), a)
		return t, false, err
	}
	a.reach = reach
	key := fmt.Sprint(reach, a.valid.UnixMicro(), a.known.UnixMicro(), a.drawn)
	select {
	case <-d.beginCounting(v.user.Actor(), key, size, a):
	case <-time.After(countingPatience):
	}
	d.counts.mu.Lock()
	defer d.counts.mu.Unlock()
	c := d.counts.told[key]
	if c == nil || c.table == nil || d.Now().Sub(c.at) >= countingKept && c.size != size {
		if c != nil && c.ready == nil {
			return nil, true, c.err
		}
		return nil, true, nil
	}
	return c.table, true, nil
}

// beginCounting counts behind the page unless a count stands or is under way. The channel closes when the page need not wait.
func (d *Desk) beginCounting(actor homeward.Actor, key string, size int64, a asked) <-chan struct{} {
	s := &d.counts
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(chan struct{})
	close(now)
	c := s.of(key)
	age := d.Now().Sub(c.at)
	switch {
	case c.ready != nil && c.table != nil && c.took > countingPatience:
		return now // there is one to show meanwhile
	case c.ready != nil:
		return c.ready
	case c.table != nil && (age < max(talliesKept, countingLeisure*c.took) || c.size == size && age < countingKept):
		return now
	}
	c.ready = make(chan struct{})
	d.work.Go(func() { d.countBehind(actor, c, size, a) })
	if c.table != nil && c.took > countingPatience {
		return now
	}
	return c.ready
}

// countBehind makes a table.
func (d *Desk) countBehind(actor homeward.Actor, c *counting, size int64, a asked) {
	d.behind.Lock()
	defer d.behind.Unlock()
	began := time.Now()
	t, err := d.tabulate(d.life, actor, a)
	still := ""
	if err == nil {
		err = d.DB.View(d.life, actor, func(tx *store.Tx) error {
			who, err := tx.Access()
			still = reachKey(who)
			return err
		})
	}
	d.counts.mu.Lock()
	defer d.counts.mu.Unlock()
	if c.err = err; err == nil && still == a.reach { // what was opened or closed meanwhile is for nobody else to see
		c.table, c.size, c.at, c.took = t, size, d.Now(), time.Since(began)
	}
	close(c.ready)
	c.ready = nil
}

// tabulate makes a table now.
func (d *Desk) tabulate(ctx context.Context, actor homeward.Actor, a asked) (*statistics.Table, error) {
	if !a.drawn {
		return statistics.NewTable(ctx, d.DB, actor, a.valid, a.known)
	}
	g, err := d.places.Current(ctx, d.DB, actor)
	if err != nil {
		return nil, err
	}
	return d.sketches.NewTable(ctx, d.DB, actor, g, a.valid, a.known)
}

// reachOf names what the reader reaches, and returns the size of the log and whether the register is a large one.
func (d *Desk) reachOf(v *visit) (reach string, size int64, large bool, err error) {
	err = v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		if err != nil {
			return err
		}
		if size, err = tx.TreeSize(); err != nil {
			return err
		}
		c, err := d.counted(tx)
		reach, large = reachKey(who), d.tallies.isLarge(c)
		return err
	})
	return reach, size, large, err
}

// of returns the counting that a key names, an empty one when there is none yet. What is full is emptied but for what is under way.
func (s *countings) of(key string) *counting {
	if s.told[key] == nil {
		if s.told == nil {
			s.told = map[string]*counting{}
		}
		for other, c := range s.told {
			if len(s.told) >= countingsHeld && c.ready == nil {
				delete(s.told, other)
			}
		}
		s.told[key] = &counting{}
	}
	return s.told[key]
}
