package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// Folder keeps files in a folder of this machine.
type Folder struct{ path string }

// In returns the files of a folder, which is made when it is first written to.
func In(path string) Folder { return Folder{path} }

// partial ends the name of a file that is still being written.
const partial = ".partial"

// Create keeps what r gives under a name.
func (f Folder) Create(ctx context.Context, name string, r io.Reader) error {
	root, err := f.root(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := root.Lstat(name); err == nil {
		return fmt.Errorf("keep file %s: %w", name, homeward.ErrConflict)
	}
	if err := write(root, name+partial, reading{ctx, r}); err != nil {
		return fmt.Errorf("keep file %s: %w", name, errors.Join(err, gone(root.Remove(name+partial))))
	}
	if err := root.Rename(name+partial, name); err != nil {
		return fmt.Errorf("keep file %s: %w", name, err)
	}
	return sync(root)
}

// write makes a file and syncs it.
func write(root *os.Root, name string, r io.Reader) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, r)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// sync makes a rename durable.
func sync(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// reading stops when its context does.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Open returns a file's bytes.
func (f Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	root, err := f.root(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = homeward.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", name, err)
	}
	return file, nil
}

// Size returns how many bytes a file has.
func (f Folder) Size(_ context.Context, name string) (int64, error) {
	root, err := f.root(name)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = homeward.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("look at file %s: %w", name, err)
	}
	return info.Size(), nil
}

// Remove removes a file, whole or partial. One that is not there is removed already.
func (f Folder) Remove(_ context.Context, name string) error {
	root, err := f.root(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := errors.Join(gone(root.Remove(name)), gone(root.Remove(name+partial))); err != nil {
		return fmt.Errorf("remove file %s: %w", name, err)
	}
	return sync(root)
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Each calls fn with every file, when it was last written to, and whether it is whole or still being written.
func (f Folder) Each(ctx context.Context, fn func(name string, at time.Time, whole bool) error) error {
	dir, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(1000)
		for _, e := range entries {
			if err := listed(e, fn); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return ctx.Err()
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("list files: %w", err)
		}
	}
}

// listed passes a file on; one that was removed meanwhile is passed over, and so is what is not ours.
func listed(e fs.DirEntry, fn func(string, time.Time, bool) error) error {
	name, unfinished := strings.CutSuffix(e.Name(), partial)
	info, err := e.Info()
	if err != nil {
		return gone(err)
	}
	if !info.Mode().IsRegular() || checkName(name) != nil {
		return nil
	}
	return fn(name, info.ModTime(), !unfinished)
}

func (f Folder) root(name string) (*os.Root, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of files: %w", err)
	}
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return nil, fmt.Errorf("open folder of files: %w", err)
	}
	return root, nil
}

// checkName refuses what is no name of a file of ours.
func checkName(name string) error {
	bad := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, bad) {
		return fmt.Errorf("that is no name of a file: %w", homeward.ErrInvalid)
	}
	return nil
}
