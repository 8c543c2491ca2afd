package dossier

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/gazetteer"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// Order says what is to be frozen.
type Order struct {
	Persons   []homeward.PersonID // one child, or those of a pattern
	Floor     homeward.Grade
	Purpose   string
	Recipient string
	To        string // the recipient's age key, for the bytes of exhibits; without one they stay here
}

// Frozen says what was frozen.
type Frozen struct {
	disclosure.Result
	Tally
}

// Tally counts what a dossier holds.
type Tally struct {
	Children, Claims, Below int // claims in it, and those below the floor
	Against                 int // contradictions, and citations that contradict or speak for somebody accused
	Exhibits, Assessments   int
}

// Freeze makes the next version of a dossier and writes it as a proof bundle. It is an entry of the ledger before the first byte is
// written.
func Freeze(ctx context.Context, db *store.DB, actor homeward.Actor, o Order, w io.Writer) (Frozen, error) {
	d, err := open(ctx, db, actor, o)
	if err != nil {
		return Frozen{}, fmt.Errorf("freeze dossier: %w", err)
	}
	out, err := disclosure.Export(ctx, db, actor, disclosure.Order{
		Kind: homeward.ExportDossier, Subject: d.subject(), Persons: d.ids(), Purpose: o.Purpose, Recipient: o.Recipient, To: o.To,
		Enclose: func(l *i18n.Localizer, version int) (dossier, card disclosure.Document) {
			return d.dossier(l, version), d.card(l, version)
		},
	}, w)
	if err != nil {
		return Frozen{}, fmt.Errorf("freeze dossier: %w", err)
	}
	return Frozen{out, d.tally()}, nil
}

// open reads what an order is about, for who may take it out. ErrInvalid when it has no floor.
func open(ctx context.Context, db *store.DB, actor homeward.Actor, o Order) (*draft, error) {
	if !actor.Can(homeward.ActionExport) {
		return nil, homeward.ErrDenied
	}
	if o.Floor.Reliability == "" || o.Floor.Credibility == "" || !o.Floor.Valid() {
		return nil, fmt.Errorf("a floor off the scale: %w", homeward.ErrInvalid)
	}
	d := &draft{order: o, key: db.Verifier(), at: db.Now(), role: actor.Role, people: map[homeward.UserID]store.User{}}
	var err error
	if d.places, err = gazetteer.Load(ctx, db, actor); err != nil {
		return nil, err
	}
	return d, d.read(ctx, db, actor)
}

// child is what is read of one child.
type child struct {
	registry.View
	cited     []homeward.Citation
	concluded []homeward.Assessment
	exhibits  []homeward.Exhibit
}

// read opens everything that the dossier is about.
func (d *draft) read(ctx context.Context, db *store.DB, actor homeward.Actor) error {
	for _, id := range d.order.Persons {
		v, err := registry.Show(ctx, db, actor, id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(d.children, func(c child) bool { return c.Person.ID == v.Person.ID }) {
			continue // named twice, or by two of its records
		}
		c := child{View: v}
		err = db.View(ctx, actor, func(tx *store.Tx) error { return d.evidence(tx, &c) })
		if err != nil {
			return err
		}
		d.children = append(d.children, c)
	}
	slices.SortFunc(d.children, func(a, b child) int { return strings.Compare(string(a.Person.ID), string(b.Person.ID)) })
	d.number()
	return nil
}

// evidence reads what is cited and concluded of a child, the exhibits, and the names of those who decided. ErrDenied when a record may be
// read and not taken out: its words must not leave without its entries.
func (d *draft) evidence(tx *store.Tx, c *child) (err error) {
	if out, err := tx.Exportable(c.Person.Records); err != nil || len(out) < len(c.Person.Records) {
		return cmp.Or(err, error(&homeward.Message{Key: "dossier.problem.record", Kind: homeward.ErrDenied, Text: "a record of the child may be read and not taken out"}))
	}
	if c.cited, err = tx.CitationsOf(c.Person.Records); err != nil {
		return err
	}
	if c.concluded, err = tx.AssessmentsOf(c.Person.Records); err != nil {
		return err
	}
	if c.exhibits, err = tx.Exhibits(store.ExhibitFilter{Records: c.Person.Records, Limit: store.NoLimit}); err != nil {
		return err
	}
	for _, cited := range c.cited {
		if slices.ContainsFunc(c.exhibits, func(e homeward.Exhibit) bool { return e.ID == cited.Exhibit }) {
			continue
		}
		e, err := tx.Exhibit(cited.Exhibit)
		if err != nil {
			return err
		}
		c.exhibits = append(c.exhibits, e)
	}
	slices.SortFunc(c.exhibits, func(a, b homeward.Exhibit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, x := range c.Decisions {
		if _, known := d.people[x.By.ID]; known || x.By.Role == homeward.RoleSystem || x.By.Role == homeward.RoleOperator {
			continue
		}
		if d.people[x.By.ID], err = tx.User(x.By.ID); err != nil {
			return err
		}
	}
	return nil
}

func (d *draft) ids() (out []homeward.PersonID) {
	for _, c := range d.children {
		out = append(out, c.Person.ID)
	}
	return out
}

// subject names one child by its id, and several by a digest of theirs: the same children are the same dossier.
func (d *draft) subject() string {
	if len(d.children) == 1 {
		return string(d.children[0].Person.ID)
	}
	sum := sha256.New()
	for _, id := range d.ids() {
		fmt.Fprintln(sum, id)
	}
	return "pattern-" + hex.EncodeToString(sum.Sum(nil)[:16])
}
