package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward/internal/synth"
)

type synthCmd struct {
	Children int    `help:"How many children, in the three lists of the demonstration." default:"2000"`
	Rows     int    `help:"Instead: so many rows of a large population, for measures." placeholder:"N"`
	Lists    int    `help:"With --rows: in how many lists, each with its own mistakes; one is to be searched for duplicates." default:"1"`
	Clean    bool   `help:"With --rows: every child once, and without a mistake."`
	Wide     bool   `help:"With --rows: also parents, siblings, where a child was taken from, eyes and hair."`
	Altered  int    `help:"With --rows: so many children a second time, under an altered identity." placeholder:"N"`
	Seed     uint64 `help:"The same seed gives the same families." default:"1"`
	Out      string `help:"Folder to write to." required:"" type:"path" placeholder:"DIR"`
}

func (synthCmd) Help() string {
	return `Writes three lists that tell of the same invented families in three ways (Ukrainian family reports, a Russian adoption listing, an NGO list in Latin letters) and truth.csv, which says which rows are the same child. Nobody in them exists.

With --rows, it writes a population instead: people.csv, or people-1.csv and so on, as large as is asked for, in families with twins, each row with mistakes at documented rates, and the truth in the column cluster. With --altered, altered.csv holds children under another name, birth date and birthplace.

Examples:

  homeward synth --children 2000 --seed 1 --out ./lists
  homeward synth --rows 1000000 --out ./people
  homeward synth --rows 1000000 --lists 3 --wide --out ./people
  homeward synth --rows 1000000 --clean --altered 2000 --out ./people
  homeward link ./people/people.csv --truth cluster --out ./result`
}

// written is what synth wrote.
type written struct {
	Out      string `json:"out"`
	Children int    `json:"children,omitempty"`
	Rows     int    `json:"rows,omitempty"`
	Altered  int    `json:"altered,omitempty"`
	Seed     uint64 `json:"seed"`
}

func (c synthCmd) Run(sh *shell) error {
	switch {
	case c.Rows < 0 || c.Altered < 0 || c.Altered > c.Rows && c.Rows > 0:
		return needs("--rows and --altered want numbers from 1 on, and no more altered identities than rows")
	case c.Rows > 0:
		return c.population(sh)
	case c.Lists != 1 || c.Clean || c.Wide || c.Altered > 0:
		return needs("--lists, --clean, --wide and --altered go with --rows")
	case c.Children < 1:
		return needs("--children wants at least one")
	}
	if err := synth.Generate(synth.Options{Children: c.Children, Seed: c.Seed}).Write(c.Out); err != nil {
		return fileError("write the lists", err)
	}
	return sh.print(written{Out: c.Out, Children: c.Children, Seed: c.Seed}, func(w io.Writer) {
		fmt.Fprintf(w, "%s who never lived, in %s\n", many(c.Children, "child"), c.Out)
	})
}

// population writes a large population.
func (c synthCmd) population(sh *shell) error {
	if c.Lists < 1 || c.Lists > synth.MostLists || c.Clean && c.Lists > 1 {
		return needs(fmt.Sprintf("--lists wants a number from 1 to %d; a clean population is one list", synth.MostLists))
	}
	bar := sh.progress("writing rows")
	defer bar.end()
	w := synth.Writing{Dir: c.Out, Wide: c.Wide, Altered: c.Altered, Progress: func(done, total int) { bar.at(int64(done), int64(total)) }}
	p := synth.Populate(synth.PopulationOptions{Rows: c.Rows, Lists: c.Lists, Clean: c.Clean, Seed: c.Seed})
	if err := p.Write(sh.ctx, w); err != nil {
		return fileError("write the lists", err)
	}
	bar.end()
	return sh.print(written{Out: c.Out, Rows: c.Rows, Altered: c.Altered, Seed: c.Seed}, func(w io.Writer) {
		fmt.Fprintf(w, "%s about children who never lived, in %s\n", many(c.Rows, "row"), c.Out)
	})
}
