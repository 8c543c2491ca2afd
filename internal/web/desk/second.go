package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

// opinionView is an opinion as pages show it to those who may see it.
type opinionView struct {
	Judgement homeward.Judgement
	By        string
	Role      homeward.Role
	At        time.Time
	Reason    string
}

func (v *visit) opinions(tx *store.Tx, list []homeward.Opinion) (out []opinionView, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	users, err := tx.Users()
	name := map[homeward.UserID]string{}
	for _, u := range users {
		name[u.ID] = u.Name
	}
	for _, o := range list {
		out = append(out, opinionView{o.Judgement, v.who(o.By, name), o.By.Role, o.At, o.Reason})
	}
	return out, err
}

// awaited reports whether the pair awaits the reader, of whom it is known that they decide: they gave no opinion that waits, and
// where two differ they are a supervisor.
func (v *visit) awaited(seen review.View) bool {
	return !seen.Mine && (seen.Awaits != homeward.AwaitsSupervisor || v.can(homeward.ActionSettle))
}

// tellOutcome says what became of a judgement: a decision, or an opinion that waits.
func (v *visit) tellOutcome(j homeward.Judgement, id homeward.PairID, o review.Outcome) {
	if o.Awaits != homeward.AwaitsNobody {
		v.tell("notice.opinion."+string(o.Awaits), "/pairs/"+string(id))
		return
	}
	v.tell("notice.decided."+string(j), "/decisions/"+string(o.ID))
}

// sectionOf returns the section of the queue from which a pair that had this outcome was taken; empty when it was one that waited
// for anybody.
func sectionOf(o review.Outcome) review.Section {
	switch {
	case o.Basis == homeward.BasisSupervisor:
		return review.SectionDisputed
	case o.Basis == homeward.BasisTwoReviewers || o.Awaits == homeward.AwaitsSupervisor:
		return review.SectionSecond
	}
	return ""
}

// firstOf returns the first pair of a section; otherwise when there is none.
func (v *visit) firstOf(s review.Section, otherwise homeward.PairID) (homeward.PairID, error) {
	parts, err := v.d.Pipeline.Review.Parts(v.ctx(), v.user.Actor(), s, 1)
	if err != nil || len(parts) == 0 {
		return otherwise, err
	}
	return parts[0].Rows[0].Pair.ID, nil
}

// withdraw takes back the reader's own opinion that waits.
func (d *Desk) withdraw(v *visit) error {
	id := homeward.PairID(v.r.PathValue("pair"))
	err := d.Pipeline.Review.Withdraw(v.ctx(), v.user.Actor(), id)
	switch {
	case errors.Is(err, homeward.ErrConflict):
		return v.showPairPage(http.StatusConflict, refusal{Words: v.l.T("pair.opinion_final")}, "")
	case errors.Is(err, homeward.ErrNotFound): // the pair may be another's, and then it is not there
		return v.showPairPage(http.StatusConflict, refusal{Words: v.l.T("pair.opinion_none")}, "")
	}
	if err != nil {
		return err
	}
	v.tell("notice.withdrawn", "")
	return v.redirect("/pairs/" + string(id))
}

// awaitedCounts returns how many pairs in each section of the queue await the reader.
func (v *visit) awaitedCounts() (map[review.Section]int, error) {
	out := map[review.Section]int{}
	if !v.can(homeward.ActionDecide) {
		return out, nil
	}
	for _, s := range []review.Section{review.SectionDisputed, review.SectionSecond} {
		parts, err := v.d.Pipeline.Review.Parts(v.ctx(), v.user.Actor(), s, 0)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			out[s] = p.Count
		}
	}
	return out, nil
}
