package cli

import (
	"encoding/pem"
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type captureKeyCmd struct {
	Next bool `help:"Make another key, which signs from now on: when somebody may have had the one before."`
}

func (captureKeyCmd) Help() string {
	return `Prints the keys that sign captures of this register, oldest first, with the name that reports of captures give them. The newest signs; what those before it signed stays this register's. The first is made when a capture is signed. Give the public key to whoever verifies captures: a signature names nobody.

Examples:

  homeward capture key
  homeward capture key --next`
}

// captureKeyLine is a key that signs captures.
type captureKeyLine struct {
	Key    string    `json:"key"` // as in the report of a capture
	Since  time.Time `json:"since"`
	Public string    `json:"public"` // PEM
}

func (c captureKeyCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		if c.Next {
			if err := db.Update(sh.ctx, homeward.Operator, (*store.Tx).PutCaptureKey); err != nil {
				return err
			}
		}
		var list []store.CaptureKey
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			list, err = tx.CaptureKeys()
			return err
		})
		if err != nil {
			return err
		}
		lines := make([]captureKeyLine, len(list))
		for i, k := range list {
			lines[i] = captureKeyLine{k.Name, k.At, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.Public}))}
		}
		return sh.print(lines, func(w io.Writer) {
			if len(lines) == 0 {
				fmt.Fprintln(w, "No capture was signed yet.\nNext: homeward capture URL --keep, or homeward capture key --next")
			}
			for _, k := range lines {
				fmt.Fprintf(w, "key\t%s\nsince\t%s\n%s", k.Key, k.Since.Format(time.RFC3339), k.Public)
			}
		})
	})
}
