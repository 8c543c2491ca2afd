package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward/internal/synth"
)

type synthCmd struct {
	Children int    `help:"How many children." default:"2000"`
	Seed     uint64 `help:"The same seed gives the same families." default:"1"`
	Out      string `help:"Folder to write to." required:"" type:"path" placeholder:"DIR"`
}

func (synthCmd) Help() string {
	return `Writes three lists that tell of the same invented families in three ways (Ukrainian family reports, a Russian adoption listing, an NGO list in Latin letters) and truth.csv, which says which rows are the same child. Nobody in them exists.

Example:

  homeward synth --children 2000 --seed 1 --out ./lists`
}

// written is what synth wrote.
type written struct {
	Out      string `json:"out"`
	Children int    `json:"children"`
	Seed     uint64 `json:"seed"`
}

func (c synthCmd) Run(sh *shell) error {
	if c.Children < 1 {
		return needs("--children wants at least one")
	}
	if err := synth.Generate(synth.Options{Children: c.Children, Seed: c.Seed}).Write(c.Out); err != nil {
		return fileError("write the lists", err)
	}
	return sh.print(written{c.Out, c.Children, c.Seed}, func(w io.Writer) {
		fmt.Fprintf(w, "%s who never lived, in %s\n", many(c.Children, "child"), c.Out)
	})
}
