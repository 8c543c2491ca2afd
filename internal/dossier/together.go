package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// InGroup returns a record of each child whom a source puts into a transfer group, however its name is capitalised: whom a pattern
// may be about. Every record is opened for it, as for a search; the reading is audited. ErrNotFound when there is none.
func InGroup(ctx context.Context, db *store.DB, actor homeward.Actor, group string) (out []homeward.PersonID, err error) {
	if !actor.Can(homeward.ActionExport) {
		return nil, fmt.Errorf("look for a transfer group: %w", homeward.ErrDenied)
	}
	err = db.EachRecord(ctx, actor, "", func(r homeward.Record) error {
		in := func(c homeward.Claim) bool {
			return c.Path == homeward.PathTransferGroup && alike(c.Value) == alike(group)
		}
		if r.State == homeward.RecordAccepted && slices.ContainsFunc(r.Claims, in) {
			out = append(out, homeward.PersonID(r.ID))
		}
		return nil
	})
	if err == nil && (len(out) == 0 || alike(group) == "") {
		err = homeward.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("look for a transfer group: %w", err)
	}
	return out, nil
}

// alike is how words are compared that were copied from list to list: capitals and spaces aside.
func alike(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// together is what several children have in common, and what happened to all of them in one order of time; of what reaches the floor
// alone. That children have something in common is told, and nothing is concluded from it.
func (d *draft) together(l *i18n.Localizer) disclosure.Section {
	s := disclosure.Section{Title: l.T("dossier.together"), Words: []string{l.T("dossier.together.how")}}
	for _, part := range []struct {
		key  string
		rows []line
	}{{"siblings", d.kin(l)}, {"shared", d.shared(l)}, {"order", d.inOrder(l)}} {
		if len(part.rows) == 0 {
			part.rows = []line{{Label: "–", Value: l.T("dossier.none.floor")}}
		}
		s.Items = append(s.Items, disclosure.Item{Title: l.T("dossier.together." + part.key), Said: part.rows})
	}
	return s
}

// called names a child of a pattern by its number among them.
func (d *draft) called(l *i18n.Localizer, i int) string {
	return fmt.Sprintf("%d. %s", i+1, cmp.Or(d.children[i].Name, l.T("dossier.unnamed")))
}

// kin are the brothers and sisters among the children, by the family ids of the sources.
func (d *draft) kin(l *i18n.Localizer) (out []line) {
	for i, c := range d.children {
		for _, s := range c.Siblings {
			j := slices.IndexFunc(d.children, func(x child) bool { return x.Person.ID == s.Person })
			if j > i {
				out = append(out, line{Label: d.called(l, i), Value: d.called(l, j)})
			}
		}
	}
	return out
}

// fact is something told of one child that may be told of another: what, and what it comes to.
type fact struct {
	path homeward.Path
	same string
}

// shared are the facts that are told of more children than one, each with the children and the words in which it was said.
func (d *draft) shared(l *i18n.Localizer) (out []line) {
	type held struct{ words, of []string }
	all, order := map[fact]*held{}, []fact{}
	for i, c := range d.children {
		for _, claim := range d.comparable(c) {
			f := fact{claim.Path, d.same(claim)}
			if all[f] == nil {
				all[f] = &held{}
				order = append(order, f)
			}
			h := all[f]
			if !slices.Contains(h.words, claim.Value) {
				h.words = append(h.words, claim.Value)
			}
			if who := d.called(l, i); !slices.Contains(h.of, who) {
				h.of = append(h.of, who)
			}
		}
	}
	for _, f := range order {
		if h := all[f]; len(h.of) > 1 {
			out = append(out, line{Label: disclosure.ClaimLabel(l, f.path), Value: strings.Join(h.words, " / "), Notes: []string{strings.Join(h.of, "; ")}})
		}
	}
	return out
}

// comparable are the claims at the floor that can tie children together: the group they were moved in, the institution, and when, where
// and by whom something was done to them.
func (d *draft) comparable(c child) (out []homeward.Claim) {
	for _, s := range d.statements(c) {
		if s.in && (s.Claim.Path == homeward.PathTransferGroup || s.Claim.Path == homeward.PathInstitution) {
			out = append(out, s.Claim)
		}
	}
	for _, m := range c.Timeline {
		for _, claim := range d.told(c, m).in {
			if _, part, _ := claim.Path.Event(); part != "note" {
				out = append(out, claim)
			}
		}
	}
	return out
}

// same writes what a claim comes to, so that two spellings of one place and two of one day are one.
func (d *draft) same(c homeward.Claim) string {
	switch _, part, _ := c.Path.Event(); {
	case part == "date" && !c.When.IsZero():
		return fmt.Sprintf("%d to %d", c.When.From, c.When.To)
	case part == "place":
		if found := d.places.Find(c.Value); len(found) == 1 {
			return "place " + string(found[0].ID)
		}
	}
	return alike(c.Value)
}

// inOrder is what happened to all of the children, in the order of time; what was told alike of several stands once.
func (d *draft) inOrder(l *i18n.Localizer) (out []line) {
	type act struct {
		toldMoment
		of   []string
		same string
	}
	var acts []act
	for i, c := range d.children {
		for _, m := range c.Timeline {
			seen := d.told(c, m)
			if len(seen.in) == 0 {
				continue
			}
			this := act{seen, nil, string(m.Type)}
			for _, claim := range seen.in {
				this.same += "\n" + string(claim.Path) + " " + d.same(claim)
			}
			at := slices.IndexFunc(acts, func(a act) bool { return a.same == this.same })
			if at < 0 {
				at, acts = len(acts), append(acts, this)
			}
			if who := d.called(l, i); !slices.Contains(acts[at].of, who) {
				acts[at].of = append(acts[at].of, who)
			}
		}
	}
	slices.SortStableFunc(acts, func(a, b act) int {
		if a.When.IsZero() != b.When.IsZero() { // what has no day comes last
			if a.When.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.When.From, b.When.From), cmp.Compare(a.Type.Order(), b.Type.Order()))
	})
	for _, a := range acts {
		out = append(out, line{Label: l.T("event." + string(a.Type)), Value: a.words(l), Notes: []string{strings.Join(a.of, "; ")}})
	}
	return out
}
