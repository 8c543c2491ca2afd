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

// records writes the sought children as the first edition of their source.
func (c Casework) records(tx *store.Tx, d Draft, source homeward.Source) ([]homeward.RecordID, error) {
	list := make([]store.NewRecord, len(d.Children))
	for i := range d.Children {
		row, m := d.row(i, homeward.DayOf(tx.Now))
		list[i] = store.NewRecord{Record: homeward.Record{Line: i + 1}, Change: homeward.ChangeAdded}
		if err := c.fill(tx, &list[i], source.Compartment, row, m); err != nil {
			return nil, err
		}
	}
	return c.edition(tx, source.ID, list)
}

// fill reads a child's row into a record, whose line is the child's place in the request.
func (c Casework) fill(tx *store.Tx, n *store.NewRecord, in homeward.CompartmentID, row []homeward.Cell, m homeward.Mapping) error {
	asOf := homeward.Exact(homeward.DayOf(tx.Now))
	claims, reason := c.Read(row, m, asOf, "")
	if reason != "" {
		return fmt.Errorf("child %d: %s: %w", n.Record.Line, reason, homeward.ErrInvalid)
	}
	r := &n.Record
	r.ID, r.Compartment, r.SourceRow, r.AsOf = homeward.RecordID(homeward.NewID(tx.Now)), in, strconv.Itoa(r.Line), asOf
	r.Row, r.Claims, r.State = row, claims, homeward.RecordAccepted
	return nil
}

// edition writes records of a request's source as an edition, and returns their ids. What was received is no file: its digest is
// of the rows with the ids of their records, so that a family may say again what it said before.
func (c Casework) edition(tx *store.Tx, source homeward.SourceID, list []store.NewRecord) (ids []homeward.RecordID, err error) {
	text, err := receivedText(list)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	e, err := tx.PutEdition(homeward.Edition{
		Source: source, Date: list[0].Record.AsOf, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text)), Format: "form", Encoding: "utf-8",
	})
	if err != nil {
		return nil, err
	}
	tally := homeward.Tally{Rows: len(list)}
	for i := range list {
		r := &list[i].Record
		r.Source, r.Edition = source, e.ID
		content := []string{string(source)}
		for _, cell := range r.Row {
			content = append(content, cell.Heading, cell.Text)
		}
		list[i].Key, list[i].Content = tx.Fingerprint("row", string(source), r.SourceRow), tx.Fingerprint("content", content...)
		if list[i].Change == homeward.ChangeAdded {
			tally.Added++
		} else {
			tally.Changed++
		}
		ids = append(ids, r.ID)
	}
	if err := tx.PutRecords(list); err != nil {
		return nil, err
	}
	return ids, tx.FinishEdition(e.ID, tally)
}

func receivedText(list []store.NewRecord) ([]byte, error) {
	type received struct {
		ID  homeward.RecordID
		Row []homeward.Cell
	}
	var out []received
	for _, n := range list {
		out = append(out, received{n.Record.ID, n.Record.Row})
	}
	return json.Marshal(out)
}
