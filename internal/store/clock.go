package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// clockPatience is how far the clock may go back unremarked: clocks of several servers are never quite the same.
const clockPatience = 2 * time.Second

// highest is the latest time at which something was written: a clock that shows less was set back.
type highest struct {
	mu sync.Mutex
	at time.Time
}

// see moves the mark forward.
func (h *highest) see(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.After(h.at) {
		h.at = at
	}
}

// behind returns the mark when the time lies before it by more than the patience, otherwise nothing.
func (h *highest) behind(now time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at.Sub(now) <= clockPatience {
		return time.Time{}
	}
	return h.at
}

// set moves the mark to a time, back as well.
func (h *highest) set(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

// timed is what an entry says of its own time: nothing, or that the clock stood behind an entry before it. It is a part
// of the payload, so that nobody can take it away.
func (db *DB) timed(now time.Time) map[string]string {
	mark := db.highest.behind(now)
	if mark.IsZero() {
		return nil
	}
	return map[string]string{"clock": "behind " + mark.Format(time.RFC3339)}
}

// loadHighest reads the mark at start: the time of the newest entry, or what a standing alarm remembers.
func (db *DB) loadHighest(ctx context.Context) error {
	var newest, alarm int64
	err := db.data.read.QueryRowContext(ctx, `
		select
			coalesce((select e.at
				from leaves l
				join entries e on e.id = l.entry
				order by l.idx desc
				limit 1), 0),
			coalesce((select max(mark)
				from alarms
				where kind = 'clock'
					and closed_at = 0), 0)`).Scan(&newest, &alarm)
	if err != nil {
		return fmt.Errorf("read the time of the newest entry: %w", err)
	}
	db.highest.see(fromMicros(max(newest, alarm)))
	return nil
}

// clockBehind raises an alarm because the clock stands behind the mark, unless somebody closed one of that mark: then the
// mark was wrong, and the clock is right now.
func (tx *Tx) clockBehind(mark time.Time) error {
	explained, err := tx.alarms(`
		where kind = 'clock'
			and mark >= $1
			and closed_at > 0`, micros(mark))
	if err != nil {
		return err
	}
	if len(explained) > 0 {
		tx.db.highest.set(tx.Now)
		return nil
	}
	return tx.raise(AlarmClock, micros(mark))
}
