package store

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// decisionWords is what a decision's sealed columns hold.
type decisionWords struct{ Reason string }

// PutDecision writes the judgement on a pair and moves the pair's state, and ends the opinions that it rests on or settles. A
// pair that blocking never proposed may be decided too. ErrConflict when opinions wait on the pair that do not make it, or the batch
// that it names does not.
func (tx *Tx) PutDecision(d homeward.Decision) (homeward.Decision, error) {
	left, right, ok := d.Pair.Records()
	if !ok || !d.Judgement.Valid() {
		return d, fmt.Errorf("put decision: no such pair or judgement: %w", homeward.ErrInvalid)
	}
	d.ID, d.Left, d.Right = homeward.DecisionID(homeward.NewID(tx.Now)), left, right
	d.By, d.At, d.RevokedAt = tx.Actor, tx.Now, time.Time{}
	id := string(d.ID)
	in, err := tx.mayDecide(left, right)
	if err != nil {
		return d, err
	}
	if err := tx.lawful(d, in); err != nil {
		return d, err
	}
	if err := tx.inBatch(d); err != nil {
		return d, err
	}
	key, err := tx.newKeyIn(in, id)
	if err != nil {
		return d, err
	}
	sealed, err := sealJSON(key, "decisions", id, decisionWords{d.Reason})
	if err != nil {
		return d, err
	}
	err = tx.exec("put decision", `
		insert into decisions (id, pair, left_record, right_record, judgement, basis, actor, role, at, weight, model,
			revoked_at, revoked_by, revoked_role, sealed, revocation, again, opinions, batch)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', '', $12, $13, $14, $15, $16)`,
		id, d.Pair, left, right, d.Judgement, d.Basis, d.By.ID, d.By.Role, micros(d.At), d.Weight, d.Model, sealed, []byte{}, int64(d.Again), opinionsText(d.Opinions), d.Batch)
	if err != nil {
		return d, err
	}
	if err := tx.endOpinions(d.Opinions, d.ID); err != nil {
		return d, err
	}
	if err := tx.movePair(d.Pair); err != nil {
		return d, err
	}
	return d, tx.put(draft{typ: entryDecision, object: id, keyID: id, key: key, body: decisionBody(d)})
}

// mayDecide returns the compartment in which a decision on two records is kept, that of the left one, or ErrNotFound
// unless the actor may decide in the compartments of both.
func (tx *Tx) mayDecide(records ...homeward.RecordID) (in homeward.CompartmentID, err error) {
	reach, err := tx.reach(homeward.ActionDecide)
	if err != nil {
		return "", err
	}
	for _, id := range slices.Backward(records) {
		err := tx.row("read compartment of record "+string(id), `
			select compartment
			from records
			where id = $1`, []any{id}, &in)
		if err != nil {
			return "", err
		}
		if !reach.Admits(homeward.Resource{Compartment: in, Record: id}) {
			return "", fmt.Errorf("decide on record %s: %w", id, homeward.ErrNotFound)
		}
	}
	return in, nil
}

func decisionBody(d homeward.Decision) map[string]string {
	body := map[string]string{
		"pair": string(d.Pair), "judgement": string(d.Judgement), "basis": string(d.Basis), "reason": d.Reason,
		"weight": hexFloat(d.Weight), "model": string(d.Model),
	}
	if d.Again != 0 {
		body["again"] = d.Again.String()
	}
	if len(d.Opinions) > 0 {
		body["opinions"] = opinionsText(d.Opinions)
	}
	if d.Batch != "" {
		body["batch"] = string(d.Batch)
	}
	return body
}

// opinionsText is a list of ids as it is kept.
func opinionsText(ids []homeward.OpinionID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, " ")
}

func opinionsOf(text string) (out []homeward.OpinionID) {
	for id := range strings.FieldsSeq(text) {
		out = append(out, homeward.OpinionID(id))
	}
	return out
}

// RevokeDecision takes a decision back; it stays on record with who revoked it and why.
func (tx *Tx) RevokeDecision(id homeward.DecisionID, reason string) error {
	d, err := tx.Decision(id)
	if err != nil {
		return err
	}
	if _, err := tx.mayDecide(d.Left, d.Right); err != nil {
		return err
	}
	if !d.RevokedAt.IsZero() {
		return fmt.Errorf("revoke decision %s: it is revoked already: %w", id, homeward.ErrConflict)
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	words, err := sealJSON(key, "decisions", string(id)+"/revocation", decisionWords{reason})
	if err != nil {
		return err
	}
	err = tx.exec("revoke decision", `
		update decisions
		set revoked_at = $2, revoked_by = $3, revoked_role = $4, revocation = $5
		where id = $1`, id, micros(tx.Now), tx.Actor.ID, tx.Actor.Role, words)
	if err != nil {
		return err
	}
	if err := tx.movePair(d.Pair); err != nil {
		return err
	}
	body := map[string]string{"decision": string(id), "reason": reason}
	return tx.put(draft{typ: entryRevocation, object: string(id), keyID: string(id), key: key, body: body})
}

// movePair gives a pair its state: in review while opinions wait there, or that of its newest standing decision, or proposed when
// none stands.
func (tx *Tx) movePair(pair homeward.PairID) error {
	return tx.exec("move pair", `
		update pairs
		set state = case when exists (
			select 1
			from opinions o
			where o.pair = $1 and o.ended_at = 0) then 'in-review' else coalesce((
			select d.judgement
			from decisions d
			where d.pair = $1 and d.revoked_at = 0
			order by d.at desc, d.id desc
			limit 1), 'proposed') end
		where id = $1`, pair)
}

// Decision returns a decision with its reason, or ErrNotFound.
func (tx *Tx) Decision(id homeward.DecisionID) (homeward.Decision, error) {
	out, err := tx.decisions(true, "where id = $1", id)
	if err != nil {
		return homeward.Decision{}, err
	}
	if len(out) == 0 {
		return homeward.Decision{}, fmt.Errorf("read decision %s: %w", id, homeward.ErrNotFound)
	}
	return out[0], nil
}

// DecisionsOf returns every decision on a pair, revoked ones too, oldest first, with their reasons.
func (tx *Tx) DecisionsOf(pair homeward.PairID) ([]homeward.Decision, error) {
	return tx.decisions(true, "where pair = $1 order by at, id", pair)
}

// DecisionsOn returns every decision in which one of the records takes part, oldest first, with their reasons.
func (tx *Tx) DecisionsOn(records []homeward.RecordID) ([]homeward.Decision, error) {
	return tx.decisionsOn(records, true)
}

// DecisionFactsOn returns the same without their reasons.
func (tx *Tx) DecisionFactsOn(records []homeward.RecordID) ([]homeward.Decision, error) {
	return tx.decisionsOn(records, false)
}

func (tx *Tx) decisionsOn(records []homeward.RecordID, words bool) ([]homeward.Decision, error) {
	var out []homeward.Decision
	seen := map[homeward.DecisionID]bool{}
	for chunk := range chunks(records, 400) {
		in := placeholders(1, len(chunk))
		list, err := tx.decisions(words, "where left_record in ("+in+") or right_record in ("+in+") order by at, id", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			if !seen[d.ID] {
				seen[d.ID] = true
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// DecisionFacts returns every decision without its reason, revoked ones too, oldest first.
func (tx *Tx) DecisionFacts() ([]homeward.Decision, error) {
	return tx.decisions(false, "order by at, id")
}

// DecisionsDue returns the decisions in force, without their reasons, whose pairs were to be looked at again by a day, the
// longest due first.
func (tx *Tx) DecisionsDue(by homeward.Day) ([]homeward.Decision, error) {
	return tx.decisions(false, `
		where again > 0 and again <= $1 and revoked_at = 0 and not exists (
			select 1
			from decisions later
			where later.pair = decisions.pair and later.revoked_at = 0 and (later.at > decisions.at or later.at = decisions.at and later.id > decisions.id))
		order by again, id`, int64(by))
}

func (tx *Tx) decisions(words bool, where string, args ...any) ([]homeward.Decision, error) {
	var out []homeward.Decision
	var sealed, revocations [][]byte
	err := tx.query("read decisions", `
		select id, pair, left_record, right_record, judgement, basis, actor, role, at, weight, model,
			revoked_at, revoked_by, revoked_role, sealed, revocation, again, opinions, batch
		from decisions
		`+where, args, func(r *sql.Rows) error {
		var d homeward.Decision
		var at, revoked, again int64
		var s, v []byte
		var opinions string
		err := r.Scan(&d.ID, &d.Pair, &d.Left, &d.Right, &d.Judgement, &d.Basis, &d.By.ID, &d.By.Role, &at, &d.Weight,
			&d.Model, &revoked, &d.RevokedBy.ID, &d.RevokedBy.Role, &s, &v, &again, &opinions, &d.Batch)
		d.Opinions = opinionsOf(opinions)
		d.At, d.RevokedAt = fromMicros(at), fromMicros(revoked)
		d.Again = homeward.Day(max(math.MinInt32, min(again, math.MaxInt32))) // an altered day is named, not stumbled over
		out, sealed, revocations = append(out, d), append(sealed, s), append(revocations, v)
		return err
	})
	if err != nil || !words {
		return out, err
	}
	for i := range out {
		if err := tx.openReasons(&out[i], sealed[i], revocations[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) openReasons(d *homeward.Decision, sealed, revocation []byte) error {
	id := string(d.ID)
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	var w decisionWords
	if err := openJSON(key, "decisions", id, sealed, &w); err != nil {
		return err
	}
	d.Reason = w.Reason
	if len(revocation) == 0 {
		return nil
	}
	if err := openJSON(key, "decisions", id+"/revocation", revocation, &w); err != nil {
		return err
	}
	d.RevokeReason = w.Reason
	return nil
}
