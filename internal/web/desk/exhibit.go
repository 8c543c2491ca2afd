package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
)

type exhibitPage struct {
	frame
	homeward.Exhibit
	ReceivedBy  string
	Told        []toldOf // of how it came here
	Chain       []lineView
	Hold        *lineView // while it is under legal hold
	Original    *homeward.Exhibit
	Derivatives []homeward.Exhibit
	Picture     homeward.ExhibitID // a thumbnail of it
	Verdict     string             // of the newest examination, when this is a web capture
	Accounts    []homeward.Exhibit // of the same child, when this is one; the first first
	Cited       []citedView
	Claims      []claimChoice
	Acts        []homeward.CustodyAct
	MayKeep     bool
	MayLift     bool
	MayCite     bool
	MayAdd      bool
	Problem     exhibitProblem
	sent        url.Values
}

// exhibitProblem is what was refused beside which form.
type exhibitProblem struct{ Form, Words string }

// Said returns what was written in a field of the form that was refused.
func (p *exhibitPage) Said(form, field string) string {
	if p.Problem.Form != form {
		return ""
	}
	return p.sent.Get(field)
}

type toldOf struct{ Key, Text string }

type lineView struct {
	homeward.Custody
	Who string
}

type citedView struct {
	homeward.Citation
	Who, WithdrawnBy string
}

// claimChoice is a claim that can be cited: its place among those of the record.
type claimChoice struct {
	Place int
	homeward.Claim
}

func (d *Desk) showExhibit(v *visit) error {
	return v.showExhibitPage(http.StatusOK, exhibitProblem{})
}

func (v *visit) showExhibitPage(status int, problem exhibitProblem) error {
	p := &exhibitPage{}
	err := v.view(func(tx *store.Tx) (err error) {
		*p = exhibitPage{Problem: problem, sent: v.r.PostForm, Acts: []homeward.CustodyAct{homeward.CustodyTransferred, homeward.CustodyExported, homeward.CustodySealed, homeward.CustodyHeld}}
		if p.Exhibit, err = tx.Exhibit(homeward.ExhibitID(v.r.PathValue("exhibit"))); err != nil {
			return err
		}
		names, err := userNames(tx)
		if err != nil {
			return err
		}
		by := func(id homeward.UserID) string { return v.whoever(id, names) }
		p.ReceivedBy, p.Told = by(p.By), v.told(p.Intake)
		if err := p.handled(tx, by); err != nil {
			return err
		}
		if err := p.related(tx); err != nil {
			return err
		}
		if err := p.said(tx, by); err != nil {
			return err
		}
		return p.allowed(tx)
	})
	if err != nil {
		return err
	}
	return v.show(status, "exhibit", p)
}

// told lists what is known of how an exhibit came here.
func (v *visit) told(i homeward.Intake) (out []toldOf) {
	collected := i.When
	if !i.Collected.IsZero() {
		collected = v.l.Instant(i.Collected.UTC()) + " (" + i.Collected.Format(time.RFC3339) + ")"
	}
	for _, x := range []toldOf{
		{"name", i.Name}, {"collector", i.Collector}, {"collected", collected}, {"place", i.Place}, {"method", v.l.T("method." + string(i.Method))},
		{"from", i.From}, {"consent", i.Consent}, {"tool", i.Tool}, {"present", i.Present},
	} {
		if x.Text != "" {
			out = append(out, x)
		}
	}
	return out
}

// handled reads the chain of custody.
func (p *exhibitPage) handled(tx *store.Tx, by func(homeward.UserID) string) error {
	chain, err := tx.Custody(p.ID)
	for _, c := range chain {
		p.Chain = append(p.Chain, lineView{c, by(c.Actor.ID)})
	}
	if hold, held := homeward.Hold(chain); held {
		p.Hold = &lineView{hold, by(hold.Actor.ID)}
	}
	return err
}

// related reads what the exhibit was made of, what was made of it, and other accounts of the same child.
func (p *exhibitPage) related(tx *store.Tx) (err error) {
	if p.Parent != "" {
		original, err := tx.Exhibit(p.Parent)
		if err != nil {
			return err
		}
		p.Original = &original
	}
	if p.Derivatives, err = tx.Exhibits(store.ExhibitFilter{Parent: p.ID}); err != nil {
		return err
	}
	made := madeOf(p.Derivatives)
	p.Picture, p.Verdict = made.picture, made.verdict
	if p.Kind == homeward.ExhibitAccount && p.Record != "" {
		p.Accounts, err = evidence.Accounts(tx, p.Record)
	}
	return err
}

// said reads what the exhibit is cited for, and what it can be cited for.
func (p *exhibitPage) said(tx *store.Tx, by func(homeward.UserID) string) error {
	list, err := tx.CitationsIn(p.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		x := citedView{Citation: c, Who: by(c.By)}
		if c.Withdrawn != nil {
			x.WithdrawnBy = by(c.Withdrawn.By)
		}
		p.Cited = append(p.Cited, x)
	}
	if p.Record == "" || !tx.Actor.Can(homeward.ActionCite) {
		return nil
	}
	r, err := tx.Record(p.Record)
	for i, c := range r.Claims {
		if c.Path != homeward.PathIgnore {
			p.Claims = append(p.Claims, claimChoice{i, c})
		}
	}
	return err
}

func (p *exhibitPage) allowed(tx *store.Tx) error {
	who, err := tx.Access()
	on := homeward.Resource{Compartment: p.Compartment, Class: p.Class}
	p.MayKeep, p.MayAdd = homeward.Can(who, homeward.ActionKeepExhibit, on), homeward.Can(who, homeward.ActionAddExhibit, on)
	p.MayCite = homeward.Can(who, homeward.ActionCite, on) && len(p.Claims) > 0
	if p.Hold != nil {
		on.By = p.Hold.Actor.ID
		p.MayLift = homeward.Can(who, homeward.ActionLiftHold, on)
	}
	return err
}

// Stances, Reliabilities and Credibilities are what a citation can be made with.
func (p *exhibitPage) Stances() []homeward.Stance { return homeward.Stances }
func (p *exhibitPage) Reliabilities() []string    { return homeward.Reliabilities }
func (p *exhibitPage) Credibilities() []string    { return homeward.Credibilities }

// field reads a field of a form, ErrInvalid when it is longer than a reason may be.
func (v *visit) field(name string) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(v.r.PostFormValue(name), "\r\n", "\n"))
	if utf8.RuneCountInString(text) > longestReason {
		return "", homeward.ErrInvalid
	}
	return text, nil
}
