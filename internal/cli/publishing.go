package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/witness"
	"github.com/homeward-registry/homeward/ledger"
)

// dailyTimes are times of day, UTC, as durations since midnight.
type dailyTimes []time.Duration

func parseTimes(texts []string) (dailyTimes, error) {
	var out dailyTimes
	for _, text := range texts {
		at, err := time.Parse("15:04", text)
		if err != nil {
			return nil, advise(fmt.Errorf("publish at: not a time of day: %w", errUsage), "write hours and minutes in UTC: --publish-at 00:00,12:00")
		}
		out = append(out, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute)
	}
	return out, nil
}

// due returns the newest of the times that is not after now; the zero time when there are none.
func (d dailyTimes) due(now time.Time) (newest time.Time) {
	midnight := now.UTC().Truncate(24 * time.Hour)
	for _, at := range d {
		t := midnight.Add(at)
		if t.After(now) {
			t = t.Add(-24 * time.Hour)
		}
		if t.After(newest) {
			newest = t
		}
	}
	return newest
}

// publishPoll is how often a server looks whether something is due, or a witness is still to be asked.
const publishPoll = time.Minute

// publishing publishes at its times and asks who is still to be asked, until ctx ends. A register that never published
// waits for its first time: when a server was started is nobody's business.
func publishing(ctx context.Context, db *store.DB, times dailyTimes) {
	if len(times) == 0 {
		return
	}
	ticks := time.NewTicker(publishPoll)
	defer ticks.Stop()
	began := db.Now()
	for {
		if err := publishDue(ctx, db, times.due(db.Now()), began); err != nil && ctx.Err() == nil {
			slog.Warn("publishing postponed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

func publishDue(ctx context.Context, db *store.DB, due, began time.Time) error {
	var last []store.Publication
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		last, err = tx.Publications(1)
		return err
	})
	if err != nil || len(last) == 0 && due.Before(began) {
		return err
	}
	text, err := db.Publish(ctx, due)
	if err != nil {
		return err
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		return err
	}
	_, refused := witness.Collect(ctx, db, homeward.System, c.Size)
	_, err = witness.Stamp(ctx, db, homeward.System, c.Size)
	return errors.Join(refused, err)
}
