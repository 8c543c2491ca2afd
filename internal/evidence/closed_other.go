//go:build !linux

package evidence

import (
	"fmt"
	"syscall"

	"github.com/homeward-registry/homeward"
)

// closedOff returns no way to start a process that reaches no network: none is known for this system, so nothing is decoded.
func closedOff() []*syscall.SysProcAttr { return nil }

func bind(uint64) error {
	return fmt.Errorf("bind a process: not on this system: %w", homeward.ErrUnavailable)
}

// FilesAreShut reports whether this system can keep a process away from every file.
func FilesAreShut() bool { return false }
