package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Opening every record takes a large register many seconds at each start. So the index is kept in the store as a sealed
// snapshot, written after a run that has made it a tenth larger, and a start opens only what came since. It is derived:
// one that is gone, of another version, or past the end of the log is passed over, and every record is opened.

const (
	// snapshotFloor is how many rows make a snapshot worth writing.
	snapshotFloor = 2000
	// snapshotGrowth is how much larger the index must have become for the next one.
	snapshotGrowth = 1.1
)

// memory is what a Review holds beside the index, as a snapshot keeps it.
type memory struct {
	Seen     int64
	Versions map[homeward.RecordID][]homeward.RecordID
	Holders  map[string][]holder
	Resting  map[homeward.RecordID]bool `json:",omitempty"` // left out
}

// restore takes the index from the snapshot, when nothing was read yet and there is one that can be used.
func (r *Review) restore(ctx context.Context) error {
	if r.seen >= 0 {
		return nil
	}
	parts, err := r.db.Snapshot(ctx, homeward.System, Stage)
	if errors.Is(err, homeward.ErrNotFound) || errors.Is(err, homeward.ErrTampered) {
		return nil
	}
	if err != nil {
		return err
	}
	var m memory
	read := make(chan error, 1)
	go func() { read <- json.Unmarshal(parts[0], &m) }()
	index, err := linkage.Restore(parts[1:])
	if errors.Join(err, <-read) != nil {
		return nil // of another version
	}
	return r.db.View(ctx, homeward.System, func(tx *store.Tx) error {
		size, err := tx.TreeSize()
		if err != nil || m.Seen >= size {
			return err
		}
		sources, err := tx.Sources()
		if err != nil {
			return err
		}
		r.seen, r.index, r.kept = m.Seen, index, index.Len()
		r.remember(m, sources)
		return nil
	})
}

func (r *Review) remember(m memory, sources []homeward.Source) {
	r.setFree(sources)
	r.resting = m.Resting
	r.lines = &lineages{map[homeward.RecordID]homeward.RecordID{}, m.Versions}
	if r.lines.versions == nil {
		r.lines.versions = map[homeward.RecordID][]homeward.RecordID{}
	}
	for root, versions := range m.Versions {
		for _, id := range versions {
			r.lines.roots[id] = root
		}
	}
	r.documents = documents{m.Holders, map[homeward.RecordID][]string{}}
	if r.documents.holders == nil {
		r.documents.holders = map[string][]holder{}
	}
	for number, list := range m.Holders {
		for _, h := range list {
			r.documents.numbers[h.Row] = append(r.documents.numbers[h.Row], number)
		}
	}
}

func (r *Review) setFree(sources []homeward.Source) {
	r.free = map[homeward.SourceID]bool{}
	for _, s := range sources {
		r.free[s.ID] = s.DuplicateFree
	}
}

// keep writes a snapshot when the index has outgrown the one there is. Where the key of a record is gone none is written.
// Propose calls it, one at a time and with the index held for reading.
func (r *Review) keep(ctx context.Context) error {
	if n := float64(r.index.Len()); n < snapshotFloor || n < float64(r.kept)*snapshotGrowth {
		return nil
	}
	head, err := json.Marshal(memory{r.seen, r.lines.versions, r.documents.holders, r.resting})
	if err != nil {
		return fmt.Errorf("keep index: %w", err)
	}
	err = r.db.PutSnapshot(ctx, homeward.System, Stage, r.held(), append([][]byte{head}, r.index.Snapshot()...))
	if errors.Is(err, homeward.ErrConflict) {
		return nil
	}
	if err == nil {
		r.kept = r.index.Len()
	}
	return err
}

// held returns the records whose words the index holds.
func (r *Review) held() []homeward.RecordID {
	var out []homeward.RecordID
	for _, id := range r.index.IDs() {
		root := homeward.RecordID(id)
		if versions := r.lines.versions[root]; len(versions) > 0 {
			out = append(out, versions...)
		} else {
			out = append(out, root)
		}
	}
	return out
}
