package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

type searchCmd struct {
	Query []string `arg:"" help:"What to search for, in any script and spelling; - reads it from standard input."`
	Limit int      `help:"How many to show." default:"20"`
}

func (searchCmd) Help() string {
	return `Finds records whose names, dates, places and numbers are like the words, best first. The words are kept nowhere; with - they stay out of the shell's history too.

Examples:

  homeward search Микола Шевченко 2012
  homeward search - --json`
}

// hit is a record found, as printed. Weight is in bits and orders the hits; it is no probability.
type hit struct {
	Record   homeward.RecordID `json:"record"`
	Person   homeward.PersonID `json:"person"`
	Source   string            `json:"source"`
	SourceID string            `json:"source_id"`
	Name     string            `json:"name"`
	Birth    string            `json:"birth"`
	Home     string            `json:"home"`
	Weight   float64           `json:"weight"`
	Reasons  []string          `json:"reasons"`
}

func (c searchCmd) Run(sh *shell) error {
	words, err := sh.spoken(strings.Join(c.Query, " "))
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		reviews := review.Open(db)
		bar := sh.progress("reading records")
		err := reviews.Refresh(sh.ctx, bar.at)
		bar.end()
		if err != nil {
			return err
		}
		found, err := reviews.Search(sh.ctx, homeward.Operator, words, c.Limit)
		if err != nil {
			return err
		}
		list := make([]hit, len(found))
		for i, h := range found {
			list[i] = printedHit(h)
		}
		return sh.print(list, func(w io.Writer) { printHits(w, list) })
	})
}

func printedHit(h review.Hit) hit {
	out := hit{
		Record: h.Record, Person: h.Person, Source: h.Summary.Source, SourceID: h.Summary.SourceRow, Name: h.Summary.Name,
		Birth: h.Summary.Birth.String(), Home: h.Summary.Home, Weight: h.Weight, Reasons: []string{},
	}
	for _, s := range h.Signals {
		out.Reasons = append(out.Reasons, s.Reason.String())
	}
	return out
}

func printHits(w io.Writer, list []hit) {
	if len(list) == 0 {
		fmt.Fprintln(w, "Nothing like it. Try fewer words: a family name and a year, or one word alone.")
		return
	}
	for _, h := range list {
		person := string(h.Person)
		if person == "" {
			person = "(homeward run makes persons) record " + string(h.Record)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s %s\t%s\n", h.Name, h.Birth, h.Home, h.Source, h.SourceID, person)
	}
}

// spoken returns the words, or the first line of standard input for "-".
func (sh *shell) spoken(words string) (string, error) {
	if words != "-" {
		return words, nil
	}
	return sh.line("read the words")
}
