package store

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Where narrows records to those of a source, those that came with an edition, or those of a compartment. What is empty does not
// narrow; what is not the actor's holds nothing.
type Where struct {
	Source      homeward.SourceID      `json:",omitzero"`
	Edition     homeward.EditionID     `json:",omitzero"`
	Compartment homeward.CompartmentID `json:",omitzero"`
}

// clause returns what a row of records, known by a name, has to fulfil, with arguments from a number on. It is empty when nothing
// narrows.
func (w Where) clause(row string, first int) (text string, args []any) {
	var parts []string
	for _, x := range []struct{ column, value string }{{"source", string(w.Source)}, {"edition", string(w.Edition)}, {"compartment", string(w.Compartment)}} {
		if x.value != "" {
			parts = append(parts, fmt.Sprintf("%s.%s = $%d", row, x.column, first+len(args)))
			args = append(args, x.value)
		}
	}
	return strings.Join(parts, " and "), args
}

// Among returns those of some records that exist as far as the actor is concerned, and are where is asked for.
func (tx *Tx) Among(records []homeward.RecordID, where Where) (map[homeward.RecordID]bool, error) {
	out := make(map[homeward.RecordID]bool, len(records))
	for chunk := range chunks(records, 400) {
		narrowed, args := where.clause("r", len(chunk)+1)
		if narrowed != "" {
			narrowed = " and " + narrowed
		}
		err := tx.query("read which records are reached", `
			select r.id
			from records r
			where r.id in (`+placeholders(1, len(chunk))+`)`+narrowed, append(anys(chunk), args...), func(r *sql.Rows) error {
			var id homeward.RecordID
			err := r.Scan(&id)
			out[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
