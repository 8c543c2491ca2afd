//go:build !unix

package witness

import "os"

// hold opens the lock file; this system offers no lock that ends with the process.
func (s state) hold() (*os.File, error) {
	return s.root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o600)
}
