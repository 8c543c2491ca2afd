package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type backupCmd struct {
	File string `arg:"" help:"File to write; the keys go to FILE.keys." type:"path"`
}

func (backupCmd) Help() string {
	return `Writes two files, each a consistent copy made while the register is in use: the data, and beside it the keys. Keep the keys for a shorter time than the data: a child erased from the keys is erased from every older copy of the data. The passphrase file is in neither: keep it apart.

Example:

  homeward backup /mnt/away/homeward-2026-11-23.db`
}

// saved is what a backup wrote.
type saved struct {
	File string `json:"file"`
	Keys string `json:"keys"`
	Size int64  `json:"size"`
}

func (c backupCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		if err := db.Backup(sh.ctx, c.File); err != nil {
			if errors.Is(err, homeward.ErrConflict) {
				return err
			}
			return fileError("backup", err)
		}
		result := saved{File: c.File, Keys: store.KeysFile(c.File)}
		if at, err := os.Stat(c.File); err == nil {
			result.Size = at.Size()
		}
		return sh.print(result, func(w io.Writer) {
			fmt.Fprintf(w, "data\t%s\nkeys\t%s\n", result.File, result.Keys)
			fmt.Fprintln(w, "The passphrase file is in neither. Restore needs all three.")
		})
	})
}

type restoreCmd struct {
	File       string `arg:"" help:"File that backup wrote; FILE.keys must be beside it." type:"path"`
	Passphrase string `help:"The passphrase file of the register that was backed up, when it is not in the folder yet." type:"path" placeholder:"FILE"`
	KeysFrom   string `help:"A younger copy of the keys than FILE.keys." type:"path" placeholder:"FILE"`
	Destroyed  string `help:"The list that homeward erase destroyed wrote: nobody who was erased comes back." type:"path" placeholder:"FILE"`
}

func (restoreCmd) Help() string {
	return `Restores into a folder (or database) that holds no register, then verifies everything. A register that does not verify stays shut. Whoever was erased since the backup was made is erased from it: a younger copy of the keys knows them, and so does the list of destroyed keys.

Example:

  homeward restore --dir /srv/restored --passphrase /media/safe/passphrase /mnt/away/homeward-2026-11-23.db`
}

func (c restoreCmd) Run(sh *shell) error {
	at, err := sh.where()
	if err != nil {
		return err
	}
	if c.Passphrase != "" {
		if err := bringPassphrase(c.Passphrase, at.Dir); err != nil {
			return err
		}
	}
	from := store.Saved{Data: c.File, Keys: cmp.Or(c.KeysFrom, store.KeysFile(c.File))}
	for _, path := range []string{from.Data, from.Keys} {
		if _, err := os.Stat(path); err != nil {
			return advise(fileError("find the backup and its keys", err), "a backup is two files side by side: FILE and FILE.keys")
		}
	}
	if c.Destroyed != "" {
		list, err := openFile(c.Destroyed)
		if err != nil {
			return err
		}
		defer list.Close()
		from.Destroyed = list
	}
	found, err := store.Restore(sh.ctx, at, from)
	if err != nil {
		return advise(err, "restore --passphrase FILE names the passphrase file; the folder must hold no register yet")
	}
	return sh.report(found, "")
}

// bringPassphrase copies a passphrase file into the register's folder, readable by its owner alone. One that is there
// already is never overwritten.
func bringPassphrase(from, dir string) error {
	secret, err := os.ReadFile(from)
	if err != nil {
		return fileError("read the passphrase file", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileError("make the folder", err)
	}
	to, err := os.OpenFile(filepath.Join(dir, "passphrase"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileError("write the passphrase file", err)
	}
	_, err = to.Write(secret)
	return closing(to, errors.Join(err, to.Sync()))
}
