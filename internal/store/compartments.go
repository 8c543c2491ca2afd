package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

type sealedCompartment struct{ Name string }

// PutCompartment makes a compartment with a key of its own and no members.
func (tx *Tx) PutCompartment(name string) (homeward.Compartment, error) {
	c := homeward.Compartment{ID: homeward.CompartmentID(homeward.NewID(tx.Now)), Name: strings.TrimSpace(name), CreatedAt: tx.Now}
	if c.Name == "" {
		return c, fmt.Errorf("put compartment: no name: %w", homeward.ErrInvalid)
	}
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return c, err
	}
	id := string(c.ID)
	if err := tx.db.newRoom(tx.ctx, c.ID); err != nil {
		return c, err
	}
	key, err := tx.newKey(id)
	if err != nil {
		return c, err
	}
	sealed, err := sealJSON(key, "compartments", id, sealedCompartment{c.Name})
	if err != nil {
		return c, err
	}
	err = tx.exec("put compartment", `
		insert into compartments (id, created_at, sealed)
		values ($1, $2, $3)`, id, micros(tx.Now), sealed)
	if err != nil {
		return c, err
	}
	return c, tx.put(draft{typ: entryCompartment, object: id, keyID: id, key: key, body: map[string]string{"name": c.Name}})
}

// Compartments returns the compartments the actor may know of: all of them for who manages them, one's own for everybody
// else; main first, then by name.
func (tx *Tx) Compartments() ([]homeward.Compartment, error) {
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	all, err := tx.allCompartments()
	if err != nil || who.Everywhere || homeward.Can(who, homeward.ActionManageRooms, homeward.Resource{}) {
		return all, err
	}
	return slices.DeleteFunc(all, func(c homeward.Compartment) bool { return !slices.Contains(who.Compartments, c.ID) }), nil
}

func (tx *Tx) allCompartments() ([]homeward.Compartment, error) {
	out := []homeward.Compartment{{ID: homeward.Main}}
	var sealed [][]byte
	err := tx.query("read compartments", `
		select id, created_at, sealed
		from compartments`, nil, func(r *sql.Rows) error {
		var c homeward.Compartment
		var at int64
		var s []byte
		err := r.Scan(&c.ID, &at, &s)
		c.CreatedAt = fromMicros(at)
		out, sealed = append(out, c), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, s := range sealed {
		c := &out[i+1]
		key, err := tx.key(string(c.ID))
		if err != nil {
			return nil, err
		}
		var words sealedCompartment
		if err := openJSON(key, "compartments", string(c.ID), s, &words); err != nil {
			return nil, err
		}
		c.Name = words.Name
	}
	slices.SortFunc(out[1:], func(a, b homeward.Compartment) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// Compartment returns a compartment the actor may know of, or ErrNotFound.
func (tx *Tx) Compartment(id homeward.CompartmentID) (homeward.Compartment, error) {
	all, err := tx.Compartments()
	if err != nil {
		return homeward.Compartment{}, err
	}
	i := slices.IndexFunc(all, func(c homeward.Compartment) bool { return c.ID == id })
	if i < 0 {
		return homeward.Compartment{}, fmt.Errorf("read compartment %s: %w", id, homeward.ErrNotFound)
	}
	return all[i], nil
}

// SetMember puts a user into a compartment, or takes them out. ErrConflict for a user whose role has no part in the work on
// children's data.
func (tx *Tx) SetMember(in homeward.CompartmentID, id homeward.UserID, member bool) error {
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return err
	}
	if _, err := tx.Compartment(in); err != nil {
		return err
	}
	u, err := tx.User(id)
	if err != nil {
		return err
	}
	if member && !u.Role.WorksOnChildren() {
		return fmt.Errorf("put user %s into compartment %s: the role %s has no part in it: %w", id, in, u.Role, homeward.ErrConflict)
	}
	state := memberState(member)
	err = tx.exec("set member", `
		insert into members (compartment, member, state, at)
		values ($1, $2, $3, $4)
		on conflict (compartment, member) do update set state = excluded.state, at = excluded.at`, in, id, state, micros(tx.Now))
	if err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	return tx.putUserEntry(entryMember, id, key, map[string]string{"compartment": string(in), "state": state})
}

func memberState(member bool) string {
	if member {
		return "in"
	}
	return "out"
}

// Members returns the users of a compartment: of main, everyone whose role works on children's data and who was not
// taken out.
func (tx *Tx) Members(in homeward.CompartmentID) ([]User, error) {
	state := map[homeward.UserID]string{}
	err := tx.query("read members of "+string(in), `
		select member, state
		from members
		where compartment = $1`, []any{in}, func(r *sql.Rows) error {
		var id homeward.UserID
		var s string
		err := r.Scan(&id, &s)
		state[id] = s
		return err
	})
	if err != nil {
		return nil, err
	}
	users, err := tx.Users()
	return slices.DeleteFunc(users, func(u User) bool {
		there := state[u.ID] == "in" || state[u.ID] == "" && in == homeward.Main
		return !there || !u.Role.WorksOnChildren()
	}), err
}

// CountSources returns how many sources lie in each compartment, for who manages compartments and sees none of them.
func (tx *Tx) CountSources() (map[homeward.CompartmentID]int, error) {
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return nil, err
	}
	// Behind the fence: an administrator is in no compartment.
	rows, err := tx.sql.QueryContext(tx.ctx, `
		select compartment, count(*)
		from sources
		group by compartment`)
	if err != nil {
		return nil, fmt.Errorf("count sources: %w", err)
	}
	out := map[homeward.CompartmentID]int{}
	return out, each(rows, func() error {
		var in homeward.CompartmentID
		var n int
		err := rows.Scan(&in, &n)
		out[in] = n
		return err
	})
}
