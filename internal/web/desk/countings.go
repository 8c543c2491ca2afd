package desk

import (
	"fmt"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// countingsHeld bounds how many counts are kept: days are chosen freely.
	countingsHeld = 256
	// countingKept is how long a count stands while the log does not grow: pairs are proposed without an entry.
	countingKept = 10 * time.Minute
)

// countings keep counts of a large register by definition, days and what a reader reaches: each says as of when it was known. A
// small register is always counted anew.
type countings struct {
	mu   sync.Mutex
	told map[string]*counting
}

// counting is one count, made by one reader at a time: who asks for the same meanwhile waits for it.
type counting struct {
	mu    sync.Mutex
	count homeward.Count
	size  int64 // of the log
	at    time.Time
}

// count is [statistics.Compute] for the reader, or what it returned before.
func (d *Desk) count(v *visit, definition string, valid, known time.Time) (homeward.Count, error) {
	reach, size, large, err := d.reachOf(v)
	if err != nil {
		return homeward.Count{}, err
	}
	if !large {
		return statistics.Compute(v.ctx(), d.DB, v.user.Actor(), definition, valid, known)
	}
	c := d.counts.of(fmt.Sprint(reach, valid.UnixMicro(), known.UnixMicro(), definition))
	c.mu.Lock()
	defer c.mu.Unlock()
	now := d.Now()
	if age := now.Sub(c.at); age < talliesKept || c.size == size && age < countingKept {
		return c.count, nil
	}
	count, err := statistics.Compute(v.ctx(), d.DB, v.user.Actor(), definition, valid, known)
	if err != nil {
		return count, err
	}
	if still, _, _, err := d.reachOf(v); err == nil && still == reach { // what was opened meanwhile is for this reader alone
		c.count, c.size, c.at = count, size, now
	}
	return count, nil
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

// of returns the count that a key names, an empty one when there is none yet.
func (s *countings) of(key string) *counting {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told[key] == nil {
		if s.told == nil || len(s.told) >= countingsHeld {
			s.told = map[string]*counting{}
		}
		s.told[key] = &counting{}
	}
	return s.told[key]
}
