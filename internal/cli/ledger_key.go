package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

type ledgerKeyCmd struct {
	Identity ledgerIdentityCmd `cmd:"" help:"On a machine without a network: make the identity key that names successors."`
	Trust    ledgerTrustCmd    `cmd:"" help:"Say which identity names the successors of this log's key. Once."`
	Next     ledgerNextCmd     `cmd:"" help:"Make the key that is to follow, and print the statement for the identity to sign."`
	Sign     ledgerSignCmd     `cmd:"" help:"On the machine without a network: sign the statement."`
	Rotate   ledgerRotateCmd   `cmd:"" help:"Hand the log over to the key of the signed statement."`
	List     ledgerKeysCmd     `cmd:"" help:"Print the log's keys and how they followed one another."`
}

type ledgerIdentityCmd struct {
	Out  string `arg:"" help:"File for the private key." type:"path"`
	Name string `required:"" help:"Name of the identity: register.example/identity." placeholder:"NAME"`
}

func (ledgerIdentityCmd) Help() string {
	return `Makes the identity key of a register and prints its verifier key. Run it on a machine that has no network and keep the file there, in two copies: it signs who follows the log's key, and nothing else. Give the verifier key to whoever verifies.

Example:

  homeward ledger key identity /media/safe/identity.key --name register.example/identity`
}

func (c ledgerIdentityCmd) Run(sh *shell) error {
	private, verifier, err := ledger.NewKey(c.Name)
	if err != nil {
		return fmt.Errorf("make an identity: %w", err)
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileError("write the identity key", err)
	}
	_, err = fmt.Fprintln(f, private)
	if err := closing(f, err); err != nil {
		return err
	}
	result := struct {
		File     string `json:"file"`
		Verifier string `json:"verifier"`
	}{c.Out, verifier}
	return sh.print(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s\nNext, at the register: homeward ledger key trust '%s'\n", verifier, verifier)
	})
}

type ledgerTrustCmd struct {
	Identity string `arg:"" help:"Verifier key of the identity."`
}

func (ledgerTrustCmd) Help() string {
	return `Keeps the identity's verifier key. It can be said once: every statement rests on it.

Example:

  homeward ledger key trust 'register.example/identity+4f2c9a10+AR…'`
}

func (c ledgerTrustCmd) Run(sh *shell) error {
	if _, err := ledger.ParsePolicy([]byte("log " + c.Identity + "\nquorum none\n")); err != nil {
		return advise(fmt.Errorf("trust an identity: not a verifier key: %w", homeward.ErrInvalid), "homeward ledger key identity printed it")
	}
	return sh.with(func(db *store.DB) error {
		return db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			return tx.PutTrust(store.TrustIdentity, []byte(c.Identity))
		})
	})
}

type ledgerNextCmd struct{}

func (ledgerNextCmd) Help() string {
	return `Makes the key that is to follow and keeps it sealed. Carry the printed statement to the machine with the identity key. Until it is handed over the old key goes on signing.

Example:

  homeward ledger key next > statement.txt`
}

func (ledgerNextCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		statement, err := db.NextKey(sh.ctx)
		if err != nil {
			return advise(err, "first: homeward ledger key identity, on a machine without a network, then homeward ledger key trust KEY")
		}
		return sh.statement(statement)
	})
}

// statement prints a statement.
func (sh *shell) statement(text []byte) error {
	result := struct {
		Statement string `json:"statement"`
	}{string(text)}
	return sh.print(result, func(w io.Writer) { w.Write(text) })
}

type ledgerSignCmd struct {
	Statement string `arg:"" help:"File that ledger key next printed." type:"existingfile"`
	Identity  string `required:"" help:"File with the identity's private key." type:"existingfile" placeholder:"FILE"`
}

func (ledgerSignCmd) Help() string {
	return `Signs the statement with the identity key, and nothing that is not such a statement. It needs no register and no network. Read the statement first: it names the log, its key and the key that follows.

Example:

  homeward ledger key sign statement.txt --identity /media/safe/identity.key > signed.txt`
}

func (c ledgerSignCmd) Run(sh *shell) error {
	statement, err := readFile(c.Statement, maxPolicy)
	if err != nil {
		return err
	}
	private, err := readFile(c.Identity, maxPolicy)
	if err != nil {
		return err
	}
	signed, err := ledger.SignSuccession(statement, string(private))
	if err != nil {
		return err
	}
	return sh.statement(signed)
}

type ledgerRotateCmd struct {
	Signed string `arg:"" help:"File that ledger key sign printed." type:"existingfile"`
}

func (ledgerRotateCmd) Help() string {
	return `Hands the log over: both keys sign one checkpoint, and the old key is overwritten. What it signed before still verifies, and nothing that it signs from now on. Give the new verifier key to witnesses, and add it to the policy as one more log line.

Example:

  homeward ledger key rotate signed.txt`
}

func (c ledgerRotateCmd) Run(sh *shell) error {
	signed, err := readFile(c.Signed, maxPolicy)
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		if err := db.Succeed(sh.ctx, signed); err != nil {
			return advise(err, "the statement must be the one that homeward ledger key next prints now, signed by the identity that is trusted")
		}
		if _, err := db.Checkpoint(sh.ctx); err != nil {
			return err
		}
		result := struct {
			Verifier string `json:"verifier"`
		}{db.Verifier()}
		return sh.print(result, func(w io.Writer) {
			fmt.Fprintf(w, "The log's key is now\n  %s\nNext: give it to each witness as one more --log, and add to the policy: log %s\n", result.Verifier, result.Verifier)
		})
	})
}

type ledgerKeysCmd struct{}

func (ledgerKeysCmd) Help() string {
	return `Prints the log's keys, oldest first, with the statements and handovers by which each followed the one before.

Example:

  homeward ledger key list`
}

// keyStep is how a key followed.
type keyStep struct {
	Statement string `json:"statement"`
	Handover  string `json:"handover"`
}

func (ledgerKeysCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		result := struct {
			First    string    `json:"first"`
			Newest   string    `json:"newest"`
			Identity string    `json:"identity,omitempty"`
			Steps    []keyStep `json:"steps"`
		}{Newest: db.Verifier(), Steps: []keyStep{}}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			first, steps, err := tx.Successions()
			for _, s := range steps {
				result.Steps = append(result.Steps, keyStep{string(s.Statement), string(s.Handover)})
			}
			result.First = first
			if len(steps) > 0 && err == nil {
				result.Identity, err = tx.Identity()
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s\n", result.First)
			for _, s := range result.Steps {
				fmt.Fprintf(w, "\n%s\n%s", s.Statement, s.Handover)
			}
		})
	})
}
