package cli

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

type evidenceCmd struct {
	Add     evidenceAddCmd     `cmd:"" help:"Keep a file as an exhibit: hashed, sealed, never changed."`
	List    evidenceListCmd    `cmd:"" help:"List exhibits, the newest first."`
	Show    evidenceShowCmd    `cmd:"" help:"Show an exhibit: how it came here, and everyone who handled it."`
	Read    evidenceReadCmd    `cmd:"" help:"Write the bytes of an exhibit to a file; its custody says so first."`
	Assess  evidenceAssessCmd  `cmd:"" help:"Enter what a named human concludes in law of an act."`
	Examine evidenceExamineCmd `cmd:"" help:"Read and verify a web capture again, apart, and keep what was found."`
	Scrub   evidenceScrubCmd   `cmd:"" help:"Read every exhibit again and name what is damaged."`
}

type evidenceAddCmd struct {
	File      string                 `arg:"" help:"The file, of any kind and size; - reads standard input." type:"path"`
	Kind      homeward.ExhibitKind   `help:"document, photo, video, audio, account, capture, list or other; left out, a WACZ or WARC is a capture and anything else a document. Of what is made of an exhibit: transcript, translation, crop, redaction or thumbnail." default:"" enum:",document,photo,video,audio,account,capture,list,other,transcript,translation,crop,redaction,thumbnail" placeholder:"KIND"`
	Parent    homeward.ExhibitID     `help:"The exhibit that it was made of." placeholder:"ID"`
	Request   homeward.RequestID     `help:"The tracing request that it came with." placeholder:"ID"`
	Record    homeward.RecordID      `help:"A record of the child that it tells of." placeholder:"ID"`
	In        homeward.CompartmentID `help:"The compartment that it lies in." default:"main" placeholder:"ID"`
	Class     homeward.FieldClass    `help:"Who needs to know it." default:"evidence" enum:"identity,location,contact,source,health,evidence" placeholder:"CLASS"`
	Name      string                 `help:"The file's own name, when it was another." placeholder:"NAME"`
	Collector string                 `help:"Who collected it: person, organisation, role." placeholder:"WORDS"`
	Collected string                 `help:"When, with the offset of the collector's clock: 2025-02-22T14:30:00+02:00; or in words." placeholder:"TIME"`
	Place     string                 `help:"Where it was collected." placeholder:"WORDS"`
	Method    homeward.Method        `help:"How: handed-over, on-site, recorded, scanned, sent, captured, imported, derived or unknown." default:"unknown" enum:"handed-over,on-site,recorded,scanned,sent,captured,imported,derived,unknown" placeholder:"METHOD"`
	From      string                 `help:"Who gave it." placeholder:"WORDS"`
	Consent   string                 `help:"Under what consent of whom." placeholder:"WORDS"`
	Tool      string                 `help:"What made it, with its version." placeholder:"WORDS"`
	Present   string                 `help:"Of an account: who was there." placeholder:"WORDS"`
	Purpose   string                 `help:"What it is kept for." placeholder:"WORDS"`
	Authority string                 `help:"On whose authority." placeholder:"WORDS"`
}

func (evidenceAddCmd) Help() string {
	return `The bytes are hashed before anything else touches them, sealed with a key of the exhibit's own and never changed. A web capture (WACZ or WARC) is read and verified apart, and the verdict is kept. Whatever the flags leave out can not be added later: say what is known.

Example:

  homeward evidence add order.pdf --kind document --from "a nurse of the hospital" --method handed-over --collected 2025-02-22T14:30:00+02:00`
}

func (c evidenceAddCmd) Run(sh *shell) error {
	d, err := c.delivery()
	if err != nil {
		return err
	}
	var file io.ReadCloser = io.NopCloser(sh.In)
	if c.File != "-" {
		if file, err = openFile(c.File); err != nil {
			return err
		}
	}
	head := bufio.NewReader(file)
	if d.Exhibit.Kind == "" {
		d.Exhibit.Kind = kindOf(head, d.Exhibit.Intake.Name)
	}
	bar := sh.progress("keeping the exhibit")
	d.Bytes = &watched{r: head, bar: bar}
	return closing(file, sh.with(func(db *store.DB) error {
		defer bar.end()
		e, err := evidence.Receive(sh.ctx, db, homeward.Operator, d)
		bar.end()
		if err != nil {
			return advise(err, "look at the ids and at --kind: what is made of an exhibit needs --parent, and nothing else has one")
		}
		if err := sh.afterwards(db, e); err != nil {
			return err
		}
		return sh.print(printedExhibit(e), printedExhibit(e).words)
	}))
}

// kindOf tells a web capture by how it begins.
func kindOf(file *bufio.Reader, name string) homeward.ExhibitKind {
	if head, _ := file.Peek(512); webarchive.Recognised(head, name) { // what can not be read is met when it is kept
		return homeward.ExhibitCapture
	}
	return homeward.ExhibitDocument
}

// afterwards makes a thumbnail of a photo, examines a web capture, and says when a child was heard before.
func (sh *shell) afterwards(db *store.DB, e homeward.Exhibit) error {
	switch {
	case e.Kind == homeward.ExhibitCapture:
		return sh.examine(db, e)
	case e.Kind == homeward.ExhibitPhoto:
		_, verdict, err := thumbnails().Make(sh.ctx, db, homeward.Operator, e)
		if err == nil && verdict != evidence.VerdictMade {
			fmt.Fprintf(sh.Err, "No thumbnail: %s. The photo is kept as it is.\n", verdict)
		}
		return err
	case e.Kind == homeward.ExhibitAccount && e.Record != "":
		return db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			heard, err := evidence.Accounts(tx, e.Record)
			if len(heard) > 1 {
				fmt.Fprintf(sh.Err, "This child has been heard before: there are %s. To be heard again can harm a child.\n", many(len(heard), "account"))
			}
			return err
		})
	}
	return nil
}

// watched tells a progress bar how much was read.
type watched struct {
	r    io.Reader
	bar  *progress
	done int64
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.done += int64(n)
	w.bar.at(w.done, 0)
	return n, err
}

func (c evidenceAddCmd) delivery() (evidence.Delivery, error) {
	for noun, id := range map[string]string{"exhibit": string(c.Parent), "tracing request": string(c.Request), "record": string(c.Record)} {
		if id == "" {
			continue
		}
		if err := checkID(noun, id, nextExhibit); err != nil {
			return evidence.Delivery{}, err
		}
	}
	intake := homeward.Intake{
		Name: c.Name, Collector: c.Collector, Place: c.Place, Method: c.Method, From: c.From, Consent: c.Consent, Tool: c.Tool, Present: c.Present,
	}
	if intake.Name == "" && c.File != "-" {
		intake.Name = filepath.Base(c.File)
	}
	if at, err := time.Parse(time.RFC3339, c.Collected); err == nil {
		intake.Collected = at
	} else {
		intake.When = c.Collected
	}
	return evidence.Delivery{
		Exhibit: homeward.Exhibit{
			Compartment: c.In, Class: c.Class, Kind: c.Kind, Parent: c.Parent, Request: c.Request, Record: c.Record, Intake: intake,
		},
		Purpose: c.Purpose, Authority: c.Authority,
	}, nil
}

type evidenceListCmd struct {
	Kind    homeward.ExhibitKind `help:"Only exhibits of this kind." placeholder:"KIND"`
	Request homeward.RequestID   `help:"Only exhibits of this tracing request." placeholder:"ID"`
	Limit   int                  `help:"How many." default:"100" placeholder:"N"`
}

func (evidenceListCmd) Help() string {
	return "This prints ids, kinds, sizes and times, and no word about anyone.\n\nExample:\n\n  homeward evidence list --kind photo"
}

// exhibitLine is an exhibit in one line.
type exhibitLine struct {
	Exhibit  homeward.ExhibitID   `json:"exhibit"`
	Kind     homeward.ExhibitKind `json:"kind"`
	Class    homeward.FieldClass  `json:"class"`
	Size     int64                `json:"size"`
	SHA256   string               `json:"sha256"`
	Parent   homeward.ExhibitID   `json:"parent,omitempty"`
	Request  homeward.RequestID   `json:"request,omitempty"`
	Record   homeward.RecordID    `json:"record,omitempty"`
	Verdict  string               `json:"verdict,omitempty"` // of an examination
	Received time.Time            `json:"received"`
}

func lineOf(e homeward.Exhibit) exhibitLine {
	return exhibitLine{e.ID, e.Kind, e.Class, e.Size, e.SHA256, e.Parent, e.Request, e.Record, e.Intake.Verdict, e.At}
}

func (c evidenceListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		list := []exhibitLine{}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			found, err := tx.Exhibits(store.ExhibitFilter{Kind: c.Kind, Request: c.Request, Limit: c.Limit})
			for _, e := range found {
				list = append(list, lineOf(e))
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(list, func(w io.Writer) {
			for _, e := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Exhibit, e.Kind, many(e.Size, "byte"), moment(e.Received))
			}
			if len(list) == 0 {
				fmt.Fprintln(w, "No such exhibits here: homeward evidence add FILE keeps one.")
			}
		})
	})
}
