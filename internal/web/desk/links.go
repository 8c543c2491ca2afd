package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// linksPage tells why some records are one child: the decisions that join them, and which of these holds least.
type linksPage struct {
	frame
	ID    homeward.PersonID
	Name  string
	Links []linkView
}

// linkView is a decision "same" that stands between two of the child's records.
type linkView struct {
	Decision    decisionView
	Left, Right queueSide
	Weighed     bool // the pair is weighed still, so that there is a probability to show
	Probability float64
	Weight      float64
	Parts       int  // into how many children the records would fall if it were revoked; 1 when others hold them together
	Weakest     bool // of those on which the child hangs, the one for which least speaks
}

func (d *Desk) showLinks(v *visit) error {
	seen, err := registry.Show(v.ctx(), d.DB, v.user.Actor(), homeward.PersonID(v.r.PathValue("person")))
	if err != nil {
		return err
	}
	p := &linksPage{ID: seen.Person.ID, Name: cmp.Or(seen.Name, v.l.T("person.nameless"))}
	err = v.view(func(tx *store.Tx) (err error) {
		p.Links, err = v.links(tx, seen)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.foreseeParts(p.Links); err != nil {
		return err
	}
	markWeakest(p.Links)
	return v.show(http.StatusOK, "links", p)
}

// links returns the standing decisions that join the child's records, in the order in which they were taken.
func (v *visit) links(tx *store.Tx, seen registry.View) ([]linkView, error) {
	sources, err := sourceNames(tx)
	if err != nil {
		return nil, err
	}
	views, err := v.decisions(tx, seen.Decisions)
	if err != nil {
		return nil, err
	}
	var out []linkView
	for i, d := range seen.Decisions {
		left, right := recordOf(seen, d.Left), recordOf(seen, d.Right)
		if d.Judgement != homeward.Same || !d.RevokedAt.IsZero() || left.ID == "" || right.ID == "" || slices.Contains(seen.Unheeded, d.ID) {
			continue
		}
		link := linkView{Decision: views[i], Left: v.side(left, sources), Right: v.side(right, sources)}
		pair, err := tx.Pair(d.Pair)
		if err != nil && !errors.Is(err, homeward.ErrNotFound) {
			return nil, err
		}
		link.Weighed, link.Probability, link.Weight = err == nil, pair.Probability, pair.Weight
		out = append(out, link)
	}
	return out, nil
}

// foreseeParts asks of each link into how many children the records would fall without it.
func (v *visit) foreseeParts(links []linkView) error {
	for i := range links {
		moved, err := v.foresee(registry.Proposal{Revoke: links[i].Decision.ID})
		if err != nil {
			return err
		}
		if links[i].Parts = 1; moved != nil {
			links[i].Parts = max(1, 1+len(moved.After)-len(moved.Before))
		}
	}
	return nil
}

// markWeakest marks, of the links on which the child hangs, the one of the least weight.
func markWeakest(links []linkView) {
	weakest := -1
	for i, l := range links {
		if l.Weighed && l.Parts > 1 && (weakest < 0 || l.Weight < links[weakest].Weight) {
			weakest = i
		}
	}
	if weakest >= 0 {
		links[weakest].Weakest = true
	}
}
