package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
)

type evidenceReadCmd struct {
	Exhibit   homeward.ExhibitID `arg:"" help:"The exhibit's id."`
	Out       string             `required:"" help:"The file to write; it may not exist." type:"path" placeholder:"FILE"`
	Purpose   string             `required:"" help:"What for." placeholder:"WORDS"`
	Authority string             `help:"On whose authority." placeholder:"WORDS"`
	Export    bool               `help:"The copy leaves the register: custody says exported in place of accessed."`
}

func (evidenceReadCmd) Help() string {
	return `Writes the bytes of an exhibit to a file, as they were received. Its custody says who read them, and why, before the first byte is read. Bytes that are not those that were received leave no file.

Example:

  homeward evidence read 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b --out order.pdf --purpose "translation for the court"`
}

// readExhibit is what reading an exhibit wrote.
type readExhibit struct {
	Exhibit homeward.ExhibitID `json:"exhibit"`
	Bytes   int64              `json:"bytes"`
	SHA256  string             `json:"sha256"`
}

func (c evidenceReadCmd) Run(sh *shell) error {
	if err := checkID("exhibit", c.Exhibit, nextExhibit); err != nil {
		return err
	}
	line := homeward.Custody{Act: homeward.CustodyAccessed, Purpose: c.Purpose, Authority: c.Authority}
	if c.Export {
		line.Act = homeward.CustodyExported
	}
	return sh.with(func(db *store.DB) error {
		file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fileError("make the file", err)
		}
		done, err := c.copyTo(sh, db, file, line)
		if err = closing(file, err); err != nil {
			os.Remove(c.Out)
			return err
		}
		return sh.print(done, func(w io.Writer) {
			fmt.Fprintf(w, "%s written, as they were received.\nsha256\t%s\n", many(done.Bytes, "byte"), done.SHA256)
		})
	})
}

func (c evidenceReadCmd) copyTo(sh *shell, db *store.DB, file io.Writer, line homeward.Custody) (readExhibit, error) {
	e, bytes, err := db.ReadExhibit(sh.ctx, homeward.Operator, c.Exhibit, line)
	if err != nil {
		return readExhibit{}, err
	}
	bar := sh.progress("reading the exhibit")
	defer bar.end()
	n, err := io.Copy(file, &watched{r: bytes, bar: bar})
	return readExhibit{e.ID, n, e.SHA256}, closing(bytes, err)
}

type evidenceScrubCmd struct {
	Sweep bool `help:"Also remove whole files that belong to no exhibit. Never after restoring an old backup: it does not know of what came in since."`
}

func (evidenceScrubCmd) Help() string {
	return `Reads the bytes of every exhibit to the end, hashes them again and writes what it found into their custody. What is damaged is named, and the exit code is 7. Files that a killed process left unfinished are removed.

Example:

  homeward evidence scrub`
}

// scrubbed is what a scrub found.
type scrubbed struct {
	Exhibits   int              `json:"exhibits"`
	Bytes      int64            `json:"bytes"`
	Damaged    []damagedExhibit `json:"damaged"`
	Unfinished int              `json:"unfinished_files"`
	Leftover   int              `json:"leftover_files"`
	Swept      bool             `json:"swept"`
}

type damagedExhibit struct {
	Exhibit homeward.ExhibitID `json:"exhibit"`
	Found   string             `json:"found"`
}

func (c evidenceScrubCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		bar := sh.progress("reading exhibits")
		defer bar.end()
		found, err := evidence.Scrub(sh.ctx, db, homeward.Operator, c.Sweep, func(done int64) { bar.at(done, 0) })
		bar.end()
		if err != nil {
			return err
		}
		out := scrubbed{
			Exhibits: found.Exhibits, Bytes: found.Bytes, Damaged: []damagedExhibit{},
			Unfinished: found.Leftovers.Unfinished, Leftover: found.Leftovers.Whole, Swept: c.Sweep,
		}
		for _, line := range found.Damaged {
			out.Damaged = append(out.Damaged, damagedExhibit{line.Exhibit, evidence.Damage(line)})
		}
		if err := sh.print(out, out.words); err != nil || len(out.Damaged) == 0 {
			return err
		}
		return fmt.Errorf("%s not as received: %w", many(len(out.Damaged), "exhibit"), homeward.ErrTampered)
	})
}

func (s scrubbed) words(w io.Writer) {
	fmt.Fprintf(w, "%s read again, %s.\n", many(s.Exhibits, "exhibit"), many(s.Bytes, "byte"))
	for _, d := range s.Damaged {
		fmt.Fprintf(w, "DAMAGED\t%s\t%s\n", d.Exhibit, d.Found)
	}
	if len(s.Damaged) == 0 {
		fmt.Fprintln(w, "Every one is as it was received.")
	}
	if s.Unfinished > 0 {
		fmt.Fprintf(w, "%s removed.\n", many(s.Unfinished, "unfinished file"))
	}
	switch {
	case s.Leftover > 0 && s.Swept:
		fmt.Fprintf(w, "%s of no exhibit removed.\n", many(s.Leftover, "file"))
	case s.Leftover > 0:
		fmt.Fprintf(w, "%s of no exhibit; --sweep removes them.\n", many(s.Leftover, "file"))
	}
}
