package review

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Outcome is what became of a judgement.
type Outcome struct {
	homeward.Decision                  // that stands now; its id is empty while none does
	Opinion           homeward.Opinion // that was kept instead, or on which the decision rests; its id is empty when the pair takes one person
	Awaits            homeward.Awaits  // whom the pair awaits now
}

// record writes a judgement: at once, where one person's suffices; as an opinion, and as a decision when two are alike, where
// it does not.
func (r *Review) record(tx *store.Tx, d homeward.Decision) (Outcome, error) {
	waiting, err := tx.OpinionsWaiting(d.Pair)
	if err != nil {
		return Outcome{}, err
	}
	takesTwo := len(waiting) > 0
	if !takesTwo && d.Judgement != homeward.Unsure {
		if takesTwo, err = r.grave(tx, d.Pair); err != nil {
			return Outcome{}, err
		}
	}
	switch {
	case !takesTwo:
		d.Basis = homeward.BasisReview
	case homeward.AwaitedBy(waiting) == homeward.AwaitsSupervisor:
		if err := maySettle(d, tx.Actor, waiting); err != nil {
			return Outcome{}, err
		}
		d.Basis, d.Opinions = homeward.BasisSupervisor, idsOf(waiting)
	default:
		return opine(tx, d, waiting)
	}
	taken, err := tx.PutDecision(d)
	return Outcome{Decision: taken}, err
}

// opine keeps an opinion, and makes a decision of it when the one that waits says the same.
func opine(tx *store.Tx, d homeward.Decision, waiting []homeward.Opinion) (Outcome, error) {
	for _, o := range waiting {
		if o.By.ID == tx.Actor.ID {
			return Outcome{}, refuse(d.Pair, "review.conflict.own", "your opinion on pair %s waits for that of another reviewer: withdraw it to judge anew")
		}
	}
	given, err := tx.PutOpinion(homeward.Opinion{Pair: d.Pair, Judgement: d.Judgement, Reason: d.Reason, Weight: d.Weight, Model: d.Model})
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Opinion: given, Awaits: homeward.AwaitedBy(append(waiting, given))}
	if len(waiting) == 0 || waiting[0].Judgement != given.Judgement {
		return out, nil
	}
	d.Basis, d.Opinions = homeward.BasisTwoReviewers, idsOf(append(waiting, given))
	out.Awaits = homeward.AwaitsNobody
	out.Decision, err = tx.PutDecision(d)
	return out, err
}

// maySettle says why an actor may not decide where two disagree.
func maySettle(d homeward.Decision, actor homeward.Actor, waiting []homeward.Opinion) error {
	said := d.Judgement == homeward.Unsure
	for _, o := range waiting {
		if o.By.ID == actor.ID {
			return refuse(d.Pair, "review.conflict.own", "your opinion on pair %s waits for that of another reviewer: withdraw it to judge anew")
		}
		said = said || o.Judgement == d.Judgement
	}
	switch {
	case !actor.Can(homeward.ActionSettle):
		return refuse(d.Pair, "review.conflict.disputed", "two reviewers disagree on pair %s: a supervisor decides at the desk")
	case !said:
		return refuse(d.Pair, "review.conflict.third", "neither reviewer of pair %s said so: decide for one of the two, or unsure")
	}
	return nil
}

func refuse(pair homeward.PairID, key, text string) error {
	return &homeward.Message{Key: key, Kind: homeward.ErrConflict, Args: map[string]any{"Pair": pair}, Text: fmt.Sprintf(text, pair)}
}

func idsOf(opinions []homeward.Opinion) (out []homeward.OpinionID) {
	for _, o := range opinions {
		out = append(out, o.ID)
	}
	return out
}

// grave reports whether joining the rows of a pair would give a child a grave event, or a "different" keep one from it: whether
// any record that is one child with either tells of one, by the decisions that stand. The whole register is asked,
// whatever the actor reaches, and no stage need have run since the last decision.
func (r *Review) grave(tx *store.Tx, pair homeward.PairID) (bool, error) {
	_, left, right, _ := r.lines.pair(pair)
	all, err := r.tied(tx, left, right)
	if err != nil {
		return false, err
	}
	return tx.TellGrave(all)
}

// tied returns every version of the rows that standing decisions "same" tie to some rows, those included.
func (r *Review) tied(tx *store.Tx, rows ...homeward.RecordID) (all []homeward.RecordID, err error) {
	seen := map[homeward.RecordID]bool{}
	for next := rows; len(next) > 0; {
		var ring []homeward.RecordID
		for _, row := range next {
			if row = r.lines.root(row); !seen[row] {
				seen[row] = true
				ring = append(ring, r.lines.all(row)...)
			}
		}
		all = append(all, ring...)
		if next, err = tx.Tied(ring); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Withdraw takes back the actor's own opinion that waits on a pair. ErrDenied when the actor may not decide, ErrNotFound when
// none of theirs waits there, ErrConflict when another's that differs does.
func (r *Review) Withdraw(ctx context.Context, actor homeward.Actor, id homeward.PairID) error {
	if !actor.Can(homeward.ActionDecide) {
		return fmt.Errorf("withdraw opinion on pair %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	pair, _, _, _ := r.lines.pair(id)
	return r.db.Update(ctx, actor, func(tx *store.Tx) error { return tx.WithdrawOpinion(pair) })
}

// mayRevoke refuses to take back a decision "different" that alone keeps decisions "same" from being applied, when a grave event
// would move by that: one person would move it. The decisions "same" are to be revoked first, and the pair judged by two.
func (r *Review) mayRevoke(tx *store.Tx, id homeward.DecisionID) error {
	d, err := tx.Decision(id)
	if err != nil || d.Judgement != homeward.Different || !d.RevokedAt.IsZero() {
		return err
	}
	all, err := r.tied(tx, d.Left)
	if err != nil {
		return err
	}
	right, joined := r.lines.root(d.Right), false
	for _, x := range all {
		joined = joined || r.lines.root(x) == right
	}
	if !joined {
		return nil
	}
	grave, err := tx.TellGrave(all)
	if err != nil || !grave {
		return err
	}
	return refuse(d.Pair, "review.conflict.grave", "revoking this decision on pair %s would join records by itself, and move whereabouts, a return or a death: revoke the decisions that say same between them first")
}
