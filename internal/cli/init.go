package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward/internal/store"
)

type initCmd struct{}

func (initCmd) Help() string {
	return `Makes the folder with its databases, keys and passphrase file. Run again, it brings the schema up to date and changes nothing else.

Example:

  homeward init --dir /srv/homeward`
}

// created is what init made.
type created struct {
	Dir        string `json:"dir"`
	Passphrase string `json:"passphrase,omitempty"`
	Verifier   string `json:"verifier"`
	New        bool   `json:"new"`
}

func (initCmd) Run(sh *shell) error {
	at, err := sh.where()
	if err != nil {
		return err
	}
	made, err := store.Init(sh.ctx, at)
	if err != nil {
		return err
	}
	result := created{Dir: at.Dir, Passphrase: made.Passphrase, Verifier: made.Verifier, New: made.Passphrase != ""}
	return sh.print(result, result.words)
}

func (c created) words(w io.Writer) {
	if !c.New {
		fmt.Fprintf(w, "The register in %s is up to date.\n", c.Dir)
		return
	}
	fmt.Fprintf(w, `A new register stands in %s

KEEP THE PASSPHRASE FILE. %s
is the only way into this register. Who loses it loses every word about every child, here and in every
backup; nobody can bring it back. Who steals it together with the folder can read everything. Copy it now
to two places apart from this machine and from the backups, and tell two people where.

Give this line to whoever should be able to check the register's ledger:
  %s

Next: homeward import FILE --source NAME, or homeward serve
`, c.Dir, c.Passphrase, c.Verifier)
}
