package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/witness"
	"github.com/homeward-registry/homeward/stamp"
)

type ledgerAuthoritiesCmd struct {
	File string `arg:"" optional:"" help:"Text that names authorities and their roots. Left out: print the one that stands." type:"existingfile"`
}

func (ledgerAuthoritiesCmd) Help() string {
	return `Says which authorities are asked for time-stamps of RFC 3161, at which addresses, and which certificates are trusted for each. Name two or more. Nobody is asked whom this file does not name; an authority sees a hash.

  authority one https://tsa.one.example/tsr
  -----BEGIN CERTIFICATE-----
  …
  authority two https://tsa.two.example/tsr
  -----BEGIN CERTIFICATE-----
  …

Example:

  homeward ledger authorities authorities.txt`
}

// maxAuthorities is far more than some chains of certificates.
const maxAuthorities = 1 << 20

func (c ledgerAuthoritiesCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		if c.File != "" {
			text, err := readFile(c.File, maxAuthorities)
			if err == nil {
				_, err = stamp.ParseAuthorities(text)
			}
			if err != nil {
				return advise(err, "homeward ledger authorities --help shows the form")
			}
			err = db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error { return tx.PutTrust(store.TrustAuthorities, text) })
			if err != nil {
				return err
			}
		}
		return sh.showTrust(db, store.TrustAuthorities, "no authority is named: homeward ledger authorities FILE names some")
	})
}

type ledgerStampCmd struct {
	Size int64  `help:"The checkpoint of this size, not the newest that was published." placeholder:"LEAVES"`
	Out  string `help:"Write checkpoint, answers and roots to this folder, for openssl." type:"path" placeholder:"DIR"`
}

func (ledgerStampCmd) Help() string {
	return `Asks each authority for a time-stamp over the checkpoint that was published last, verifies what it answers (certificate chain, purpose, hash and nonce) and keeps it. Whoever cannot be reached is asked again next time: exit code 8 says that some are missing.

Example:

  homeward ledger stamp --out stamps
  openssl ts -verify -data stamps/checkpoint.txt -in stamps/one.tsr -CAfile stamps/one.pem`
}

func (c ledgerStampCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		size, err := sh.published(db, c.Size)
		if err != nil {
			return err
		}
		result, err := sh.stamp(db, size)
		err = errors.Join(sh.print(result, result.words), err)
		if c.Out != "" && !errors.Is(err, homeward.ErrTampered) {
			err = errors.Join(sh.writeStamps(db, size, c.Out), err)
		}
		return err
	})
}

// stamps is what came of asking the authorities.
type stamps struct {
	Size        int64   `json:"size"`
	Authorities []asked `json:"authorities"`
}

func (s stamps) words(w io.Writer) {
	for _, a := range s.Authorities {
		fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.State, a.Problem)
	}
	if len(s.Authorities) == 0 {
		fmt.Fprintln(w, "No authority is named: homeward ledger authorities FILE names some.")
	}
}

// stamp asks the authorities.
func (sh *shell) stamp(db *store.DB, size int64) (stamps, error) {
	answers, err := witness.Stamp(sh.ctx, db, homeward.Operator, size)
	result := stamps{size, askedAll(answers)}
	missing := 0
	for _, a := range answers {
		if a.Err != nil {
			missing++
		}
	}
	if err == nil && missing > 0 {
		err = advise(fmt.Errorf("%s of %d are missing: %w", many(missing, "time-stamp"), len(answers), homeward.ErrUnavailable), "run homeward ledger stamp again when the authorities can be reached")
	}
	return result, err
}

// writeStamps writes what a stock tool needs to verify the time-stamps of a checkpoint.
func (sh *shell) writeStamps(db *store.DB, size int64, dir string) error {
	files := map[string][]byte{}
	err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		if files["checkpoint.txt"], err = tx.CheckpointAt(size); err != nil {
			return err
		}
		stamps, err := tx.Stamps(size)
		if err != nil {
			return err
		}
		authorities, err := tx.Authorities()
		for _, s := range stamps {
			files[s.Authority+".tsr"] = s.Answer
		}
		for _, a := range authorities {
			files[a.Name+".pem"] = a.PEM
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fileError("make the folder", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fileError("open the folder", err)
	}
	for name, data := range files {
		if err := root.WriteFile(filepath.Base(name), data, 0o644); err != nil {
			return closing(root, fileError("write a time-stamp", err))
		}
	}
	return root.Close()
}
