package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/stamp"
)

// The states of an authority's answer, besides Had and Unreachable.
const (
	Stamped  State = "stamped"
	Unproven State = "unproven" // it answered what does not verify under its roots
)

// Stamp asks every authority of the register for a time-stamp over the checkpoint of a size, and keeps what verifies.
// Whoever cannot be reached is asked again another time: what is missing is the queue.
func Stamp(ctx context.Context, db *store.DB, actor homeward.Actor, size int64) ([]Answer, error) {
	var authorities []stamp.Authority
	var checkpoint []byte
	had := map[string]bool{}
	err := db.View(ctx, actor, func(tx *store.Tx) error {
		list, err := tx.Stamps(size)
		for _, s := range list {
			had[s.Authority] = true
		}
		if err == nil {
			checkpoint, err = tx.CheckpointAt(size)
		}
		if err == nil {
			authorities, err = tx.Authorities()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var answers []Answer
	for _, a := range authorities {
		answer := Answer{Witness: a.Name, State: Had}
		if !had[a.Name] {
			answer.State, answer.Err = stampBy(ctx, db, actor, a, size, checkpoint)
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func stampBy(ctx context.Context, db *store.DB, actor homeward.Actor, a stamp.Authority, size int64, checkpoint []byte) (State, error) {
	request := stamp.NewRequest(checkpoint)
	answer, err := ask(ctx, a, request)
	if err != nil {
		return Unreachable, err
	}
	if _, err := request.Check(answer, a.Roots); err != nil {
		return Unproven, fmt.Errorf("authority %s: %w", a.Name, err)
	}
	err = db.Update(ctx, actor, func(tx *store.Tx) error {
		return tx.PutStamp(store.Stamp{Size: size, Authority: a.Name, Answer: answer})
	})
	if errors.Is(err, homeward.ErrTampered) {
		return Unproven, err
	}
	if err != nil {
		return Unreachable, err
	}
	return Stamped, nil
}

// ask posts a request as RFC 3161, section 3.4, says.
func ask(ctx context.Context, a stamp.Authority, request stamp.Request) ([]byte, error) {
	der, err := request.DER()
	if err != nil {
		return nil, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(der))
	if err != nil {
		return nil, fmt.Errorf("ask authority %s: its address is none: %w", a.Name, homeward.ErrInvalid)
	}
	post.Header.Set("Content-Type", "application/timestamp-query")
	got, err := client.Do(post)
	if err != nil {
		return nil, fmt.Errorf("ask authority %s: it cannot be reached: %w", a.Name, homeward.ErrUnavailable)
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(got.Body, stamp.MaxAnswer+1))
	if err != nil || got.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask authority %s: it answered with status %d: %w", a.Name, got.StatusCode, homeward.ErrUnavailable)
	}
	return answer, nil
}
