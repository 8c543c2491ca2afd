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
		changes, err := tx.Changes(e.ID)
		if err != nil {
			return err
		}
		quarantined, err := tx.QuarantinedIn(e)
		if err != nil {
			return err
		}
		p.Groups = grouped(changes, quarantined)
		if !p.MaySeePersons {
			return nil
		}
		return v.nameRows(tx, p.Groups)
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "edition", p)
}

// grouped puts what changed and what vanished first: both are rarer and weigh more than what is new.
func grouped(changes []homeward.Change, quarantined map[homeward.RecordID]bool) []changeGroup {
	var out []changeGroup
	for _, kind := range []homeward.ChangeKind{homeward.ChangeRemoved, homeward.ChangeChanged, kindQuarantined, homeward.ChangeAdded} {
		g := changeGroup{Kind: kind}
		for _, c := range changes {
			if c.Kind != homeward.ChangeRemoved && quarantined[c.Record] {
				c.Kind = kindQuarantined
			}
			if c.Kind != kind {
				continue
			}
			if g.Total++; kind != kindQuarantined && len(g.Changes) < changesShown {
				g.Changes = append(g.Changes, changeRow{Record: c.Record, Row: string(c.Record)})
			}
		}
		if kind != kindQuarantined {
			g.More = g.Total - len(g.Changes)
		}
		if g.Total > 0 {
			out = append(out, g)
		}
	}
	return out
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
