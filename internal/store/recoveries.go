package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
)

// The types of entries about recoveries.
const (
	entryRecovery      = "recovery"
	entryRecoveryCheck = "recovery-check"
	entryRecoveryState = "recovery-state"
)

// How long a recovery waits for two people, and how long its link works.
const (
	recoveryWaits = 7 * 24 * time.Hour
	recoveryLink  = 24 * time.Hour
)

// AskRecovery begins the way back for a user who lost everything they sign in with. ErrConflict while one is under way;
// ErrDenied for oneself, and for who manages no users: the machine asks for whoever stands at the door.
func (tx *Tx) AskRecovery(user homeward.UserID) (r homeward.Recovery, err error) {
	if tx.Actor.ID != homeward.System.ID {
		if err := tx.must(homeward.ActionManageUsers, homeward.Resource{By: user}); err != nil {
			return r, fmt.Errorf("ask for a recovery of user %s: %w", user, err)
		}
	}
	u, err := tx.User(user)
	if err == nil && !u.Active {
		err = fmt.Errorf("ask for a recovery of user %s: access is closed: %w", user, homeward.ErrConflict)
	}
	if err == nil {
		err = tx.lapse(user)
	}
	if err != nil {
		return r, err
	}
	r = homeward.Recovery{ID: homeward.RecoveryID(homeward.NewID(tx.Now)), User: user, By: tx.Actor.ID, At: tx.Now, State: homeward.RecoveryAsked, EndsAt: tx.Now.Add(recoveryWaits)}
	err = tx.exec("ask for a recovery", `
		insert into recoveries (id, owner, actor, at, state, moved_at, ends_at, token)
		values ($1, $2, $3, $4, 'asked', 0, $5, '')`, r.ID, user, r.By, micros(tx.Now), micros(r.EndsAt))
	if err != nil {
		return r, err
	}
	return r, tx.putRecoveryEntry(entryRecovery, r, recoveryBody(r))
}

func recoveryBody(r homeward.Recovery) map[string]string {
	return map[string]string{"owner": string(r.User), "ends_at": fmt.Sprint(micros(r.EndsAt))}
}

func (tx *Tx) putRecoveryEntry(typ string, r homeward.Recovery, body map[string]string) error {
	key, err := tx.key(string(r.User))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: typ, object: string(r.ID), keyID: string(r.User), key: key, body: body})
}

// lapse ends what nobody finished; ErrConflict when something is under way.
func (tx *Tx) lapse(user homeward.UserID) error {
	list, err := tx.recoveries("where owner = $1 and state in ('asked', 'granted')", user)
	for _, r := range list {
		if r.Stands(tx.Now) {
			return fmt.Errorf("ask for a recovery of user %s: one is under way: %w", user, homeward.ErrConflict)
		}
		err = errors.Join(err, tx.moveRecovery(r, homeward.RecoveryLapsed, ""))
	}
	return err
}

// moveRecovery gives a recovery a state, and its link when it is granted.
func (tx *Tx) moveRecovery(r homeward.Recovery, to homeward.RecoveryState, token string) error {
	if to == homeward.RecoveryGranted {
		r.EndsAt = tx.Now.Add(recoveryLink)
	}
	err := tx.exec("move recovery", `
		update recoveries
		set state = $2, moved_at = $3, ends_at = $4, token = $5
		where id = $1`, r.ID, to, micros(tx.Now), micros(r.EndsAt), token)
	if err != nil {
		return err
	}
	return tx.putRecoveryEntry(entryRecoveryState, r, map[string]string{"state": string(to), "ends_at": fmt.Sprint(micros(r.EndsAt)), "token": token})
}

// CheckRecovery keeps what the actor found about the identity of who lost access, and how. With the second confirmation
// the recovery is granted, and the link of the token's hash works. ErrDenied about oneself, for who asked, and for who is
// no supervisor; ErrConflict for who has checked already.
func (tx *Tx) CheckRecovery(id homeward.RecoveryID, verdict homeward.RecoveryVerdict, words, tokenHash string) (homeward.Recovery, error) {
	r, err := tx.Recovery(id)
	if err != nil {
		return r, err
	}
	on := homeward.Resource{State: string(r.State), By: r.By, For: r.User}
	if err := tx.must(homeward.ActionCheckIdentity, on); err != nil {
		return r, fmt.Errorf("check recovery %s: %w", id, err)
	}
	if !r.Stands(tx.Now) || slices.ContainsFunc(r.Checks, func(c homeward.RecoveryCheck) bool { return c.By == tx.Actor.ID }) {
		return r, fmt.Errorf("check recovery %s: it is over, or checked by the same person: %w", id, homeward.ErrConflict)
	}
	c := homeward.RecoveryCheck{By: tx.Actor.ID, Verdict: verdict, At: tx.Now, Words: words}
	if err := tx.putCheck(r, c); err != nil {
		return r, err
	}
	r.Checks = append(r.Checks, c)
	switch n, err := tx.confirmations(r); {
	case err != nil:
		return r, err
	case verdict == homeward.IdentityRefused:
		r.State = homeward.RecoveryRefused
		return r, tx.moveRecovery(r, r.State, "")
	case n >= homeward.RecoveryChecks:
		r.State = homeward.RecoveryGranted
		return r, tx.moveRecovery(r, r.State, tokenHash)
	}
	return r, nil
}

func (tx *Tx) putCheck(r homeward.Recovery, c homeward.RecoveryCheck) error {
	key, err := tx.key(string(r.User))
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "recovery_checks", string(r.ID)+"/"+string(c.By), c.Words)
	if err != nil {
		return err
	}
	err = tx.exec("check recovery", `
		insert into recovery_checks (recovery, actor, verdict, at, sealed)
		values ($1, $2, $3, $4, $5)`, r.ID, c.By, c.Verdict, micros(c.At), sealed)
	if err != nil {
		return err
	}
	return tx.putRecoveryEntry(entryRecoveryCheck, r, map[string]string{"verdict": string(c.Verdict), "words": c.Words})
}

// confirmations counts who confirmed, and may still do so: whoever lost the role meanwhile does not count.
func (tx *Tx) confirmations(r homeward.Recovery) (n int, err error) {
	for _, c := range r.Checks {
		u, err := tx.User(c.By)
		if err != nil {
			return 0, err
		}
		if c.Verdict == homeward.IdentityConfirmed && u.Active && u.Actor().Can(homeward.ActionCheckIdentity) {
			n++
		}
	}
	return n, nil
}

// StopRecovery ends a recovery of the actor's own access: they are there, and it was not they who asked.
func (tx *Tx) StopRecovery(id homeward.RecoveryID) error {
	r, err := tx.Recovery(id)
	if err == nil && (r.User != tx.Actor.ID || !r.Stands(tx.Now)) {
		err = fmt.Errorf("stop recovery %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return err
	}
	return tx.moveRecovery(r, homeward.RecoveryRefused, "")
}

// GrantedRecovery returns the recovery whose link has that token; ErrNotFound when it was used, refused or is over.
func (tx *Tx) GrantedRecovery(tokenHash string) (homeward.Recovery, error) {
	list, err := tx.recoveries("where token = $1 and state = 'granted' and ends_at > $2", tokenHash, micros(tx.Now))
	if err == nil && (len(list) == 0 || tokenHash == "") {
		err = fmt.Errorf("read granted recovery: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Recovery{}, err
	}
	return list[0], nil
}

// Regain uses a recovery up: the user has a new password, and whatever let them in before has ended, sessions too.
func (tx *Tx) Regain(tokenHash, passwordHash string) (u User, err error) {
	r, err := tx.GrantedRecovery(tokenHash)
	if err != nil {
		return u, err
	}
	if u, err = tx.User(r.User); err == nil && !u.Active {
		err = fmt.Errorf("regain access of user %s: it is closed: %w", r.User, homeward.ErrNotFound)
	}
	if err == nil {
		err = tx.moveRecovery(r, homeward.RecoveryUsed, "")
	}
	if err != nil {
		return u, err
	}
	list, err := tx.Credentials(r.User)
	for _, c := range list {
		err = errors.Join(err, tx.setCredentialState(c, CredentialEnded))
	}
	u.Password = passwordHash
	return u, errors.Join(err, tx.SetPassword(r.User, passwordHash))
}

// Recovery returns a recovery, or ErrNotFound.
func (tx *Tx) Recovery(id homeward.RecoveryID) (homeward.Recovery, error) {
	list, err := tx.recoveries("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read recovery %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Recovery{}, err
	}
	return list[0], nil
}

// RecoveriesWaiting returns the recoveries that wait to be checked, oldest first.
func (tx *Tx) RecoveriesWaiting() ([]homeward.Recovery, error) {
	return tx.recoveries("where state = 'asked' and ends_at > $1 order by at, id", micros(tx.Now))
}

// RecoveriesOf returns the recoveries of a user's access, the newest first.
func (tx *Tx) RecoveriesOf(user homeward.UserID) ([]homeward.Recovery, error) {
	return tx.recoveries("where owner = $1 order by at desc, id desc", user)
}

func (tx *Tx) recoveries(where string, args ...any) ([]homeward.Recovery, error) {
	var out []homeward.Recovery
	err := tx.query("read recoveries", `
		select id, owner, actor, at, state, moved_at, ends_at
		from recoveries
		`+where, args, func(r *sql.Rows) error {
		var x homeward.Recovery
		var at, moved, ends int64
		err := r.Scan(&x.ID, &x.User, &x.By, &at, &x.State, &moved, &ends)
		if x.At, x.EndsAt = fromMicros(at), fromMicros(ends); moved > 0 {
			x.MovedAt = fromMicros(moved)
		}
		out = append(out, x)
		return err
	})
	for i := 0; err == nil && i < len(out); i++ {
		out[i].Checks, err = tx.checksOf(out[i])
	}
	return out, err
}

func (tx *Tx) checksOf(r homeward.Recovery) (out []homeward.RecoveryCheck, err error) {
	var sealed [][]byte
	err = tx.query("read checks of a recovery", `
		select actor, verdict, at, sealed
		from recovery_checks
		where recovery = $1
		order by at, actor`, []any{r.ID}, func(rows *sql.Rows) error {
		var c homeward.RecoveryCheck
		var at int64
		var s []byte
		err := rows.Scan(&c.By, &c.Verdict, &at, &s)
		c.At = fromMicros(at)
		out, sealed = append(out, c), append(sealed, s)
		return err
	})
	if err != nil || len(out) == 0 {
		return out, err
	}
	key, err := tx.key(string(r.User))
	for i := 0; err == nil && i < len(out); i++ {
		err = openJSON(key, "recovery_checks", string(r.ID)+"/"+string(out[i].By), sealed[i], &out[i].Words)
	}
	return out, err
}
