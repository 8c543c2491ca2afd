package disclosure

import (
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

// earlier returns the checkpoints that first covered the oldest and the newest of the entries, where they are older than
// the bundle's own: somebody outside may hold one of them, and then the entries are proved to have been there by then.
func (x *exporter) earlier(tx *store.Tx, seal int64, checkpoint []byte) ([]bundle.Earlier, error) {
	entries := x.selection.Entries
	var out []bundle.Earlier
	last := int64(0)
	for _, index := range []int64{entries[0].Index, entries[len(entries)-1].Index} {
		text, err := tx.FirstCheckpointOver(index)
		if err != nil {
			return nil, err
		}
		older, err := ledger.ReadCheckpoint(text)
		if err != nil {
			return nil, err
		}
		if older.Size > seal || older.Size == last { // it is the bundle's own, or in it already
			continue
		}
		last = older.Size
		consistency, err := tx.ProveConsistency(older.Size, checkpoint)
		if err != nil {
			return nil, err
		}
		out = append(out, bundle.Earlier{Checkpoint: text, Consistency: consistency})
	}
	return out, nil
}
