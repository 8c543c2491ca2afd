package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// blobGrace is how long ago a file must have been written to last before it can be a leftover: a younger one may be of an
// exhibit that is being received.
const blobGrace = time.Hour

// Leftovers are files that belong to no exhibit: those that a killed process did not finish, and whole ones that became no
// exhibit, or whose exhibit was erased.
type Leftovers struct{ Unfinished, Whole int }

// SweepBlobs counts leftovers, and removes them: unfinished ones always, whole ones when asked to. Whole ones are asked about
// because a register that was restored from an old backup knows nothing of what came in since.
func (db *DB) SweepBlobs(ctx context.Context, whole bool) (Leftovers, error) {
	var left Leftovers
	var names []string
	err := db.blobs.Each(ctx, func(name string, at time.Time, done bool) error {
		switch {
		case at.After(db.Now().Add(-blobGrace)):
			return nil
		case done:
			names = append(names, name)
			return nil
		}
		left.Unfinished++
		return db.blobs.Remove(ctx, name)
	})
	if err != nil {
		return left, fmt.Errorf("sweep files: %w", err)
	}
	for chunk := range chunks(names, 400) {
		used, err := db.usedBlobs(ctx, chunk)
		if err != nil {
			return left, fmt.Errorf("sweep files: %w", err)
		}
		for _, name := range chunk {
			if used[name] {
				continue
			}
			left.Whole++
			if !whole {
				continue
			}
			if err := db.blobs.Remove(ctx, name); err != nil {
				return left, fmt.Errorf("sweep files: %w", err)
			}
		}
	}
	return left, nil
}

// usedBlobs returns those of some files that an exhibit names whose key is there.
func (db *DB) usedBlobs(ctx context.Context, names []string) (map[string]bool, error) {
	// The exhibits of some files.
	rows, err := db.data.read.QueryContext(ctx, `
		select id, blob
		from exhibits
		where blob in (`+placeholders(1, len(names))+`)`, anys(names)...)
	if err != nil {
		return nil, err
	}
	blobs := map[string]string{}
	var ids []string
	err = each(rows, func() error {
		var id, blob string
		err := rows.Scan(&id, &blob)
		ids, blobs[id] = append(ids, id), blob
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := db.objectKeys(ctx, ids)
	used := map[string]bool{}
	for id := range keys {
		used[blobs[id]] = true
	}
	return used, err
}

// Unverified returns exhibits that nobody has verified since an instant, or received, those of longest ago first.
func (tx *Tx) Unverified(since time.Time, limit int) ([]homeward.ExhibitID, error) {
	var out []homeward.ExhibitID
	return out, tx.query("read what was not verified", `
		select e.id
		from exhibits e
		join custody c on c.exhibit = e.id and c.act in ('received', 'verified')
		group by e.id
		having max(c.at) < $1
		order by max(c.at), e.id
		limit $2`, []any{micros(since), limit}, func(r *sql.Rows) error {
		var id homeward.ExhibitID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
}
