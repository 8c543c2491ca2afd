package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
)

type figuresCmd struct {
	Import figuresImportCmd `cmd:"" help:"Bring in a list of figures that others published."`
	List   figuresListCmd   `cmd:"" help:"List them as they were said."`
}

type figuresImportCmd struct {
	File string `arg:"" optional:"" help:"CSV; without it, the published figures that come with Homeward." type:"path"`
}

func (figuresImportCmd) Help() string {
	return `The columns are date, date_precision, publisher, reported_by, category, relation, value, population, scope_as_said, link, note. Rows that contradict one another are all kept; bringing a list in again adds nothing.

Example:

  homeward figures import figures.csv`
}

// kept is what an import of figures did.
type kept struct {
	Added int `json:"added"`
	Known int `json:"known"`
}

func (c figuresImportCmd) Run(sh *shell) (err error) {
	list := statistics.Published()
	if c.File != "" {
		var file *os.File
		if file, err = openFile(c.File); err != nil {
			return err
		}
		defer func() { err = closing(file, err) }()
		list = file
	}
	return sh.with(func(db *store.DB) error {
		added, known, err := statistics.ImportFigures(sh.ctx, db, homeward.Operator, list)
		if err != nil {
			return err
		}
		return sh.print(kept{added, known}, func(w io.Writer) {
			fmt.Fprintf(w, "%s added, %s known already\n", many(added, "figure"), amount(known))
		})
	})
}

type figuresListCmd struct {
	Category string `help:"Only this category, of children only: deported, returned, missing, …" placeholder:"NAME"`
}

func (figuresListCmd) Help() string {
	return "Example:\n\n  homeward figures list --category deported"
}

// figure is a figure as printed: always with who said it, when and of whom.
type figure struct {
	ID         homeward.FigureID `json:"id"`
	Date       string            `json:"date"`
	Publisher  string            `json:"publisher"`
	ReportedBy string            `json:"reported_by"`
	Category   string            `json:"category"`
	Relation   string            `json:"relation"`
	Value      int64             `json:"value"`
	Population string            `json:"population"`
	Scope      string            `json:"scope_as_said"`
	Link       string            `json:"link"`
	Note       string            `json:"note"`
	KnownAt    time.Time         `json:"known_at"`
}

func (c figuresListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		var found []homeward.Figure
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			found, err = tx.Figures()
			return err
		})
		if err != nil {
			return err
		}
		if c.Category != "" {
			found = statistics.Series(found, c.Category)
		}
		list := make([]figure, len(found))
		for i, f := range found {
			list[i] = figure{f.ID, f.Date.String(), f.Publisher, f.ReportedBy, f.Category, f.Relation, f.Value, f.Population, f.Scope, f.Link, f.Note, f.KnownAt}
		}
		return sh.print(list, func(w io.Writer) {
			for _, f := range list {
				fmt.Fprintf(w, "%s\t%s %s\t%s\t%s\t“%s”\n", f.Date, f.Relation, amount(f.Value), f.Category, f.Publisher, f.Scope)
			}
			if len(list) == 0 {
				fmt.Fprintln(w, "No figures here: homeward figures import brings in those that come with Homeward.")
			}
		})
	})
}
