package cli

import (
	"cmp"
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
	return `Says what became of a page between two captures, as facts: pages, listings (an address that the page leads to, with the text around it) and lines that vanished, appeared or changed. What only moved has not changed. A damaged capture is compared with nothing, and what a capture does not hold in full is named as not compared, never as vanished. Text and links are those of the page as its server sent it: what scripts draw, or load later, is in the screenshot alone and is not compared.

Example:

  homeward capture diff list-2026-02-01.wacz list-2026-03-01.wacz --json`
}

// captureDiff is the difference of two captures.
type captureDiff struct {
	Earlier webarchive.Verdict `json:"earlier"`
	Later   webarchive.Verdict `json:"later"`
	Cut     bool               `json:"cut"` // a capture holds longer pages, or more, than are read
	Gaps    []webarchive.Gap   `json:"uncompared"`
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
	out := captureDiff{a.Verdict, b.Verdict, false, webarchive.Uncompared(a, b), webarchive.Compare(a, b)}
	for _, g := range out.Gaps {
		out.Cut = out.Cut || g.Why == "cut" || g.Why == "more-pages"
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
	switch {
	case len(d.Facts) == 0 && len(d.Gaps) == 0:
		fmt.Fprintln(w, "No difference in the pages as they were served. What scripts draw is not compared: look at the screenshots.")
	case len(d.Facts) == 0:
		fmt.Fprintln(w, "No difference in what was compared: pages as they were served. What scripts draw is not: look at the screenshots.")
	}
	for _, g := range d.Gaps {
		fmt.Fprintf(w, "not compared\t%s\t%s\n", oneLine(cmp.Or(g.Page, "-")), gapWords[g.Why])
	}
}

// gapWords says why something was not compared.
var gapWords = map[string]string{
	"no-page":    "a capture lists the page and does not hold its answer",
	"encoded":    "its text is compressed in a way that is not read here",
	"revisit":    "a capture refers to an earlier answer, kept elsewhere",
	"cut-short":  "a capture does not hold its answer in full",
	"no-text":    "its answer is no text, or too tangled to be read",
	"cut":        "it is longer than is read here: only status and title were compared",
	"more-pages": "a capture holds more pages than are read here: which of the others came or went is not said",
}
