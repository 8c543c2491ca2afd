package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// SavedSearch is a search that somebody keeps, to be told when something new arrives.
type SavedSearch struct {
	ID        homeward.SearchID
	CreatedAt time.Time
	LookedAt  time.Time // what was received after it is new
	Asked     []byte    // what is asked for, as the desk writes it
}

// MostSearches is how many searches one user can keep.
const MostSearches = 20

// SaveSearch keeps a search for the actor. ErrConflict when they keep the most already.
func (tx *Tx) SaveSearch(asked []byte) (s SavedSearch, err error) {
	if !tx.Actor.Can(homeward.ActionSearch) {
		return s, fmt.Errorf("save search: %w", homeward.ErrDenied)
	}
	have, err := tx.SavedSearches()
	if err != nil {
		return s, err
	}
	if len(have) >= MostSearches {
		return s, fmt.Errorf("save search: there are %d: %w", len(have), homeward.ErrConflict)
	}
	s = SavedSearch{ID: homeward.SearchID(homeward.NewID(tx.Now)), CreatedAt: tx.Now, LookedAt: tx.Now, Asked: asked}
	id := string(s.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return s, err
	}
	sealed, err := key.Seal("searches", "sealed", id, asked)
	if err != nil {
		return s, fmt.Errorf("seal search %s: %w", id, err)
	}
	err = tx.exec("save search", `
		insert into searches (id, owner, created_at, looked_at, sealed)
		values ($1, $2, $3, $3, $4)`, id, tx.Actor.ID, micros(tx.Now), sealed)
	if err != nil {
		return s, err
	}
	// The entry tells that there is one, not what it asks for.
	return s, tx.put(draft{typ: entrySearch, object: id, keyID: id, key: key, body: map[string]string{"owner": string(tx.Actor.ID)}})
}

// SavedSearches returns the actor's own searches, oldest first. Nobody reads another's.
func (tx *Tx) SavedSearches() ([]SavedSearch, error) {
	return tx.searches("where owner = $1 order by created_at, id", tx.Actor.ID)
}

// SavedSearch returns one of the actor's own searches, or ErrNotFound.
func (tx *Tx) SavedSearch(id homeward.SearchID) (SavedSearch, error) {
	list, err := tx.searches("where owner = $1 and id = $2", tx.Actor.ID, id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read search %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return SavedSearch{}, err
	}
	return list[0], nil
}

// LookedAtSearch says that the actor has seen what there is for a search up to now.
func (tx *Tx) LookedAtSearch(id homeward.SearchID) error {
	return tx.exec("look at search", `
		update searches
		set looked_at = $3
		where owner = $1 and id = $2`, tx.Actor.ID, id, micros(tx.Now))
}

// DropSearch forgets one of the actor's own searches, or fails with ErrNotFound.
func (tx *Tx) DropSearch(id homeward.SearchID) error {
	if _, err := tx.SavedSearch(id); err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	err = tx.exec("drop search", `
		delete from searches
		where id = $1`, id)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entrySearchGone, object: string(id), keyID: string(id), key: key, body: map[string]string{}})
}

func (tx *Tx) searches(where string, args ...any) ([]SavedSearch, error) {
	var out []SavedSearch
	err := tx.query("read searches", `
		select id, created_at, looked_at, sealed
		from searches
		`+where, args, func(r *sql.Rows) error {
		var s SavedSearch
		var made, looked int64
		err := r.Scan(&s.ID, &made, &looked, &s.Asked)
		s.CreatedAt, s.LookedAt = fromMicros(made), fromMicros(looked)
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		s := &out[i]
		key, err := tx.key(string(s.ID))
		if err != nil {
			return nil, err
		}
		if s.Asked, err = key.Open("searches", "sealed", string(s.ID), s.Asked); err != nil {
			return nil, fmt.Errorf("open search %s: %w", s.ID, err)
		}
	}
	return out, nil
}
