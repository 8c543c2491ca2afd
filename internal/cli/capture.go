package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

type captureCmd struct {
	Page  capturePageCmd  `cmd:"" default:"withargs" help:"Capture a page of the web with your own chromium, as a WACZ."`
	Check captureCheckCmd `cmd:"" help:"Verify a WACZ or WARC and print its pages as text, without a register."`
	Key   captureKeyCmd   `cmd:"" help:"Print the keys that sign captures of this register, or make the next."`
	Diff  captureDiffCmd  `cmd:"" help:"Say what became of a page between two captures, as facts."`
}

type captureCheckCmd struct {
	File string `arg:"" help:"The file." type:"path"`
	Text bool   `help:"Also print the text of its pages."`
}

func (captureCheckCmd) Help() string {
	return `Reads a WACZ or WARC in a process that reaches no network, computes every digest again, verifies the signature where there is one, and lists the pages. Exit code 7 when it is damaged, 4 when it is no archive.

Example:

  homeward capture check list-2026-03-01.wacz --text`
}

func (c captureCheckCmd) Run(sh *shell) error {
	r, err := sh.readCapture(c.File)
	if err != nil {
		return err
	}
	if err := sh.print(r, func(w io.Writer) { reportWords(w, r, c.Text) }); err != nil {
		return err
	}
	switch r.Verdict {
	case webarchive.Damaged:
		return advise(fmt.Errorf("the capture is not as it was closed: %w", homeward.ErrTampered), "keep the file as it is, and ask who gave it for another copy")
	case webarchive.Unreadable:
		return advise(fmt.Errorf("this is no capture that can be read: %w", homeward.ErrInvalid), "give a WACZ, a WARC or a WARC.gz; evidence add keeps any file as it is")
	}
	return nil
}

// readCapture reads a capture that lies in a file.
func (sh *shell) readCapture(name string) (webarchive.Report, error) {
	f, err := openFile(name)
	if err != nil {
		return webarchive.Report{}, err
	}
	defer f.Close()
	sh.tellOpen()
	r, verdict := captures().Read(sh.ctx, f)
	return r, notRead(verdict)
}

// notRead says what to do when a process did not read a capture.
func notRead(verdict evidence.Verdict) error {
	switch verdict {
	case evidence.VerdictMade:
		return nil
	case evidence.VerdictNone:
		return advise(fmt.Errorf("read the capture: %s: %w", verdict, homeward.ErrUnavailable), "captures are read in a process without network: run this on Linux where namespaces of users are allowed (sysctl kernel.unprivileged_userns_clone)")
	}
	return advise(fmt.Errorf("read the capture: %s: %w", verdict, homeward.ErrInvalid), "the file is larger or more tangled than is read here; evidence add keeps it as it is")
}

// reportWords prints what an archive is and holds.
func reportWords(w io.Writer, r webarchive.Report, text bool) {
	fmt.Fprintf(w, "%s\t%s; %s, %s agree\n", r.Verdict, r.Format, many(r.Records, "record"), many(r.Agreed, "digest"))
	for _, f := range r.Findings {
		fmt.Fprintf(w, "found\t%s\t%s\t%s\n", f.Code, many(f.Times, "time"), oneLine(f.Where))
	}
	if r.Software != "" {
		fmt.Fprintf(w, "made by\t%s\n", oneLine(r.Software))
	}
	if s := r.Signature; s != nil && s.Valid {
		fmt.Fprintf(w, "signed\tkey %s\t%s\n", s.Key, oneLine(s.Domain))
		if !s.Stamped.IsZero() {
			fmt.Fprintf(w, "stamped\t%s\n", s.Stamped.Format(time.RFC3339))
		}
	}
	for _, p := range r.Pages {
		at := "-"
		if !p.At.IsZero() {
			at = p.At.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(w, "page\t%s\t%d\t%s\t%s\n", at, p.Status, oneLine(p.URL), oneLine(p.Title))
		if text {
			fmt.Fprintf(w, "\n%s\n\n", p.Text)
		}
	}
}

type evidenceExamineCmd struct {
	Exhibit homeward.ExhibitID `arg:"" help:"The exhibit's id."`
}

func (evidenceExamineCmd) Help() string {
	return `Reads and verifies a web capture of the register in a process without network and keeps what was found, its pages as text and a small picture of its screenshot, as derivatives. evidence add does this by itself.

Example:

  homeward evidence examine 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b`
}

func (c evidenceExamineCmd) Run(sh *shell) error {
	if err := checkID("exhibit", c.Exhibit, nextExhibit); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		var e homeward.Exhibit
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			e, err = tx.Exhibit(c.Exhibit)
			return err
		})
		if err != nil {
			return advise(err, nextExhibit)
		}
		if e.Kind != homeward.ExhibitCapture {
			return advise(fmt.Errorf("examine exhibit %s: it is no web capture: %w", e.ID, homeward.ErrInvalid), "homeward evidence list --kind capture prints those that are")
		}
		made, verdict, err := captures().Examine(sh.ctx, db, homeward.Operator, e)
		if err == nil {
			err = notRead(verdict)
		}
		if err != nil {
			return err
		}
		return sh.print(lineOf(made), func(w io.Writer) { fmt.Fprintf(w, "%s\t%s\n", made.ID, made.Intake.Verdict) })
	})
}

// examine examines a capture that has just come in. Whatever comes of it, the capture is kept.
func (sh *shell) examine(db *store.DB, e homeward.Exhibit) error {
	sh.tellOpen()
	made, verdict, err := captures().Examine(sh.ctx, db, homeward.Operator, e)
	switch {
	case err != nil:
		return err
	case verdict != evidence.VerdictMade:
		fmt.Fprintf(sh.Err, "Not examined: %s. The capture is kept as it is.\n", verdict)
	default:
		fmt.Fprintf(sh.Err, "Examined: the capture is %s.\n", made.Intake.Verdict)
	}
	return nil
}
