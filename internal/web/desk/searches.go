package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type searchesPage struct {
	frame
	Kept []keptSearch
	Most int
}

// keptSearch is a saved search with what has come since its owner looked.
type keptSearch struct {
	ID       homeward.SearchID
	Words    string
	LookedAt time.Time
	Fresh    int
	search   search
}

// saveSearch keeps a search of the reader's, sealed. What is found from now on is new.
func (d *Desk) saveSearch(v *visit) error {
	defer d.fresh.forget(v.user.ID)
	s, ok := d.searches.take(v.user.ID, v.r.PathValue("token"))
	if !ok {
		return v.show(http.StatusGone, "search", &searchPage{Gone: true})
	}
	s.Reading.Where = v.whereOf(v.r.PostForm)
	asked, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("save search: %w", err)
	}
	err = v.update(func(tx *store.Tx) error {
		_, err := tx.SaveSearch(asked)
		return err
	})
	switch {
	case errors.Is(err, homeward.ErrConflict):
		v.tell("notice.searches_full", "")
	case err != nil:
		return err
	default:
		v.tell("notice.search_kept", "")
	}
	return v.redirect("/searches")
}

func (d *Desk) showSearches(v *visit) error {
	kept, err := d.kept(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "searches", &searchesPage{Kept: kept, Most: store.MostSearches})
}

// kept reads the reader's searches, and counts for each what has come since they looked.
func (d *Desk) kept(v *visit) (out []keptSearch, err error) {
	var list []store.SavedSearch
	err = v.view(func(tx *store.Tx) (err error) {
		list, err = tx.SavedSearches()
		return err
	})
	for _, saved := range list {
		k, readErr := opened(saved)
		if readErr == nil && err == nil {
			k.Fresh, err = d.Pipeline.Review.Fresh(v.ctx(), v.user.Actor(), k.search.Reading, hitsShown, saved.LookedAt)
		}
		out, err = append(out, k), errors.Join(err, readErr)
	}
	return out, err
}

func opened(saved store.SavedSearch) (keptSearch, error) {
	k := keptSearch{ID: saved.ID, LookedAt: saved.LookedAt}
	if err := json.Unmarshal(saved.Asked, &k.search); err != nil {
		return k, fmt.Errorf("read saved search %s: %w", saved.ID, homeward.ErrInvalid) // the decoder's error holds words
	}
	k.Words = k.search.Words
	return k, nil
}

// answerSearch looks at a saved search, or drops it.
func (d *Desk) answerSearch(v *visit) error {
	defer d.fresh.forget(v.user.ID)
	id := homeward.SearchID(v.r.PathValue("search"))
	if v.r.PostFormValue("do") == "drop" {
		if err := v.update(func(tx *store.Tx) error { return tx.DropSearch(id) }); err != nil {
			return err
		}
		v.tell("notice.search_dropped", "")
		return v.redirect("/searches")
	}
	var saved store.SavedSearch
	err := v.update(func(tx *store.Tx) (err error) {
		if saved, err = tx.SavedSearch(id); err != nil {
			return err
		}
		return tx.LookedAtSearch(id)
	})
	if err != nil {
		return err
	}
	k, err := opened(saved)
	if err != nil {
		return err
	}
	k.search.since = saved.LookedAt
	found := filter{Path: "/search/" + d.searches.put(v.user.ID, k.search, 0)}
	return v.redirect(found.address(k.search.Reading.Where, nil))
}
