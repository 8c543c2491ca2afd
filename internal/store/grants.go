package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
)

// A role that works on children's data, or gives roles, takes effect when two people want it: one asks, another confirms. What
// the operator asks for takes effect at once only while there is nobody who could confirm it: so the first administrator gets in.

// atOnce reports whether a role that somebody asks for needs nobody to confirm it.
func (tx *Tx) atOnce(role homeward.Role, by homeward.UserID) (bool, error) {
	if !role.NeedsSecond() {
		return true, nil
	}
	if by != homeward.Operator.ID {
		return false, nil
	}
	users, err := tx.Users()
	return !slices.ContainsFunc(users, func(u User) bool { return u.Active && u.Role.Confirms() }), err
}

// AddUser adds a user whose role takes effect at once, or when another confirms it: until then it is awaiting.
func (tx *Tx) AddUser(name string, role homeward.Role, password string) (User, error) {
	return tx.addUser(name, role, password, tx.Actor.ID)
}

// Join uses an invitation up and adds its user, as [Tx.AddUser] would for who invited. ErrNotFound when it was used or has expired.
func (tx *Tx) Join(tokenHash, name, password string) (User, error) {
	in, err := tx.UseInvitation(tokenHash)
	if err != nil {
		return User{}, err
	}
	return tx.addUser(name, in.Role, password, in.By)
}

func (tx *Tx) addUser(name string, role homeward.Role, password string, by homeward.UserID) (User, error) {
	if !slices.Contains(homeward.Roles, role) {
		return User{}, fmt.Errorf("add user: no such role: %w", homeward.ErrInvalid)
	}
	now, err := tx.atOnce(role, by)
	if err != nil {
		return User{}, err
	}
	if now {
		return tx.PutUser(name, role, password)
	}
	u, err := tx.PutUser(name, homeward.RoleAwaiting, password)
	if err != nil {
		return u, err
	}
	_, err = tx.ask(u.ID, role, by)
	return u, err
}

// SetRole gives a user another role, or asks for it where it needs a second person: then it reports that the role waits, and the
// user keeps the one they have. ErrDenied for one's own.
func (tx *Tx) SetRole(id homeward.UserID, role homeward.Role) (waits bool, err error) {
	if !slices.Contains(homeward.Roles, role) {
		return false, fmt.Errorf("set role of user %s: no such role: %w", id, homeward.ErrInvalid)
	}
	if err := tx.must(homeward.ActionManageUsers, homeward.Resource{By: id}); err != nil {
		return false, fmt.Errorf("set role of user %s: %w", id, err)
	}
	if err := tx.dropWaiting(id); err != nil {
		return false, err
	}
	now, err := tx.atOnce(role, tx.Actor.ID)
	if err != nil {
		return false, err
	}
	if now {
		return false, tx.putRole(id, role)
	}
	_, err = tx.ask(id, role, tx.Actor.ID)
	return true, err
}

func (tx *Tx) putRole(id homeward.UserID, role homeward.Role) error {
	return tx.changeUser(id, entryRole, "role", string(role), map[string]string{"role": string(role)})
}

// Enable lets a user in again whom [Tx.Disable] shut out, with the role they had, at once or when another confirms it. ErrDenied
// for oneself; ErrConflict for who may sign in already.
func (tx *Tx) Enable(id homeward.UserID) (waits bool, err error) {
	if err := tx.must(homeward.ActionManageUsers, homeward.Resource{By: id}); err != nil {
		return false, fmt.Errorf("enable user %s: %w", id, err)
	}
	u, err := tx.User(id)
	if err != nil {
		return false, err
	}
	if u.Active {
		return false, fmt.Errorf("enable user %s: they may sign in: %w", id, homeward.ErrConflict)
	}
	now, err := tx.atOnce(u.Role, tx.Actor.ID)
	if err != nil {
		return false, err
	}
	if now {
		return false, tx.letIn(id)
	}
	if err := tx.dropWaiting(id); err != nil {
		return false, err
	}
	_, err = tx.ask(id, u.Role, tx.Actor.ID)
	return true, err
}

func (tx *Tx) letIn(id homeward.UserID) error {
	return tx.changeUser(id, entryEnabled, "state", "active", map[string]string{})
}

// ask keeps that somebody wants a user to have a role.
func (tx *Tx) ask(id homeward.UserID, role homeward.Role, by homeward.UserID) (homeward.Grant, error) {
	g := homeward.Grant{ID: homeward.GrantID(homeward.NewID(tx.Now)), User: id, Role: role, By: by, At: tx.Now, State: homeward.GrantWaiting}
	key, err := tx.key(string(id))
	if err != nil {
		return g, fmt.Errorf("ask for a role of user %s: %w", id, err)
	}
	err = tx.exec("put grant", `
		insert into grants (id, member, role, actor, at, state, answered_by, answered_at)
		values ($1, $2, $3, $4, $5, $6, '', 0)`, g.ID, id, role, by, micros(tx.Now), g.State)
	if err != nil {
		return g, err
	}
	return g, tx.put(draft{typ: entryGrant, object: string(g.ID), keyID: string(id), key: key, body: grantBody(g)})
}

func grantBody(g homeward.Grant) map[string]string {
	return map[string]string{"user": string(g.User), "role": string(g.Role), "asked_by": string(g.By)}
}

// AnswerGrant confirms a role that another asked for a third, which then takes effect, or refuses it. Who asked can refuse it too:
// that takes it back. ErrDenied for one's own otherwise; ErrConflict when it was answered.
func (tx *Tx) AnswerGrant(id homeward.GrantID, answer homeward.GrantState) error {
	if answer != homeward.GrantConfirmed && answer != homeward.GrantRefused {
		return fmt.Errorf("answer grant %s: no such answer: %w", id, homeward.ErrInvalid)
	}
	g, err := tx.Grant(id)
	if err != nil {
		return err
	}
	if g.State != homeward.GrantWaiting {
		return fmt.Errorf("answer grant %s: it was answered: %w", id, homeward.ErrConflict)
	}
	err = tx.must(homeward.ActionConfirmRole, homeward.Resource{State: string(g.State), By: g.By, For: g.User})
	takesBack := answer == homeward.GrantRefused && g.By == tx.Actor.ID && tx.Actor.Can(homeward.ActionManageUsers)
	if err != nil && !takesBack {
		return fmt.Errorf("answer grant %s: %w", id, err)
	}
	if err := tx.answer(g, answer); err != nil || answer == homeward.GrantRefused {
		return err
	}
	return tx.takeEffect(g)
}

func (tx *Tx) takeEffect(g homeward.Grant) error {
	u, err := tx.User(g.User)
	if err == nil && u.Role != g.Role {
		err = tx.putRole(u.ID, g.Role)
	}
	if err == nil && !u.Active {
		err = tx.letIn(u.ID)
	}
	return err
}

func (tx *Tx) answer(g homeward.Grant, answer homeward.GrantState) error {
	err := tx.exec("answer grant", `
		update grants
		set state = $2, answered_by = $3, answered_at = $4
		where id = $1`, g.ID, answer, tx.Actor.ID, micros(tx.Now))
	if err != nil {
		return err
	}
	key, err := tx.key(string(g.User))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryGranted, object: string(g.ID), keyID: string(g.User), key: key, body: map[string]string{"state": string(answer)}})
}

// dropWaiting takes back what waits for a user: something else was asked for, or they were shut out.
func (tx *Tx) dropWaiting(id homeward.UserID) error {
	list, err := tx.grants("where member = $1 and state = 'waiting'", id)
	for _, g := range list {
		err = errors.Join(err, tx.answer(g, homeward.GrantRefused))
	}
	return err
}

// Grant returns a role that was asked for, or ErrNotFound.
func (tx *Tx) Grant(id homeward.GrantID) (homeward.Grant, error) {
	list, err := tx.grants("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read grant %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Grant{}, err
	}
	return list[0], nil
}

// GrantsWaiting returns the roles that wait to be confirmed, oldest first.
func (tx *Tx) GrantsWaiting() ([]homeward.Grant, error) {
	return tx.grants("where state = 'waiting' order by at, id")
}

func (tx *Tx) grants(where string, args ...any) ([]homeward.Grant, error) {
	var out []homeward.Grant
	return out, tx.query("read grants", `
		select id, member, role, actor, at, state, answered_by, answered_at
		from grants
		`+where, args, func(r *sql.Rows) error {
		var g homeward.Grant
		var at, answered int64
		err := r.Scan(&g.ID, &g.User, &g.Role, &g.By, &at, &g.State, &g.AnsweredBy, &answered)
		g.At, g.AnsweredAt = fromMicros(at), fromMicros(answered)
		out = append(out, g)
		return err
	})
}
