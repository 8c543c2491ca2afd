package intake

import (
	"fmt"

	"github.com/homeward-registry/homeward"
)

// refuse returns the message that says why a file is not taken. Arguments are numbers and kinds, never content.
func refuse(key, text string, args map[string]any) error {
	return &homeward.Message{Key: "import.error." + key, Args: args, Kind: homeward.ErrInvalid, Text: text}
}

func refuseKind(kind string) error {
	return refuse("kind", fmt.Sprintf("this is a %s file, not a list: save it as CSV, XLSX or JSON lines and bring that", kind), map[string]any{"Kind": kind})
}

var errEmpty = refuse("empty", "the file is empty: there is nothing to bring in", nil)

var errNoRows = refuse("rows", "the list has headings and no rows", nil)

func refuseQuotes(line int) error {
	return refuse("quotes", fmt.Sprintf("line %d: a quotation mark is opened and never closed, or stands inside a cell: mend that line, or save the list again as CSV; nothing was brought in", line), map[string]any{"Line": line})
}

func refuseLarge(line int) error {
	return refuse("cell", fmt.Sprintf("line %d: a cell holds more than %d kilobytes, which no list does: look for a missing quotation mark there; nothing was brought in", line, maxCell>>10), map[string]any{"Line": line, "Kilobytes": maxCell >> 10})
}

// Nameless returns the message that refuses a list none of whose columns holds a name or a document: every row would go to
// quarantine, and a file that was read is not read again. It is nil where one does.
func Nameless(m homeward.Mapping) error {
	for _, p := range m {
		if identifies(p) {
			return nil
		}
	}
	return refuse("nameless", `no column of this list is known to hold a child's name, so nothing was brought in: look at the columns with --dry-run, write {"columns":{"HEADING":"name.full"}} into a file and give it with --map; if titles stand above the headings, delete those rows; if the first row is a child, put a row of headings above it`, nil)
}
