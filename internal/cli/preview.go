package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
)

// previewedRow is one row as it would be read.
type previewedRow struct {
	Line   int     `json:"line"`
	Claims []claim `json:"claims"`
	Reason string  `json:"quarantine_reason,omitempty"`
}

// claim is a claim as printed.
type claim struct {
	Path    homeward.Path `json:"path"`
	Value   string        `json:"value"`
	Date    string        `json:"date,omitempty"`
	Imposed bool          `json:"imposed,omitempty"`
	Heading string        `json:"heading"`
}

func claims(list []homeward.Claim) []claim {
	out := make([]claim, len(list))
	for i, c := range list {
		out[i] = claim{c.Path, c.Value, c.When.String(), c.Imposed, c.Heading}
	}
	return out
}

// preview shows what an import would do.
func (sh *shell) preview(db *store.DB, in intake.Input) error {
	p, err := intake.Look(sh.ctx, db, homeward.Operator, in)
	if err != nil {
		return err
	}
	result := tallied(p.Tally)
	result.DryRun, result.Already, result.Reasons = true, p.Already, reasons(p.Reasons)
	result.Format, result.Encoding, result.Delimiter = p.Format, p.Encoding, delimiter(p.Delimiter)
	result.Columns = homeward.Mapping{}
	for _, c := range p.Columns {
		result.Columns[c.Heading] = c.Path
	}
	for _, r := range p.Rows {
		result.Preview = append(result.Preview, previewedRow{r.Line, claims(r.Claims), r.Reason})
	}
	return sh.print(result, func(w io.Writer) {
		fmt.Fprintln(w, "Nothing is written: this is what an import would do.")
		result.words(w)
		if err := intake.Nameless(result.Columns); err != nil {
			fmt.Fprintf(w, "It would be refused: %v\n", err)
		}
		printColumns(w, p.Columns)
		printPreview(w, result.Preview)
	})
}

func printColumns(w io.Writer, columns []intake.Column) {
	fmt.Fprintln(w, "\ncolumn\tholds\tfor example")
	for _, c := range columns {
		fmt.Fprintf(w, "%s\t%s\t%s\n", c.Heading, c.Path, c.Sample)
	}
}

// previewLines is how many rows are shown in words; JSON has them all.
const previewLines = 3

func printPreview(w io.Writer, rows []previewedRow) {
	for _, r := range rows[:min(len(rows), previewLines)] {
		fmt.Fprintf(w, "\nline %d\n", r.Line)
		if r.Reason != "" {
			fmt.Fprintf(w, "quarantine\t%s\n", i18n.For(i18n.English).T(r.Reason))
		}
		for _, c := range r.Claims {
			fmt.Fprintf(w, "%s\t%s\t%s\n", c.Path, c.Value, c.Date)
		}
	}
}
