package store

import (
	"database/sql"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// What the log gives to the outside: leaves, hashes and proofs. All of it is free of words and of ids.

// LeafOf returns the index and the bytes of the leaf of an entry, or of the first entry about an object.
func (tx *Tx) LeafOf(id string) (index int64, leaf []byte, err error) {
	return index, leaf, tx.row("read leaf of "+id, `
		select l.idx, l.leaf
		from leaves l
		join entries e on e.id = l.entry
		where e.id = $1
			or e.object = $1
		order by l.idx
		limit 1`, []any{id}, &index, &leaf)
}

// Leaf returns the bytes of a leaf.
func (tx *Tx) Leaf(index int64) (leaf []byte, err error) {
	return leaf, tx.row(fmt.Sprintf("read leaf %d", index), `
		select leaf
		from leaves
		where idx = $1`, []any{index}, &leaf)
}

// Leaves returns the leaves from one index up to, not including, another. ErrTampered when one is missing.
func (tx *Tx) Leaves(from, to int64) ([][]byte, error) {
	var out [][]byte
	err := tx.query("read leaves", `
		select leaf
		from leaves
		where idx >= $1
			and idx < $2
		order by idx`, []any{from, to}, func(r *sql.Rows) error {
		var leaf []byte
		err := r.Scan(&leaf)
		out = append(out, leaf)
		return err
	})
	if err == nil && int64(len(out)) != to-from {
		err = fmt.Errorf("read leaves %d to %d: %d are there: %w", from, to-1, len(out), homeward.ErrTampered)
	}
	return out, err
}

// StoredHashes reads the hashes of the tree in the order of x/mod/sumdb/tlog.
func (tx *Tx) StoredHashes() tlog.HashReader { return hashReader{tx.ctx, tx.sql} }

// ProveEntry returns the proof, in the form of c2sp.org/tlog-proof@v1, that an entry's leaf is in the log of the
// newest checkpoint. ErrUnavailable when no checkpoint covers it yet.
func (tx *Tx) ProveEntry(id homeward.EntryID) ([]byte, error) {
	index, _, err := tx.LeafOf(string(id))
	if err != nil {
		return nil, err
	}
	text, err := tx.LatestCheckpoint()
	if err != nil {
		return nil, err
	}
	return tx.Prove(index, text)
}

// Prove returns the proof that a leaf is in the log of a checkpoint of this log, whose text the proof carries with
// every signature that it has. ErrUnavailable when the checkpoint does not cover the leaf.
func (tx *Tx) Prove(index int64, checkpoint []byte) ([]byte, error) {
	c, err := ledger.ReadCheckpoint(checkpoint)
	if err != nil || index >= c.Size {
		return nil, fmt.Errorf("prove leaf %d: no checkpoint covers it yet: %w", index, homeward.ErrUnavailable)
	}
	leaf, err := tx.Leaf(index)
	if err != nil {
		return nil, err
	}
	hashes, err := tlog.ProveRecord(c.Size, index, tx.StoredHashes())
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d: %w", index, err)
	}
	// A proof of an edited table is worth nothing: better none.
	p := ledger.Proof{Index: index, Hashes: hashes, Checkpoint: checkpoint}
	if err := p.In(c, leaf); err != nil {
		return nil, fmt.Errorf("prove leaf %d: the stored log is not the one that was signed: %w", index, err)
	}
	return ledger.FormatProof(index, hashes, checkpoint), nil
}

// ProveConsistency returns the proof that the log of a checkpoint begins with the log of an older size.
func (tx *Tx) ProveConsistency(older int64, checkpoint []byte) ([]byte, error) {
	c, err := ledger.ReadCheckpoint(checkpoint)
	if err != nil || older < 0 || older > c.Size {
		return nil, fmt.Errorf("prove consistency with %d leaves: the checkpoint has not so many: %w", older, homeward.ErrInvalid)
	}
	var hashes tlog.TreeProof
	if older > 0 && older < c.Size {
		if hashes, err = tlog.ProveTree(c.Size, older, tx.StoredHashes()); err != nil {
			return nil, fmt.Errorf("prove %d leaves within %d: %w", older, c.Size, err)
		}
	}
	return ledger.FormatConsistency(older, hashes, checkpoint), nil
}
