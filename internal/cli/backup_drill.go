package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

type backupDrillCmd struct {
	File       string   `arg:"" optional:"" help:"The backup to restore; without one a new one is made, encrypted to keys that live as long as the drill." type:"path"`
	KeysFrom   string   `help:"The keys, when they are not in FILE.keys." type:"path" placeholder:"FILE"`
	Identity   []string `help:"A file of secret keys of age that opens the backup. Once for each keeper." type:"path" placeholder:"FILE"`
	Passphrase string   `help:"The passphrase file; better the one from the safe than the register's own." type:"path" placeholder:"FILE"`
	Work       string   `help:"The folder to restore below; without one the register's." type:"existingdir" placeholder:"DIR"`
}

func (backupDrillCmd) Help() string {
	return `A backup that nobody restored is a hope. The drill restores one into an empty folder (SQLite, whatever the register runs on), verifies the whole ledger and the bytes of every exhibit, sees that it continues the register's own log and that nobody erased came back, and that what is cut off, altered, swapped or not for us is refused. Then it removes the restored register. It prints one line for each thing proved; the first fault gives the exit code.

Example:

  homeward backup drill
  homeward backup drill /mnt/away/homeward-20261123T210000Z.backup --identity /media/safe/keeper.key --passphrase /media/safe/passphrase --json`
}

// proof is one thing that a drill shows.
type proof struct {
	Step    string  `json:"step"`
	OK      bool    `json:"ok"`
	Shows   string  `json:"shows"`
	Seconds float64 `json:"seconds"`
}

// drilled is what a drill tells.
type drilled struct {
	OK    bool    `json:"ok"`
	Steps []proof `json:"steps"`
}

// drill is a drill under way.
type drill struct {
	live    *store.DB
	from    store.Saved
	work    string // the folder that is removed at the end
	at      store.Settings
	found   store.Restored
	result  drilled
	failure error // the first
}

func (c backupDrillCmd) Run(sh *shell) error {
	at, err := sh.where()
	if err != nil {
		return err
	}
	ids, err := identities(c.Identity)
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) (err error) {
		below := cmp.Or(c.Work, at.Dir)
		if err := store.SweepPartial(below, "drill"); err != nil { // of a drill that was killed: data, keys and passphrase in one place
			return fileError("remove what a killed drill left", err)
		}
		work, err := os.MkdirTemp(below, "drill-*.partial")
		if err != nil {
			return fileError("make a folder for the drill", err)
		}
		d := &drill{live: db, work: work, at: store.Settings{Dir: filepath.Join(work, "register")}}
		defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
		d.from = store.Saved{
			Data: c.File, Keys: cmp.Or(c.KeysFrom, store.KeysFile(c.File)), Identities: ids,
			Passphrase: cmp.Or(c.Passphrase, filepath.Join(at.Dir, "passphrase")),
		}
		d.run(sh.ctx)
		if err := sh.print(d.result, d.result.words); err != nil {
			return err
		}
		return advise(d.failure, "a backup that fails a drill is no backup: make another, keep the older ones, and run homeward verify and homeward evidence scrub")
	})
}

func (d *drill) run(ctx context.Context) {
	if d.from.Data == "" {
		d.step("backup", func() (string, error) { return d.backUp(ctx) })
	}
	d.step("restore", func() (string, error) { return d.restore(ctx) })
	d.step("ledger", func() (string, error) {
		v := d.found.Verified
		return fmt.Sprintf("%s, %s and %s verify", many(v.Leaves, "leaf"), many(v.Records, "record"), many(v.Checkpoints, "checkpoint")), notVerified(v)
	})
	d.step("exhibits", d.exhibits)
	d.step("same log", func() (string, error) { return d.sameLog(ctx) })
	d.step("erased", func() (string, error) { return d.erased(ctx) })
	d.step("refusals", func() (string, error) { return d.refusals(ctx) })
	d.result.OK = d.failure == nil
}

// step shows one thing, unless one before it failed.
func (d *drill) step(name string, show func() (string, error)) {
	if d.failure != nil {
		return
	}
	since := time.Now()
	shows, err := show()
	if err != nil {
		d.failure = fmt.Errorf("drill: %s: %w", name, backupError(err))
		shows = backupError(err).Error()
	}
	d.result.Steps = append(d.result.Steps, proof{name, err == nil, shows, time.Since(since).Round(time.Millisecond).Seconds()})
}

// backUp makes a backup as a register does whose data and keys have keepers of their own.
func (d *drill) backUp(ctx context.Context) (string, error) {
	if _, err := d.live.Checkpoint(ctx); err != nil {
		return "", err
	}
	d.from.Data = filepath.Join(d.work, backup.Name(d.live.Now()))
	d.from.Keys = store.KeysFile(d.from.Data)
	to := store.Away{Data: d.from.Data, Keys: d.from.Keys}
	var data, keys backup.Identities
	var err, err2 error
	to.DataTo, data, err = backup.Throwaway()
	to.KeysTo, keys, err2 = backup.Throwaway()
	if err := errors.Join(err, err2); err != nil {
		return "", err
	}
	d.from.Identities = slices.Concat(data, keys)
	made, err := d.live.Backup(ctx, to)
	return fmt.Sprintf("%s of data, %s of keys, %s, encrypted to two keepers", many(made.DataSize, "byte"), many(made.KeysSize, "byte"), many(made.Exhibits, "exhibit")), err
}

func (d *drill) restore(ctx context.Context) (string, error) {
	var list bytes.Buffer
	err := d.live.WriteTombstones(ctx, &list)
	if err == nil {
		from := d.from
		from.Destroyed = &list
		d.found, err = store.Restore(ctx, d.at, from)
	}
	return "it opens with the identities and the passphrase file, into an empty folder", err
}

func (d *drill) exhibits() (string, error) {
	f := d.found
	shows := fmt.Sprintf("the bytes of %s are those that were received", many(f.Exhibits, "exhibit"))
	if f.Whole() {
		return shows, nil
	}
	return shows, fmt.Errorf("of %s the bytes are missing, of %s they are others: %w", many(len(f.Missing), "exhibit"), many(len(f.Damaged), "exhibit"), homeward.ErrTampered)
}

// sameLog sees that the newest checkpoint of the backup is one that the register itself signed.
func (d *drill) sameLog(ctx context.Context) (string, error) {
	var text, own []byte
	err := d.restored(ctx, func(tx *store.Tx) (err error) {
		text, err = tx.LatestCheckpoint()
		return err
	})
	if err != nil {
		return "", err
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		return "", fmt.Errorf("the backup holds no checkpoint to compare: homeward run signs one: %w", homeward.ErrNotFound)
	}
	err = d.live.View(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		own, err = tx.CheckpointAt(c.Size)
		return err
	})
	if err == nil && !bytes.Equal(own, text) {
		err = fmt.Errorf("the register signed another log of %s: %w", many(c.Size, "leaf"), homeward.ErrTampered)
	}
	return fmt.Sprintf("its checkpoint of %s is the register's own", many(c.Size, "leaf")), err
}

// erased sees that every key that was destroyed here is destroyed there.
func (d *drill) erased(ctx context.Context) (string, error) {
	here, err := d.live.Tombstones(ctx)
	if err != nil {
		return "", err
	}
	db, err := store.Open(ctx, d.at)
	if err != nil {
		return "", err
	}
	there, err := db.Tombstones(ctx)
	if err := closing(db, err); err != nil {
		return "", err
	}
	known := map[string]bool{}
	for _, t := range there {
		known[t.Object] = true
	}
	for _, t := range here {
		if !known[t.Object] {
			return "", fmt.Errorf("key %s was destroyed and is not: %w", t.Object, homeward.ErrTampered)
		}
	}
	return fmt.Sprintf("%s destroyed here stay destroyed there", many(len(here), "key")), nil
}

func (d *drill) restored(ctx context.Context, look func(*store.Tx) error) error {
	db, err := store.Open(ctx, d.at)
	if err != nil {
		return err
	}
	return closing(db, db.View(ctx, homeward.Operator, look))
}

// refusals tries what must not be restored. The keys stand for both files where bytes are altered: they are small.
func (d *drill) refusals(ctx context.Context) (string, error) {
	keys, err := os.ReadFile(d.from.Keys)
	if err != nil {
		return "", err
	}
	flipped := slices.Clone(keys)
	flipped[len(flipped)/2] ^= 1
	bad := map[string][]byte{"cut": keys[:len(keys)-1], "flipped": flipped, "empty": nil, "secret": []byte("another passphrase, which is long enough\n")}
	for name, content := range bad {
		if err := os.WriteFile(filepath.Join(d.work, name), content, 0o600); err != nil {
			return "", err
		}
	}
	_, stranger, err := backup.Throwaway()
	if err != nil {
		return "", err
	}
	with := func(change func(*store.Saved)) store.Saved {
		from := d.from
		change(&from)
		return from
	}
	tries := map[string]store.Saved{
		"keys that are cut off":   with(func(s *store.Saved) { s.Keys = filepath.Join(d.work, "cut") }),
		"keys with a bit flipped": with(func(s *store.Saved) { s.Keys = filepath.Join(d.work, "flipped") }),
		"an empty file":           with(func(s *store.Saved) { s.Keys = filepath.Join(d.work, "empty") }),
		"swapped files":           with(func(s *store.Saved) { s.Data, s.Keys = s.Keys, s.Data }),
		"another passphrase":      with(func(s *store.Saved) { s.Passphrase = filepath.Join(d.work, "secret") }),
	}
	if len(d.from.Identities) > 0 {
		tries["another identity"] = with(func(s *store.Saved) { s.Identities = stranger })
	}
	for what, from := range tries {
		to := store.Settings{Dir: filepath.Join(d.work, "refused")}
		if _, err := store.Restore(ctx, to, from); err == nil {
			return "", fmt.Errorf("%s restored: %w", what, homeward.ErrTampered)
		}
		if _, err := os.Stat(to.Dir); !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("%s left something behind: %w", what, homeward.ErrTampered)
		}
	}
	return fmt.Sprintf("%s refused, and nothing written", many(len(tries), "bad restore")), nil
}

func (d drilled) words(w io.Writer) {
	for _, s := range d.Steps {
		verdict := "ok"
		if !s.OK {
			verdict = "FAULT"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", verdict, s.Step, s.Shows)
	}
	if d.OK {
		fmt.Fprintln(w, "The backup is whole. What was restored is removed again.")
	}
}
