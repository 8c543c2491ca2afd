package store

import (
	"cmp"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// User is someone who may sign in.
type User struct {
	ID        homeward.UserID
	Name      string // as typed at sign-in
	Role      homeward.Role
	Active    bool
	Password  string // hash with its parameters; empty when the user cannot sign in with a password
	CreatedAt time.Time
}

// Actor returns the user as an actor.
func (u User) Actor() homeward.Actor { return homeward.Actor{ID: u.ID, Role: u.Role} }

// String returns the id alone.
func (u User) String() string { return "user " + string(u.ID) }

type sealedUser struct{ Name string }

// PutUser adds a user under a name no other has, with the role in effect; letter case does not tell names apart. It asks nobody:
// people come in by [Tx.AddUser] and [Tx.Join].
func (tx *Tx) PutUser(name string, role homeward.Role, password string) (User, error) {
	name = strings.TrimSpace(name)
	if name == "" || role != homeward.RoleAwaiting && !slices.Contains(homeward.Roles, role) {
		return User{}, fmt.Errorf("put user: no name or no such role: %w", homeward.ErrInvalid)
	}
	if _, err := tx.UserNamed(name); err == nil {
		return User{}, fmt.Errorf("put user: the name is taken: %w", homeward.ErrConflict)
	}
	u := User{ID: homeward.UserID(homeward.NewID(tx.Now)), Name: name, Role: role, Active: true, Password: password, CreatedAt: tx.Now}
	id := string(u.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return u, err
	}
	sealed, err := sealJSON(key, "users", id, sealedUser{name})
	if err != nil {
		return u, err
	}
	f := tx.userPrint(name)
	err = tx.exec("put user", `
		insert into users (id, fingerprint, role, state, password, created_at, sealed)
		values ($1, $2, $3, 'active', $4, $5, $6)`, id, f[:], role, password, micros(tx.Now), sealed)
	if err != nil {
		return u, err
	}
	return u, tx.putUserEntry(entryUser, u.ID, key, userBody(u))
}

func userBody(u User) map[string]string {
	return map[string]string{"name": u.Name, "role": string(u.Role), "password": passwordPrint(u.Password)}
}

// passwordPrint is what the log holds of a password's hash: enough to find out that it was exchanged.
func passwordPrint(hash string) string {
	if hash == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:])
}

// SetPassword replaces the hash of a user's password, and signs the user out everywhere.
func (tx *Tx) SetPassword(id homeward.UserID, hash string) error {
	return tx.changeUser(id, entryPassword, "password", hash, map[string]string{"password": passwordPrint(hash)})
}

// Disable ends a user's right to sign in, signs the user out everywhere, and takes back what waits for them. What the user did stays. ErrDenied for one's own.
func (tx *Tx) Disable(id homeward.UserID) error {
	if err := tx.must(homeward.ActionManageUsers, homeward.Resource{By: id}); err != nil {
		return fmt.Errorf("disable user %s: %w", id, err)
	}
	if err := tx.dropWaiting(id); err != nil {
		return err
	}
	return tx.changeUser(id, entryDisabled, "state", "disabled", map[string]string{})
}

// changeUser updates one column, named by the code above and never by a caller, writes the entry and ends the stays.
func (tx *Tx) changeUser(id homeward.UserID, entry, column, value string, body map[string]string) error {
	n, err := tx.execCount("change user", `
		update users
		set `+column+` = $2
		where id = $1`, id, value)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("change user %s: %w", id, homeward.ErrNotFound)
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	return errors.Join(tx.putUserEntry(entry, id, key, body), tx.endStays(id, ""))
}

// putUserEntry writes an entry about users, sealed with the key of the object of that id.
func (tx *Tx) putUserEntry(typ string, id homeward.UserID, key seal.ObjectKey, body map[string]string) error {
	return tx.put(draft{typ: typ, object: string(id), keyID: string(id), key: key, body: body})
}

func (tx *Tx) userPrint(name string) Fingerprint {
	return tx.Fingerprint("user", strings.ToLower(strings.TrimSpace(name)))
}

// User returns a user, or ErrNotFound.
func (tx *Tx) User(id homeward.UserID) (User, error) { return tx.oneUser("where id = $1", id) }

// UserNamed returns the user of that name, or ErrNotFound.
func (tx *Tx) UserNamed(name string) (User, error) {
	f := tx.userPrint(name)
	return tx.oneUser("where fingerprint = $1", f[:])
}

// Users returns every user, by name.
func (tx *Tx) Users() ([]User, error) {
	out, err := tx.users("")
	slices.SortFunc(out, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	return out, err
}

func (tx *Tx) oneUser(where string, arg any) (User, error) {
	out, err := tx.users(where, arg)
	if err != nil {
		return User{}, err
	}
	if len(out) == 0 {
		return User{}, fmt.Errorf("read user: %w", homeward.ErrNotFound)
	}
	return out[0], nil
}

func (tx *Tx) users(where string, args ...any) ([]User, error) {
	var out []User
	var sealed [][]byte
	err := tx.query("read users", `
		select id, role, state, password, created_at, sealed
		from users
		`+where, args, func(r *sql.Rows) error {
		var u User
		var state string
		var at int64
		var s []byte
		err := r.Scan(&u.ID, &u.Role, &state, &u.Password, &at, &s)
		u.Active, u.CreatedAt = state == "active", fromMicros(at)
		out, sealed = append(out, u), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		id := string(out[i].ID)
		key, err := tx.key(id)
		if err != nil {
			return nil, err
		}
		var s sealedUser
		if err := openJSON(key, "users", id, sealed[i], &s); err != nil {
			return nil, err
		}
		out[i].Name = s.Name
	}
	return out, nil
}

// PutInvitation keeps a one-time link by the hash of its token, until it expires.
func (tx *Tx) PutInvitation(tokenHash string, role homeward.Role, expires time.Time) error {
	err := tx.exec("put invitation", `
		insert into invitations (token, role, expires, inviter)
		values ($1, $2, $3, $4)`, tokenHash, role, micros(expires), tx.Actor.ID)
	if err != nil {
		return err
	}
	return tx.putInvitationEntry(entryInvited, tokenHash, role)
}

// putInvitationEntry says who invited, or that somebody joined, by the hash of the link's token: so it can be told who
// let whom in, and as what.
func (tx *Tx) putInvitationEntry(typ, tokenHash string, role homeward.Role) error {
	id := homeward.NewID(tx.Now)
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	return tx.putUserEntry(typ, homeward.UserID(id), key, map[string]string{"token": tokenHash, "role": string(role)})
}

// Invitation is what a one-time link gives, and who made it.
type Invitation struct {
	Role homeward.Role
	By   homeward.UserID
}

// Invitation returns an unused, unexpired invitation, or ErrNotFound.
func (tx *Tx) Invitation(tokenHash string) (in Invitation, err error) {
	err = tx.row("read invitation", `
		select role, inviter
		from invitations
		where token = $1 and expires > $2`, []any{tokenHash, micros(tx.Now)}, &in.Role, &in.By)
	in.By = cmp.Or(in.By, homeward.System.ID) // links of before do not say
	return in, err
}

// UseInvitation uses an invitation up, and returns it; ErrNotFound when it was used or has expired.
func (tx *Tx) UseInvitation(tokenHash string) (Invitation, error) {
	in, err := tx.Invitation(tokenHash)
	if err != nil {
		return in, err
	}
	err = tx.exec("use invitation", `
		delete from invitations
		where token = $1 or expires <= $2`, tokenHash, micros(tx.Now))
	if err != nil {
		return in, err
	}
	return in, tx.putInvitationEntry(entryJoined, tokenHash, in.Role)
}
