package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/capture"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

type capturePageCmd struct {
	URL       string                 `arg:"" help:"The address of the page, http or https."`
	Out       string                 `help:"The WACZ to write; it may not exist." type:"path" placeholder:"FILE"`
	Keep      bool                   `help:"Keep the capture in the register, as an exhibit."`
	Sign      bool                   `help:"Sign the capture with the register's key; with --keep it always is."`
	Request   homeward.RequestID     `help:"With --keep: the tracing request that it belongs to." placeholder:"ID"`
	Record    homeward.RecordID      `help:"With --keep: a record of the child that it tells of." placeholder:"ID"`
	In        homeward.CompartmentID `help:"With --keep: the compartment that it lies in." default:"main" placeholder:"ID"`
	Class     homeward.FieldClass    `help:"With --keep: who needs to know it." default:"evidence" enum:"identity,location,contact,source,health,evidence" placeholder:"CLASS"`
	Collector string                 `help:"With --keep: who captures it: person, organisation, role." placeholder:"WORDS"`
	Purpose   string                 `help:"With --keep: what it is kept for." placeholder:"WORDS"`
	Authority string                 `help:"With --keep: on whose authority." placeholder:"WORDS"`
	Chromium  string                 `help:"The browser to use; left out, chromium or google-chrome on the PATH." env:"HOMEWARD_CHROMIUM" placeholder:"PROGRAM"`
	NoSandbox bool                   `help:"Run chromium without its sandbox, which root needs. Only in a container made for it: the page is a stranger's."`
	Timeout   time.Duration          `help:"How long the page may take." default:"90s"`
}

func (capturePageCmd) Help() string {
	return `Opens a page in your own chromium, with a new profile, and keeps every request and answer, a screenshot of the whole page, and the certificates its hosts showed. The site sees a visit from this machine's address. Nothing that is not of the open web is asked for, whatever the page says. With --keep or --sign it is signed with the register's key, which homeward capture key prints; otherwise it is not signed, and no register is opened. The word page may be left out.

Examples:

  homeward capture https://example.org/list --out list-2026-03-01.wacz
  homeward capture page https://example.org/list --keep --purpose "the list as it stands today"`
}

// captured is what a capture came to.
type captured struct {
	Asked     string             `json:"asked"`
	Final     string             `json:"final"`
	Title     string             `json:"title"`
	Status    int                `json:"status"`
	Exchanges int                `json:"exchanges"`
	Refused   int                `json:"refused"`
	Notes     []string           `json:"notes"`
	Browser   string             `json:"browser"`
	Size      int                `json:"size"`
	SHA256    string             `json:"sha256"`
	Key       string             `json:"key,omitempty"` // that signed it
	Exhibit   homeward.ExhibitID `json:"exhibit,omitempty"`
}

func (c capturePageCmd) Run(sh *shell) error {
	if c.Out == "" && !c.Keep {
		return needs("say where the capture goes: --out FILE, or --keep for the register")
	}
	for noun, id := range map[string]string{"tracing request": string(c.Request), "record": string(c.Record)} {
		if id != "" {
			if err := checkID(noun, id, nextExhibit); err != nil {
				return err
			}
		}
	}
	if c.Out != "" {
		if _, err := os.Lstat(c.Out); err == nil {
			return fileError("write the capture", os.ErrExist)
		}
	}
	if !c.Keep && !c.Sign {
		return c.capture(sh, nil)
	}
	return sh.with(func(db *store.DB) error { return c.capture(sh, db) })
}

// capture captures the page. That a register does not open is known before the site is asked.
func (c capturePageCmd) capture(sh *shell, db *store.DB) error {
	got, err := capture.Page(sh.ctx, c.URL, capture.Options{Program: c.Chromium, Software: "Homeward " + thisBuild().Version, Long: c.Timeout, NoSandbox: c.NoSandbox})
	if err != nil {
		return notCaptured(err)
	}
	return c.place(sh, db, got)
}

// place signs a capture where there is a register to sign for, and writes it where it was asked for: to a file, to the register, or to both.
func (c capturePageCmd) place(sh *shell, db *store.DB, got webarchive.Capture) error {
	var key *webarchive.Key
	if db != nil {
		signer, err := db.CaptureSigner(sh.ctx)
		if err != nil {
			return err
		}
		key = &signer
	}
	var file bytes.Buffer
	if err := webarchive.Write(&file, got, key); err != nil {
		return err
	}
	out := outcome(got, file.Bytes())
	if key != nil {
		out.Key = webarchive.NameOf(key.Public())
	}
	if c.Out != "" {
		if err := writeNew(c.Out, file.Bytes()); err != nil {
			return err
		}
	}
	if c.Keep {
		e, err := evidence.Receive(sh.ctx, db, homeward.Operator, c.delivery(got, file.Bytes()))
		if err != nil {
			return advise(err, "look at the ids; the exhibit lies where its request or record does")
		}
		out.Exhibit = e.ID
		if err := sh.examine(db, e); err != nil {
			return err
		}
	}
	return sh.print(out, out.words)
}

// notCaptured says what to do when a page was not captured.
func notCaptured(err error) error {
	switch {
	case errors.Is(err, capture.ErrRoot):
		return advise(err, "run this as another user than root, or, in a container made for it, with --no-sandbox")
	case errors.Is(err, capture.ErrNoBrowser):
		return advise(err, "install chromium, or name one with --chromium")
	case errors.Is(err, homeward.ErrDenied), errors.Is(err, homeward.ErrInvalid):
		return advise(err, "give the address of a page of the open web: https://example.org/page")
	case errors.Is(err, homeward.ErrUnavailable):
		return advise(err, "see in a browser that the page opens and that its certificate is good, then run the command again, with a longer --timeout if it is slow")
	}
	return err
}

func outcome(c webarchive.Capture, file []byte) captured {
	sum := sha256.Sum256(file)
	out := captured{
		Asked: c.Asked, Final: c.Final, Title: c.Title, Exchanges: len(c.Exchanges), Refused: len(c.Refused), Notes: append([]string{}, c.Notes...),
		Browser: c.Browser, Size: len(file), SHA256: hex.EncodeToString(sum[:]),
	}
	for _, x := range c.Exchanges {
		if x.URL == c.Final {
			out.Status = x.Status
			break
		}
	}
	return out
}

func (c captured) words(w io.Writer) {
	fmt.Fprintf(w, "captured\t%s\t%d\t%s\n", oneLine(c.Final), c.Status, oneLine(c.Title))
	fmt.Fprintf(w, "kept\t%s, %s\n", many(c.Exchanges, "answer"), many(c.Size, "byte"))
	fmt.Fprintf(w, "sha256\t%s\n", c.SHA256)
	if c.Key != "" {
		fmt.Fprintf(w, "signed\tkey %s\n", c.Key)
	}
	if c.Exhibit != "" {
		fmt.Fprintf(w, "exhibit\t%s\n", c.Exhibit)
	}
	if c.Refused > 0 {
		fmt.Fprintf(w, "refused\t%s not of the open web\n", many(c.Refused, "address"))
	}
	for _, n := range c.Notes {
		fmt.Fprintf(w, "note\t%s\n", oneLine(n))
	}
}

// delivery tells how a capture came here.
func (c capturePageCmd) delivery(got webarchive.Capture, file []byte) evidence.Delivery {
	to := evidence.Delivery{
		Exhibit: homeward.Exhibit{Compartment: c.In, Class: c.Class, Request: c.Request, Record: c.Record, Intake: homeward.Intake{Collector: c.Collector}},
		Purpose: c.Purpose, Authority: c.Authority,
	}
	return evidence.Captured(to, got, file)
}

// writeNew writes a file that is there whole or not at all, and replaces none.
func writeNew(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".capture-*")
	if err != nil {
		return fileError("write the capture", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = closing(f, err); err == nil {
		err = os.Link(f.Name(), name)
	}
	if errors.Is(err, os.ErrExist) {
		err = &os.PathError{Op: "link", Err: os.ErrExist}
	}
	if err != nil {
		return fileError("write the capture", err)
	}
	return nil
}
