package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// leaving is a folder of files that leave the register. It, or the one file in it, appears under its name when it is whole. While it is made, its first
// file has no name, so that a process that is killed leaves nothing to read; files are named only when all are ready. What a kill
// between the first name and the last leaves is removed by the next that works in the same place.
type leaving struct {
	dir  string
	lock *os.File // held until the folder has its name or the process ends, however it ends
}

// leavingNames are the folders of this kind, whoever left them.
const leavingNames = "homeward-export-*.partial"

// leave begins a folder beside the one that is wanted, and says how many unfinished ones it removed.
func leave(out string) (l leaving, swept int, err error) {
	beside := filepath.Dir(out)
	old, err := filepath.Glob(filepath.Join(beside, leavingNames))
	if err != nil {
		return l, 0, err
	}
	for _, dir := range old {
		lock, err := holdFolder(dir)
		if errors.Is(err, errHeld) || errors.Is(err, os.ErrNotExist) {
			continue // another works in it, or has just finished
		}
		if err == nil {
			err = os.RemoveAll(dir)
			lock.Close()
		}
		if err != nil {
			return l, swept, err
		}
		swept++
	}
	if l.dir, err = os.MkdirTemp(beside, leavingNames); err != nil {
		return l, swept, err
	}
	l.lock, err = holdFolder(l.dir)
	return l, swept, err
}

// unnamed opens a file that is gone when the process ends; where a system does not take the name of an open file away, it keeps it
// until the folder arrives.
func (l leaving) unnamed() (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(l.dir, noName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		os.Remove(f.Name())
	}
	return f, err
}

const noName = "unnamed"

// name gives a file its name, with what was written into one that had none.
func (l leaving) name(name string, from io.ReadSeeker) error {
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(l.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Sync(), f.Close())
}

// tellSwept says how many unfinished exports were removed beside the one that is wanted.
func (sh *shell) tellSwept(n int, out string) {
	if n > 0 {
		fmt.Fprintf(sh.Err, "Removed %s that a killed export left in %s.\n", many(n, "unfinished folder"), filepath.Dir(out))
	}
}

// arrive gives the folder its name.
func (l leaving) arrive(out string) error {
	if err := os.Remove(filepath.Join(l.dir, noName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(l.dir, out)
}

// end removes what did not arrive.
func (l leaving) end() {
	if l.dir != "" {
		os.RemoveAll(l.dir)
	}
	if l.lock != nil {
		l.lock.Close()
	}
}

// errHeld is a folder that another process works in.
var errHeld = errors.New("another works in this folder")
