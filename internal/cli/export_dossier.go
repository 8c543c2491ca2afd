package cli

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/dossier"
	"github.com/homeward-registry/homeward/internal/store"
)

type exportDossierCmd struct {
	Person    []homeward.PersonID `help:"A child; several make a pattern." placeholder:"ID"`
	Group     string              `help:"Every child whom a source puts into this transfer group, instead of --person or beside it." placeholder:"GROUP"`
	Floor     string              `help:"The worst grade of a claim that is in it: source A to F, what it says 1 to 6." default:"B2" placeholder:"GRADE"`
	Out       string              `help:"Folder to write, which must not exist." required:"" type:"path" placeholder:"DIR"`
	Recipient string              `help:"Who receives it, in words: it stands in the ledger and in the dossier." required:"" placeholder:"WORDS"`
	Purpose   string              `help:"What it is for, likewise." required:"" placeholder:"WORDS"`
	To        string              `help:"The recipient's age key: the bytes of exhibits go along, encrypted to it. Without one they stay here." placeholder:"age1…"`
}

func (exportDossierCmd) Help() string {
	return `Writes a folder: dossier and card (Additional Protocol I art. 78(3)) as pages and for paper in Ukrainian, English and Russian, and bundle.zip, which encloses and proves them. Claims are in it when their own grade, or a place in an exhibit that supports them, is at the floor or better; what contradicts, and what speaks for somebody accused, always is. Freezing is an entry of the ledger with a version and the digest of every file: the next about the same children is the next version.

Example:

  homeward export dossier --person 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b --floor B2 --purpose "proceedings 12/26" --recipient "District court" --out dossier-1
  homeward export dossier --group TOK-2204-1 --purpose "proceedings 12/26" --recipient "District court" --out pattern-1`
}

// frozenDossier is a dossier for scripts: no word of it.
type frozenDossier struct {
	Export      homeward.ExportID `json:"export"`
	Subject     string            `json:"subject"`
	Version     int               `json:"version"`
	Folder      string            `json:"folder"`
	Files       []string          `json:"files"`
	Children    int               `json:"children"`
	Claims      int               `json:"claims"`
	Below       int               `json:"below"`
	Against     int               `json:"against"`
	Exhibits    int               `json:"exhibits"`
	Assessments int               `json:"assessments"`
	Items       int               `json:"items"`
	Content     string            `json:"content"`
	Log         string            `json:"log"`
}

func (c exportDossierCmd) Run(sh *shell) error {
	floor, err := homeward.ParseGrade(c.Floor)
	if err != nil {
		return advise(err, "write --floor B2: what is graded B2 or better in both halves")
	}
	if len(c.Person) == 0 && c.Group == "" {
		return needs("say whom it is about: --person with an id, once for each child, or --group with a transfer group")
	}
	for _, id := range c.Person {
		if err := checkID("person", id, nextPerson); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return advise(fmt.Errorf("the folder exists already: %w", homeward.ErrConflict), "name a folder that does not exist yet: each version has its own")
	}
	o := dossier.Order{Persons: c.Person, Floor: floor, Purpose: c.Purpose, Recipient: c.Recipient, To: c.To}
	return sh.with(func(db *store.DB) error {
		if c.Group != "" {
			group, err := dossier.InGroup(sh.ctx, db, homeward.Operator, c.Group)
			if err != nil {
				return advise(err, "look at --group: it is written as in a list, and homeward show PERSON prints it as transfer.group")
			}
			o.Persons = append(slices.Clone(o.Persons), group...)
		}
		made, files, err := c.freeze(sh, db, o)
		if err != nil {
			return advise(err, nextExport)
		}
		result := frozenDossier{
			Export: made.ID, Subject: made.Subject, Version: made.Version, Folder: c.Out, Files: files, Children: made.Children, Claims: made.Claims,
			Below: made.Below, Against: made.Against, Exhibits: made.Exhibits, Assessments: made.Assessments, Items: made.Items, Content: made.Content, Log: made.Key,
		}
		return sh.print(result, result.words)
	})
}

// freeze writes everything into a folder beside the one that is wanted, and gives it its name when it is whole.
func (c exportDossierCmd) freeze(sh *shell, db *store.DB, o dossier.Order) (made dossier.Frozen, files []string, err error) {
	l, swept, err := leave(c.Out)
	defer func() { l.end() }()
	sh.tellSwept(swept, c.Out)
	if err != nil {
		return made, nil, fileError("write the dossier", err)
	}
	f, err := l.unnamed()
	if err != nil {
		return made, nil, fileError("write the dossier", err)
	}
	defer f.Close()
	if made, err = dossier.Freeze(sh.ctx, db, homeward.Operator, o, f); err != nil {
		return made, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(made.Enclosed)) {
		flat := strings.ReplaceAll(strings.TrimPrefix(name, "data/"), "/", "-")
		if err := l.name(flat, bytes.NewReader(made.Enclosed[name])); err != nil {
			return made, nil, fileError("write the dossier", err)
		}
		files = append(files, flat)
	}
	if err := l.name("bundle.zip", f); err != nil {
		return made, nil, fileError("write the dossier", err)
	}
	if err := l.arrive(c.Out); err != nil {
		return made, nil, fileError("write the dossier", err)
	}
	return made, append(files, "bundle.zip"), nil
}

func (d frozenDossier) words(w io.Writer) {
	fmt.Fprintf(w, "Version %d: %s, %s, %d below the floor and left out, %d against, %s, %s; export %s is in the ledger.\n", d.Version,
		many(d.Children, "child"), many(d.Claims, "claim"), d.Below, d.Against, many(d.Exhibits, "exhibit"), many(d.Assessments, "assessment"), d.Export)
	fmt.Fprintf(w, "Give the recipient the log's key apart from the folder: %s\n", d.Log)
	fmt.Fprintf(w, "Check it: homeward verify %s --log '%s'\n", filepath.Join(d.Folder, "bundle.zip"), d.Log)
}
