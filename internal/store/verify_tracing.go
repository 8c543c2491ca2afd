package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// tracing compares requests with whom they seek, their moves, consents and determinations, and exports, with what the entries said.
func (v *verification) tracing() error {
	for entry, said := range v.bodies {
		if strings.HasPrefix(entry, entryRequest) {
			v.lessErased(said)
		}
	}
	return errors.Join(
		v.rows("requests", entryRequest, v.requestRow), v.rows("request_moves", entryMove, v.moveRow),
		v.rows("consents", entryConsent, v.consentRow), v.rows("determinations", entryBID, v.determinationRow),
		v.rows("exports", entryExport, v.exportRow),
	)
}

func (v *verification) requestRow(id string) (map[string]string, error) {
	var r homeward.Request
	var at int64
	var sealed []byte
	err := v.tx.row("read request "+id, `
		select compartment, source, actor, at, sealed
		from requests
		where id = $1`, []any{id}, &r.Compartment, &r.Source, &r.By, &at, &sealed)
	if r.ID = homeward.RequestID(id); err != nil {
		return nil, err
	}
	if err := v.tx.openWords(&r, sealed); err != nil {
		return nil, err
	}
	if r.Sought, err = v.tx.sought(r.ID); err != nil {
		return nil, err
	}
	body := requestBody(r)
	body["at"], body["by"] = fmt.Sprint(at), string(r.By)
	return body, v.soughtAdded(id, body)
}

// soughtAdded tells of the children that were added to a request who added them, and when.
func (v *verification) soughtAdded(request string, body map[string]string) error {
	i := 0
	return v.tx.query("read who was added", `
		select actor, at
		from sought
		where request = $1
		order by turn`, []any{request}, func(r *sql.Rows) error {
		var by string
		var at int64
		err := r.Scan(&by, &at)
		if added := soughtAdded(by, at); added != "" {
			body[numbered("sought", i, "added")] = added
		}
		i++
		return err
	})
}

func (v *verification) moveRow(id string) (body map[string]string, err error) {
	return body, v.tx.ofRequests("read moves", selectMoves+"where id = $1", "request_moves", []any{id}, func(x requestRow) {
		body = moveBody(x.request, x.move())
		body["at"], body["by"] = fmt.Sprint(x.at), string(x.by)
	})
}

func (v *verification) consentRow(id string) (body map[string]string, err error) {
	return body, v.tx.ofRequests("read consents", selectConsents+"where id = $1", "consents", []any{id}, func(x requestRow) {
		body = consentBody(x.request, x.turn, x.consent())
		body["at"], body["by"] = fmt.Sprint(x.at), string(x.by)
	})
}

func (v *verification) determinationRow(id string) (body map[string]string, err error) {
	return body, v.tx.ofRequests("read determinations", selectDeterminations+"where id = $1", "determinations", []any{id}, func(x requestRow) {
		body = determinationBody(x.request, x.turn, x.determination())
		body["at"], body["by"] = fmt.Sprint(x.at), string(x.by)
	})
}

// lessErased takes the sought children that were erased out of what entries say of a request.
func (v *verification) lessErased(said map[string]string) {
	type child struct{ record, added string }
	var left []child
	for _, path := range slices.Sorted(maps.Keys(said)) {
		of, record := strings.CutSuffix(path, "/record")
		if !record || !strings.HasPrefix(path, "sought/") {
			continue
		}
		if c := (child{said[path], said[of+"/added"]}); !v.gone(c.record) {
			left = append(left, c)
		}
		delete(said, path)
		delete(said, of+"/added")
	}
	for i, c := range left {
		if said[numbered("sought", i, "record")] = c.record; c.added != "" {
			said[numbered("sought", i, "added")] = c.added
		}
	}
}
