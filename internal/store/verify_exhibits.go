package store

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
)

// exhibits compares exhibits, custody, citations and assessments with what the entries said. That the bytes are those that were received
// is for [DB.VerifyExhibit] to say.
func (v *verification) exhibits() error {
	return errors.Join(v.rows("exhibits", entryExhibit, v.exhibitRow), v.rows("custody", entryCustody, v.custodyRow),
		v.rows("citations", entryCitation, v.citationRow), v.rows("assessments", entryAssessment, v.assessmentRow))
}

func (v *verification) exhibitRow(id string) (map[string]string, error) {
	var e homeward.Exhibit
	var sealed []byte
	err := v.tx.query("read exhibit "+id, selectExhibits+` where id = $1`, []any{id}, func(r *sql.Rows) (err error) {
		e, sealed, err = scanExhibit(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = v.tx.openExhibit(&e, sealed)
	body := exhibitBody(e)
	body["at"], body["by"] = fmt.Sprint(micros(e.At)), string(e.By)
	return body, err
}

func (v *verification) custodyRow(id string) (map[string]string, error) {
	list, err := v.tx.lines("where id = $1", id)
	if err != nil {
		return nil, err
	}
	body := custodyBody(list[0])
	body["at"], body["by"] = fmt.Sprint(micros(list[0].At)), string(list[0].Actor.ID)
	return body, nil
}

func (v *verification) citationRow(id string) (map[string]string, error) {
	list, err := v.tx.citationRows("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("open citation %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	body := citationBody(list[0])
	body["at"], body["by"] = fmt.Sprint(micros(list[0].At)), string(list[0].By)
	return body, nil
}
