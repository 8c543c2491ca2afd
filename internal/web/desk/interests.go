package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// interestsView is what was determined to be best for a child.
type interestsView struct {
	homeward.Determination
	By string
}

// outcomePaths are the last parts of the addresses that outcomes are sent to: each stands for an action of its own.
var outcomePaths = map[homeward.Action]string{homeward.ActionDetermine: "determine", homeward.ActionWaive: "waive"}

// outcomeChoice is an outcome that the reader may record.
type outcomeChoice struct {
	Outcome homeward.Interests
	Path    string
}

// outcomes lists what the reader may record of the children of a request where it stands.
func (v *visit) outcomes(tx *store.Tx, r homeward.Request) (out []outcomeChoice, err error) {
	who, err := tx.Access()
	for _, o := range homeward.AllInterests {
		if homeward.Can(who, o.Action(), homeward.Resource{Compartment: r.Compartment, State: string(r.State())}) {
			out = append(out, outcomeChoice{o, "/requests/" + string(r.ID) + "/" + outcomePaths[o.Action()]})
		}
	}
	return out, err
}

// determine records what is best for a child. The address says which action it is, the form the outcome.
func (d *Desk) determine(v *visit) error {
	x := homeward.Determination{
		Child: homeward.RecordID(v.r.PostFormValue("child")), Outcome: homeward.Interests(v.r.PostFormValue("outcome")), Wishes: strings.TrimSpace(v.text("wishes")),
	}
	grounds, err := v.written()
	if err != nil {
		return err
	}
	if x.Grounds = grounds; !slices.Contains(homeward.AllInterests, x.Outcome) || !strings.HasSuffix(v.r.URL.Path, "/"+outcomePaths[x.Outcome.Action()]) || len(x.Wishes) > 4*longestReason {
		return homeward.ErrInvalid
	}
	problem := requestProblem{Child: x.Child, Reason: grounds, Wishes: x.Wishes}
	switch {
	case grounds == "":
		problem.Field, problem.Words = "grounds", v.l.T("request.wrong.grounds")
	case x.Wishes == "" && x.Outcome != homeward.InterestsWaived:
		problem.Field, problem.Words = "wishes", v.l.T("request.wrong.wishes")
	}
	if problem.Field != "" {
		return v.showRequestPage(http.StatusUnprocessableEntity, problem)
	}
	id := homeward.RequestID(v.r.PathValue("request"))
	err = d.casework().Determine(v.ctx(), v.user.Actor(), id, x)
	if errors.Is(err, homeward.ErrConflict) {
		problem.Field, problem.Words = "grounds", v.l.T("request.refused.moved")
		return v.showRequestPage(http.StatusConflict, problem)
	}
	if err != nil {
		return err
	}
	v.tell("notice.interests."+string(x.Outcome), "")
	return v.redirect("/requests/" + string(id))
}
