package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Learned is what somebody of ours was told or saw of a child, in cells as they wrote them.
type Learned struct {
	Names       []string // of the source of our own: the first is given to it when it is not there under any
	Compartment homeward.CompartmentID
	Lang        string
	AsOf        homeward.Date // when it was learned
	Cells       []homeward.Cell
	Mapping     homeward.Mapping
}

// Learn keeps it as a record of a source of our own: an edition of one row, which takes no row away. Nothing that is there is
// changed; whether the record speaks of a child we know is for review to say. ErrInvalid when it names nobody, ErrNotFound
// when the compartment is not the actor's.
func Learn(ctx context.Context, db *store.DB, actor homeward.Actor, l Learned) (id homeward.RecordID, err error) {
	if !actor.Can(homeward.ActionLearn) {
		return "", fmt.Errorf("learn: %w", homeward.ErrDenied)
	}
	claims, reason := Claims(l.Cells, l.Mapping, l.AsOf, l.Lang)
	if reason != "" || len(l.Names) == 0 {
		return "", fmt.Errorf("learn: the record names nobody: %w", homeward.ErrInvalid)
	}
	err = db.Update(ctx, actor, func(tx *store.Tx) error {
		source, err := l.source(tx)
		if err != nil {
			return err
		}
		id = homeward.RecordID(homeward.NewID(tx.Now))
		return l.put(tx, source, homeward.Record{
			ID: id, Source: source.ID, SourceRow: string(id), Line: 1, Row: l.Cells, Claims: claims,
			State: homeward.RecordAccepted, AsOf: l.AsOf, Compartment: source.Compartment,
		})
	})
	if err != nil {
		return "", fmt.Errorf("learn: %w", err)
	}
	return id, nil
}

// source finds the source of our own in the compartment, or makes it.
func (l Learned) source(tx *store.Tx) (homeward.Source, error) {
	if err := tx.MayLearn(l.Compartment); err != nil {
		return homeward.Source{}, err
	}
	for _, name := range l.Names {
		s, err := tx.SourceNamedIn(name, l.Compartment)
		if !errors.Is(err, homeward.ErrNotFound) {
			return s, err
		}
	}
	return tx.PutSource(homeward.Source{Name: l.Names[0], Language: l.Lang, Compartment: l.Compartment})
}

// put writes the record with its edition. Its file is the row itself.
func (l Learned) put(tx *store.Tx, source homeward.Source, r homeward.Record) error {
	text, err := json.Marshal(struct {
		ID    homeward.RecordID
		Cells []homeward.Cell
	}{r.ID, l.Cells})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	e, err := tx.PutEdition(homeward.Edition{
		Source: source.ID, Date: l.AsOf, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text)), Format: "jsonl", Encoding: "utf-8",
	})
	if err != nil {
		return err
	}
	r.Edition = e.ID
	key := tx.Fingerprint("row", string(source.ID), string(r.ID))
	n := store.NewRecord{Record: r, Key: key, Content: tx.Fingerprint("content", string(source.ID), string(text)), Change: homeward.ChangeAdded}
	if err := tx.PutRecords([]store.NewRecord{n}); err != nil {
		return err
	}
	return tx.FinishEdition(e.ID, homeward.Tally{Rows: 1, Added: 1})
}
