package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpointFile is written last.
const checkpointFile = "checkpoint"

// Options say what is written.
type Options struct {
	Checkpoint []byte // signed note of this register's log
	NoEntries  bool   // hashes only: the entries tell the minute of each act
	Progress   func(done, total int64)
}

// Report says what was written.
type Report struct {
	Size  int64 // leaves
	From  int64 // leaves that the folder held before
	Files int   // written; those that were there already are not counted
}

// Write writes the log of a checkpoint into a folder, or brings the folder up to it.
func Write(ctx context.Context, db *store.DB, actor homeward.Actor, dir string, o Options) (Report, error) {
	c, err := ledger.ReadCheckpoint(o.Checkpoint)
	if err != nil {
		return Report{}, err
	}
	w, err := openWriter(dir, o)
	if err != nil {
		return Report{}, err
	}
	defer w.root.Close()
	err = db.View(ctx, actor, func(tx *store.Tx) error {
		if err := tx.AuditExport("ledger", c.Size); err != nil {
			return err
		}
		return w.write(tx, c)
	})
	if err != nil {
		return w.Report, fmt.Errorf("export the log: %w", err)
	}
	return w.Report, w.put(checkpointFile, o.Checkpoint)
}

// writer is one run of Write.
type writer struct {
	Report
	Options
	root *os.Root
}

func openWriter(dir string, o Options) (*writer, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if o.Progress == nil {
		o.Progress = func(done, total int64) {}
	}
	return &writer{Options: o, root: root}, nil
}

func (w *writer) write(tx *store.Tx, c ledger.Checkpoint) error {
	w.Size = c.Size
	if err := w.resume(tx, c); err != nil {
		return err
	}
	list := ledger.Tiles(w.From, c.Size)
	for i, t := range list {
		w.Progress(int64(i), int64(len(list)))
		if err := w.tile(tx, t); err != nil {
			return err
		}
	}
	w.Progress(int64(len(list)), int64(len(list)))
	return nil
}

// resume finds out how many leaves the folder holds, and refuses one that holds another history. Entries that were
// left out before are written from the start.
func (w *writer) resume(tx *store.Tx, c ledger.Checkpoint) error {
	text, err := w.root.ReadFile(checkpointFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	old, err := ledger.ReadCheckpoint(text)
	if err != nil || old.Origin != c.Origin || old.Size > c.Size {
		return fmt.Errorf("the folder holds another log, or more of this one than the register: %w", homeward.ErrTampered)
	}
	root, err := tlog.TreeHash(old.Size, tx.StoredHashes())
	if err != nil {
		return err
	}
	if root != old.Root {
		return fmt.Errorf("the folder holds another history of this log: at %d leaves its root differs: %w", old.Size, homeward.ErrTampered)
	}
	if _, err := w.root.Stat("tile/entries"); err != nil && !w.NoEntries {
		return nil
	}
	w.From = old.Size
	return nil
}

// tile writes a tile of hashes and, at the lowest level, the entries below it.
func (w *writer) tile(tx *store.Tx, t tlog.Tile) error {
	hashes, err := tlog.ReadTileData(t, tx.StoredHashes())
	if err != nil {
		return err
	}
	if err := w.put(ledger.TilePath(t), hashes); err != nil || t.L > 0 || w.NoEntries {
		return err
	}
	first := t.N * ledger.TileWidth
	leaves, err := tx.Leaves(first, first+int64(t.W))
	if err != nil {
		return err
	}
	var bundle []byte
	for _, leaf := range leaves {
		if bundle, err = ledger.AppendToBundle(bundle, leaf); err != nil {
			return err
		}
	}
	return w.put(ledger.BundlePath(t), bundle)
}

// put writes a file whole or not at all; one that holds these bytes already is left alone.
func (w *writer) put(name string, data []byte) error {
	if have, err := w.root.ReadFile(name); err == nil && bytes.Equal(have, data) {
		return nil
	}
	dir := path.Dir(name)
	if err := w.root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	partial := path.Join(dir, ".partial")
	f, err := w.root.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := w.root.Rename(partial, name); err != nil {
		return err
	}
	w.Files++
	return w.sync(dir)
}

// sync makes a rename durable.
func (w *writer) sync(dir string) error {
	d, err := w.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
