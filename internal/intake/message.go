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
