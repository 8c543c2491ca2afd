//go:build unix

package witness

import (
	"fmt"
	"os"
	"syscall"

	"github.com/homeward-registry/homeward"
)

// hold takes the folder until the file is closed or the process ends, however it ends.
func (s state) hold() (*os.File, error) {
	f, err := s.root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another witness works on this folder: %w", homeward.ErrConflict)
	}
	return f, nil
}
