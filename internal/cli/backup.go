package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
	"github.com/homeward-registry/homeward/internal/store"
)

type backupCmd struct {
	Write backupWriteCmd `cmd:"" default:"withargs" help:"Write a backup: a file of data and a file of keys."`
	Prune backupPruneCmd `cmd:"" help:"Remove the backups of a folder whose time is over; keys go sooner than data."`
	Drill backupDrillCmd `cmd:"" help:"Restore a backup into an empty folder, prove that it is whole, and remove it again."`
}

func (backupCmd) Help() string { return backupWriteCmd{}.Help() }

type backupWriteCmd struct {
	File              string   `arg:"" help:"File to write, or a folder, where it is named by its time; the keys go to FILE.keys." type:"path"`
	KeysTo            string   `help:"Another file, or folder, for the keys: another disk, another keeper." type:"path" placeholder:"FILE"`
	Recipient         []string `help:"Encrypt to this public key of age. Once for each who may open it." placeholder:"age1…"`
	RecipientsFile    string   `help:"A file of such keys, one a line." type:"path" placeholder:"FILE"`
	KeysRecipient     []string `help:"Who may open the file of keys, when they are others than who may open the data." placeholder:"age1…"`
	KeysRecipientFile string   `help:"A file of such keys, one a line." name:"keys-recipients-file" type:"path" placeholder:"FILE"`
}

func (backupWriteCmd) Help() string {
	return `Writes two files, each a consistent copy made while the register is in use: the data with the sealed bytes of exhibits, and the keys. Keep the keys for a shorter time than the data: a child erased from the keys is erased from every older copy of the data. The passphrase file is in neither: keep it apart.

With recipients the files are encrypted (age-encryption.org): whoever takes the disk learns how large they are and nothing else. The secret keys belong on no machine that makes backups.

Example:

  age-keygen -o keeper.key
  homeward backup write /mnt/away/today.backup
  homeward backup /mnt/away --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
  homeward backup prune /mnt/away
  homeward backup drill`
}

// saved is what a backup wrote.
type saved struct {
	Backup    string               `json:"backup"`
	At        time.Time            `json:"at"`
	File      string               `json:"file"`
	Keys      string               `json:"keys"`
	Size      int64                `json:"size"`
	KeysSize  int64                `json:"keys_size"`
	Encrypted bool                 `json:"encrypted"`
	Exhibits  int                  `json:"exhibits"`
	Missing   []homeward.ExhibitID `json:"missing"`
}

func (c backupWriteCmd) Run(sh *shell) error {
	to, err := c.away()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		to.Data, to.Keys = c.files(db.Now())
		bar := sh.progress("copying exhibits")
		to.Progress = func(done int64) { bar.at(done, 0) }
		made, err := db.Backup(sh.ctx, to)
		bar.end()
		if err != nil {
			return backupError(err)
		}
		result := saved{
			Backup: made.ID, At: made.At, File: to.Data, Keys: to.Keys, Size: made.DataSize, KeysSize: made.KeysSize,
			Encrypted: len(to.DataTo) > 0, Exhibits: made.Exhibits, Missing: append([]homeward.ExhibitID{}, made.Missing...),
		}
		if err := sh.print(result, result.words); err != nil || len(made.Missing) == 0 {
			return err
		}
		return advise(fmt.Errorf("backup: the bytes of %s are not there: %w", many(len(made.Missing), "exhibit"), homeward.ErrTampered),
			"the backup is written and holds the rest; look for the lost files in an older one, and run homeward evidence scrub")
	})
}

func (s saved) words(w io.Writer) {
	fmt.Fprintf(w, "data\t%s\t%s\nkeys\t%s\t%s\n", s.File, many(s.Size, "byte"), s.Keys, many(s.KeysSize, "byte"))
	fmt.Fprintf(w, "With the bytes of %s.\n", many(s.Exhibits, "exhibit"))
	for _, id := range s.Missing {
		fmt.Fprintf(w, "MISSING  exhibit\t%s\n", id)
	}
	if !s.Encrypted {
		fmt.Fprintln(w, "Not encrypted: words are sealed, but ids, times and numbers are not. --recipient encrypts.")
	}
	fmt.Fprintln(w, "The passphrase file is in neither. Restore needs all three.")
}

// away reads who may open the files. Whoever may open the data may open the keys, unless others are named.
func (c backupWriteCmd) away() (to store.Away, err error) {
	if to.DataTo, err = recipients(c.Recipient, c.RecipientsFile); err != nil {
		return to, err
	}
	if to.KeysTo, err = recipients(c.KeysRecipient, c.KeysRecipientFile); err != nil {
		return to, err
	}
	if len(to.KeysTo) > 0 && len(to.DataTo) == 0 {
		return to, needs("the keys would be encrypted and the data not: name who may open the data with --recipient")
	}
	if len(to.KeysTo) == 0 {
		to.KeysTo = to.DataTo
	}
	return to, nil
}

func recipients(texts []string, file string) (backup.Recipients, error) {
	const next = "a public key begins with age1: age-keygen makes one, and prints it"
	out, err := backup.ParseRecipients(texts)
	if err != nil || file == "" {
		return out, advise(err, next)
	}
	f, err := openFile(file)
	if err != nil {
		return nil, err
	}
	more, err := backup.ReadRecipients(f)
	return append(out, more...), advise(closing(f, err), next)
}

// files returns the names to write: a folder gets files named by the time, which prune knows again.
func (c backupWriteCmd) files(now time.Time) (data, keys string) {
	data = inFolder(c.File, backup.Name(now))
	if c.KeysTo == "" {
		return data, store.KeysFile(data)
	}
	return data, inFolder(c.KeysTo, store.KeysFile(backup.Name(now)))
}

func inFolder(path, name string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, name)
	}
	return path
}

// backupError takes paths out of what a disk says.
func backupError(err error) error {
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			return err
		}
	}
	return fileError("backup", err)
}

type restoreCmd struct {
	File       string   `arg:"" help:"File that backup wrote; FILE.keys must be beside it." type:"path"`
	Passphrase string   `help:"The passphrase file of the register that was backed up, when it is not in the folder yet." type:"path" placeholder:"FILE"`
	KeysFrom   string   `help:"A younger copy of the keys than FILE.keys." type:"path" placeholder:"FILE"`
	Identity   []string `help:"A file of secret keys of age that opens the backup. Once for each keeper." type:"path" placeholder:"FILE"`
	Destroyed  string   `help:"The list that homeward erase destroyed wrote: nobody who was erased comes back." type:"path" placeholder:"FILE"`
}

func (restoreCmd) Help() string {
	return `Restores into a folder (or database) that holds no register. Both files are read to their ends first: what is cut off, altered, swapped or not for these identities writes nothing. Then everything is verified: the whole ledger, and the bytes of every exhibit. A register that does not verify stays shut. Whoever was erased since the backup was made is erased from it: a younger copy of the keys knows them, and so does the list of destroyed keys.

Example:

  homeward restore --dir /srv/restored --passphrase /media/safe/passphrase --identity /media/safe/keeper.key /mnt/away/homeward-20261123T210000Z.backup`
}

const nextRestore = "a backup is two files side by side, FILE and FILE.keys; --passphrase names the passphrase file, --identity what opens encrypted ones; the folder must hold no register yet"

func (c restoreCmd) Run(sh *shell) error {
	at, err := sh.where()
	if err != nil {
		return err
	}
	from := store.Saved{Data: c.File, Keys: cmp.Or(c.KeysFrom, store.KeysFile(c.File)), Passphrase: c.Passphrase}
	if from.Identities, err = identities(c.Identity); err != nil {
		return err
	}
	if c.Destroyed != "" {
		list, err := openFile(c.Destroyed)
		if err != nil {
			return err
		}
		defer list.Close()
		from.Destroyed = list
	}
	bar := sh.progress("bringing exhibits")
	from.Progress = func(done int64) { bar.at(done, 0) }
	found, err := store.Restore(sh.ctx, at, from)
	bar.end()
	if err != nil {
		return advise(backupError(err), nextRestore)
	}
	return sh.reportRestored(found)
}

func identities(files []string) (backup.Identities, error) {
	var out backup.Identities
	for _, name := range files {
		f, err := openFile(name)
		if err != nil {
			return nil, err
		}
		ids, err := backup.ReadIdentities(f)
		if err := closing(f, err); err != nil {
			return nil, advise(err, "--identity names a file that age-keygen wrote")
		}
		out = append(out, ids...)
	}
	return out, nil
}

// restored is what a restore tells.
type restored struct {
	verified
	Exhibits int                  `json:"exhibits"`
	Missing  []homeward.ExhibitID `json:"missing"`
	Damaged  []homeward.ExhibitID `json:"damaged"`
}

// reportRestored prints what a restore found; what is not as it was written makes it an error.
func (sh *shell) reportRestored(found store.Restored) error {
	result := restored{verified: verifiedOf(found.Verified, ""), Exhibits: found.Exhibits, Missing: append([]homeward.ExhibitID{}, found.Missing...), Damaged: append([]homeward.ExhibitID{}, found.Damaged...)}
	if err := sh.print(result, result.words); err != nil {
		return err
	}
	if err := notVerified(found.Verified); err != nil || found.Whole() {
		return err
	}
	return advise(fmt.Errorf("restore: of %s the bytes are missing, of %s they are others: %w", many(len(found.Missing), "exhibit"), many(len(found.Damaged), "exhibit"), homeward.ErrTampered),
		"the register is open and holds the rest; they were so when the backup was made: an older backup may hold them whole")
}

func (r restored) words(w io.Writer) {
	r.verified.words(w)
	fmt.Fprintf(w, "The bytes of %s are those that were received.\n", many(r.Exhibits, "exhibit"))
	for _, id := range r.Missing {
		fmt.Fprintf(w, "MISSING  exhibit\t%s\n", id)
	}
	for _, id := range r.Damaged {
		fmt.Fprintf(w, "DAMAGED  exhibit\t%s\n", id)
	}
}
