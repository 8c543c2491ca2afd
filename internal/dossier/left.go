package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// Plan is a dossier as it would be made now: what it would say, and what it would leave out.
type Plan struct {
	Subject  string
	Version  int // that it would have
	Children []homeward.PersonID
	Tally
	Dossier, Card disclosure.Document
	Left          []disclosure.Item     // of each child, what does not reach the floor, each with why
	Withheld      []homeward.FieldClass // that the records hold and the reader's role does not see
}

// Preview shows what an order comes to, in a language, before it is carried out. It is a read: audited, and no entry.
func Preview(ctx context.Context, db *store.DB, actor homeward.Actor, o Order, l *i18n.Localizer) (p Plan, err error) {
	d, err := open(ctx, db, actor, o)
	if err != nil {
		return p, fmt.Errorf("preview dossier: %w", err)
	}
	err = db.View(ctx, actor, func(tx *store.Tx) error {
		last, err := tx.LastVersion(d.subject())
		p.Version = last + 1
		return err
	})
	if err != nil {
		return p, fmt.Errorf("preview dossier: %w", err)
	}
	p.Subject, p.Children, p.Tally, p.Withheld = d.subject(), d.ids(), d.tally(), d.withheld()
	p.Dossier, p.Card = d.dossier(l, p.Version), d.card(l, p.Version)
	for _, c := range d.children {
		if rows := d.left(l, c); len(rows) > 0 {
			p.Left = append(p.Left, disclosure.Item{Title: title(l, c), Said: rows})
		}
	}
	return p, nil
}

// statement is a claim of a child, with the places at the floor that support it, and whether the dossier holds it.
type statement struct {
	registry.Said
	imposed bool
	cited   []homeward.Citation
	in      bool
}

// statements are the claims that no source took back.
func (d *draft) statements(c child) (out []statement) {
	for _, f := range c.Facets {
		for _, v := range f.Values {
			for _, s := range v.Claims {
				if c.retracted(s.Record) {
					continue
				}
				cited := d.supports(c, s.Record, s.Claim)
				out = append(out, statement{s, v.Imposed, cited, len(cited) > 0 || s.Claim.Grade.AtLeast(d.order.Floor)})
			}
		}
	}
	return out
}

// left are the claims that do not reach the floor, each with why; of what happened too.
func (d *draft) left(l *i18n.Localizer, c child) (out []line) {
	for _, s := range d.statements(c) {
		if !s.in {
			out = append(out, d.low(l, c, s.Record, s.Claim))
		}
	}
	for _, m := range c.Timeline {
		seen := d.told(c, m)
		for _, claim := range seen.below {
			out = append(out, d.low(l, c, m.Record, claim))
		}
		if len(seen.in)+len(seen.below) == 0 && !c.retracted(m.Record) { // it follows from other claims: a name that was imposed
			out = append(out, line{Label: l.T("event." + string(m.Type)), Value: d.recordName(l, m.Record), Notes: []string{l.T("dossier.left.uncited")}})
		}
	}
	return out
}

// low is a claim below the floor, with why: no place in an exhibit supports it, or those that do are graded worse.
func (d *draft) low(l *i18n.Localizer, c child, of homeward.RecordID, claim homeward.Claim) line {
	row := line{Label: disclosure.ClaimLabel(l, claim.Path), Value: claim.Value, Notes: []string{d.said(l, c, of, claim)}}
	var places []string
	for _, x := range c.cited {
		if x.Record == of && x.Stance == homeward.StanceSupports && x.Withdrawn == nil && x.Path == claim.Path && x.Value == claim.Value {
			places = append(places, d.place(l, x))
		}
	}
	if len(places) == 0 {
		row.Notes = append(row.Notes, l.T("dossier.left.uncited"))
		return row
	}
	row.Notes = append(append(row.Notes, l.T("dossier.left.low", "floor", d.order.Floor.String())), places...)
	return row
}

// withheld are the classes of what records hold and who freezes does not see.
func (d *draft) withheld() []homeward.FieldClass {
	var all homeward.Classes
	for _, c := range d.children {
		for _, r := range c.Records {
			all |= r.Withheld
		}
	}
	return slices.DeleteFunc(all.List(), func(c homeward.FieldClass) bool { return c == "" })
}
