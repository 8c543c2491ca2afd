package desk

import (
	"cmp"
	"net/url"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// filter narrows a list by where its records come from. It stands in the address of the list: ids, nothing personal.
type filter struct {
	store.Where
	Path     string // of the list
	State    string // which else stands in the address; empty when nothing does
	Sources  []homeward.Source
	Editions []editionRow // of the source that is chosen
	Rooms    []homeward.Compartment
}

// Narrows reports whether anything is chosen.
func (f filter) Narrows() bool { return f.Where != store.Where{} }

// Clear is the address of the whole list.
func (f filter) Clear() string { return f.address(store.Where{}, nil) }

// address of the list, narrowed, with what else it says.
func (f filter) address(where store.Where, also url.Values) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"source": string(where.Source), "edition": string(where.Edition), "compartment": string(where.Compartment), "state": f.State,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name := range also {
		q.Set(name, also.Get(name))
	}
	if len(q) == 0 {
		return f.Path
	}
	return f.Path + "?" + q.Encode()
}

// whereOf reads a filter from an address or a form. An edition narrows only with the source it is of.
func (v *visit) whereOf(q url.Values) store.Where {
	w := store.Where{Source: homeward.SourceID(q.Get("source")), Edition: homeward.EditionID(q.Get("edition")), Compartment: homeward.CompartmentID(q.Get("compartment"))}
	if w.Source == "" {
		w.Edition = ""
	}
	return w
}

// filter reads what a list can be narrowed by. Who does not see sources is offered none.
func (v *visit) filter(tx *store.Tx, path, state string, where store.Where) (f filter, err error) {
	f = filter{Where: where, Path: path, State: state}
	if v.can(homeward.ActionSeeSources) {
		if f.Sources, err = tx.Sources(); err != nil {
			return f, err
		}
	}
	if rooms, err := tx.Compartments(); err != nil {
		return f, err
	} else if len(rooms) > 1 {
		f.Rooms = rooms
	}
	i18n.Sort(v.l, f.Sources, func(s homeward.Source) string { return cmp.Or(s.Name, string(s.ID)) })
	if where.Source == "" || len(f.Sources) == 0 {
		return f, nil
	}
	editions, err := tx.Editions(where.Source)
	for _, e := range editions {
		f.Editions = append(f.Editions, v.editionRow(e))
	}
	return f, err
}
