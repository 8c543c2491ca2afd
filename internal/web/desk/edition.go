package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

type editionPage struct {
	frame
	Source        homeward.Source
	Edition       editionRow
	Running       bool // this desk is reading it now
	Done, Total   int
	Failure       string
	Groups        []changeGroup
	MaySeePersons bool
	MayImport     bool // and see what is in quarantine
}

// changeGroup is what an edition did to rows of its source, of one kind. Rows in quarantine are a group of their own, as
// they are in the tally, and are counted only: their page shows them.
type changeGroup struct {
	Kind    homeward.ChangeKind
	Total   int
	Changes []changeRow
	More    int
}

// changeRow is one row: by the child's name for who may see children, by the record's id otherwise.
type changeRow struct {
	Record homeward.RecordID
	Row    string
	Open   bool // there is a page to open: quarantined rows have none
}

// kindQuarantined is the group of rows that an edition brought and that became no records about children.
const kindQuarantined homeward.ChangeKind = "quarantined"

// changesShown is how many rows of a kind the page lists.
const changesShown = 50

func (d *Desk) showEdition(v *visit) error {
	p := &editionPage{MaySeePersons: v.can(homeward.ActionSeePerson), MayImport: v.can(homeward.ActionImport)}
	if r := d.readings.of(homeward.EditionID(v.r.PathValue("edition"))); r != nil {
		p.Running, p.Done, p.Total = !r.ended, r.done, r.total
		p.Failure = v.failure(r.err)
	}
	err := v.view(func(tx *store.Tx) error {
		e, err := tx.Edition(homeward.EditionID(v.r.PathValue("edition")))
		if err != nil {
			return err
		}
		p.Edition = v.editionRow(e)
		if p.Source, err = wholeSource(tx, e.Source); err != nil {
			return err
		}
		if e.State == homeward.EditionReading {
			if p.Edition.Tally, err = tx.CountChanges(e.ID); err != nil {
				return err
			}
		}
		if p.Running {
			return nil // the page looks again every two seconds: rows are named, and their reading audited, when all are there
		}
		if p.Groups, err = changeGroups(tx, e.ID, p.Edition.Tally); err != nil || !p.MaySeePersons {
			return err
		}
		return v.nameRows(tx, p.Groups)
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "edition", p)
}

// changeGroups puts what changed and what vanished first: both are rarer and weigh more than what is new. Rows are read as far as the page
// lists them. Where these are all, they are counted themselves: of a row that the reader may not see, nothing is said.
func changeGroups(tx *store.Tx, edition homeward.EditionID, t homeward.Tally) (out []changeGroup, err error) {
	for _, g := range []changeGroup{{Kind: homeward.ChangeRemoved, Total: t.Removed}, {Kind: homeward.ChangeChanged, Total: t.Changed}, {Kind: kindQuarantined, Total: t.Quarantined}, {Kind: homeward.ChangeAdded, Total: t.Added}} {
		if g.Total == 0 {
			continue
		}
		if g.Kind != kindQuarantined {
			changes, err := tx.FirstChanges(edition, g.Kind, changesShown+1)
			if err != nil {
				return nil, err
			}
			if len(changes) <= changesShown {
				g.Total = len(changes)
			}
			for _, c := range changes[:min(len(changes), changesShown)] {
				g.Changes = append(g.Changes, changeRow{Record: c.Record, Row: string(c.Record)})
			}
			g.More = g.Total - len(g.Changes)
		}
		if g.Total > 0 {
			out = append(out, g)
		}
	}
	return out, nil
}

// nameRows gives rows the names of their children. Each read is audited.
func (v *visit) nameRows(tx *store.Tx, groups []changeGroup) error {
	var ids []homeward.RecordID
	for _, g := range groups {
		for _, c := range g.Changes {
			ids = append(ids, c.Record)
		}
	}
	records, err := tx.RecordsByID(ids)
	if err != nil {
		return err
	}
	i := 0
	for _, g := range groups {
		for at := range g.Changes {
			if name := registry.DisplayName(records[i : i+1]); name != "" {
				g.Changes[at].Row = name
			}
			g.Changes[at].Open = records[i].State == homeward.RecordAccepted
			i++
		}
	}
	return nil
}
