package disclosure

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Selection is what an order comes to.
type Selection struct {
	Order
	In        homeward.CompartmentID // where the subject lies
	Entries   []store.Disclosed      // in the order of the log
	Exhibits  []homeward.Exhibit     // whose entries are among them
	Elsewhere int                    // decisions left out: they compare its records with those of others
}

// Preview shows what an order would take out and what it would withhold. It is a read: audited, and no entry.
func Preview(ctx context.Context, db *store.DB, actor homeward.Actor, o Order) (s Selection, err error) {
	if !actor.Can(homeward.ActionExport) {
		return s, fmt.Errorf("preview export: %w", homeward.ErrDenied)
	}
	err = db.View(ctx, actor, func(tx *store.Tx) error {
		objects, err := s.choose(tx, o)
		if err != nil {
			return err
		}
		s.Entries, err = tx.Disclose(objects, o.Withhold)
		return err
	})
	if err != nil {
		return s, fmt.Errorf("preview export: %w", err)
	}
	return s, nil
}

// choose finds the objects whose entries belong to the order's subject.
func (s *Selection) choose(tx *store.Tx, o Order) (objects []string, err error) {
	*s = Selection{Order: o}
	switch o.Kind {
	case homeward.ExportPerson:
		objects, err = s.person(tx)
	case homeward.ExportRequest:
		objects, err = s.request(tx)
	case homeward.ExportDossier:
		objects, err = s.dossier(tx)
	default:
		objects, err = s.exhibit(tx)
	}
	if err != nil {
		return nil, err
	}
	of, err := s.handled(tx)
	objects = append(objects, of...)
	slices.Sort(objects)
	return slices.Compact(objects), err
}

// person chooses the records of a child, who told them, what was decided on them, and the exhibits that tell of it.
func (s *Selection) person(tx *store.Tx) ([]string, error) {
	p, err := tx.Person(homeward.PersonID(s.Subject))
	if err != nil {
		return nil, err
	}
	s.Subject = string(p.ID)
	return s.records(tx, p.Records)
}

// dossier chooses what [Selection.person] does of each child, and what is cited and concluded of its records.
func (s *Selection) dossier(tx *store.Tx) ([]string, error) {
	var out []string
	for _, id := range s.Persons {
		p, err := tx.Person(id)
		if err != nil {
			return nil, err
		}
		of, err := s.records(tx, p.Records)
		if err != nil {
			return nil, err
		}
		out = append(out, of...)
		cited, err := tx.CitationsOf(p.Records)
		if err != nil {
			return nil, err
		}
		for _, c := range cited {
			out = append(out, string(c.ID))
			if c.Withdrawn != nil {
				out = append(out, string(c.Withdrawn.ID))
			}
			e, err := tx.Exhibit(c.Exhibit)
			if err != nil {
				return nil, err
			}
			s.Exhibits = append(s.Exhibits, e)
		}
		concluded, err := tx.AssessmentsOf(p.Records)
		if err != nil {
			return nil, err
		}
		for _, a := range concluded {
			out = append(out, string(a.ID))
		}
	}
	return out, nil
}

func (s *Selection) records(tx *store.Tx, all []homeward.RecordID) ([]string, error) {
	ids, err := tx.Exportable(all)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("no record may be exported: %w", homeward.ErrDenied)
	}
	records, err := tx.RecordsByID(ids)
	if err != nil {
		return nil, err
	}
	s.In = records[0].Compartment
	var out []string
	for _, r := range records {
		out = append(out, string(r.ID), string(r.Edition), string(r.Source))
	}
	decisions, err := tx.DecisionsOn(ids)
	if err != nil {
		return nil, err
	}
	for _, d := range decisions {
		if slices.Contains(ids, d.Left) && slices.Contains(ids, d.Right) {
			out = append(out, string(d.ID))
		} else {
			s.Elsewhere++
		}
	}
	exhibits, err := tx.Exhibits(store.ExhibitFilter{Records: ids, Limit: store.NoLimit})
	s.Exhibits = append(s.Exhibits, exhibits...)
	return out, err
}

// request chooses a tracing request, what became of it, and the records of whom it seeks.
func (s *Selection) request(tx *store.Tx) ([]string, error) {
	r, err := tx.Request(homeward.RequestID(s.Subject))
	if err != nil {
		return nil, err
	}
	out, err := s.records(tx, r.Sought)
	if err != nil {
		return nil, err
	}
	out = append(out, string(r.ID))
	for _, m := range r.Moves {
		out = append(out, string(m.ID))
	}
	for _, c := range r.Consents {
		out = append(out, string(c.ID))
	}
	exhibits, err := tx.Exhibits(store.ExhibitFilter{Request: r.ID, Limit: store.NoLimit})
	s.Exhibits = append(s.Exhibits, exhibits...)
	return out, err
}

// exhibit chooses an exhibit and what it was made of.
func (s *Selection) exhibit(tx *store.Tx) ([]string, error) {
	for id := homeward.ExhibitID(s.Subject); id != ""; {
		e, err := tx.Exhibit(id)
		if err != nil {
			return nil, err
		}
		s.Exhibits, id = append(s.Exhibits, e), e.Parent
	}
	s.In = s.Exhibits[0].Compartment
	return nil, nil
}

// handled returns the chosen exhibits with every line of their custody.
func (s *Selection) handled(tx *store.Tx) ([]string, error) {
	slices.SortFunc(s.Exhibits, func(a, b homeward.Exhibit) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	s.Exhibits = slices.CompactFunc(s.Exhibits, func(a, b homeward.Exhibit) bool { return a.ID == b.ID })
	var out []string
	for _, e := range s.Exhibits {
		out = append(out, string(e.ID))
		chain, err := tx.Custody(e.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range chain {
			out = append(out, string(c.ID))
		}
	}
	return out, nil
}

// Claims returns the paths of all claims of its records, each once: what can be withheld by name.
func (s Selection) Claims() []homeward.Path {
	met := map[homeward.Path]bool{}
	for _, e := range s.Entries {
		for _, paths := range []iter.Seq[string]{maps.Keys(e.Item.Disclosed), maps.Keys(e.Item.Withheld)} {
			for path := range paths {
				if claim, ok := strings.CutPrefix(path, "body/claim/"); ok {
					_, name, _ := strings.Cut(claim, "/")
					met[homeward.Path(name)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(met))
}

// Amounts returns how many paths are shown and how many are withheld, for each reason.
func (s Selection) Amounts() (shown int, withheld map[homeward.Withholding]int) {
	withheld = map[homeward.Withholding]int{}
	for _, e := range s.Entries {
		shown += len(e.Item.Disclosed)
		for _, w := range e.Item.Withheld {
			withheld[homeward.Withholding(w.Why)]++
		}
	}
	return shown, withheld
}
