package store

import (
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
)

// PutOpinion keeps what the actor judges of a grave pair, beside what waits there already. It fails with ErrConflict when an
// opinion of theirs waits there, or two of others do.
func (tx *Tx) PutOpinion(o homeward.Opinion) (homeward.Opinion, error) {
	left, right, ok := o.Pair.Records()
	if !ok || !o.Judgement.Valid() {
		return o, fmt.Errorf("put opinion: no such pair or judgement: %w", homeward.ErrInvalid)
	}
	o.ID, o.Left, o.Right = homeward.OpinionID(homeward.NewID(tx.Now)), left, right
	o.By, o.At, o.EndedAt, o.Decision = tx.Actor, tx.Now, time.Time{}, ""
	in, err := tx.mayDecide(left, right)
	if err != nil {
		return o, err
	}
	if err := tx.mayOpine(o.Pair, in); err != nil {
		return o, err
	}
	id := string(o.ID)
	key, err := tx.newKeyIn(in, id)
	if err != nil {
		return o, err
	}
	sealed, err := sealJSON(key, "opinions", id, decisionWords{o.Reason})
	if err != nil {
		return o, err
	}
	err = tx.exec("put opinion", `
		insert into opinions (id, pair, left_record, right_record, judgement, actor, role, at, weight, model, ended_at, decision, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11)`,
		id, o.Pair, left, right, o.Judgement, o.By.ID, o.By.Role, micros(o.At), o.Weight, o.Model, sealed)
	if err != nil {
		return o, err
	}
	if err := tx.movePair(o.Pair); err != nil {
		return o, err
	}
	return o, tx.put(draft{typ: entryOpinion, object: id, keyID: id, key: key, body: opinionBody(o)})
}

// mayOpine holds that nobody confirms their own, and that two who disagree are not outvoted by a third.
func (tx *Tx) mayOpine(pair homeward.PairID, in homeward.CompartmentID) error {
	waiting, err := tx.opinions(false, "where pair = $1 and ended_at = 0", pair)
	if err != nil {
		return err
	}
	if len(waiting) > 1 {
		return fmt.Errorf("put opinion on pair %s: two wait there: %w", pair, homeward.ErrConflict)
	}
	for _, o := range waiting {
		err := tx.must(homeward.ActionConfirm, homeward.Resource{Compartment: in, State: string(homeward.PairInReview), By: o.By.ID})
		if err != nil {
			return err
		}
	}
	return nil
}

func opinionBody(o homeward.Opinion) map[string]string {
	return map[string]string{
		"pair": string(o.Pair), "judgement": string(o.Judgement), "reason": o.Reason, "weight": hexFloat(o.Weight), "model": string(o.Model),
	}
}

// WithdrawOpinion takes back an opinion of the actor's own that waits; ErrNotFound when none of theirs waits on
// the pair, ErrConflict when another's that differs does: who knows of it would judge anew with it in mind.
func (tx *Tx) WithdrawOpinion(pair homeward.PairID) error {
	waiting, err := tx.opinions(false, "where pair = $1 and ended_at = 0", pair)
	if err != nil {
		return err
	}
	mine := slices.IndexFunc(waiting, func(o homeward.Opinion) bool { return o.By.ID == tx.Actor.ID })
	switch {
	case mine < 0:
		return fmt.Errorf("withdraw opinion on pair %s: %w", pair, homeward.ErrNotFound)
	case len(waiting) > 1:
		return fmt.Errorf("withdraw opinion on pair %s: another differs, a supervisor decides: %w", pair, homeward.ErrConflict)
	}
	o := waiting[mine]
	if _, err := tx.mayDecide(o.Left, o.Right); err != nil {
		return err
	}
	if err := tx.endOpinions([]homeward.OpinionID{o.ID}, ""); err != nil {
		return err
	}
	if err := tx.movePair(pair); err != nil {
		return err
	}
	id := string(o.ID)
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryWithdrawn, object: id, keyID: id, key: key, body: map[string]string{"opinion": id}})
}

// endOpinions ends opinions in favour of a decision; of none when they are taken back.
func (tx *Tx) endOpinions(ids []homeward.OpinionID, by homeward.DecisionID) error {
	for _, id := range ids {
		err := tx.exec("end opinion", `
			update opinions
			set ended_at = $2, decision = $3
			where id = $1`, id, micros(tx.Now), by)
		if err != nil {
			return err
		}
	}
	return nil
}

// lawful refuses a decision that the opinions waiting on its pair do not allow: as long as some wait, only two that are alike,
// or a supervisor who gave none of them, make one. What a supervisor decides, one of the two has said, unless it is
// "unsure": so whatever becomes of a grave pair, two people judged it so.
func (tx *Tx) lawful(d homeward.Decision, in homeward.CompartmentID) error {
	waiting, err := tx.opinions(false, "where pair = $1 and ended_at = 0 order by at, id", d.Pair)
	if err != nil {
		return err
	}
	ids, said, mine := []homeward.OpinionID(nil), map[homeward.Judgement]bool{}, false
	by := map[homeward.UserID]bool{}
	for _, o := range waiting {
		ids = append(ids, o.ID)
		said[o.Judgement], by[o.By.ID] = true, true
		mine = mine || o.By.ID == tx.Actor.ID
	}
	ok := false
	switch d.Basis {
	case homeward.BasisTwoReviewers:
		ok = len(by) >= 2 && len(said) == 1 && said[d.Judgement] && mine
	case homeward.BasisSupervisor:
		if len(said) < 2 || !said[d.Judgement] && d.Judgement != homeward.Unsure {
			break
		}
		for id := range by {
			if err := tx.must(homeward.ActionSettle, homeward.Resource{Compartment: in, State: string(homeward.PairInReview), By: id}); err != nil {
				return err
			}
		}
		ok = true
	default:
		ok = len(waiting) == 0
	}
	if !ok || !slices.Equal(ids, d.Opinions) {
		return fmt.Errorf("put decision on pair %s: the opinions that wait there do not make it: %w", d.Pair, homeward.ErrConflict)
	}
	return nil
}

// OpinionsWaiting returns the opinions that wait on a pair, with their reasons, oldest first. Whom they may be shown is for the
// caller to say: the next reviewer must not see them.
func (tx *Tx) OpinionsWaiting(pair homeward.PairID) ([]homeward.Opinion, error) {
	return tx.opinions(true, "where pair = $1 and ended_at = 0 order by at, id", pair)
}

// OpinionFacts returns every opinion that waits, without its reason, the longest waiting first.
func (tx *Tx) OpinionFacts() ([]homeward.Opinion, error) {
	return tx.opinions(false, "where ended_at = 0 order by at, id")
}

// OpinionsBehind returns the opinions that led to a decision, with their reasons, oldest first.
func (tx *Tx) OpinionsBehind(d homeward.Decision) ([]homeward.Opinion, error) {
	if len(d.Opinions) == 0 {
		return nil, nil
	}
	return tx.opinions(true, "where id in ("+placeholders(1, len(d.Opinions))+") order by at, id", anys(d.Opinions)...)
}

func (tx *Tx) opinions(words bool, where string, args ...any) ([]homeward.Opinion, error) {
	var out []homeward.Opinion
	var sealed [][]byte
	err := tx.query("read opinions", `
		select id, pair, left_record, right_record, judgement, actor, role, at, weight, model, ended_at, decision, sealed
		from opinions
		`+where, args, func(r *sql.Rows) error {
		var o homeward.Opinion
		var at, ended int64
		var s []byte
		err := r.Scan(&o.ID, &o.Pair, &o.Left, &o.Right, &o.Judgement, &o.By.ID, &o.By.Role, &at, &o.Weight, &o.Model, &ended, &o.Decision, &s)
		o.At, o.EndedAt = fromMicros(at), fromMicros(ended)
		out, sealed = append(out, o), append(sealed, s)
		return err
	})
	if err != nil || !words {
		return out, err
	}
	for i := range out {
		id := string(out[i].ID)
		key, err := tx.key(id)
		if err != nil {
			return nil, err
		}
		var w decisionWords
		if err := openJSON(key, "opinions", id, sealed[i], &w); err != nil {
			return nil, err
		}
		out[i].Reason = w.Reason
	}
	return out, nil
}
