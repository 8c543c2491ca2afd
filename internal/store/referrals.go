package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// longestReferral bounds how long a referral may open anything.
const longestReferral = 180 * 24 * time.Hour

type sealedReferral struct{ Reason string }

// Refer offers the records of a child, as far as the actor reaches them, to a colleague until a date. It gives no class
// that the actor does not see. Nothing is opened before the colleague accepts.
func (tx *Tx) Refer(person homeward.PersonID, to homeward.UserID, give homeward.Classes, until time.Time, reason string) (homeward.Referral, error) {
	r := homeward.Referral{
		ID: homeward.ReferralID(homeward.NewID(tx.Now)), Person: person, From: tx.Actor.ID, To: to, Classes: give,
		State: homeward.ReferralOffered, Reason: reason, At: tx.Now, Until: until.UTC().Truncate(time.Microsecond),
	}
	if !until.After(tx.Now) || until.After(tx.Now.Add(longestReferral)) || strings.TrimSpace(reason) == "" || to == tx.Actor.ID {
		return r, fmt.Errorf("refer person %s: no reason, no such time, or to oneself: %w", person, homeward.ErrInvalid)
	}
	if err := tx.mayRefer(&r); err != nil {
		return r, fmt.Errorf("refer person %s: %w", person, err)
	}
	return r, tx.putReferral(r)
}

// mayRefer finds the records that are referred, and cuts the classes down to what the actor sees.
func (tx *Tx) mayRefer(r *homeward.Referral) error {
	u, err := tx.User(r.To)
	if err != nil {
		return err
	}
	if !u.Active || !u.Actor().Can(homeward.ActionAcceptReferral) {
		return fmt.Errorf("user %s opens no children's pages: %w", r.To, homeward.ErrConflict)
	}
	p, err := tx.Person(r.Person)
	if err != nil {
		return err
	}
	reach, err := tx.reach(homeward.ActionRefer)
	if err != nil {
		return err
	}
	for _, id := range p.Records {
		in, err := tx.placeOf(id)
		if err != nil {
			return err
		}
		if reach.Admits(homeward.Resource{Compartment: in, Record: id}) {
			r.Records = append(r.Records, id)
		}
	}
	if r.Classes &= reach.Classes; len(r.Records) == 0 || r.Classes == 0 {
		return fmt.Errorf("nothing to refer: %w", homeward.ErrDenied)
	}
	return nil
}

func (tx *Tx) putReferral(r homeward.Referral) error {
	id := string(r.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "referrals", id, sealedReferral{r.Reason})
	if err != nil {
		return err
	}
	err = tx.exec("put referral", `
		insert into referrals (id, person, classes, sender, recipient, state, at, ends_at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, r.Person, int64(r.Classes), r.From, r.To, r.State, micros(r.At), micros(r.Until), sealed)
	if err != nil {
		return err
	}
	rows := make([][]any, len(r.Records))
	for i, record := range r.Records {
		rows[i] = []any{id, record}
	}
	if err := tx.insert(`insert into referred (referral, record)`, rows, ""); err != nil {
		return err
	}
	return tx.put(draft{typ: entryReferral, object: id, keyID: id, key: key, body: referralBody(r)})
}

func referralBody(r homeward.Referral) map[string]string {
	body := map[string]string{
		"person": string(r.Person), "recipient": string(r.To), "classes": strconv.Itoa(int(r.Classes)),
		"ends_at": strconv.FormatInt(micros(r.Until), 10), "reason": r.Reason,
	}
	for i, record := range r.Records {
		body[numbered("record", i, "id")] = string(record)
	}
	return body
}

// AnswerReferral accepts or declines what was offered to the actor, or ends what stands. Who has no part in the referral
// is told that there is none; ErrConflict when it is not in a state for that answer, or its time has passed.
func (tx *Tx) AnswerReferral(id homeward.ReferralID, answer homeward.ReferralState) error {
	r, err := tx.Referral(id)
	if err != nil {
		return err
	}
	action := homeward.ActionAcceptReferral
	if answer == homeward.ReferralEnded {
		action = homeward.ActionEndReferral
	}
	who, err := tx.Access()
	if err != nil {
		return err
	}
	mine := homeward.Can(who, action, homeward.Resource{State: string(r.State), By: r.From, For: r.To})
	if !mine || answer == homeward.ReferralOffered || !r.Until.After(tx.Now) {
		return fmt.Errorf("answer referral %s with %s: %w", id, answer, homeward.ErrConflict)
	}
	err = tx.exec("answer referral", `
		update referrals
		set state = $2
		where id = $1`, id, answer)
	if err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryReferred, object: string(id), keyID: string(id), key: key, body: map[string]string{"state": string(answer)}})
}

// Referral returns a referral in which the actor has a part, or ErrNotFound.
func (tx *Tx) Referral(id homeward.ReferralID) (homeward.Referral, error) {
	list, err := tx.referrals("where id = $1 and (sender = $2 or recipient = $2)", id, tx.Actor.ID)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read referral %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Referral{}, err
	}
	return list[0], nil
}

// Referrals returns what the actor was offered and has offered, newest first.
func (tx *Tx) Referrals(limit int) ([]homeward.Referral, error) {
	return tx.referrals("where sender = $1 or recipient = $1 order by at desc, id desc limit $2", tx.Actor.ID, limit)
}

func (tx *Tx) referrals(where string, args ...any) ([]homeward.Referral, error) {
	var out []homeward.Referral
	var sealed [][]byte
	err := tx.query("read referrals", `
		select id, person, classes, sender, recipient, state, at, ends_at, sealed
		from referrals
		`+where, args, func(r *sql.Rows) error {
		var x homeward.Referral
		var at, until int64
		var s []byte
		err := r.Scan(&x.ID, &x.Person, &x.Classes, &x.From, &x.To, &x.State, &at, &until, &s)
		x.At, x.Until = fromMicros(at), fromMicros(until)
		out, sealed = append(out, x), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := tx.openReferral(&out[i], sealed[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) openReferral(r *homeward.Referral, sealed []byte) error {
	id := string(r.ID)
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	var words sealedReferral
	if err := openJSON(key, "referrals", id, sealed, &words); err != nil {
		return err
	}
	r.Reason = words.Reason
	return tx.query("read what is referred by "+id, `
		select record
		from referred
		where referral = $1
		order by record`, []any{id}, func(rows *sql.Rows) error {
		var record homeward.RecordID
		err := rows.Scan(&record)
		r.Records = append(r.Records, record)
		return err
	})
}
