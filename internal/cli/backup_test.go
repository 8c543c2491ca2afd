package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/homeward-registry/homeward/internal/store"
)

// keypair writes a secret key of age and its public key, as age-keygen would.
func keypair(args []string) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(args[0], []byte("# of a test\n"+id.String()+"\n"), 0o600), os.WriteFile(args[1], []byte(id.Recipient().String()+"\n"), 0o600))
}

// renamed gives the two files of a backup, which a printed result names, another name.
func renamed(args []string) error {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var made saved
	if err := json.Unmarshal(text, &made); err != nil {
		return err
	}
	return errors.Join(os.Rename(made.File, args[1]), os.Rename(made.Keys, store.KeysFile(args[1])))
}

// lose removes the files of a folder.
func lose(args []string) error {
	files, err := filepath.Glob(filepath.Join(args[0], "*"))
	for _, f := range files {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}
