package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/ledger"
)

// sealedExport is what an export's sealed column holds.
type sealedExport struct{ Purpose, Recipient, Content string }

// PutExport enters into the ledger that entries are taken out as a proof bundle. Its id is made by the caller, who packed
// the bundle under it. ErrInvalid without a purpose and a recipient.
func (tx *Tx) PutExport(e homeward.Export) (homeward.Export, error) {
	e.Compartment, e.At, e.By = cmp.Or(e.Compartment, homeward.Main), tx.Now, tx.Actor.ID
	e.Purpose, e.Recipient = strings.TrimSpace(e.Purpose), strings.TrimSpace(e.Recipient)
	if e.Purpose == "" || e.Recipient == "" {
		return e, fmt.Errorf("put export %s: no purpose or no recipient: %w", e.ID, homeward.ErrInvalid)
	}
	if err := tx.must(homeward.ActionExport, homeward.Resource{Compartment: e.Compartment}); err != nil {
		return e, err
	}
	if err := tx.nextVersion(e); err != nil {
		return e, err
	}
	id := string(e.ID)
	key, err := tx.newKeyIn(e.Compartment, id)
	if err != nil {
		return e, err
	}
	sealed, err := sealJSON(key, "exports", id, sealedExport{e.Purpose, e.Recipient, e.Content})
	if err != nil {
		return e, err
	}
	err = tx.exec("put export", `
		insert into exports (id, kind, subject, compartment, actor, at, items, withheld, sealed, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, id, e.Kind, e.Subject, e.Compartment, e.By, micros(e.At), e.Items, e.Withheld, sealed, e.Version)
	if err != nil {
		return e, err
	}
	return e, tx.put(draft{typ: entryExport, object: id, keyID: id, key: key, body: exportBody(e)})
}

// nextVersion fails with ErrConflict unless a dossier's version follows the last about its subject: another was frozen meanwhile.
func (tx *Tx) nextVersion(e homeward.Export) error {
	if e.Kind != homeward.ExportDossier {
		return nil
	}
	last, err := tx.LastVersion(e.Subject)
	if err == nil && e.Version != last+1 {
		err = fmt.Errorf("put export %s: version %d follows %d: another was frozen meanwhile: %w", e.ID, e.Version, last, homeward.ErrConflict)
	}
	return err
}

// LastVersion returns the version of the last dossier about a subject; 0 when there is none.
func (tx *Tx) LastVersion(subject string) (version int, err error) {
	return version, tx.row("read versions of dossiers", `
		select coalesce(max(version), 0)
		from exports
		where kind = 'dossier' and subject = $1`, []any{subject}, &version)
}

func exportBody(e homeward.Export) map[string]string {
	body := map[string]string{
		"kind": string(e.Kind), "subject": e.Subject, "compartment": string(e.Compartment), "purpose": e.Purpose, "recipient": e.Recipient,
		"content": e.Content, "items": strconv.Itoa(e.Items), "withheld": strconv.Itoa(e.Withheld),
	}
	if e.Kind == homeward.ExportDossier || e.Version != 0 { // a version that nobody gave is found
		body["version"] = strconv.Itoa(e.Version)
	}
	return body
}

// ExportsOf returns what left the register about a subject, newest first, with its words. ErrDenied for who may not export;
// what lies in a compartment the actor is not in is left out.
func (tx *Tx) ExportsOf(subject string) ([]homeward.Export, error) {
	reach, err := tx.reach(homeward.ActionExport)
	if err == nil && reach.Nothing {
		err = fmt.Errorf("read exports: %w", homeward.ErrDenied)
	}
	if err != nil {
		return nil, err
	}
	list, err := tx.exports("where subject = $1 order by at desc, id desc", subject)
	out := list[:0]
	for _, e := range list {
		if reach.Admits(homeward.Resource{Compartment: e.Compartment}) {
			out = append(out, e)
		}
	}
	return out, err
}

// SealOf returns the entry of an export as the bundle carries it, or ErrNotFound. ErrUnavailable while it has no place in the log.
func (tx *Tx) SealOf(id homeward.ExportID) (Disclosed, error) {
	list, err := tx.exports("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read export: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return Disclosed{}, err
	}
	if err := tx.must(homeward.ActionExport, homeward.Resource{Compartment: list[0].Compartment}); err != nil {
		return Disclosed{}, err
	}
	locked, err := tx.lockedEntries([]string{string(id)}, []string{entryExport})
	if err == nil && len(locked) == 0 {
		err = fmt.Errorf("read entry of export %s: it is not in the log yet: %w", id, homeward.ErrUnavailable)
	}
	if err != nil {
		return Disclosed{}, err
	}
	return tx.open(locked[0], func(ledger.Payload) func(string) string { return bundle.WithheldInSeal })
}

func (tx *Tx) exports(where string, args ...any) ([]homeward.Export, error) {
	var out []homeward.Export
	var sealed [][]byte
	err := tx.query("read exports", `
		select id, kind, subject, compartment, actor, at, items, withheld, sealed, version
		from exports
		`+where, args, func(r *sql.Rows) error {
		var e homeward.Export
		var at int64
		var s []byte
		err := r.Scan(&e.ID, &e.Kind, &e.Subject, &e.Compartment, &e.By, &at, &e.Items, &e.Withheld, &s, &e.Version)
		e.At = fromMicros(at)
		out, sealed = append(out, e), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		var words sealedExport
		key, err := tx.key(string(out[i].ID))
		if err == nil {
			err = openJSON(key, "exports", string(out[i].ID), sealed[i], &words)
		}
		if err != nil {
			return nil, fmt.Errorf("open export %s: %w", out[i].ID, err)
		}
		out[i].Purpose, out[i].Recipient, out[i].Content = words.Purpose, words.Recipient, words.Content
	}
	return out, nil
}

func (v *verification) exportRow(id string) (map[string]string, error) {
	list, err := v.tx.exports("where id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	body := exportBody(list[0])
	body["at"], body["by"] = fmt.Sprint(micros(list[0].At)), string(list[0].By)
	return body, nil
}
