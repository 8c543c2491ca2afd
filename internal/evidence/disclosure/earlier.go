package disclosure

import (
	"errors"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
	"github.com/homeward-registry/homeward/stamp"
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
// time-stamp, and the first that witnesses enough cosigned, of those that cover them all: somebody outside may hold one of them, and then the entries are proved to have been
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
	if err := x.policy(tx); err != nil {
		return nil, err
	}
	witnessed, err := x.witnessed(tx, newest)
	if err != nil {
		return nil, err
	}
	sizes = append(sizes, witnessed...)
	slices.Sort(sizes)
	for _, size := range slices.Compact(sizes) {
		e, err := earlierAt(tx, size)
		if err == nil {
			e.Cosigned, err = x.cosigned(tx, size)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// earlierAt returns the checkpoint of a size with its time-stamps. One that holds only under roots that were taken off the
// list stays: a reader could not check it.
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
			if _, err := stamp.VerifyEnclosed(s.Answer, e.Checkpoint, a.PEM); a.Name == s.Authority && err == nil {
				e.Stamps = append(e.Stamps, bundle.Stamp{Answer: s.Answer, Roots: a.PEM})
			}
		}
	}
	return e, err
}

// policy takes the policy of witnesses along, in the form that bundles have. One that has no such form, or asks for no witness, stays.
func (x *exporter) policy(tx *store.Tx) error {
	p, err := tx.Policy()
	if text := p.Plain(x.log.Key); err == nil && text != "" {
		if _, wrong := bundle.ParsePolicy([]byte(text)); wrong == nil {
			x.bundle.Policy = text
		}
	}
	return err
}

// witnessed returns the size of the first checkpoint over a leaf that witnesses enough for the policy cosigned; where there is none, of the
// first that one of them did.
func (x *exporter) witnessed(tx *store.Tx, index int64) (size []int64, err error) {
	if x.bundle.Policy == "" {
		return nil, nil
	}
	p, err := bundle.ParsePolicy([]byte(x.bundle.Policy))
	if err != nil {
		return nil, err
	}
	sizes, err := tx.CosignedOver(index)
	for _, s := range sizes {
		list, err := tx.Cosignatures(s)
		if err != nil {
			return nil, err
		}
		var said []string
		for _, w := range p.Witnesses {
			if slices.ContainsFunc(list, func(c store.Cosignature) bool { return c.Witness == w.Verifier }) {
				said = append(said, w.Name)
			}
		}
		if p.Quorum(said) {
			return []int64{s}, nil
		}
		if len(said) > 0 && size == nil {
			size = []int64{s}
		}
	}
	return size, err
}

// cosigned returns what witnesses of the policy said of a checkpoint.
func (x *exporter) cosigned(tx *store.Tx, size int64) (lines [][]byte, err error) {
	if x.bundle.Policy == "" {
		return nil, nil
	}
	p, err := bundle.ParsePolicy([]byte(x.bundle.Policy))
	if err != nil {
		return nil, err
	}
	list, err := tx.Cosignatures(size)
	for _, c := range list {
		if slices.ContainsFunc(p.Witnesses, func(w ledger.Witness) bool { return w.Verifier == c.Witness }) {
			lines = append(lines, c.Line)
		}
	}
	return lines, err
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
