package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// decisionView is a decision as pages show it: who, when, on what, why.
type decisionView struct {
	ID           homeward.DecisionID
	Pair         homeward.PairID // empty when the reader may not open it
	Judgement    homeward.Judgement
	Basis        homeward.Basis
	By           string
	Role         homeward.Role
	At           time.Time
	Reason       string
	Again        string // the day to look again, in words; empty when none was named
	Revoked      bool
	RevokedBy    string
	RevokedAt    time.Time
	RevokeReason string
	MayRevoke    bool             // and a link leads to where it is done
	Opinions     []opinionView    // that it rests on, or settles
	Batch        homeward.BatchID // that decided it, where the reader may open it
	Unheeded     bool             // it says "same", and one that says "different" keeps it from being applied
}

// decisions draws decisions with the names of those who took them.
func (v *visit) decisions(tx *store.Tx, list []homeward.Decision) ([]decisionView, error) {
	users, err := tx.Users()
	if err != nil {
		return nil, err
	}
	name := map[homeward.UserID]string{}
	for _, u := range users {
		name[u.ID] = u.Name
	}
	var out []decisionView
	for _, d := range list {
		view := decisionView{
			ID: d.ID, Pair: d.Pair, Judgement: d.Judgement, Basis: d.Basis, By: v.who(d.By, name), Role: d.By.Role, At: d.At, Reason: d.Reason,
			Revoked: !d.RevokedAt.IsZero(), RevokedAt: d.RevokedAt, RevokeReason: d.RevokeReason,
		}
		behind, err := tx.OpinionsBehind(d)
		if err != nil {
			return nil, err
		}
		if view.Opinions, err = v.opinions(tx, behind); err != nil {
			return nil, err
		}
		if v.can(homeward.ActionBatch) {
			view.Batch = d.Batch
		}
		if d.Again != 0 {
			view.Again = v.l.Day(d.Again)
		}
		if view.Revoked {
			view.RevokedBy = v.who(d.RevokedBy, name)
		}
		view.MayRevoke = !view.Revoked && v.can(homeward.ActionDecide)
		if !v.can(homeward.ActionReview) {
			view.Pair = ""
		}
		out = append(out, view)
	}
	return out, nil
}

// who names an actor.
func (v *visit) who(a homeward.Actor, names map[homeward.UserID]string) string {
	switch {
	case a.Role == homeward.RoleSystem || a.Role == homeward.RoleOperator:
		return v.l.T("role." + string(a.Role))
	case names[a.ID] != "":
		return names[a.ID]
	}
	return v.l.T("decision.someone", "id", string(a.ID))
}

// whoever names who acted, of whom the id alone is kept: a user, or the operator at the shell.
func (v *visit) whoever(id homeward.UserID, names map[homeward.UserID]string) string {
	if id == homeward.Operator.ID {
		return v.l.T("role.operator")
	}
	return v.who(homeward.Actor{ID: id}, names)
}

type decisionPage struct {
	frame
	Decision  decisionView
	Joins     *joins // what revoking it would move
	MayRevoke bool
	Failure   string
}

// showDecision shows a decision, and what revoking it would move, before anything is moved.
func (d *Desk) showDecision(v *visit) error { return v.showDecisionPage(http.StatusOK, "") }

func (v *visit) showDecisionPage(status int, failure string) error {
	p := &decisionPage{Failure: failure}
	p.Narrow = true
	var found homeward.Decision
	err := v.view(func(tx *store.Tx) (err error) {
		if found, err = tx.Decision(homeward.DecisionID(v.r.PathValue("decision"))); err != nil {
			return err
		}
		list, err := v.decisions(tx, []homeward.Decision{found})
		if err == nil {
			p.Decision = list[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	p.MayRevoke, p.Decision.MayRevoke = p.Decision.MayRevoke, false
	if !p.Decision.Revoked {
		if p.Joins, err = v.foresee(registry.Proposal{Revoke: found.ID}); err != nil {
			return err
		}
	}
	return v.show(status, "decision", p)
}

func (d *Desk) revoke(v *visit) error {
	id := homeward.DecisionID(v.r.PathValue("decision"))
	reason, err := v.written()
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showDecisionPage(http.StatusUnprocessableEntity, v.l.T("pair.no_reason"))
	}
	err = d.Pipeline.Review.Revoke(v.ctx(), v.user.Actor(), id, reason)
	var m *homeward.Message
	if errors.As(err, &m) {
		return v.showDecisionPage(http.StatusConflict, v.l.Message(m))
	}
	if err != nil {
		return err
	}
	d.Pipeline.Wake()
	v.tell("notice.revoked", "")
	return v.redirect("/decisions/" + string(id))
}
