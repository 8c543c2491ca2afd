package disclosure

import (
	"errors"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

// earlier returns the checkpoints that first covered the oldest and the newest of the entries, and the first with a
// time-stamp that covers them all, where they are older than the bundle's own: somebody outside may hold one of them, and
// then the entries are proved to have been there by then.
func (x *exporter) earlier(tx *store.Tx, seal int64, checkpoint []byte) (out []bundle.Earlier, err error) {
	entries := x.selection.Entries
	oldest, newest := entries[0].Index, entries[len(entries)-1].Index
	var sizes []int64
	for _, index := range []int64{oldest, newest} {
		text, err := tx.FirstCheckpointOver(index)
		if err != nil {
			return nil, err
		}
		c, err := ledger.ReadCheckpoint(text)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, c.Size)
	}
	stamped, err := tx.FirstStampedOver(newest)
	if err == nil {
		sizes = append(sizes, stamped)
	} else if !errors.Is(err, homeward.ErrNotFound) {
		return nil, err
	}
	slices.Sort(sizes)
	for _, size := range slices.Compact(sizes) {
		if size > seal { // it is the bundle's own
			break
		}
		e, err := earlierAt(tx, size, checkpoint)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// earlierAt returns the checkpoint of a size with the proof that the log grew from it, and its time-stamps.
func earlierAt(tx *store.Tx, size int64, checkpoint []byte) (e bundle.Earlier, err error) {
	if e.Checkpoint, err = tx.CheckpointAt(size); err != nil {
		return e, err
	}
	if e.Consistency, err = tx.ProveConsistency(size, checkpoint); err != nil {
		return e, err
	}
	authorities, err := tx.Authorities()
	if err != nil {
		return e, err
	}
	stamps, err := tx.Stamps(size)
	for _, s := range stamps {
		for _, a := range authorities {
			if a.Name == s.Authority {
				e.Stamps = append(e.Stamps, bundle.Stamp{Answer: s.Answer, Roots: a.PEM})
			}
		}
	}
	return e, err
}
