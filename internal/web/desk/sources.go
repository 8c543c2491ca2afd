package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

type sourcesPage struct {
	frame
	MayImport bool
	MayOpen   bool // the rows in quarantine
	Sources   []sourceRow
}

type sourceRow struct {
	ID                             homeward.SourceID
	Name                           string
	Room                           string // its compartment, where the reader is in more than one
	Records, Quarantined, Editions int
	Newest                         *editionRow
}

// editionRow is an edition as lists show it.
type editionRow struct {
	homeward.Edition
	FormatName string
	Reading    bool
}

func (v *visit) editionRow(e homeward.Edition) editionRow {
	return editionRow{e, known(v.l, "format."+e.Format, e.Format), e.State == homeward.EditionReading}
}

func (d *Desk) showSources(v *visit) error {
	p := &sourcesPage{MayImport: v.can(homeward.ActionImport), MayOpen: v.can(homeward.ActionImport)}
	err := v.view(func(tx *store.Tx) error {
		p.Sources = nil
		sources, err := tx.Sources()
		if err != nil {
			return err
		}
		amounts, err := d.counted(tx)
		if err != nil {
			return err
		}
		rooms, err := v.rooms(tx)
		if err != nil {
			return err
		}
		for _, s := range sources {
			editions, err := tx.Editions(s.ID)
			if err != nil {
				return err
			}
			row := sourceRow{ID: s.ID, Name: s.Name, Room: rooms[s.Compartment], Editions: len(editions),
				Records: amounts.rows[s.ID][homeward.RecordAccepted], Quarantined: amounts.rows[s.ID][homeward.RecordQuarantined]}
			if len(editions) > 0 {
				newest := v.editionRow(editions[0])
				row.Newest = &newest
			}
			p.Sources = append(p.Sources, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Sources, func(s sourceRow) string { return s.Name })
	return v.show(http.StatusOK, "sources", p)
}

// rooms names the compartments the reader may know of; nothing where there is but one.
func (v *visit) rooms(tx *store.Tx) (map[homeward.CompartmentID]string, error) {
	list, err := tx.Compartments()
	if err != nil || len(list) < 2 {
		return nil, err
	}
	out := map[homeward.CompartmentID]string{}
	for _, c := range list {
		out[c.ID] = cmp.Or(c.Name, v.l.T("compartment.main"))
	}
	return out, nil
}

type sourcePage struct {
	frame
	MayImport bool
	Room      string                 // its compartment, where the reader is in more than one
	Rooms     []homeward.Compartment // it can be moved to
	Source    homeward.Source
	Editions  []editionRow
	Columns   []mappedColumn
	Repeats   []repetitionView  // what it repeats, and what repeats it
	MayRelate bool              // say so, and take it back
	Originals []homeward.Source // that it can be said to repeat; none while it repeats one
	Problem   string
}

type mappedColumn struct {
	Heading string
	Path    homeward.Path
}

func (d *Desk) showSource(v *visit) error { return v.showSourcePage(http.StatusOK, "") }

func (v *visit) showSourcePage(status int, problem string) error {
	p := &sourcePage{MayImport: v.can(homeward.ActionImport), Problem: problem}
	err := v.view(func(tx *store.Tx) (err error) {
		p.Editions = nil
		if p.Source, err = wholeSource(tx, homeward.SourceID(v.r.PathValue("source"))); err != nil {
			return err
		}
		editions, err := tx.Editions(p.Source.ID)
		for _, e := range editions {
			p.Editions = append(p.Editions, v.editionRow(e))
		}
		if err != nil {
			return err
		}
		if err := v.relations(tx, p); err != nil {
			return err
		}
		return v.place(tx, p)
	})
	if err != nil {
		return err
	}
	for heading, path := range p.Source.Mapping {
		p.Columns = append(p.Columns, mappedColumn{heading, path})
	}
	i18n.Sort(v.l, p.Columns, func(c mappedColumn) string { return c.Heading })
	return v.show(status, "source", p)
}

// place says in which compartment a source lies, and where the reader may move it.
func (v *visit) place(tx *store.Tx, p *sourcePage) error {
	rooms, err := v.rooms(tx)
	if err != nil {
		return err
	}
	p.Room, p.Rooms = rooms[p.Source.Compartment], nil
	who, err := tx.Access()
	if err != nil || !homeward.Can(who, homeward.ActionMoveSource, homeward.Resource{Compartment: p.Source.Compartment}) {
		return err
	}
	list, err := tx.Compartments()
	p.Rooms = slices.DeleteFunc(list, func(c homeward.Compartment) bool { return c.ID == p.Source.Compartment })
	return err
}

// moveSource moves a source to another of the reader's compartments.
func (d *Desk) moveSource(v *visit) error {
	id, to := homeward.SourceID(v.r.PathValue("source")), homeward.CompartmentID(v.r.PostFormValue("compartment"))
	if err := v.update(func(tx *store.Tx) error { return tx.MoveSource(id, to) }); err != nil {
		return err
	}
	v.tell("notice.moved", "")
	return v.redirect("/sources/" + string(id))
}

// wholeSource returns a source whose editions the reader may see. One that only a single opened record leads to is not
// there.
func wholeSource(tx *store.Tx, id homeward.SourceID) (homeward.Source, error) {
	s, err := tx.Source(id)
	if err != nil {
		return s, err
	}
	who, err := tx.Access()
	if err == nil && !homeward.Can(who, homeward.ActionSeeSources, homeward.Resource{Compartment: s.Compartment}) {
		err = fmt.Errorf("see source %s: %w", id, homeward.ErrNotFound)
	}
	return s, err
}
