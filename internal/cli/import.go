package cli

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
)

type importCmd struct {
	File        string `arg:"" help:"The list: CSV, TSV, XLSX or JSON lines." type:"path"`
	Source      string `required:"" help:"Who gave it: the name of the source." placeholder:"NAME"`
	Edition     string `help:"As of when the source speaks; ages are counted from it." placeholder:"DATE"`
	Map         string `help:"JSON file that says what columns hold; remembered for the source." type:"path" placeholder:"FILE"`
	Compartment string `help:"The compartment of a new source: its name or id; main where nothing is said." placeholder:"NAME"`
	DryRun      bool   `help:"Show what would happen; write nothing."`
	Keep        bool   `help:"Keep the file itself as an exhibit, in the compartment of its source."`
}

func (importCmd) Help() string {
	return `Encoding, delimiter and columns are found out; --dry-run shows how the list would be read. The same file twice changes nothing. An interrupted import goes on where it stopped when the command is run again.

A mapping names columns by their headings, in a file for --map: {"columns":{"dob":"birth.date","occupation":"text:occupation"}}. What is not named there is recognised as without it. A column may hold ` + columnPaths() + `; or text:WORDS, which keeps it as text.

Examples:

  homeward import list.xlsx --source "School No 3" --edition 2025-02-22 --dry-run
  homeward import list.xlsx --source "School No 3" --edition 2025-02-22
  homeward import witnesses.csv --source "Witnesses" --compartment "Witness protection"`
}

// columnPaths lists what a column may hold, the events in one line for all of them.
func columnPaths() string {
	var paths, types []string
	for _, p := range intake.Paths() {
		if _, _, event := p.Event(); !event {
			paths = append(paths, string(p))
		}
	}
	for _, t := range homeward.EventTypes {
		types = append(types, string(t))
	}
	return strings.Join(paths, ", ") + "; event.TYPE.date, event.TYPE.place, event.TYPE.actor or event.TYPE.note, with one of these for TYPE: " + strings.Join(types, ", ")
}

// brought is what an import did.
type brought struct {
	Source      homeward.SourceID  `json:"source,omitempty"`
	Edition     homeward.EditionID `json:"edition,omitempty"`
	DryRun      bool               `json:"dry_run"`
	Already     bool               `json:"already"`
	Resumed     bool               `json:"resumed"`
	Remapped    bool               `json:"remapped"`
	Format      string             `json:"format"`
	Encoding    string             `json:"encoding"`
	Delimiter   string             `json:"delimiter,omitempty"`
	Rows        int                `json:"rows"`
	Added       int                `json:"added"`
	Changed     int                `json:"changed"`
	Unchanged   int                `json:"unchanged"`
	Removed     int                `json:"removed"`
	Quarantined int                `json:"quarantined"`
	Reasons     map[string]int     `json:"quarantine_reasons"`
	Exhibit     homeward.ExhibitID `json:"exhibit,omitempty"`
	Columns     homeward.Mapping   `json:"columns"`
	Preview     []previewedRow     `json:"preview,omitempty"`
}

func (c importCmd) Run(sh *shell) error {
	in, err := c.input()
	if err != nil {
		return err
	}
	file, err := openFile(c.File)
	if err != nil {
		return err
	}
	in.File = file
	return closing(file, sh.with(func(db *store.DB) error {
		bar := sh.progress("bringing in rows")
		defer bar.end()
		in.Progress = func(done, total int) { bar.at(int64(done), int64(total)) }
		if in.Compartment, err = c.room(sh, db); err != nil {
			return err
		}
		if c.DryRun {
			return sh.preview(db, in)
		}
		done, err := intake.Import(sh.ctx, db, homeward.Operator, in)
		bar.end()
		if err != nil {
			return err
		}
		result := tallied(done.Tally)
		result.Source, result.Edition, result.Already, result.Resumed = done.Source, done.Edition, done.Already, done.Resumed
		result.Format, result.Encoding, result.Delimiter = done.Format, done.Encoding, delimiter(done.Delimiter)
		result.Remapped = done.Remapped
		result.Columns, result.Reasons = done.Mapping, reasons(done.Reasons)
		if c.Keep && !done.Already {
			if result.Exhibit, err = c.keep(sh, db, done); err != nil {
				return err
			}
		}
		return sh.print(result, result.words)
	}))
}

// room finds the compartment that is named; empty when none is.
func (c importCmd) room(sh *shell, db *store.DB) (in homeward.CompartmentID, err error) {
	if c.Compartment == "" {
		return "", nil
	}
	return in, db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		found, err := compartmentNamed(tx, c.Compartment)
		in = found.ID
		return err
	})
}

// input reads what the flags say.
func (c importCmd) input() (intake.Input, error) {
	in := intake.Input{Source: c.Source}
	if c.Edition != "" {
		dates := homeward.ParseDates(c.Edition, homeward.Date{})
		if len(dates) != 1 {
			return in, needs("--edition wants one date, such as 2025-02-22, 2025-02 or 2025")
		}
		in.Edition = dates[0]
	}
	if c.Map == "" {
		return in, nil
	}
	file, err := openFile(c.Map)
	if err != nil {
		return in, err
	}
	in.Mapping, err = intake.ParseMapping(file)
	return in, closing(file, err)
}

// keep keeps the file of an edition as an exhibit, as it was received.
func (c importCmd) keep(sh *shell, db *store.DB, done intake.Report) (homeward.ExhibitID, error) {
	file, err := openFile(c.File)
	if err != nil {
		return "", err
	}
	defer file.Close()
	e := homeward.Exhibit{Kind: homeward.ExhibitList, Class: homeward.ClassSource, Intake: homeward.Intake{
		Name: filepath.Base(c.File), From: c.Source, When: c.Edition, Method: homeward.MethodImported, Tool: "homeward import",
	}}
	err = db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		s, err := tx.Source(done.Source)
		e.Compartment = s.Compartment
		return err
	})
	if err != nil {
		return "", err
	}
	e, err = evidence.Receive(sh.ctx, db, homeward.Operator, evidence.Delivery{Exhibit: e, Purpose: "the file of edition " + string(done.Edition), Bytes: file})
	return e.ID, err
}

func tallied(t homeward.Tally) brought {
	return brought{Rows: t.Rows, Added: t.Added, Changed: t.Changed, Unchanged: t.Unchanged, Removed: t.Removed, Quarantined: t.Quarantined}
}

func reasons(of map[string]int) map[string]int {
	if of == nil {
		return map[string]int{}
	}
	return of
}

// delimiter leaves out the one that stands for none.
func delimiter(d string) string {
	if d == "\x00" {
		return ""
	}
	return d
}

func (b brought) words(w io.Writer) {
	switch {
	case b.Already:
		fmt.Fprintln(w, "This file is in the register already: nothing was changed.")
	case b.Resumed:
		fmt.Fprintln(w, "An interrupted import went on where it had stopped.")
	}
	fmt.Fprintf(w, "read as\t%s, %s\n", b.Format, b.Encoding)
	fmt.Fprintf(w, "rows\t%s\n", amount(b.Rows))
	for _, line := range []struct {
		word string
		n    int
	}{{"added", b.Added}, {"changed", b.Changed}, {"unchanged", b.Unchanged}, {"removed", b.Removed}, {"quarantined", b.Quarantined}} {
		fmt.Fprintf(w, "%s\t%s\n", line.word, amount(line.n))
	}
	english := i18n.For(i18n.English)
	for _, key := range slices.Sorted(maps.Keys(b.Reasons)) {
		fmt.Fprintf(w, "\t%s: %s\n", amount(b.Reasons[key]), english.T(key))
	}
	if b.Exhibit != "" {
		fmt.Fprintf(w, "exhibit\t%s\n", b.Exhibit)
	}
	if b.Remapped {
		fmt.Fprintln(w, "Columns hold something else now than before: rows that are there stay as they were read; new and changed rows are read as you say now.")
	}
	if b.DryRun || b.Already {
		return
	}
	if b.Quarantined > 0 {
		fmt.Fprintln(w, "Rows in quarantine are kept and do not count; the desk shows each of them. A row that is mended comes with the next edition.")
	}
	fmt.Fprintln(w, "Next: homeward run")
}
