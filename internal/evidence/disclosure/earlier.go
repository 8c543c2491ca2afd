package disclosure

import (
	"errors"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

// outside adds what others may hold of the log: what it said before the export, and the keys that said it.
func (x *exporter) outside() error {
	if _, err := x.db.Checkpoint(x.ctx); err != nil { // every entry is under one
		return err
	}
	return x.db.View(x.ctx, x.actor, func(tx *store.Tx) error {
		first, steps, err := tx.Successions()
		if err == nil && len(steps) > 0 {
			x.bundle.Identity, err = tx.Identity()
		}
		if err != nil {
			return err
		}
		keys, err := ledger.FollowKeys(first, x.bundle.Identity, steps)
		if err != nil {
			return err
		}
		x.bundle.Followed, x.log.Key = steps, keys.Newest()
		x.bundle.Earlier, err = x.earlier(tx)
		return err
	})
}

// earlier returns the checkpoints that first covered the oldest and the newest of the entries, and the first with a
// time-stamp that covers them all: somebody outside may hold one of them, and then the entries are proved to have been
// there by then.
func (x *exporter) earlier(tx *store.Tx) (out []bundle.Earlier, err error) {
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
		e, err := earlierAt(tx, size)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// earlierAt returns the checkpoint of a size with its time-stamps.
func earlierAt(tx *store.Tx, size int64) (e bundle.Earlier, err error) {
	if e.Checkpoint, err = tx.CheckpointAt(size); err != nil {
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

// grown returns the proof of each earlier checkpoint that the log grew from it.
func (x *exporter) grown(tx *store.Tx, checkpoint []byte) (proofs [][]byte, err error) {
	for _, e := range x.bundle.Earlier {
		older, err := ledger.ReadCheckpoint(e.Checkpoint)
		if err != nil {
			return nil, err
		}
		proof, err := tx.ProveConsistency(older.Size, checkpoint)
		if err != nil {
			return nil, err
		}
		proofs = append(proofs, proof)
	}
	return proofs, nil
}
