package desk

import (
	"errors"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// repetitionView is a repetition as the page of one of its sources shows it.
type repetitionView struct {
	homeward.Repetition
	Other    homeward.Source // the other one
	Repeated bool            // the page's source is the original
	Since    homeward.Date   // of the first edition that repeats
	Who      string
}

// relations reads what the source of a page repeats and what repeats it, and what the reader may say of that.
func (v *visit) relations(tx *store.Tx, p *sourcePage) error {
	p.Repeats, p.Originals = nil, nil
	said, err := tx.RepetitionsOf(p.Source.ID)
	if err != nil {
		return err
	}
	sources, err := tx.Sources()
	if err != nil {
		return err
	}
	names, err := userNames(tx)
	if err != nil {
		return err
	}
	repeats := false
	for _, r := range said {
		x := repetitionView{Repetition: r, Repeated: r.Original == p.Source.ID, Who: v.whoever(r.By, names)}
		other := r.Original
		if repeats = repeats || !x.Repeated; x.Repeated {
			other = r.Source
		}
		x.Other = sources[slices.IndexFunc(sources, func(s homeward.Source) bool { return s.ID == other })]
		if r.Since != "" {
			e, err := tx.Edition(r.Since)
			if err != nil {
				return err
			}
			x.Since = e.Date
		}
		p.Repeats = append(p.Repeats, x)
	}
	who, err := tx.Access()
	relates := func(s homeward.Source) bool {
		return homeward.Can(who, homeward.ActionRelateSources, homeward.Resource{Compartment: s.Compartment})
	}
	if p.MayRelate = relates(p.Source); p.MayRelate && !repeats {
		p.Originals = slices.DeleteFunc(sources, func(s homeward.Source) bool { return s.ID == p.Source.ID || !relates(s) })
	}
	return err
}

// relateSource says that the source repeats another, or takes that back.
func (d *Desk) relateSource(v *visit) error {
	source := homeward.SourceID(v.r.PathValue("source"))
	reason, err := v.written()
	if err != nil {
		return err
	}
	err = v.view(func(tx *store.Tx) error { // one that is not the reader's is not there, whatever is said of it
		_, err := wholeSource(tx, source)
		return err
	})
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showSourcePage(http.StatusUnprocessableEntity, v.l.T("mark.no_reason"))
	}
	end := homeward.RepetitionID(v.r.PostFormValue("end"))
	err = v.update(func(tx *store.Tx) error {
		if end != "" {
			return tx.EndRepetition(end, reason)
		}
		_, err := tx.PutRepetition(homeward.Repetition{
			Source: source, Original: homeward.SourceID(v.r.PostFormValue("original")), Since: homeward.EditionID(v.r.PostFormValue("since")), Reason: reason,
		})
		return err
	})
	switch {
	case errors.Is(err, homeward.ErrConflict), errors.Is(err, homeward.ErrInvalid), errors.Is(err, homeward.ErrNotFound):
		return v.showSourcePage(http.StatusConflict, v.l.T("source.repeats_not"))
	case err != nil:
		return err
	}
	notice := "notice.repeats"
	if end != "" {
		notice = "notice.repeats_ended"
	}
	v.tell(notice, "")
	return v.redirect("/sources/" + string(source))
}
