package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

// Answer is what came of asking one witness.
type Answer struct {
	Witness string // by the policy's name
	State   State
	Err     error
}

// State says what a witness did.
type State string

// The states of an answer.
const (
	Cosigned    State = "cosigned"
	Had         State = "had"         // it cosigned before
	Unaddressed State = "unaddressed" // the policy gives no address
	Unreachable State = "unreachable"
	Refused     State = "refused" // it saw another history
)

// patience is how long one witness is waited for.
const patience = 20 * time.Second

// client follows no redirects: the operator named the address.
var client = &http.Client{
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Collect asks every witness of the register's policy to cosign the checkpoint of a size, and keeps what they answer. A
// witness that cannot be reached is asked again another time. One that saw another history is an alarm, and Collect
// fails with ErrTampered.
func Collect(ctx context.Context, db *store.DB, actor homeward.Actor, size int64) ([]Answer, error) {
	var policy ledger.Policy
	had := map[string]int64{} // by verifier key: the largest size cosigned
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		if policy, err = tx.Policy(); err == nil {
			had, err = tx.LastCosigned()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var answers []Answer
	var failed error
	for _, w := range policy.Witnesses {
		a := &asking{ctx: ctx, db: db, actor: actor, witness: w, size: size}
		answer := Answer{Witness: w.Name, State: Had}
		switch {
		case had[w.Verifier] >= size:
		case w.URL == "":
			answer.State = Unaddressed
		default:
			answer.State, answer.Err = a.ask(had[w.Verifier])
		}
		if errors.Is(answer.Err, homeward.ErrTampered) {
			failed = errors.Join(failed, answer.Err)
		}
		answers = append(answers, answer)
	}
	return answers, failed
}

// asking is the asking of one witness.
type asking struct {
	ctx     context.Context
	db      *store.DB
	actor   homeward.Actor
	witness ledger.Witness
	size    int64
}

// ask asks from the size that the witness cosigned last; when it says another, once more from there.
func (a *asking) ask(old int64) (State, error) {
	status, answer, err := a.post(old)
	if status == http.StatusConflict {
		known, ok := knownSize(answer)
		if !ok {
			return Unreachable, fmt.Errorf("witness %s answered what is not of the protocol: %w", a.witness.Name, homeward.ErrUnavailable)
		}
		if known > a.size {
			return a.refused(store.AlarmRollback, known, "saw more leaves than this register has")
		}
		if known == old {
			return a.refused(store.AlarmFork, known, "saw another root of the same size")
		}
		if status, answer, err = a.post(known); status == http.StatusConflict {
			return a.refused(store.AlarmFork, known, "saw another root of the same size")
		}
	}
	switch {
	case err != nil:
		return Unreachable, err
	case status == http.StatusUnprocessableEntity:
		return a.refused(store.AlarmFork, a.size, "saw another history")
	case status != http.StatusOK:
		return Unreachable, fmt.Errorf("witness %s answered with status %d: %w", a.witness.Name, status, homeward.ErrUnavailable)
	}
	return a.keep(answer)
}

// refused raises the alarm that a refusal is.
func (a *asking) refused(kind store.AlarmKind, mark int64, what string) (State, error) {
	err := fmt.Errorf("witness %s %s: %w", a.witness.Name, what, homeward.ErrTampered)
	return Refused, errors.Join(err, a.db.Raise(a.ctx, kind, mark))
}

// maxAnswer is far more than some signature lines.
const maxAnswer = 16 << 10

func (a *asking) post(old int64) (status int, answer []byte, err error) {
	request, err := a.request(old)
	if err != nil {
		return 0, nil, err
	}
	post, err := http.NewRequestWithContext(a.ctx, http.MethodPost, strings.TrimSuffix(a.witness.URL, "/")+"/add-checkpoint", bytes.NewReader(request))
	if err != nil {
		return 0, nil, fmt.Errorf("ask witness %s: the policy's address is none: %w", a.witness.Name, homeward.ErrInvalid)
	}
	got, err := client.Do(post)
	if err != nil {
		return 0, nil, fmt.Errorf("ask witness %s: it cannot be reached: %w", a.witness.Name, homeward.ErrUnavailable)
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	if err != nil {
		err = fmt.Errorf("ask witness %s: the answer was cut off: %w", a.witness.Name, homeward.ErrUnavailable)
	}
	return got.StatusCode, answer, err
}

func (a *asking) request(old int64) (request []byte, err error) {
	return request, a.db.View(a.ctx, a.actor, func(tx *store.Tx) error {
		text, err := tx.CheckpointAt(a.size)
		if err == nil {
			request, err = tx.ProveConsistency(old, text)
		}
		return err
	})
}

func knownSize(answer []byte) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSuffix(string(answer), "\n"), 10, 64)
	return n, err == nil && n >= 0
}

// keep keeps the one line of the answer that is the witness's: it may have several keys.
func (a *asking) keep(answer []byte) (State, error) {
	err := fmt.Errorf("witness %s answered without its signature: %w", a.witness.Name, homeward.ErrUnavailable)
	for line := range bytes.Lines(answer) {
		c := store.Cosignature{Size: a.size, Witness: a.witness.Verifier, Line: line}
		put := a.db.Update(a.ctx, a.actor, func(tx *store.Tx) error { return tx.PutCosignature(c) })
		if put == nil {
			return Cosigned, nil
		}
		if !errors.Is(put, homeward.ErrTampered) {
			err = put
		}
	}
	return Unreachable, err
}
