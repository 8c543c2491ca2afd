package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// work is a child that is somebody's work.
type work struct {
	Person homeward.PersonID
	Name   string
	Since  time.Time
}

// workShown is how many children the start page lists.
const workShown = 25

// countWork reads what waits for the reader alone: referrals, broken glass, children.
func (v *visit) countWork(tx *store.Tx, f *facts) error {
	f.offered, f.glass, f.assigned = 0, 0, nil
	var err error
	if v.can(homeward.ActionConfirmRole) {
		if f.grants, err = countGrants(tx); err != nil {
			return err
		}
	}
	if v.can(homeward.ActionCheckIdentity) {
		if f.recoveries, err = countRecoveries(tx); err != nil {
			return err
		}
	}
	list, err := tx.Referrals(100)
	if err != nil {
		return err
	}
	for _, r := range list {
		if mayAnswer(v.user.ID, tx.Now, r) {
			f.offered++
		}
	}
	broken, err := tx.GlassToReview(100)
	if err != nil {
		return err
	}
	f.glass = len(broken)
	if !v.can(homeward.ActionSeePerson) {
		return nil
	}
	f.assigned, err = v.assigned(tx)
	return err
}

// assigned names the children that are the reader's work. Each read is audited.
func (v *visit) assigned(tx *store.Tx) ([]work, error) {
	list, err := tx.AssignmentsTo(v.user.ID, workShown)
	if err != nil {
		return nil, err
	}
	var out []work
	for _, a := range list {
		p, err := tx.Person(a.Person)
		if errors.Is(err, homeward.ErrNotFound) {
			continue // the record is in no person until the registry has run
		}
		if err != nil {
			return nil, err
		}
		records, err := tx.RecordsByID(p.Records)
		if err != nil {
			return nil, err
		}
		out = append(out, work{p.ID, cmp.Or(registry.DisplayName(records), v.l.T("person.nameless")), a.At})
	}
	return out, nil
}

// workView is what a child's page says of whose work the child is, and with whom it can be shared.
type workView struct {
	Assigned            string // whose work it is; empty when nobody's
	Since               time.Time
	MayAssign, MayRefer bool
	Colleagues          []colleague // to whom it can be assigned
	Recipients          []colleague // to whom it can be referred
	Classes             []homeward.FieldClass
	Days                []int // a referral can last
}

type colleague struct {
	ID   homeward.UserID
	Name string
	Role homeward.Role
}

// referralDays are how long a referral can last.
var referralDays = []int{7, 30, 90}

// work reads whose work a child is.
func (v *visit) work(tx *store.Tx, person homeward.Person, first homeward.Record) (w workView, err error) {
	who, err := tx.Access()
	if err != nil {
		return w, err
	}
	on := homeward.Resource{Compartment: first.Compartment, Record: first.ID}
	w.MayAssign, w.MayRefer = homeward.Can(who, homeward.ActionAssign, on), homeward.Can(who, homeward.ActionRefer, on)
	w.Classes, w.Days = homeward.ReachOf(who, homeward.ActionRefer).Classes.List(), referralDays
	users, err := tx.Users()
	if err != nil {
		return w, err
	}
	a, err := tx.AssignmentOf(person.ID)
	if err != nil && !errors.Is(err, homeward.ErrNotFound) {
		return w, err
	}
	for _, u := range users {
		if err == nil && u.ID == a.To {
			w.Assigned, w.Since = u.Name, a.At
		}
	}
	if w.MayAssign {
		if w.Colleagues, err = colleagues(tx, first.Compartment); err != nil {
			return w, err
		}
	}
	for _, u := range users {
		if u.Active && u.ID != v.user.ID && u.Actor().Can(homeward.ActionAcceptReferral) {
			w.Recipients = append(w.Recipients, colleague{u.ID, u.Name, u.Role})
		}
	}
	for _, list := range [][]colleague{w.Colleagues, w.Recipients} {
		i18n.Sort(v.l, list, func(c colleague) string { return c.Name })
	}
	return w, nil
}

// colleagues are the members of a compartment who open children's pages.
func colleagues(tx *store.Tx, in homeward.CompartmentID) (out []colleague, err error) {
	members, err := tx.Members(in)
	for _, u := range members {
		if u.Active && u.Actor().Can(homeward.ActionSeePerson) {
			out = append(out, colleague{u.ID, u.Name, u.Role})
		}
	}
	return out, err
}

// assign makes a child somebody's work, or nobody's.
func (d *Desk) assign(v *visit) error {
	person := homeward.PersonID(v.r.PathValue("person"))
	to := homeward.UserID(v.r.PostFormValue("to"))
	err := v.update(func(tx *store.Tx) error {
		if to == "" {
			return tx.Unassign(person)
		}
		_, err := tx.Assign(person, to)
		return err
	})
	if err != nil {
		return err
	}
	v.tell("notice.assigned", "")
	return v.redirect("/persons/" + string(person))
}

// refer offers a child's records to a colleague.
func (d *Desk) refer(v *visit) error {
	person := homeward.PersonID(v.r.PathValue("person"))
	reason, err := v.written()
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(v.r.PostFormValue("days"))
	if err != nil || !slices.Contains(referralDays, days) || strings.TrimSpace(reason) == "" {
		return homeward.ErrInvalid
	}
	var give []homeward.FieldClass
	for _, c := range v.r.PostForm["class"] {
		give = append(give, homeward.FieldClass(c))
	}
	err = v.update(func(tx *store.Tx) error {
		until := tx.Now.Add(time.Duration(days) * 24 * time.Hour)
		_, err := tx.Refer(person, homeward.UserID(v.r.PostFormValue("to")), homeward.ClassesOf(give...), until, reason)
		return err
	})
	if err != nil {
		return err
	}
	v.tell("notice.referred", "/referrals")
	return v.redirect("/persons/" + string(person))
}

type referralsPage struct {
	frame
	Received, Given []referralView
}

type referralView struct {
	homeward.Referral
	From, To  string
	Over      bool // its time has passed
	MayAnswer bool
	MayEnd    bool
}

// referralsShown is how many referrals the page lists.
const referralsShown = 200

func (d *Desk) showReferrals(v *visit) error {
	p := &referralsPage{}
	err := v.view(func(tx *store.Tx) error {
		*p = referralsPage{}
		names, err := userNames(tx)
		if err != nil {
			return err
		}
		who, err := tx.Access()
		if err != nil {
			return err
		}
		list, err := tx.Referrals(referralsShown)
		for _, r := range list {
			on := homeward.Resource{State: string(r.State), By: r.From, For: r.To}
			view := referralView{Referral: r, From: names[r.From], To: names[r.To], Over: !r.Until.After(tx.Now), MayAnswer: mayAnswer(v.user.ID, tx.Now, r)}
			view.MayEnd = !view.Over && !view.MayAnswer && homeward.Can(who, homeward.ActionEndReferral, on)
			if r.To == v.user.ID {
				p.Received = append(p.Received, view)
			} else {
				p.Given = append(p.Given, view)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "referrals", p)
}

// mayAnswer reports whether a referral waits for the user.
func mayAnswer(user homeward.UserID, now time.Time, r homeward.Referral) bool {
	return r.To == user && r.State == homeward.ReferralOffered && r.Until.After(now)
}

func userNames(tx *store.Tx) (map[homeward.UserID]string, error) {
	users, err := tx.Users()
	names := make(map[homeward.UserID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// answers are what can be said to a referral.
var answers = []homeward.ReferralState{homeward.ReferralAccepted, homeward.ReferralDeclined, homeward.ReferralEnded}

func (d *Desk) answerReferral(v *visit) error {
	answer := homeward.ReferralState(v.r.PostFormValue("answer"))
	if !slices.Contains(answers, answer) {
		return homeward.ErrInvalid
	}
	err := v.update(func(tx *store.Tx) error {
		return tx.AnswerReferral(homeward.ReferralID(v.r.PathValue("referral")), answer)
	})
	if err != nil {
		return err
	}
	v.tell("notice.referral."+string(answer), "")
	return v.redirect("/referrals")
}
