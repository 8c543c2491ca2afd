package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// state is a folder: the witness's key, and the newest checkpoint of each log.
type state struct{ root *os.Root }

// keyFile holds the private key; lockFile is held by the witness that works on the folder.
const (
	keyFile  = "witness.key"
	lockFile = "lock"
)

// Create makes the folder of a witness and its key, and returns the verifier key. ErrConflict when there is one.
func Create(dir, name string) (verifier string, err error) {
	private, verifier, err := ledger.NewCosignerKey(name)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, keyFile)); err == nil {
		return "", fmt.Errorf("the folder holds a witness already: %w", homeward.ErrConflict)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	return verifier, state{root}.put(keyFile, []byte(private+"\n"))
}

// openState opens the folder and holds it, so that no two witnesses work on one memory.
func openState(dir string) (s state, key ledger.Cosigner, lock *os.File, err error) {
	if s.root, err = os.OpenRoot(dir); errors.Is(err, fs.ErrNotExist) {
		err = homeward.ErrNotFound
	}
	if err != nil {
		return s, key, nil, fmt.Errorf("open the folder: %w", err)
	}
	private, err := s.root.ReadFile(keyFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("the folder holds no witness: %w", homeward.ErrNotFound)
	}
	if err == nil {
		key, err = ledger.NewCosigner(string(private))
	}
	if err == nil {
		lock, err = s.hold()
	}
	if err != nil {
		s.root.Close()
	}
	return s, key, lock, err
}

// file names the memory of a log: an origin may hold characters that a file name may not.
func (s state) file(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return hex.EncodeToString(sum[:]) + ".checkpoint"
}

// seen returns the newest checkpoint of a log; of size 0 when the witness never saw one.
func (s state) seen(origin string) (ledger.Checkpoint, error) {
	text, err := s.root.ReadFile(s.file(origin))
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.Checkpoint{Origin: origin}, nil
	}
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil || c.Origin != origin {
		return ledger.Checkpoint{}, fmt.Errorf("the memory of a log was altered: %w", homeward.ErrTampered)
	}
	return c, nil
}

// put writes a file whole or not at all, and returns when it is on disk.
func (s state) put(name string, data []byte) error {
	f, err := s.root.OpenFile(name+".partial", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := s.root.Rename(name+".partial", name); err != nil {
		return err
	}
	d, err := s.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
