package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/store"
)

type exportCmd struct {
	Dossier exportDossierCmd `cmd:"" help:"Freeze what is known of a child, or of several, with what speaks against it and the card of art. 78(3)."`
	Bundle  exportBundleCmd  `cmd:"" help:"Take a child, a tracing request or an exhibit out as a proof bundle for a court."`
}

type exportBundleCmd struct {
	Person    string   `help:"A child: its records, who told them, what was decided." xor:"about" placeholder:"ID"`
	Case      string   `help:"A tracing request, with the records of whom it seeks." xor:"about" placeholder:"ID"`
	Exhibit   string   `help:"An exhibit, with its custody and what it was made of." xor:"about" placeholder:"ID"`
	Out       string   `help:"File to write; - is standard output. With --dry-run nothing is written." type:"path" placeholder:"FILE"`
	Recipient string   `help:"Who receives it, in words: it stands in the ledger and in the bundle." placeholder:"WORDS"`
	Purpose   string   `help:"What it is for, likewise." placeholder:"WORDS"`
	Withhold  []string `help:"What not to show: paths (reason, body/row/0003), claims (contact, birth.date) or classes (identity, location, contact, source, health, evidence), with commas between." placeholder:"PATHS"`
	To        string   `help:"The recipient's age key: the bytes of exhibits go along, encrypted to it. Without one they stay here." placeholder:"age1…"`
	DryRun    bool     `help:"Only show what would be shown and what withheld."`
}

func (exportBundleCmd) Help() string {
	return `Writes a proof bundle: entries as far as they are disclosed, with what proves them, a report in three languages and verify.py, in one ZIP that a stranger verifies offline. What is withheld stands there as a digest: provable later, and not to be guessed. Exporting is an entry of the ledger, with purpose and recipient.

Example:

  homeward export bundle --person 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b --withhold contact,health --purpose "proceedings 12/26" --recipient "District court" --out bundle.zip`
}

// exportedBundle is an export for scripts.
type exportedBundle struct {
	Export    homeward.ExportID            `json:"export,omitempty"`
	Kind      homeward.ExportKind          `json:"kind"`
	Subject   string                       `json:"subject"`
	File      string                       `json:"file,omitempty"`
	Items     int                          `json:"items"`
	Shown     int                          `json:"shown,omitempty"`
	Withheld  int                          `json:"withheld"`
	Why       map[homeward.Withholding]int `json:"why,omitempty"`
	Originals int                          `json:"originals"`
	Log       string                       `json:"log,omitempty"`
}

func (c exportBundleCmd) Run(sh *shell) error {
	o, err := c.order()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		if c.DryRun {
			return c.preview(sh, db, o)
		}
		return c.write(sh, db, o)
	})
}

// order reads the command line.
func (c exportBundleCmd) order() (o disclosure.Order, err error) {
	o = disclosure.Order{Purpose: c.Purpose, Recipient: c.Recipient, To: c.To}
	for _, x := range []struct {
		kind homeward.ExportKind
		id   string
		next string
	}{{homeward.ExportPerson, c.Person, nextPerson}, {homeward.ExportRequest, c.Case, "homeward request list shows the ids"}, {homeward.ExportExhibit, c.Exhibit, nextExhibit}} {
		if x.id == "" {
			continue
		}
		if err := checkID(string(x.kind), x.id, x.next); err != nil {
			return o, err
		}
		o.Kind, o.Subject = x.kind, x.id
	}
	switch {
	case o.Kind == "":
		return o, needs("say what it is about: --person, --case or --exhibit, with an id")
	case !c.DryRun && c.Out == "":
		return o, needs("name the file to write with --out, or look first with --dry-run")
	case !c.DryRun && (c.Purpose == "" || c.Recipient == ""):
		return o, needs("say what it is for and who receives it: --purpose and --recipient; both stand in the ledger")
	}
	o.Withhold = withholdOf(c.Withhold)
	return o, nil
}

// withholdOf tells classes from paths.
func withholdOf(list []string) (w store.Withhold) {
	for _, x := range list {
		if class := homeward.FieldClass(x); slices.Contains(homeward.FieldClasses, class) {
			w.Classes |= homeward.ClassesOf(class)
		} else {
			w.Paths = append(w.Paths, x)
		}
	}
	return w
}

func (c exportBundleCmd) preview(sh *shell, db *store.DB, o disclosure.Order) error {
	s, err := disclosure.Preview(sh.ctx, db, homeward.Operator, o)
	if err != nil {
		return advise(err, nextExport)
	}
	shown, why := s.Amounts()
	result := exportedBundle{Kind: s.Kind, Subject: s.Subject, Items: len(s.Entries), Shown: shown, Why: why, Originals: len(s.Exhibits)}
	for _, n := range why {
		result.Withheld += n
	}
	return sh.print(result, func(w io.Writer) {
		for i, e := range s.Entries {
			fmt.Fprintf(w, "%06d\t%s\t%s\t%d shown\t%d withheld\n", i+1, e.Type, moment(e.At), len(e.Item.Disclosed), len(e.Item.Withheld))
		}
		fmt.Fprintf(w, "Would show %s of %s and withhold %s (%d who acted, %d by role, %d by choice). Nothing was written.\n", many(shown, "field"),
			many(len(s.Entries), "entry"), amount(result.Withheld), why[homeward.WithheldActor], why[homeward.WithheldRole], why[homeward.WithheldChosen])
	})
}

const nextExport = "look at the id, and at --to: it is an age key, age1…; homeward export bundle --dry-run shows what an export would hold"

// export writes the bundle beside the file that is wanted, and gives it its name when it is whole.
func (c exportBundleCmd) export(sh *shell, db *store.DB, o disclosure.Order) (r disclosure.Result, err error) {
	l, swept, err := leave(c.Out)
	defer func() { l.end() }()
	sh.tellSwept(swept, c.Out)
	if err != nil {
		return r, fileError("write the bundle", err)
	}
	f, err := l.unnamed()
	if err != nil {
		return r, fileError("write the bundle", err)
	}
	defer f.Close()
	if r, err = disclosure.Export(sh.ctx, db, homeward.Operator, o, f); err != nil {
		return r, advise(err, nextExport)
	}
	whole := filepath.Join(l.dir, "bundle.zip")
	if err = l.name("bundle.zip", f); err == nil {
		if err = os.Link(whole, c.Out); err != nil && !errors.Is(err, fs.ErrExist) { // a link takes nobody's place; not every disk has them
			err = os.Rename(whole, c.Out)
		}
	}
	if err != nil {
		return r, fileError("write the bundle", err)
	}
	return r, nil
}

func (c exportBundleCmd) write(sh *shell, db *store.DB, o disclosure.Order) error {
	if c.Out == "-" {
		_, err := disclosure.Export(sh.ctx, db, homeward.Operator, o, sh.Out)
		return advise(err, nextExport)
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return advise(fmt.Errorf("the file exists already: %w", homeward.ErrConflict), "name a file that does not exist yet: each export has its own")
	}
	r, err := c.export(sh, db, o)
	if err != nil {
		return err
	}
	result := exportedBundle{Export: r.ID, Kind: r.Kind, Subject: r.Subject, File: c.Out, Items: r.Items, Withheld: r.Withheld, Originals: r.Originals, Log: r.Key}
	return sh.print(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s, %s withheld, %s; export %s is in the ledger.\n", many(r.Items, "item"), many(r.Withheld, "field"), many(r.Originals, "original"), r.ID)
		fmt.Fprintf(w, "Give the recipient the log's key apart from the bundle: %s\n", r.Key)
		fmt.Fprintf(w, "Check it: homeward verify %s --log '%s'\n", c.Out, r.Key)
	})
}
