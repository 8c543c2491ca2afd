package statistics

import (
	"context"
	"fmt"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// sketch is what distributions need of a record: no name, and no place finer than a region.
type sketch struct {
	from, to     places.ID // regions
	birth, taken homeward.Date
}

// Sketches holds a sketch of every record in memory, so that records are opened once and not for each distribution. The zero
// Sketches is ready; it may be used by many at once. A record that another machine commits out of the order of ids is seen
// after the next start.
type Sketches struct {
	mu    sync.Mutex
	held  map[homeward.RecordID]sketch
	last  homeward.RecordID
	marks int64 // laid and lifted when they were read
	under *places.Gazetteer
}

// fromPaths and toPaths are where a record may say from where a child was taken and to where, the surest first.
var (
	fromPaths = []homeward.Path{homeward.PathTakenFrom, homeward.EventPath(homeward.EventSeparated, "place"), homeward.PathHome, homeward.PathBirthPlace}
	toPaths   = []homeward.Path{
		homeward.EventPath(homeward.EventDeported, "place"), homeward.EventPath(homeward.EventTransferred, "place"),
		homeward.EventPath(homeward.EventPlaced, "place"), homeward.EventPath(homeward.EventLocated, "place"),
	}
	takenPaths = []homeward.Path{
		homeward.EventPath(homeward.EventTaken, "date"), homeward.EventPath(homeward.EventSeparated, "date"),
		homeward.EventPath(homeward.EventTransferred, "date"), homeward.EventPath(homeward.EventDeported, "date"),
	}
)

// refresh opens the records that have come. The machine reads them; what leaves this room are amounts.
func (s *Sketches) refresh(ctx context.Context, db *store.DB, g *places.Gazetteer) error {
	var marks int64
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		marks, err = tx.MarkTurn()
		return err
	})
	if err != nil {
		return fmt.Errorf("read sketches: %w", err)
	}
	if s.held == nil || s.under != g || s.marks != marks {
		s.held, s.last, s.under, s.marks = map[homeward.RecordID]sketch{}, "", g, marks
	}
	regions := map[string]places.ID{}
	err = db.EachRecord(ctx, homeward.System, s.last, func(r homeward.Record) error {
		s.held[r.ID] = sketched(r, func(text string) places.ID {
			id, ok := regions[text]
			if !ok {
				id = regionOf(g, text)
				regions[text] = id
			}
			return id
		})
		s.last = max(s.last, r.ID)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read sketches: %w", err)
	}
	return nil
}

// regionOf returns the region that words name; empty when they may mean several.
func regionOf(g *places.Gazetteer, text string) places.ID {
	var region places.ID
	for i, p := range g.Find(text) {
		if i > 0 && p.Region != region {
			return ""
		}
		region = p.Region
	}
	return region
}

func sketched(r homeward.Record, region func(string) places.ID) (s sketch) {
	first := func(paths []homeward.Path, ukraine bool) places.ID {
		for _, path := range paths {
			if c, ok := r.First(path); ok && !c.Imposed {
				if id := region(c.Value); id != "" && (!ukraine || id[:2] == "UA") {
					return id
				}
			}
		}
		return ""
	}
	s.from, s.to = first(fromPaths, true), first(toPaths, false)
	for _, path := range takenPaths {
		if c, ok := r.First(path); ok && s.taken.IsZero() {
			s.taken = c.When
		}
	}
	if c, ok := r.First(homeward.PathBirthDate); ok && !c.Imposed {
		s.birth = c.When
	}
	return s
}
