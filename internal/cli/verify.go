package cli

import (
	"encoding/hex"
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type verifyCmd struct {
	Bundle string `arg:"" optional:"" help:"A proof bundle to verify, without a register." type:"path" placeholder:"FILE"`
	Log    string `help:"The log's key as you have it from elsewhere than the bundle." placeholder:"KEY"`
	Policy string `help:"Ask as well that the checkpoint published last has the quorum of this policy." type:"existingfile" placeholder:"FILE"`
}

func (verifyCmd) Help() string {
	return `Opens every entry, recomputes commitments, leaves, tree and checkpoints from the stored bytes, and compares records and decisions with what the log says of them. It changes nothing. What was altered is named, and the exit code is 7. With a policy it fails with exit code 8 while witnesses are missing.

With a FILE it verifies a proof bundle, as the verify.py inside the bundle does: exit code 0 verified, 7 tampered, 4 not a bundle. It needs no register and no network. Time-stamps in it are checked at their own time, under the roots enclosed; whether to trust the authority that it names is for you to say.

Example:

  homeward verify
  homeward verify bundle.zip --log 'homeward.local/019abc+4f2c9a10+AR…'`
}

// verified is what a verification tells.
type verified struct {
	OK          bool      `json:"ok"`
	Entries     int64     `json:"entries"`
	Leaves      int64     `json:"leaves"`
	Hashes      int64     `json:"hashes"`
	Checkpoints int64     `json:"checkpoints"`
	Records     int64     `json:"records"`
	Decisions   int64     `json:"decisions"`
	Erased      int64     `json:"erased"`
	Root        string    `json:"root"`
	Verifier    string    `json:"verifier,omitempty"`
	Findings    []finding `json:"findings"`
}

// finding is one place where the stored bytes are not those that were written.
type finding struct {
	Place string `json:"place"`
	ID    string `json:"id"`
	Index int64  `json:"index"`
	What  string `json:"what"`
}

func (c verifyCmd) Run(sh *shell) error {
	if c.Bundle != "" {
		return c.bundle(sh)
	}
	if c.Log != "" {
		return needs("--log goes with the FILE of a bundle; the register knows its own key")
	}
	return sh.with(func(db *store.DB) error {
		bar := sh.progress("verifying")
		found, err := db.Verify(sh.ctx, homeward.Operator, bar.at)
		bar.end()
		if err != nil {
			return err
		}
		err = sh.report(found, db.Verifier())
		if err != nil || c.Policy == "" {
			return err
		}
		return sh.verifyPolicy(db, c.Policy)
	})
}

// verifyPolicy opens the checkpoint that was published last as a stranger with this policy would.
func (sh *shell) verifyPolicy(db *store.DB, file string) error {
	p, _, err := readPolicy(file)
	if err != nil {
		return err
	}
	size, err := sh.published(db, 0)
	if err != nil {
		return err
	}
	text, err := sh.checkpoint(db, size)
	if err != nil {
		return err
	}
	_, cosigned, err := p.Open(text)
	if err == nil && !sh.JSON {
		for _, c := range cosigned {
			fmt.Fprintf(sh.Out, "cosigned by %s at %s\n", c.Witness, moment(c.At))
		}
	}
	return err
}

// report prints a verification; findings make it an error.
func (sh *shell) report(v store.Verified, verifier string) error {
	result := verifiedOf(v, verifier)
	if err := sh.print(result, result.words); err != nil {
		return err
	}
	return notVerified(v)
}

func verifiedOf(v store.Verified, verifier string) verified {
	return verified{
		OK: v.OK(), Entries: v.Entries, Leaves: v.Leaves, Hashes: v.Hashes, Checkpoints: v.Checkpoints, Records: v.Records,
		Decisions: v.Decisions, Erased: v.Erased, Root: hex.EncodeToString(v.Root[:]), Verifier: verifier, Findings: findings(v.Findings),
	}
}

// notVerified is the error of a verification that found something.
func notVerified(v store.Verified) error {
	if v.OK() {
		return nil
	}
	return fmt.Errorf("verify: %s: %w", many(len(v.Findings), "finding"), homeward.ErrTampered)
}

func (v verified) words(w io.Writer) {
	for _, f := range v.Findings {
		fmt.Fprintf(w, "ALTERED  %s\t%s\t%s\n", f.Place, f.ID, f.What)
	}
	if v.OK {
		fmt.Fprintln(w, "Nothing was changed.")
	}
	fmt.Fprintf(w, "%s in the log, tree of %s, %s; looked at %s and %s.\n", many(v.Leaves, "leaf"), many(v.Hashes, "hash"),
		many(v.Checkpoints, "checkpoint"), many(v.Records, "record"), many(v.Decisions, "decision"))
	if v.Erased > 0 {
		fmt.Fprintf(w, "erased, as the log tells\t%s; the leaves are in place\n", many(v.Erased, "entry"))
	}
	fmt.Fprintf(w, "root\t%s\n", v.Root)
	if v.Verifier != "" {
		fmt.Fprintf(w, "log\t%s\n", v.Verifier)
	}
}
