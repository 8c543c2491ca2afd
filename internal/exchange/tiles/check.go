package tiles

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// Check reads a folder that Write wrote and recomputes it from the entries alone: every leaf, every tile, the root. It
// trusts nothing but open, which says whose signatures make a checkpoint. What is wrong is named; an error means that
// the checkpoint itself is not to be believed.
func Check(folder fs.FS, open func(signed []byte) (ledger.Checkpoint, error)) (ledger.Checkpoint, []ledger.Finding, error) {
	text, err := fs.ReadFile(folder, checkpointFile)
	if err != nil {
		return ledger.Checkpoint{}, nil, fmt.Errorf("read the checkpoint: %w", homeward.ErrNotFound)
	}
	c, err := open(text)
	if err != nil {
		return ledger.Checkpoint{}, nil, err
	}
	k := &checker{folder: folder, log: ledger.NewAppender(0, nil)}
	for _, t := range ledger.Tiles(0, c.Size) {
		if t.L == 0 {
			k.entries(t)
		}
	}
	for _, t := range ledger.Tiles(0, c.Size) {
		k.hashes(t)
	}
	root, err := k.log.Root()
	if err != nil || k.log.Size() != c.Size || root != c.Root {
		k.found(checkpointFile, c.Size, "its root is not that of the entries")
	}
	return c, k.findings, nil
}

// checker is one run of Check: the log built anew from the entries.
type checker struct {
	folder   fs.FS
	log      *ledger.Appender
	findings []ledger.Finding
}

func (k *checker) found(place string, index int64, what string) {
	k.findings = append(k.findings, ledger.Finding{Place: place, Index: index, What: what})
}

// entries appends the leaves of a bundle. A leaf that is not one takes its place all the same, so that what follows
// keeps its index.
func (k *checker) entries(t tlog.Tile) {
	name := ledger.BundlePath(t)
	bundle, err := fs.ReadFile(k.folder, name)
	if err != nil {
		k.found(name, k.log.Size(), "the entries are gone")
		return
	}
	leaves, err := ledger.BundleLeaves(bundle)
	if err != nil || len(leaves) != t.W {
		k.found(name, k.log.Size(), "it does not hold as many entries as it should")
		return
	}
	for _, leaf := range leaves {
		if _, _, err := ledger.ParseLeaf(leaf); err != nil {
			k.found(name, k.log.Size(), "an entry is no leaf of this log")
		}
		if err := k.log.Append(leaf); err != nil {
			k.found(name, k.log.Size(), "the entry cannot be appended")
		}
	}
}

// hashes compares a tile with the log built anew.
func (k *checker) hashes(t tlog.Tile) {
	name := ledger.TilePath(t)
	have, err := fs.ReadFile(k.folder, name)
	if err != nil {
		k.found(name, t.N, "the tile is gone")
		return
	}
	want, err := tlog.ReadTileData(t, k.log)
	if errors.Is(err, homeward.ErrNotFound) {
		return // the entries below it are gone, which is named
	}
	if err != nil || !bytes.Equal(have, want) {
		k.found(name, t.N, "its hashes are not those of the entries")
	}
}
