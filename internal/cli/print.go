package cli

import (
	"encoding/json"
	"io"
	"text/tabwriter"
	"time"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// print writes a result: as JSON when asked for, otherwise in words.
func (sh *shell) print(result any, words func(w io.Writer)) error {
	if !sh.JSON {
		table := tabwriter.NewWriter(sh.Out, 0, 4, 2, ' ', 0)
		words(table)
		return table.Flush()
	}
	encoder := json.NewEncoder(sh.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(result)
}

// amount writes a number with groups of thousands: 19,546.
func amount[N int | int64](n N) string { return i18n.For(i18n.English).Number(int64(n)) }

// many writes a number with its noun in the right form: "1 row", "2 rows", "3 leaves".
func many[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if plural, irregular := plurals[noun]; irregular {
		return amount(n) + " " + plural
	}
	return amount(n) + " " + noun + "s"
}

var plurals = map[string]string{"child": "children", "leaf": "leaves", "hash": "hashes", "entry": "entries", "address": "addresses"}

// percent writes a probability; one that is almost certain is never shown as certain.
func percent(p float64) string { return i18n.For(i18n.English).Probability(p) }

// moment writes an instant to the minute; the zero time is empty.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
