package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
)

type requestPage struct {
	frame
	homeward.Request
	RecordedBy  string
	Problem     requestProblem
	Children    []soughtView
	Answers     []answerView
	History     []moveView // newest first
	Moves       []moveChoice
	MayTrace    bool
	Photos      []photo // and whatever else came with it
	MayAdd      bool
	MayReview   bool
	MayAddChild bool
	Outcomes    []outcomeChoice // that the reader may record of a child
	Resting     bool            // consent to tracing does not stand
}

// requestProblem is what was refused, and what had been written.
type requestProblem struct {
	Field, Words string // Field is the id of what it stands beside
	Reason       string
	Purpose      homeward.Purpose
	Child        homeward.RecordID
	Wishes       string
}

type soughtView struct {
	N         int
	Record    homeward.RecordID // the first
	Told      homeward.RecordID // the newest
	Name      string
	Proposed  []proposedView
	Same      bool            // a standing decision says who it is
	Interests []interestsView // newest first: the first stands
}

// proposedView is a child that a sought one may be, or was decided to be.
type proposedView struct {
	homeward.Pair
	Other homeward.RecordID
	Name  string
}

// answerView is one purpose with what was said of it.
type answerView struct {
	Purpose homeward.Purpose
	Answer  homeward.ConsentAnswer // that stands; empty: nobody asked
	Said    []consentView          // newest first
	May     []homeward.ConsentAnswer
}

type consentView struct {
	homeward.Consent
	By string
}

type moveView struct {
	homeward.Move
	By string
}

// moveChoice is a state that a request may be led to by the reader, or why not.
type moveChoice struct {
	To   homeward.RequestState
	Path string
	Bar  string // what stands against it, in words
	Back bool   // it takes a step back
}

// casework is the work on requests, which reads their records as lists are read.
func (d *Desk) casework() casework.Casework { return casework.Casework{DB: d.DB, Read: intake.Claims} }

func (d *Desk) showRequest(v *visit) error {
	return v.showRequestPage(http.StatusOK, requestProblem{})
}

func (v *visit) showRequestPage(status int, problem requestProblem) error {
	p := &requestPage{}
	err := v.view(func(tx *store.Tx) (err error) {
		*p = requestPage{Problem: problem, MayTrace: v.can(homeward.ActionTrace), MayReview: v.can(homeward.ActionReview)}
		if p.Request, err = tx.Request(homeward.RequestID(v.r.PathValue("request"))); err != nil {
			return err
		}
		names, err := userNames(tx)
		if err != nil {
			return err
		}
		by := func(id homeward.UserID) string { return v.whoever(id, names) }
		p.RecordedBy = by(p.By)
		p.history(by)
		p.answers(by)
		if p.Children, err = v.soughtChildren(tx, p.Request, by); err != nil {
			return err
		}
		p.MayAdd = v.can(homeward.ActionAddExhibit)
		if p.Photos, err = v.photos(tx, p.ID); err != nil {
			return err
		}
		if p.Outcomes, err = v.outcomes(tx, p.Request); err != nil {
			return err
		}
		p.MayAddChild = p.MayTrace && casework.BarsAdding(p.Request) == nil
		p.Resting = !p.ConsentsTo(homeward.PurposeTracing)
		p.Moves, err = v.moveChoices(tx, p.Request)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "request", p)
}

func (p *requestPage) history(by func(homeward.UserID) string) {
	for _, m := range slices.Backward(p.Request.Moves) {
		p.History = append(p.History, moveView{m, by(m.By)})
	}
}

func (p *requestPage) answers(by func(homeward.UserID) string) {
	for _, purpose := range homeward.Purposes {
		stands, _ := p.Standing(purpose)
		a := answerView{Purpose: purpose, Answer: stands.Answer}
		for _, c := range slices.Backward(p.Consents) {
			if c.Purpose == purpose {
				a.Said = append(a.Said, consentView{c, by(c.By)})
			}
		}
		for _, x := range []homeward.ConsentAnswer{homeward.ConsentGiven, homeward.ConsentRefused, homeward.ConsentWithdrawn} {
			if x.Follows(stands.Answer) && (x != stands.Answer) {
				a.May = append(a.May, x)
			}
		}
		p.Answers = append(p.Answers, a)
	}
}

// soughtChildren tells of the children what the family says now, whom they may be, and what is best for them.
func (v *visit) soughtChildren(tx *store.Tx, r homeward.Request, by func(homeward.UserID) string) ([]soughtView, error) {
	told, err := tx.Told(r)
	if err != nil {
		return nil, err
	}
	out := make([]soughtView, len(told))
	for i, name := range v.soughtNames(told) {
		out[i] = soughtView{N: i, Record: r.Sought[i], Told: told[i].ID, Name: name}
		for _, d := range slices.Backward(r.Determined) {
			if d.Child == r.Sought[i] {
				out[i].Interests = append(out[i].Interests, interestsView{d, by(d.By)})
			}
		}
		if out[i].Proposed, err = v.proposed(tx, r.Sought[i]); err != nil {
			return nil, err
		}
		out[i].Same = slices.ContainsFunc(out[i].Proposed, func(p proposedView) bool { return p.State == homeward.PairSame })
	}
	return out, nil
}

// proposed names the children that a sought one may be, the likeliest first. Those that it is decided not to be are left out.
func (v *visit) proposed(tx *store.Tx, child homeward.RecordID) (out []proposedView, err error) {
	pairs, err := tx.PairsOf(child)
	if err != nil {
		return nil, err
	}
	var ids []homeward.RecordID
	for _, p := range pairs {
		x := proposedView{Pair: p, Other: p.Left}
		if p.Left == child {
			x.Other = p.Right
		}
		if p.State != homeward.PairDifferent {
			out, ids = append(out, x), append(ids, x.Other)
		}
	}
	records, err := tx.RecordsByID(ids)
	for i, name := range v.soughtNames(records) {
		out[i].Name = name
	}
	return out, err
}

// moveChoices lists where the request may go from here, as far as the reader may lead it there.
func (v *visit) moveChoices(tx *store.Tx, r homeward.Request) (out []moveChoice, err error) {
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	bars, err := casework.Bars(tx, r)
	for _, to := range r.State().Next() {
		on := homeward.Resource{Compartment: r.Compartment, State: string(r.State()), By: r.Last().By}
		if !homeward.Can(who, to.Action(), on) {
			continue
		}
		c := moveChoice{To: to, Path: "/requests/" + string(r.ID) + "/" + movePaths[to.Action()]}
		c.Back = to == homeward.RequestInProgress && r.State() != homeward.RequestOpen
		if m := bars[to]; m != nil {
			c.Bar = v.l.Message(m)
		}
		out = append(out, c)
	}
	return out, err
}

// movePaths are the last parts of the addresses that moves are sent to: each stands for an action of its own.
var movePaths = map[homeward.Action]string{
	homeward.ActionTrace: "move", homeward.ActionVerifyFamily: "verify", homeward.ActionReunify: "reunify",
}

// moveRequest leads a request on. The address says which action it is, the form to which state.
func (d *Desk) moveRequest(v *visit) error {
	to := homeward.RequestState(v.r.PostFormValue("to"))
	if !slices.Contains(homeward.RequestStates, to) || !strings.HasSuffix(v.r.URL.Path, "/"+movePaths[to.Action()]) {
		return homeward.ErrInvalid
	}
	reason, err := v.written()
	if err != nil {
		return err
	}
	err = d.casework().Move(v.ctx(), v.user.Actor(), homeward.RequestID(v.r.PathValue("request")), to, reason)
	words, known := v.message(err)
	switch {
	case known:
		return v.showRequestPage(http.StatusConflict, requestProblem{Field: "reason", Words: words, Reason: reason})
	case errors.Is(err, homeward.ErrInvalid):
		return v.showRequestPage(http.StatusUnprocessableEntity, requestProblem{Field: "reason", Words: v.l.T("request.wrong.reason"), Reason: reason})
	case err != nil:
		return err
	}
	v.tell("notice.moved."+string(to), "")
	return v.redirect("/requests/" + v.r.PathValue("request"))
}

// answerConsent keeps what the inquirer said about a purpose.
func (d *Desk) answerConsent(v *visit) error {
	scope, err := v.written()
	if err != nil {
		return err
	}
	said := homeward.Consent{Purpose: homeward.Purpose(v.r.PostFormValue("purpose")), Answer: homeward.ConsentAnswer(v.r.PostFormValue("answer")), Scope: scope}
	if !slices.Contains(homeward.Purposes, said.Purpose) {
		return homeward.ErrInvalid
	}
	if scope == "" {
		return v.showRequestPage(http.StatusUnprocessableEntity, requestProblem{Field: "scope", Words: v.l.T("request.wrong.scope"), Purpose: said.Purpose})
	}
	if err := d.casework().Say(v.ctx(), v.user.Actor(), homeward.RequestID(v.r.PathValue("request")), said); err != nil {
		return err
	}
	v.tell("notice.consent."+string(said.Answer), "")
	return v.redirect("/requests/" + v.r.PathValue("request"))
}
