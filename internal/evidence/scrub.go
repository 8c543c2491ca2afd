package evidence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Scrubbed is what reading every exhibit again found.
type Scrubbed struct {
	Exhibits  int
	Bytes     int64
	Damaged   []homeward.Custody // the lines that say so
	Leftovers store.Leftovers
}

// Damage says in a word what a line of custody found.
func Damage(line homeward.Custody) string {
	switch {
	case line.Whole():
		return ""
	case line.After == "":
		return "gone or does not open"
	}
	return "altered"
}

// Scrub reads the bytes of every exhibit to the end, hashes them again and writes what it found into their custody. Leftover
// files are counted, and removed when asked to.
func Scrub(ctx context.Context, db *store.DB, actor homeward.Actor, sweep bool, progress func(done int64)) (Scrubbed, error) {
	var out Scrubbed
	var before *homeward.Exhibit
	for {
		var list []homeward.Exhibit
		err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
			list, err = tx.Exhibits(store.ExhibitFilter{Before: before, Limit: 200})
			return err
		})
		if err != nil {
			return out, fmt.Errorf("scrub: %w", err)
		}
		for _, e := range list {
			line, err := db.VerifyExhibit(ctx, actor, e.ID, "scrub")
			if err != nil {
				return out, fmt.Errorf("scrub exhibit %s: %w", e.ID, err)
			}
			out.Exhibits, out.Bytes = out.Exhibits+1, out.Bytes+e.Size
			if !line.Whole() {
				out.Damaged = append(out.Damaged, line)
			}
			progress(out.Bytes)
		}
		if len(list) == 0 {
			break
		}
		before = &list[len(list)-1]
	}
	var err error
	out.Leftovers, err = db.SweepBlobs(ctx, sweep)
	return out, err
}

// The rhythm of what goes on beside the desk.
const (
	watchEvery  = time.Hour
	verifyAfter = 30 * 24 * time.Hour
)

// Watch removes what a killed process left unfinished and then, until the context ends, reads each exhibit again that nobody
// has verified for thirty days. What is found is in the custody of the exhibit, and in the log by its id.
func Watch(ctx context.Context, db *store.DB) {
	if _, err := db.SweepBlobs(ctx, false); err != nil && ctx.Err() == nil {
		slog.Warn("files were not swept", "error", err)
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if err := verifyDue(ctx, db); err != nil && ctx.Err() == nil {
			slog.Warn("exhibits were not verified", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func verifyDue(ctx context.Context, db *store.DB) error {
	var due []homeward.ExhibitID
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		due, err = tx.Unverified(tx.Now.Add(-verifyAfter), 1000)
		return err
	})
	for _, id := range due {
		line, failed := db.VerifyExhibit(ctx, homeward.System, id, "monthly")
		switch {
		case errors.Is(failed, homeward.ErrNotFound): // erased
		case failed != nil:
			return errors.Join(err, failed)
		case !line.Whole():
			slog.Error("an exhibit is not as it was received", "exhibit", id, "found", Damage(line))
		}
	}
	return err
}
