package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type quarantinePage struct {
	frame
	Rows []quarantineRow
	More int
}

type quarantineRow struct {
	Source string
	Line   int
	Why    string
	Cells  []homeward.Cell
}

// quarantineShown is how many rows the page lists, the newest first.
const quarantineShown = 100

func (d *Desk) showQuarantine(v *visit) error {
	source := homeward.SourceID(v.r.URL.Query().Get("source"))
	p := &quarantinePage{}
	err := v.view(func(tx *store.Tx) error {
		*p = quarantinePage{}
		counts, err := d.counted(tx)
		if err != nil {
			return err
		}
		for id, of := range counts.rows {
			if source == "" || id == source {
				p.More += of[homeward.RecordQuarantined]
			}
		}
		ids, err := tx.QuarantinedRecords(source, quarantineShown)
		if err != nil {
			return err
		}
		records, err := tx.RecordsByID(ids)
		if err != nil {
			return err
		}
		names, err := sourceNames(tx)
		for _, r := range records {
			p.Rows = append(p.Rows, quarantineRow{names[r.Source], r.Line, v.l.T(r.Reason), r.Row})
		}
		p.More = max(p.More-len(records), 0) // of a large register the count may be a minute old
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "quarantine", p)
}

// sourceNames returns the name of every source.
func sourceNames(tx *store.Tx) (map[homeward.SourceID]string, error) {
	list, err := tx.Sources()
	names := make(map[homeward.SourceID]string, len(list))
	for _, s := range list {
		names[s.ID] = s.Name
	}
	return names, err
}
