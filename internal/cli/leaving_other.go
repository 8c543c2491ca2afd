//go:build !unix

package cli

import "os"

// holdFolder opens the folder; this system offers no lock that ends with the process, so that a folder may be another's still and
// none is taken from it.
func holdFolder(dir string) (*os.File, error) {
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		return nil, errHeld
	}
	return os.Open(dir)
}
