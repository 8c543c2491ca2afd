package desk

import (
	"errors"
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// marksShown is how many marks a page lists.
const marksShown = 50

type marksPage struct {
	frame
	Kind  homeward.MarkKind // shown alone; empty: all
	Kinds []homeward.MarkKind
	Marks []markView
	Next  homeward.MarkID // of the last one, when there are more
}

// markView is a mark as pages show it.
type markView struct {
	homeward.Mark
	Who     string
	Lifter  string
	MayLift bool
}

// Whole reports whether the mark lies upon the whole record.
func (m markView) Whole() bool { return m.Claim == homeward.WholeRecord }

// showMarks lists what is taken back, restricted or on hold now, newest first, as far as the reader reaches it.
func (d *Desk) showMarks(v *visit) error {
	p := &marksPage{Kinds: homeward.MarkKinds}
	for _, k := range homeward.MarkKinds {
		if string(k) == v.r.URL.Query().Get("kind") {
			p.Kind = k
		}
	}
	err := v.view(func(tx *store.Tx) error {
		list, err := tx.StandingMarks(store.MarkPage{Kind: p.Kind, Before: homeward.MarkID(v.r.URL.Query().Get("before")), Limit: marksShown + 1})
		if err != nil {
			return err
		}
		if p.Next = ""; len(list) > marksShown {
			list = list[:marksShown]
			p.Next = list[marksShown-1].ID
		}
		p.Marks, err = v.marks(tx, list)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "marks", p)
}

// marks draws marks with the names of those who laid and lifted them.
func (v *visit) marks(tx *store.Tx, list []homeward.Mark) ([]markView, error) {
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	facts := map[homeward.RecordID]homeward.CompartmentID{}
	out := make([]markView, len(list))
	for i, m := range list {
		if _, known := facts[m.Record]; !known {
			if facts[m.Record], err = tx.CompartmentOf(m.Record); err != nil {
				return nil, err
			}
		}
		on := homeward.Resource{Compartment: facts[m.Record], Record: m.Record, By: m.By}
		out[i] = markView{Mark: m, Who: v.whoever(m.By, names), MayLift: m.Stands() && homeward.Can(who, homeward.ActionLift, on)}
		if !m.Stands() {
			out[i].Lifter = v.whoever(m.LiftedBy, names)
		}
	}
	return out, nil
}

// liftMark ends a mark that another laid, and leads to its record.
func (d *Desk) liftMark(v *visit) error {
	reason, err := v.written()
	if err != nil {
		return err
	}
	var m homeward.Mark
	err = v.update(func(tx *store.Tx) (err error) {
		if reason == "" {
			m, err = tx.Mark(homeward.MarkID(v.r.PathValue("mark")))
			return err
		}
		m, err = tx.LiftMark(homeward.MarkID(v.r.PathValue("mark")), reason)
		return err
	})
	if err != nil && !errors.Is(err, homeward.ErrConflict) {
		return err
	}
	switch {
	case err != nil:
		v.tell("notice.lifted_before", "")
	case reason == "":
		v.tell("mark.no_reason", "")
	default:
		v.d.Pipeline.Wake()
		v.tell("notice.lifted", "")
	}
	return v.redirect("/records/" + string(m.Record))
}
