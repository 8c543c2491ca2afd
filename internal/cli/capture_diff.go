package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

type captureDiffCmd struct {
	Earlier string `arg:"" help:"The earlier capture: WACZ or WARC." type:"path"`
	Later   string `arg:"" help:"The later one." type:"path"`
}

func (captureDiffCmd) Help() string {
	return `Says what became of a page between two captures, as facts: pages, listings (an address that the page leads to, with the text around it) and lines that vanished, appeared or changed. What only moved has not changed. A damaged capture is compared with nothing.

Example:

  homeward capture diff list-2026-02-01.wacz list-2026-03-01.wacz --json`
}

// captureDiff is the difference of two captures.
type captureDiff struct {
	Earlier webarchive.Verdict `json:"earlier"`
	Later   webarchive.Verdict `json:"later"`
	Cut     bool               `json:"cut"` // a page is longer than is read: what stands behind is not compared
	Facts   []webarchive.Fact  `json:"facts"`
}

func (c captureDiffCmd) Run(sh *shell) error {
	a, err := sh.comparable(c.Earlier)
	if err != nil {
		return err
	}
	b, err := sh.comparable(c.Later)
	if err != nil {
		return err
	}
	out := captureDiff{a.Verdict, b.Verdict, false, webarchive.Compare(a, b)}
	for _, r := range []webarchive.Report{a, b} {
		for _, p := range r.Pages {
			out.Cut = out.Cut || p.Cut
		}
	}
	return sh.print(out, out.words)
}

// comparable reads a capture that may be compared.
func (sh *shell) comparable(name string) (webarchive.Report, error) {
	r, err := sh.readCapture(name)
	if err != nil {
		return r, err
	}
	switch r.Verdict {
	case webarchive.Damaged:
		return r, advise(fmt.Errorf("a capture is not as it was closed: %w", homeward.ErrTampered), "homeward capture check names what is damaged; compare another copy")
	case webarchive.Unreadable:
		return r, advise(fmt.Errorf("a file is no capture that can be read: %w", homeward.ErrInvalid), "give two files, each a WACZ, a WARC or a WARC.gz")
	}
	return r, nil
}

func (d captureDiff) words(w io.Writer) {
	for _, f := range d.Facts {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Change, f.What, oneLine(f.Page+" "+f.URL))
		if f.Before != "" {
			fmt.Fprintf(w, "  -\t%s\n", oneLine(f.Before))
		}
		if f.After != "" {
			fmt.Fprintf(w, "  +\t%s\n", oneLine(f.After))
		}
	}
	if len(d.Facts) == 0 {
		fmt.Fprintln(w, "No difference.")
	}
	if d.Cut {
		fmt.Fprintln(w, "A page is longer than is read here: what stands behind was not compared.")
	}
}
