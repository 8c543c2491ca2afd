package registry

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Survey counts over the persons an actor reaches.
type Survey struct {
	Contradicted int                   // persons of whom sources say what cannot both be true
	By           map[homeward.Path]int // persons by what is contradicted; one person may be in several
}

// Contradictions counts the persons whose sources contradict each other now. The machine opens the records for it; the actor
// learns numbers over what it reaches, and no more.
func Contradictions(ctx context.Context, db *store.DB, actor homeward.Actor) (Survey, error) {
	out := Survey{By: map[homeward.Path]int{}}
	if !actor.Can(homeward.ActionSeePerson) {
		return out, fmt.Errorf("count contradictions: %w", homeward.ErrDenied)
	}
	var of map[homeward.RecordID]homeward.PersonID
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		of, err = tx.Memberships()
		return err
	})
	if err != nil {
		return out, fmt.Errorf("count contradictions: %w", err)
	}
	records, err := several(ctx, db, of)
	for _, list := range records {
		any := false
		for _, f := range facets(list, superseded(factsOf(list))) {
			if f.Contradiction {
				out.By[f.Path]++
				any = true
			}
		}
		if any {
			out.Contradicted++
		}
	}
	return out, err
}

// several opens the records of persons that have more than one, as far as they say what can contradict.
func several(ctx context.Context, db *store.DB, of map[homeward.RecordID]homeward.PersonID) (map[homeward.PersonID][]homeward.Record, error) {
	amount := map[homeward.PersonID]int{}
	for _, p := range of {
		amount[p]++
	}
	out := map[homeward.PersonID][]homeward.Record{}
	err := db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		p, ok := of[r.ID]
		if !ok || amount[p] < 2 {
			return nil
		}
		brief := homeward.Record{ID: r.ID, Source: r.Source, Edition: r.Edition, State: r.State, Supersedes: r.Supersedes, ReceivedAt: r.ReceivedAt}
		for _, c := range r.Claims {
			if disagree[c.Path] != nil || original[c.Path] != "" {
				brief.Claims = append(brief.Claims, c)
			}
		}
		out[p] = append(out[p], brief)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count contradictions: %w", err)
	}
	return out, nil
}
