package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Reader reads the claims of a row, as package intake does. reason, when not empty, is why the row is no record.
type Reader func(row []homeward.Cell, m homeward.Mapping, asOf homeward.Date, lang string) (claims []homeward.Claim, reason string)

// Casework works on the requests of one store.
type Casework struct {
	DB   *store.DB
	Read Reader
}

// Open writes a draft as a request: its source, its records, the answers about consent. ErrInvalid when [Draft.Check]
// finds something wrong.
func (c Casework) Open(ctx context.Context, actor homeward.Actor, d Draft) (r homeward.Request, err error) {
	err = c.DB.Update(ctx, actor, func(tx *store.Tx) (err error) {
		if wrong := d.Check(homeward.DayOf(tx.Now)); len(wrong) > 0 {
			return fmt.Errorf("field %s: %w", wrong[0].Field, homeward.ErrInvalid)
		}
		r, err = c.write(tx, d)
		return err
	})
	if err != nil {
		return homeward.Request{}, fmt.Errorf("open request: %w", err)
	}
	return r, nil
}

func (c Casework) write(tx *store.Tx, d Draft) (homeward.Request, error) {
	r := homeward.Request{
		ID: homeward.RequestID(homeward.NewID(tx.Now)), Compartment: d.Compartment, Circumstances: strings.TrimSpace(d.Circumstances),
		Inquirer: homeward.Inquirer{
			Name: strings.TrimSpace(d.Inquirer.Name), Relationship: d.Inquirer.Relationship, Contact: strings.TrimSpace(d.Inquirer.Contact),
		},
	}
	// Within one request each child is told of once, which linkage may rely on.
	source, err := tx.PutSource(homeward.Source{Name: r.ID.Code(), DuplicateFree: true, Compartment: d.Compartment})
	if err != nil {
		return r, err
	}
	r.Source, r.Compartment = source.ID, source.Compartment
	if r.Sought, err = c.records(tx, d, source); err != nil {
		return r, err
	}
	if r, err = tx.PutRequest(r); err != nil {
		return r, err
	}
	for _, a := range d.Consents {
		answer := homeward.ConsentRefused
		if a.Given {
			answer = homeward.ConsentGiven
		}
		said, err := tx.PutConsent(r, homeward.Consent{Purpose: a.Purpose, Answer: answer, Scope: a.Scope})
		if err != nil {
			return r, err
		}
		r.Consents = append(r.Consents, said)
	}
	return r, nil
}

// records writes the sought children as an edition of their source.
func (c Casework) records(tx *store.Tx, d Draft, source homeward.Source) (ids []homeward.RecordID, err error) {
	today := homeward.DayOf(tx.Now)
	text, err := json.Marshal(d.Children)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	edition, err := tx.PutEdition(homeward.Edition{
		Source: source.ID, Date: homeward.Exact(today), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text)), Format: "form", Encoding: "utf-8",
	})
	if err != nil {
		return nil, err
	}
	list := make([]store.NewRecord, len(d.Children))
	for i := range d.Children {
		if list[i], err = c.record(tx, d, i, edition); err != nil {
			return nil, err
		}
		list[i].Record.Compartment = source.Compartment
		ids = append(ids, list[i].Record.ID)
	}
	if err := tx.PutRecords(list); err != nil {
		return nil, err
	}
	return ids, tx.FinishEdition(edition.ID, homeward.Tally{Rows: len(list), Added: len(list)})
}

func (c Casework) record(tx *store.Tx, d Draft, i int, e homeward.Edition) (store.NewRecord, error) {
	row, m := d.row(i, homeward.DayOf(tx.Now))
	claims, reason := c.Read(row, m, e.Date, "")
	if reason != "" {
		return store.NewRecord{}, fmt.Errorf("child %d: %s: %w", i+1, reason, homeward.ErrInvalid)
	}
	n := strconv.Itoa(i + 1)
	content := []string{string(e.Source)}
	for _, cell := range row {
		content = append(content, cell.Heading, cell.Text)
	}
	return store.NewRecord{
		Record: homeward.Record{
			ID: homeward.RecordID(homeward.NewID(tx.Now)), Source: e.Source, Edition: e.ID, SourceRow: n, Line: i + 1,
			Row: row, Claims: claims, State: homeward.RecordAccepted, AsOf: e.Date,
		},
		Key: tx.Fingerprint("row", string(e.Source), n), Content: tx.Fingerprint("content", content...), Change: homeward.ChangeAdded,
	}, nil
}
