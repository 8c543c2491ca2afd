package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// tracing compares requests with whom they seek, their moves and consents, and exports, with what the entries said.
func (v *verification) tracing() error {
	return errors.Join(
		v.rows("requests", entryRequest, v.requestRow), v.rows("request_moves", entryMove, v.moveRow),
		v.rows("consents", entryConsent, v.consentRow), v.rows("exports", entryExport, v.exportRow),
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
	return body, nil
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

// lessErased takes the sought children that were erased out of what an entry says of a request.
func (v *verification) lessErased(said map[string]string) {
	var left []string
	for _, path := range slices.Sorted(maps.Keys(said)) {
		if !strings.HasPrefix(path, "sought/") {
			continue
		}
		if record := said[path]; !v.gone(record) {
			left = append(left, record)
		}
		delete(said, path)
	}
	for i, record := range left {
		said[numbered("sought", i, "record")] = record
	}
}
