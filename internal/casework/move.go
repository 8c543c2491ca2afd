package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Refusals that people read: keys of the catalogs.
var (
	errNoConsent = &homeward.Message{Key: "request.refused.consent", Kind: homeward.ErrConflict,
		Text: "the inquirer's consent to tracing does not stand: the children are not looked for"}
	errNobodyFound = &homeward.Message{Key: "request.refused.found", Kind: homeward.ErrConflict,
		Text: "no decision says that a record of another source is a sought child: review the pairs first"}
	errUndetermined = &homeward.Message{Key: "request.refused.interests", Kind: homeward.ErrConflict,
		Text: "it is not determined of every sought child that it is best for it to be with this family: record the determination, or a waiver"}
)

// Move leads a request to another state. What stands against it is a [homeward.Message], or as [store.Tx.MoveRequest]
// says.
func (c Casework) Move(ctx context.Context, actor homeward.Actor, id homeward.RequestID, to homeward.RequestState, reason string) error {
	return c.DB.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		if err := guard(tx, r, to); err != nil {
			return fmt.Errorf("move request %s to %s: %w", id, to, err)
		}
		_, err = tx.MoveRequest(r, to, reason)
		return err
	})
}

// Bars returns what stands against each state that a request may be led to next, for pages that say so before they are
// asked.
func Bars(tx *store.Tx, r homeward.Request) (map[homeward.RequestState]*homeward.Message, error) {
	out := map[homeward.RequestState]*homeward.Message{}
	found, err := Found(tx, r)
	for _, to := range r.State().Next() {
		out[to] = bar(r, to, found)
	}
	return out, err
}

func guard(tx *store.Tx, r homeward.Request, to homeward.RequestState) error {
	found, err := Found(tx, r)
	if err != nil {
		return err
	}
	if m := bar(r, to, found); m != nil {
		return m
	}
	return nil
}

func bar(r homeward.Request, to homeward.RequestState, found bool) *homeward.Message {
	switch {
	case to.Works() && !r.ConsentsTo(homeward.PurposeTracing):
		return errNoConsent
	case to.SaysFound() && !found:
		return errNobodyFound
	case r.State().LeadsTo(to) && !r.MayLeadTo(to):
		return errUndetermined
	}
	return nil
}

// Found reports whether people's decision stands that a record of another source is a sought child.
func Found(tx *store.Tx, r homeward.Request) (bool, error) {
	list, err := tx.DecisionsOn(r.Sought)
	return slices.ContainsFunc(list, func(d homeward.Decision) bool {
		among := slices.Contains(r.Sought, d.Left) && slices.Contains(r.Sought, d.Right)
		return d.Judgement == homeward.Same && d.RevokedAt.IsZero() && !among
	}), err
}

// Determine keeps what is in the best interests of a sought child, or a supervisor's waiver, as [store.Tx.PutDetermination] does.
func (c Casework) Determine(ctx context.Context, actor homeward.Actor, id homeward.RequestID, d homeward.Determination) error {
	return c.DB.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err == nil {
			_, err = tx.PutDetermination(r, d)
		}
		return err
	})
}

// Say keeps an answer of the inquirer about a purpose. When consent to tracing is withdrawn, so is the request.
func (c Casework) Say(ctx context.Context, actor homeward.Actor, id homeward.RequestID, said homeward.Consent) error {
	return c.DB.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		if said, err = tx.PutConsent(r, said); err != nil {
			return err
		}
		over := said.Purpose == homeward.PurposeTracing && said.Answer == homeward.ConsentWithdrawn
		if over && r.State().LeadsTo(homeward.RequestWithdrawn) {
			_, err = tx.MoveRequest(r, homeward.RequestWithdrawn, said.Scope)
		}
		return err
	})
}
